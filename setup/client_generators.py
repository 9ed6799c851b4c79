# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Generate clients from the OpenAPI document with programs of others, compile them, and
run with each the program of its name in setup/generators."""

import json
import os
import shutil
import sys
import time
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from importlib.util import find_spec
from pathlib import Path

from client_cases.driver import run
from odoo_server import Server

ROOT = Path(__file__).parents[1]
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
