# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Import leads from a CSV file: an example of an integrator's own.

    python3 setup/import_leads.py leads.csv --url https://odoo.example.com \\
        --token-file token.txt --dry-run

The columns are named as the attributes, those of the portrait customer_portrait.hobby;
a list has semicolons in it. --dry-run says what is wrong, and makes nothing. A row that
is refused is printed with its errors. Correct it, and run the import again: what was
imported before, within 24 hours or with a column idempotency_key, is not doubled.
"""

import argparse
import csv
import json
import sys
import time
from collections import Counter
from collections.abc import Iterator
from http import HTTPStatus
from itertools import islice
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

BATCH = 500  # leads of a call
TIMEOUT = 300  # seconds that a call may take
ATTEMPTS = 5  # to make a call that is not accepted just now
BUSY = (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE)
LISTS = {"crm_line_ids", "hobby", "pain_point", "desires"}


def read_leads(file: Path) -> Iterator[dict]:
    """Return the leads of a CSV file, each with its line as ``ref``."""
    with file.open(newline="", encoding="utf-8-sig") as lines:
        reader = csv.DictReader(lines)
        for row in reader:
            lead = {"ref": reader.line_num}
            for column, text in row.items():
                if column and text and text.strip():
                    *path, name = column.strip().split(".")
                    parent = lead
                    for step in path:
                        parent = parent.setdefault(step, {})
                    parent[name] = read_value(name, text)
            yield lead


def read_value(name: str, text: str) -> str | list[str]:
    """Read the value of a cell; numbers may stay texts."""
    if name not in LISTS:
        return text
    return [each.strip() for each in text.split(";") if each.strip()]


def send(url: str, headers: dict[str, str], leads: list[dict]) -> list[dict]:
    """Send leads, and return the results.

    :raise SystemExit: they were refused as a whole
    """
    body = json.dumps({"leads": leads}).encode()
    # The address is that of whoever runs this.
    address = f"{url.rstrip('/')}/api/v1/leads"
    request = Request(address, body, headers)  # noqa: S310
    for attempt in range(1, ATTEMPTS + 1):
        try:
            with urlopen(request, timeout=TIMEOUT) as answer:  # noqa: S310
                return json.load(answer)["data"]["results"]
        except HTTPError as error:
            if error.code not in BUSY or attempt == ATTEMPTS:
                sys.exit(f"{error.code}: {error.read().decode()}")
            # To send it again is safe.
            time.sleep(int(error.headers.get("Retry-After", 10)))
    raise AssertionError("the last attempt has returned, or ended it")


def describe(body: dict) -> list[str]:
    """Describe the errors of a lead, a line for each attribute."""
    errors = body.get("errors") or ()
    lines = [f"{error['field']}: {error['message']}" for error in errors]
    return lines or [body["message"]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("file", type=Path, help="CSV, in UTF-8")
    parser.add_argument("--url", required=True, help="https://odoo.example.com")
    parser.add_argument("--token-file", type=Path, required=True)
    parser.add_argument("--database", help="in a server that has several")
    parser.add_argument("--language", default="en", help="of messages: en or vi")
    parser.add_argument("--dry-run", action="store_true", help="make nothing")
    options = parser.parse_args()
    headers = {
        "Authorization": f"Bearer {options.token_file.read_text().strip()}",
        "Content-Type": "application/json",
        "Accept-Language": options.language,
    }
    if options.database:
        headers["X-Odoo-Database"] = options.database
    if options.dry_run:
        headers["Prefer"] = "dry-run"
    counts = Counter()
    leads = read_leads(options.file)
    while batch := list(islice(leads, BATCH)):
        for result in send(options.url, headers, batch):
            if result["status"] != HTTPStatus.OK:
                counts["refused"] += 1
                for line in describe(result["body"]):
                    print(f"{options.file}:{result['ref']}: {line}")
            elif result["replayed"]:
                counts["known"] += 1
            else:
                counts["right"] += 1
    made = "would be made" if options.dry_run else "made"
    print(
        f"{counts['right']} {made}, {counts['known']} were there already, "
        f"{counts['refused']} refused"
    )
    sys.exit(bool(counts["refused"]))


if __name__ == "__main__":
    main()
