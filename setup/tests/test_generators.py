# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Clients that programs of others generate from the OpenAPI document, used by
the program of their name in setup/generators.

``setup/clients --generators`` tries all of them; otherwise a few, because each takes
seconds.
"""

import json
import os
import shutil
import sys
import time
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from importlib.util import find_spec
from pathlib import Path

import pytest
import urllib3
from client_cases.driver import run
from odoo_server import Server

ROOT = Path(__file__).parents[2]
PROGRAMS = ROOT / "setup" / "generators"
MODULES = ROOT / "clients" / "typescript" / "node_modules"
# Those of setup/generators/package.json
MORE_MODULES = ROOT / "var" / "generators" / "node_modules"
# Of Debian's packages libgeronimo-annotation-1.3-spec-java, libhttpclient5-java and
# php-guzzlehttp-guzzle
JARS = tuple(
    Path("/usr/share/java", f"{name}.jar")
    for name in (
        *("geronimo-annotation-1.3-spec", "httpclient5", "httpcore5"),
        *("httpcore5-h2", "slf4j-api"),
    )
)
GUZZLE = Path("/usr/share/php/GuzzleHttp/autoload.php")
NEWTONSOFT = Path(
    MORE_MODULES,
    "jillejr.newtonsoft.json-for-unity/Plugins/Newtonsoft.Json Editor",
    "Newtonsoft.Json.dll",
)
TSC = MODULES / ".bin" / "tsc"


@dataclass(frozen=True)
class Generator:
    """Describe what a client that ``setup/generators/build`` makes needs.

    :param program: the file of setup/generators
    :param needs: programs and files without which it cannot be tried
    :param lacks_null: its client does not send null
    """

    program: str
    needs: tuple[str | Path, ...] = ("java",)
    lacks_null: bool = False

    def find_missing(self) -> list[str]:
        """List the programs that are not on this machine."""
        return [
            str(each)
            for each in self.needs
            if not (each.exists() if isinstance(each, Path) else shutil.which(each))
        ]


GENERATORS = {
    "typescript-fetch": Generator("typescript-fetch.ts", ("java", "node", TSC)),
    "typescript-axios": Generator(
        "typescript-axios.ts", ("java", "node", TSC, MORE_MODULES / "axios")
    ),
    "openapi-typescript": Generator("openapi-typescript.ts", ("node", TSC)),
    "python": Generator("python.py"),
    "openapi-python-client": Generator("openapi-python-client.py", ()),
    "java": Generator("Java.java", ("java", "javac", *JARS), lacks_null=True),
    "csharp": Generator("CSharp.cs", ("java", "mcs", "mono", NEWTONSOFT)),
    "go": Generator("go.go", ("java", "go")),
    "php": Generator("php.php", ("java", "php", GUZZLE)),
}


def make_scene(server: Server, token: str, lead: dict) -> dict:
    """Return the input of a client's program: a server, a token and values to send."""
    ticket, now = time.time_ns() // 10**6, datetime.now(timezone.utc)
    own = {"ticket_id": ticket, "phone_no1": f"090{ticket % 10**7:07}"}
    return {
        "url": f"http://localhost:{server.port}",
        "token": token,
        "lead": {**lead, **own, "work_online": "no"},
        "street": "45 Hai Bà Trưng",
        "from": str(now.date() + timedelta(days=1)),
        "to": str(now.date() + timedelta(days=7)),
        "call": f"pbx:{ticket}",
        "now": now.isoformat(),
    }


def build(name: str, document: dict, folder: Path, scene: dict | None = None) -> list:
    """Generate and compile a client, and run its program, if a scene is there for it.

    :param name: of :data:`GENERATORS`
    :param folder: an empty one
    :return: what the program prints: the lead's id, the booking's code, and whether the
        recording came back as it was sent
    """
    (folder / "openapi.json").write_text(json.dumps(document))
    command = [PROGRAMS / "build", name]
    if scene:
        sound, program = folder / "sound.mp3", GENERATORS[name].program
        sound.write_bytes(b"ID3" + bytes(range(256)) * 40)
        scene = {**scene, "sound": str(sound)}
        (folder / "scene.json").write_text(json.dumps(scene))
        shutil.copy(PROGRAMS / program, folder)
        command.append(program)
    # It has libraries of Java, too.
    jar = Path(find_spec("openapi_generator_cli").origin)
    tools = {
        "JAR": jar.with_name("openapi-generator.jar"),
        "JARS": ":".join(map(str, JARS)),
        **{"MODULES": MODULES, "MORE_MODULES": MORE_MODULES, "NEWTONSOFT": NEWTONSOFT},
        "PYTHON": sys.executable,
    }
    env = {**os.environ, **{each: str(value) for each, value in tools.items()}}
    output = run(*command, cwd=folder, env=env)
    return json.loads(output.splitlines()[-1]) if scene else []


TEMPLATE = "addons"
ALL = bool(os.environ.get("CRM_LEAD_API_GENERATORS"))
STRICT, USUAL = "?strict=1", ""  # documents, by their queries
CLIENTS = [*((name, STRICT) for name in GENERATORS), ("openapi-python-client", USUAL)]
FEW = (("typescript-fetch", STRICT), ("python", STRICT), CLIENTS[-1])  # in each run
# The others stumble over events, or over values of several types.
COMPILED = ("typescript-fetch", "typescript-axios", "openapi-typescript", "java", "php")
# With all addons, so that a client that is generated stays small
MAX_BYTES = 200_000
MAX_CLASSES = 60
LEAD = "SELECT street, work_online, contact_name FROM crm_lead WHERE id = %s"


@pytest.fixture(scope="module")
def read_document(server, token):
    """Return a function that reads the document of the client."""

    def read(query="", lang="en"):
        headers = [("Authorization", f"Bearer {token}"), ("Accept-Language", lang)]
        path = f"/api/v1/openapi.json{query}"
        answer = server.send("GET", path, headers)
        assert answer.status == 200, answer
        return answer.body

    return read


def need(name, is_usual):
    if not ALL and not is_usual:
        pytest.skip("only setup/clients --generators tries it")
    if name == "python" and urllib3.__version__ < "2":
        pytest.skip("its client needs a newer urllib3 than Odoo's for this Python")
    if "python" in name and sys.version_info < (3, 11):
        pytest.skip("its client needs a newer Python")
    if missing := GENERATORS[name].find_missing():
        pytest.skip(f"not on this machine: {', '.join(missing)}")


def test_strict_document_is_small(read_document):
    for lang in ("en", "vi"):
        body = read_document("?strict=1", lang)
        assert len(body) <= MAX_BYTES, lang
    assert len(json.loads(body)["components"]["schemas"]) <= MAX_CLASSES


@pytest.mark.parametrize(("name", "query"), CLIENTS)
def test_client(name, query, database, read_document, server, token, payload, tmp_path):
    """The client makes a lead, changes it, books, and sends a phone call with its
    recording, which comes back; what a change does not set is not sent."""
    need(name, (name, query) in FEW)
    document = json.loads(read_document(query))
    scene = make_scene(server, token, payload)
    lead_id, code, is_same = build(name, document, tmp_path, scene)
    assert (code[:3], is_same) == ("BK-", True)
    [(street, work_online, contact_name)] = database.query(LEAD, lead_id)
    assert (street, contact_name) == (scene["street"], scene["lead"]["contact_name"])
    # null empties an attribute.
    assert work_online == ("no" if GENERATORS[name].lacks_null else None)


@pytest.mark.parametrize("name", COMPILED)
def test_client_of_usual_document_compiles(name, read_document, tmp_path):
    need(name, name == "typescript-fetch")
    build(name, json.loads(read_document()), tmp_path)


def test_client_of_this_addon_alone(demo, start_server, token, tmp_path):
    """The generator finds nothing to warn of where no other addon is installed."""
    need("openapi-python-client", is_usual=True)
    server = start_server(demo.copy("generator"))
    document = server.call(token, "GET", "/openapi.json").body
    build("openapi-python-client", document, tmp_path)
