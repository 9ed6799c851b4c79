# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The commands, requests and addresses of all pages, as they stand there."""

import itertools
import json
import os
import re
import shutil
import sys

import pytest
from client_cases.driver import run
from documents import find_newest, find_operations
from odoo_database import ODOO, execute, read_config, write_config
from pages import GUIDES, PAGES, ROOT, find

TEMPLATE = "addons"
OWN = re.compile(r"(?:(\w+)=\S+ )?(?:python3 )?(setup/\S+)(.*)")
REQUEST = re.compile(r"curl .*", re.DOTALL)
INSTALLATION = re.compile(r"(pip|npm|mkdir|odoo) .*")
# What does not run here: where it does, or why not
ELSEWHERE = {
    r"export ODOO=.*": "test_requests sets these variables",
    r"docker [^|]*|cd docs/deployment": "no Docker; test_image builds the Dockerfile",
    r"dotnet .*": "no .NET; where it is, test_integration",
    r"mcs .*|mono .*": "test_clients",
    r"openapi-generator-cli .*": "setup/clients --generators",
    r"pg_basebackup [^|]*": "two machines; Cluster.follow does it on one",
    r"git submodule add .*": "Odoo.sh",
    r"pip install -e .*": "no clone of Odoo",
    r"towncrier .*|(pip .* && )?pre-commit .*|var/linters/.*": "changes the clone",
    r"pip install|am nhac|as Models.*|host replication .*": "no commands",
}
COMMANDS = {page: find(page, "shell") for page in PAGES}
ALL = sorted({command for commands in COMMANDS.values() for command in commands})
TEST_TOKEN = """
client, tomorrow = env.ref("crm_lead_api.demo_client"), datetime.now() + timedelta(1)
print(">>" + client._generate_token("guide", tomorrow, is_test=True))
"""
REQUESTING = [page for page in PAGES if any(map(REQUEST.fullmatch, COMMANDS[page]))]


def bash(command, **options):
    return run("bash", "-c", command, **options)


def test_each_command_is_tried_or_listed():
    kinds = {OWN, REQUEST, INSTALLATION, *map(re.compile, ELSEWHERE)}
    assert {kind for kind in kinds for each in ALL if kind.fullmatch(each)} == kinds
    for command in ALL:
        assert any(kind.fullmatch(command) for kind in kinds), command
        bash("bash -n", input=re.sub("<[^>]+>", "x", command))


@pytest.mark.parametrize("command", [*filter(OWN.fullmatch, ALL)])
def test_own_command(command):
    """The command, its options and files are there, and a file reads its variable."""
    variable, file, arguments = OWN.fullmatch(command).groups()
    assert (ROOT / file).is_file()
    if options := set(re.findall(r"--[\w-]+", arguments)) - {"--help"}:
        shown = bash(f"{'python3 ' * file.endswith('.py')}{ROOT / file} --help")
        assert options <= set(re.findall(r"--[\w-]+", shown))
    paths = [ROOT / path for path in re.findall(r" (\w+/[\w/.]+)", arguments)]
    assert all(path.exists() for path in paths)
    assert not variable or f'"{variable}"' in paths[0].read_text()


def test_addresses_and_json():
    """Each address, and each attribute in JSON, is in the document of the API."""
    names = {*re.findall(r'"(\w+)":', find_newest().read_text())}
    names.add("stopped_actions")  # of /health, which is not there
    addresses = {(way, re.sub(r"{\w+}", "<>", path)) for way, path in find_operations()}
    addresses |= {("GET", f"/api/v1/{name}") for name in ("health", "metrics")}
    addresses.add(("GET", "/api/v1/openapi.json"))
    for page in PAGES:
        for text in find(page, "json"):
            assert {*re.findall(r'"(\w+)":', text)} <= names
        for text in find(page, "word"):
            if found := re.fullmatch(r"([A-Z]+) (/api/v1/[^?]+).*", text):
                assert (found[1], re.sub("<[^>]+>", "<>", found[2])) in addresses


@pytest.fixture(scope="module")
def lead(send):
    """The lead that the document of the API shows."""
    create = send(200, "GET", "/openapi.json")["paths"]["/api/v1/lead"]
    return create["post"]["requestBody"]["content"]["application/json"]["example"]


def prepare(folder, url, token, lead, curlrc="silent"):
    """Write the files of the pages' requests, and return the environment of curl."""
    (folder / "lead.json").write_text(lead)
    (folder / "1716.mp3").write_bytes(b"ID3")
    (folder / ".curlrc").write_text(curlrc)
    return {**os.environ, "ODOO": url, "TOKEN": token, "CURL_HOME": str(folder)}


@pytest.mark.parametrize("page", REQUESTING, ids=lambda page: page.name)
def test_requests(database, url, token, lead, page, tmp_path):
    """The requests of a page, with ids of this database and tickets of the page's own,
    get the status of the answers that it shows; once more, they make nothing."""
    ids = {name: json.dumps(value) for name, value in lead.items() if "_id" in name}
    ids |= {"ticket_id": None, "add_crm_line_ids": ids["crm_line_ids"]}

    def adapt(text):
        text = re.sub(r"https?://(localhost:8069|<host>)", url, text)
        text = re.sub(r"crmlead_\w+|YOUR_TOKEN", token, text)
        text = text.replace("10023", f"1002{REQUESTING.index(page)}3")
        pattern = r"\b(\w+_ids?)(\"?[:=] ?)(\[[^]]*\]|\d+)"
        return re.sub(pattern, lambda it: it[1] + it[2] + (ids[it[1]] or it[3]), text)

    curlrc = 'silent\nwrite-out = "%{http_code}"'
    env = prepare(tmp_path, url, token, adapt(json.dumps(lead)), curlrc)
    shown = find(page, "shell", "json")
    for _time in range(2):
        before = database.count("crm_lead")
        for command, answer in zip(shown, [*shown[1:], ""], strict=True):
            if REQUEST.fullmatch(command):
                error = re.match(r'{"error": ([1-9]\d+)', answer)
                output = bash(adapt(command), cwd=tmp_path, env=env)
                assert output.endswith(error[1] if error else "200"), output
                is_write = re.search(" -(d|X|-data)", command) and " -G" not in command
                assert "Idempotency-Key: " in command or not is_write
    assert database.count("crm_lead") == before


@pytest.mark.parametrize("page", GUIDES, ids=lambda page: page.name)
def test_going_live(database, url, lead, page, tmp_path):
    """Whoever follows the guide word for word gets the answers that it names."""
    token = database.run(TEST_TOKEN).strip()
    env = prepare(tmp_path, url, token, json.dumps(lead))
    commands = [*itertools.islice(filter(REQUEST.fullmatch, COMMANDS[page]), 4)]

    def send(command):
        head, body = bash(command, cwd=tmp_path, env=env).split("\n\n", 1)
        return int(head.split()[1]), head, json.loads(body)

    me, dry_run, lead, wrong = map(send, commands)
    assert (me[0], me[2]["data"]["mode"]) == (200, "test")
    assert (dry_run[0], dry_run[2]["data"]["dry_run"]) == (200, True)
    assert (lead[0], lead[2]["message"]) == (200, "Success")
    assert wrong[0] == 422
    assert {"phone_no1", "gender"} <= {error["field"] for error in wrong[2]["errors"]}
    again = send(commands[2])
    assert "Idempotency-Replayed: true" in again[1]
    assert again[2] == lead[2]


def test_installation(bare_crm, own_python, tmp_path):
    """The commands that install addons and clients, in a clone, page by page."""
    bash(f"git clone --quiet --depth=1 file://{ROOT} clone", cwd=tmp_path)
    database = bare_crm.copy("pages").name
    config, copy = read_config(), f"{database}_copy"
    config["options"].update(data_dir=str(tmp_path), dbfilter=f"^{database}$")
    config = str(write_config(config, tmp_path / "odoo.conf"))
    names = {"<database>": database, "<cơ sở dữ liệu>": database, "<backup>": "backup"}
    names |= {"<copy>": copy, "<configuration>": config}
    # One class of tests is enough.
    names |= {"/crm_lead_api --stop": "/crm_lead_api:TestSuccess --stop"}
    env = {**os.environ, "HOME": str(tmp_path), "ODOO_RC": config}
    env["PATH"] = f"{own_python.parent}:{env['PATH']}"
    env["BASH_FUNC_odoo%%"] = f'() {{ {sys.executable} {ODOO} "$@"; }}'
    for page, commands in COMMANDS.items():
        folder = "clone/clients/n8n" if page.parent.name == "n8n" else "clone"
        for command in filter(INSTALLATION.fullmatch, commands):
            has_tool = command[:3] != "npm" or shutil.which("npm")
            if not has_tool or any(re.fullmatch(each, command) for each in ELSEWHERE):
                continue
            for name, value in names.items():
                command = command.replace(name, value)
            if " duplicate " in command or " load " in command:
                execute("DROP DATABASE IF EXISTS {}", copy)
                shutil.rmtree(tmp_path / "filestore" / copy, ignore_errors=True)
                command = f"odoo db dump {database} backup.zip && {command}"
            if command.endswith(" -i crm_lead_api"):
                command += " --stop-after-init"
            bash(f"yes | {{ {command}; }}", cwd=tmp_path / folder, env=env)
