# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Make the collection for Postman from the newest released OpenAPI document."""

import json
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

from documents import find_newest

TARGET = Path(__file__).parents[1] / "clients" / "postman" / "collection.json"
CONVERTER = "openapi-to-postmanv2@6.3.3"
OPTIONS = (
    "folderStrategy=Tags,parametersResolution=Example,includeAuthInfoInExample=false"
)
# Bodies for which the document has no example
CHANGE = {"phone_no2": "0900 000 203", "customer_portrait": {"transport": "bus"}}
NOTE = {
    "text": "Khách hẹn gọi lại sau 17 giờ.",
    "agent_email": "lan.nguyen@example.com",
}
CALL = {
    **{"direction": "in", "phone": "0900 000 202", "ticket_id": 100234},
    **{"agent_email": NOTE["agent_email"], "started_at": "2026-11-27T08:15:00+07:00"},
}
BOOKING = {"ticket_id": 100234, "start": "{{day}}T09:00:00+07:00"}
EXAMPLES = {
    **{"LeadChange": CHANGE, "NoteRequest": NOTE, "PhoneCallRequest": CALL},
    **{"BookingRequest": BOOKING, "BookingChange": {"state": "confirmed"}},
}
DAYS = ("from", "to", "day")  # parameters
PHONE = "phone"  # a customer is looked up by something
VALUES = {
    **{"lead_id": "1", "list_name": "services"},
    **{"call_id": "1716-20261127.0815", "booking": "1"},
}
VARIABLES = {
    **{"baseUrl": "http://localhost:8069", "bearerToken": "YOUR_TOKEN"},
    # Empty, it names no database.
    **{"database": "", "day": "2030-01-07"},
}
DATABASE = {"key": "X-Odoo-Database", "value": "{{database}}"}


def make_collection() -> dict:
    """Return the collection: each request works as soon as the token is there."""
    document = json.loads(find_newest().read_text())
    examples = {}
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            examples[method.upper(), path] = _read_examples(document, operation)
            operation["responses"] = {"200": {"description": "Success"}}
    collection = _convert(document)
    collection["info"].pop("_postman_id")
    collection["variable"] = [
        {"key": name, "value": value} for name, value in VARIABLES.items()
    ]
    for item in find_requests(collection):
        item.pop("id")
        item["response"] = []
        _fill(item["request"], *examples[get_operation(item)])
    return _without_ids(collection)


def find_requests(collection: dict) -> Iterator[dict]:
    """Find the requests in all folders of a collection."""
    for folder in collection["item"]:
        yield from folder["item"]


def get_operation(item: dict) -> tuple[str, str]:
    """Return method and path of a request, as the document has them."""
    parts = item["request"]["url"]["path"]
    names = [f"{{{part[1:]}}}" if part.startswith(":") else part for part in parts]
    return item["request"]["method"], "/" + "/".join(names)


def _read_examples(document, operation):
    """Return the example of the body, and of each parameter; whether it is required."""
    media = operation.get("requestBody", {}).get("content", {}).get("application/json")
    body = None
    if media:
        name = media["schema"]["$ref"].rpartition("/")[2]
        lead = document["paths"]["/api/v1/lead"]["post"]["requestBody"]["content"]
        default = EXAMPLES.get(name, lead["application/json"]["example"])
        body = media.get("example", default)
    parameters = {
        each["name"]: (each.get("example"), each.get("required", False))
        for each in operation.get("parameters", [])
    }
    return body, parameters


def _convert(document):
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder, "openapi.json"), Path(folder, "collection.json")
        source.write_text(json.dumps(document))
        command = [
            *("npx", "--yes", f"--package={CONVERTER}", "openapi2postmanv2"),
            *("-s", source, "-o", target, "-O", OPTIONS),
        ]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        return json.loads(target.read_text())


def _fill(request, body, parameters):
    """Put examples in place of the converter's random values."""
    request.setdefault("header", []).append(DATABASE)
    if body:
        request["body"]["raw"] = json.dumps(body, ensure_ascii=False, indent=2)
    elif "body" in request and request["method"] == "PUT":
        request["body"] = {"mode": "file"}  # a recording, which a person chooses
    query = request["url"].get("query", ())
    # A list is there as often as it has items.
    query = [*{each["key"]: each for each in query}.values()]
    request["url"]["query"] = query
    for each in [*request.get("header", ()), *query]:
        if each["key"] in parameters:
            example, is_required = parameters[each["key"]]
            each["value"] = _to_text(example)
            each["disabled"] = not is_required
            if each["key"] in DAYS:
                each["value"] = "{{day}}"
            if each["key"] == PHONE:
                each["disabled"] = False
            if each["key"] == "dry_run":  # until somebody wants a lead
                each |= {"value": "1", "disabled": False}
    for each in request["url"].get("variable", ()):
        each["value"] = VALUES[each["key"]]


def _to_text(example):
    if isinstance(example, list):  # of words, or of ids, each a parameter
        example = ",".join(example) if isinstance(example[0], str) else example[0]
    return quote(str(example or ""), safe="@:,")


def _without_ids(node):
    """Return a part of the collection without the ids, which are new each time."""
    if isinstance(node, list):
        return [_without_ids(each) for each in node]
    if isinstance(node, dict):
        return {
            name: _without_ids(value)
            for name, value in node.items()
            if name not in ("id", "_postman_id", "event")
        }
    return node


def main() -> None:
    text = json.dumps(make_collection(), ensure_ascii=False, indent=1)
    TARGET.write_text(text + "\n")


if __name__ == "__main__":
    main()
