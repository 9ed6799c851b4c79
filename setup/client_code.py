# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Generate the clients' code, and the collection for Postman, from the newest released
OpenAPI document."""

import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import unasync
from documents import find_newest

ROOT = Path(__file__).parents[1]
CLIENTS = ROOT / "clients"
PACKAGE = CLIENTS / "python" / "src" / "crm_lead_api_client"
SCHEMA = CLIENTS / "typescript" / "src" / "schema.ts"
OPENAPI_TYPESCRIPT = CLIENTS / "typescript/node_modules/.bin/openapi-typescript"
HEADER = """\
# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)."""
MODEL_OPTIONS = (
    *("--input-file-type", "openapi", "--output-model-type", "typing.TypedDict"),
    *("--target-python-version", "3.10", "--use-union-operator"),
    *("--use-standard-collections", "--enum-field-as-literal", "all"),
    *("--use-schema-description", "--use-field-description"),
    *("--formatters", "builtin", "--disable-timestamp"),
)
# Of the names in the asynchronous client
NAMES = {
    "AsyncLeadApi": "LeadApi",
    "AsyncTransport": "Transport",
    "AsyncClient": "Client",
    "AsyncRetrying": "Retrying",
    "aclose": "close",
}


def generate_models(target: Path) -> None:
    """Write the types of requests and answers in Python."""
    with make_short_document() as document:
        command = [
            *(sys.executable, "-m", "datamodel_code_generator", *MODEL_OPTIONS),
            *("--input", document, "--custom-file-header", HEADER),
            *("--output", target / "models.py"),
        ]
        subprocess.run(command, check=True)


def generate_sync(target: Path) -> None:
    """Write the synchronous client in Python, from the asynchronous client."""
    folder = target / "_async"
    if target != PACKAGE:
        shutil.copytree(PACKAGE / "_async", folder)
    rule = unasync.Rule("/_async/", "/_sync/", NAMES)
    unasync.unasync_files([str(path) for path in folder.glob("*.py")], [rule])
    if target != PACKAGE:
        shutil.rmtree(folder)


def generate_schema(target: Path) -> None:
    """Write the types of requests and answers in TypeScript."""
    with make_short_document() as document:
        command = [
            *(OPENAPI_TYPESCRIPT, document, "--default-non-nullable", "false"),
            *("--output", target / SCHEMA.name),
        ]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


@contextmanager
def make_short_document() -> Iterator[Path]:
    """Write the newest document without what no client needs the types of: forms,
    errors of each operation, which are alike, and headers of answers."""
    document = json.loads(find_newest().read_text())
    for path in document["paths"].values():
        for operation in path.values():
            body = operation.get("requestBody", {}).get("content", {})
            for name in [*body]:
                if name != "application/json":
                    del body[name]
            answer = operation["responses"]["200"]
            operation["responses"] = {"200": answer}
            answer.pop("headers", None)
    _drop_unused_schemas(document)
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / find_newest().name
        target.write_text(json.dumps(document))
        yield target


def _drop_unused_schemas(document):
    """Drop the schemas that only forms had."""
    schemas = document["components"]["schemas"]
    used, found = set(), {name for name in schemas if name.endswith("ErrorResponse")}
    text = json.dumps({**document, "components": {}})
    while found:
        found |= set(re.findall(r'"#/components/schemas/([^"]+)"', text))
        found -= used
        used |= found
        text = json.dumps([schemas[name] for name in found])
    document["components"]["schemas"] = {
        name: schema for name, schema in schemas.items() if name in used
    }


# The folder of each, which has all files that it writes
GENERATORS: dict[Callable[[Path], None], Path] = {
    generate_models: PACKAGE,
    generate_sync: PACKAGE,
    generate_schema: SCHEMA.parent,
}


def find_outdated(generate: Callable[[Path], None], scratch: Path) -> list[str]:
    """Return the files that the generator would write in another way.

    :param scratch: an empty folder
    """
    generate(scratch)
    folder = GENERATORS[generate]
    return [
        str(path.relative_to(scratch))
        for path in scratch.rglob("*")
        if path.is_file() and not is_same(path, folder / path.relative_to(scratch))
    ]


def is_same(new: Path, old: Path) -> bool:
    return old.exists() and old.read_bytes() == new.read_bytes()


# ------------------------------------------------------------ the collection

COLLECTION = CLIENTS / "postman" / "collection.json"
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
    for generate, folder in GENERATORS.items():
        generate(folder)
    text = json.dumps(make_collection(), ensure_ascii=False, indent=1)
    COLLECTION.write_text(text + "\n")


if __name__ == "__main__":
    main()
