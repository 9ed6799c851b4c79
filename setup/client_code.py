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

import client_collection
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


def main() -> None:
    for generate, folder in GENERATORS.items():
        generate(folder)
    client_collection.main()


if __name__ == "__main__":
    main()
