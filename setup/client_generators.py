# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Generate clients from the OpenAPI document with programs of others, compile them, and
run with each the program of its name in setup/generators."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).parents[1]
BIN = Path(sys.executable).parent
PROGRAMS = ROOT / "setup" / "generators"
MODULES = ROOT / "clients" / "typescript" / "node_modules"
# Those of setup/generators/package.json
MORE_MODULES = ROOT / "var" / "generators" / "node_modules"
TSC = MODULES / ".bin" / "tsc"
TSC_OPTIONS = (
    *("--strict", "--skipLibCheck", "--target", "es2020", "--lib", "es2022,dom"),
    *("--module", "commonjs", "--moduleResolution", "node10", "--types", "node"),
    *("--ignoreDeprecations", "5.0", "--esModuleInterop"),
)
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
MONO = (
    *("System.Net.Http", "System.Runtime.Serialization", "System.Web"),
    "System.ComponentModel.DataAnnotations",
)
# openapi-python-client knows no sounds.
PYTHON_CONFIG = """
project_name_override: lead-api
content_type_overrides:
  audio/mpeg: application/octet-stream
  audio/wav: application/octet-stream
  audio/ogg: application/octet-stream
  audio/mp4: application/octet-stream
"""
GO_MODULE = """
module lead.example

go 1.23

require github.com/GIT_USER_ID/GIT_REPO_ID v0.0.0

replace github.com/GIT_USER_ID/GIT_REPO_ID => ./client
"""
PHP_AUTOLOAD = """<?php
require 'GuzzleHttp/autoload.php';
spl_autoload_register(function ($name) {
    $path = str_replace(['OpenAPI\\\\Client', '\\\\'], ['client/lib', '/'], $name);
    if (file_exists("$path.php")) {
        require "$path.php";
    }
});
"""


@dataclass(frozen=True)
class Generator:
    """Describe how a client is generated, compiled and run.

    :param compile: function of the folder, and the names of the programs in it, one or
        none: compiles the client with it, and returns the command that runs it
    :param program: the file of setup/generators
    :param needs: programs and files without which it cannot be tried
    :param options: of openapi-generator; none: another generator
    :param lacks_null: its client does not send null
    """

    compile: Callable[[Path, list[str]], list]
    program: str
    needs: tuple[str | Path, ...] = ()
    options: tuple[str, ...] = ()
    lacks_null: bool = False

    def find_missing(self) -> list[str]:
        """List the programs that are not on this machine."""
        needs = (*self.needs, *(["java"] if self.options else []))
        return [
            str(each)
            for each in needs
            if not (each.exists() if isinstance(each, Path) else shutil.which(each))
        ]


def run(*command, **options) -> str:
    """Run a command, and return what it prints.

    :raise AssertionError: it fails
    """
    process = subprocess.run(
        # Odoo, which runs tests, has set a limit that Node.js and Java do not do with.
        ["bash", "-c", 'ulimit -S -v unlimited; exec "$@"', "-", *command],
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        **options,
    )
    assert process.returncode == 0, process.stdout[-20_000:]
    return process.stdout


def build(name: str, document: dict, folder: Path, with_program: bool = True) -> list:
    """Generate and compile a client, and return the command that runs its program.

    :param name: of :data:`GENERATORS`
    :param folder: an empty one
    :param with_program: compile the program with it
    """
    generator, source = GENERATORS[name], folder / "openapi.json"
    source.write_text(json.dumps(document))
    if generator.options:
        options = ("-i", source, "-o", folder / "client", *generator.options)
        run("java", "-jar", find_jar(), "generate", *options)
    if with_program:
        shutil.copy(PROGRAMS / generator.program, folder)
    return generator.compile(folder, [generator.program] if with_program else [])


def use(command: list, folder: Path, scene: dict) -> list:
    """Run a client's program, and return what it prints: the lead's id, the booking's
    code, and whether the recording came back as it was sent.

    :param command: of :func:`build`
    :param scene: what the program reads
    """
    file, sound = folder / "scene.json", folder / "sound.mp3"
    sound.write_bytes(b"ID3" + bytes(range(256)) * 40)
    file.write_text(json.dumps({**scene, "sound": str(sound)}))
    output = run(*command, file, cwd=folder)
    return json.loads(output.splitlines()[-1])


def find_jar() -> Path:
    """Return the path of openapi-generator, which has libraries of Java, too."""
    return Path(find_spec("openapi_generator_cli").origin).with_name(
        "openapi-generator.jar"
    )


# ------------------------------------------------------------------ languages


def _compile_typescript(folder, programs):
    modules = folder / "node_modules"
    modules.mkdir()
    for path in (*MODULES.glob("*"), *MORE_MODULES.glob("*")):
        if not (modules / path.name).exists():
            (modules / path.name).symlink_to(path)
    sources = programs or [str(path) for path in folder.glob("client/*.ts")]
    run(TSC, *TSC_OPTIONS, "--outDir", "out", *sources, cwd=folder)
    return ["node", *(f"out/{Path(each).stem}.js" for each in programs)]


def _compile_openapi_typescript(folder, programs):
    (folder / "client").mkdir()
    program = MODULES / ".bin" / "openapi-typescript"
    run(program, folder / "openapi.json", "--output", folder / "client" / "schema.ts")
    return _compile_typescript(folder, programs)


def _compile_openapi_python_client(folder, programs):
    config = folder / "config.yml"
    config.write_text(PYTHON_CONFIG)
    run(
        *(sys.executable, "-m", "openapi_python_client", "generate"),
        *("--path", folder / "openapi.json", "--output-path", folder / "lead_api"),
        *("--config", config, "--meta", "none", "--fail-on-warning"),
        cwd=folder,
        env={**os.environ, "PATH": f"{BIN}:{os.environ['PATH']}"},  # it looks for ruff
    )
    return [sys.executable, *programs]


def _compile_python(folder, programs):
    run(sys.executable, "-m", "compileall", "-q", folder / "client")
    path = folder / "client"
    command = ["env", f"PYTHONPATH={path}", sys.executable]
    run(*command, "-c", "import openapi_client.api, openapi_client.models", cwd=folder)
    return [*command, *programs]


def _compile_java(folder, programs):
    path = ":".join(map(str, (find_jar(), *JARS, "out")))
    sources = [*folder.glob("client/src/main/**/*.java"), *programs]
    run("javac", "-nowarn", "-d", "out", "-cp", path, *sources, cwd=folder)
    return ["java", "-cp", path, *(Path(each).stem for each in programs)]


def _compile_go(folder, programs):
    (folder / "go.mod").write_text(GO_MODULE)
    environment = {**os.environ, "GOFLAGS": "-mod=mod", "GOPROXY": "off"}
    options = {"cwd": folder, "env": environment}
    run("go", "vet", "github.com/GIT_USER_ID/GIT_REPO_ID", **options)
    if programs:
        run("go", "build", "-o", "program", ".", **options)
    return [folder / "program"]


def _compile_php(folder, programs):
    for path in folder.glob("client/lib/**/*.php"):
        run("php", "-l", path)
    (folder / "autoload.php").write_text(PHP_AUTOLOAD)
    return ["php", *programs]


def _compile_csharp(folder, programs):
    shutil.copy(NEWTONSOFT, folder)
    sources = [*folder.glob("client/src/Org.OpenAPITools/**/*.cs"), *programs]
    target = "exe" if programs else "library"
    references = f"-r:{NEWTONSOFT.name},{','.join(MONO)}"
    options = ("-langversion:7.2", references, f"-target:{target}", "-out:program.exe")
    run("mcs", *options, *sources, cwd=folder)
    return ["mono", "program.exe"]


GENERATORS = {
    "typescript-fetch": Generator(
        _compile_typescript,
        "typescript-fetch.ts",
        (TSC, "node"),
        ("-g", "typescript-fetch"),
    ),
    "typescript-axios": Generator(
        _compile_typescript,
        "typescript-axios.ts",
        (TSC, "node", MORE_MODULES / "axios"),
        ("-g", "typescript-axios"),
    ),
    "openapi-typescript": Generator(
        _compile_openapi_typescript, "openapi-typescript.ts", (TSC, "node")
    ),
    "python": Generator(_compile_python, "python.py", options=("-g", "python")),
    "openapi-python-client": Generator(
        _compile_openapi_python_client, "openapi-python-client.py"
    ),
    "java": Generator(
        _compile_java,
        "Java.java",
        ("javac", *JARS),
        (
            *("-g", "java", "--library=apache-httpclient"),
            # In no registry that is tried: the library jackson-databind-nullable
            "--additional-properties=openApiNullable=false",
        ),
        lacks_null=True,
    ),
    "csharp": Generator(
        _compile_csharp,
        "CSharp.cs",
        ("mcs", "mono", NEWTONSOFT),
        (
            *("-g", "csharp", "--library=httpclient"),
            "--additional-properties=targetFramework=net48,supportsRetry=false,"
            "conditionalSerialization=true",
        ),
    ),
    "go": Generator(_compile_go, "go.go", ("go",), ("-g", "go")),
    "php": Generator(_compile_php, "php.php", ("php", GUZZLE), ("-g", "php")),
}
