# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Send the example of a platform to the address of a connection: run by setup/connect.

The platforms are read from the addon's data, and signed by the code of the addon's
tests, which needs neither Odoo nor a database for that.
"""

import argparse
import ast
import json
import os
import sys
import time
import uuid
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

from lxml import etree

ADDON = Path(__file__).parents[1] / "crm_lead_api_connection"
DATA = ADDON / "data" / "crm_lead_api_platform_data.xml"
TIMEOUT = 30  # seconds
# Of the fields that the data leave out
DEFAULTS = {
    "algorithm": "sha256",
    "encoding": "hex",
    "media_type": "application/json",
    **dict.fromkeys(("header", "header_text", "signed_text", "max_age")),
    **dict.fromkeys(("time_place", "secret_place", "items_place", "id_place")),
    **dict.fromkeys(("id_header", "test_place", "origin_place", "answer", "fetches")),
}
# Of an example; new ones make it a new message
IDS = ("leadgen_id", "lead_id", "entry_id", "token", "submissionID")
OWN_IDS = {"other": "id", "tiktok": "id", "caresoft": "ticket_id"}

# The addon by a name of its own, without the packages' own code, which needs Odoo
for name, folder in (("connection", ADDON), ("connection.tests", ADDON / "tests")):
    sys.modules[name] = package = ModuleType(name)
    package.__path__ = [str(folder)]

from connection.tests.example import make_request  # noqa: E402


def read_platforms() -> dict[str, SimpleNamespace]:
    """Return the platforms of the addon's data, by code, with the fields that matter
    to a message."""
    platforms = {}
    for record in etree.parse(DATA).iter("record"):
        values = {
            field.get("name"): ast.literal_eval(field.get("eval"))
            if field.get("eval")
            else field.text
            for field in record.iter("field")
        }
        platforms[values["code"]] = SimpleNamespace(**{**DEFAULTS, **values})
    return platforms


def make_new(platform: SimpleNamespace) -> Any:
    """Return the example with other ids and times: a new message for a connection."""
    names, now = {*IDS, OWN_IDS.get(platform.code)}, time.time_ns()

    def renew(value, name=""):
        if isinstance(value, dict):
            return {key: renew(each, key) for key, each in value.items()}
        if isinstance(value, list):
            return [renew(each) for each in value]
        if name == platform.time_place:
            return str(now // 10**6)
        # In digits, as Meta's ids are
        new = now if isinstance(value, int) else str(uuid.uuid4().int)
        return new if name in names else value

    return renew(platform.example)


def send(address: str, headers: dict[str, str], raw: bytes) -> tuple[int, str]:
    """Send a message, and return status and text of the answer."""
    request = Request(address, raw, headers, method="POST")  # noqa: S310
    try:
        with urlopen(request, timeout=TIMEOUT) as answer:  # noqa: S310
            return answer.status, answer.read().decode()
    except HTTPError as error:
        return error.code, error.read().decode()


def main(arguments: list[str] | None = None) -> int:
    platforms = read_platforms()
    parser = argparse.ArgumentParser(prog="setup/connect")
    parser.add_argument("address", nargs="?")
    parser.add_argument("platform", nargs="?", choices=[*platforms])
    parser.add_argument("--secret", default=os.environ.get("CONNECTION_SECRET", ""))
    parser.add_argument("--app", default="")
    parser.add_argument("--body", type=Path)
    parser.add_argument("--new", action="store_true")
    parser.add_argument("--list", action="store_true")
    options = parser.parse_args(arguments)
    if options.list:
        for code, each in platforms.items():
            print(f"{code:<18} {each.name}")
        return 0
    if not options.platform:
        parser.error("name an address and a platform")
    if not options.address.startswith(("http://", "https://")):
        parser.error("the address begins with https://")
    platform = platforms[options.platform]
    if platform.proof != "none" and not options.secret:
        parser.error(f"{platform.name} proves its messages: name the --secret")
    body = make_new(platform) if options.new else platform.example
    if options.body:
        body = json.loads(options.body.read_text())
    headers, raw = make_request(platform, body, options.secret, options.app)
    try:
        status, text = send(options.address, headers, raw)
    except URLError as error:
        print(f"No answer: {error.reason}", file=sys.stderr)
        return 1
    print(status, text)
    return 0 if status == 200 else 1


if __name__ == "__main__":
    sys.exit(main())
