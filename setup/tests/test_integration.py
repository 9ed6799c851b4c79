# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The API as programs of others see it: by its document, its samples, their tools.

schemathesis sends the same requests at each run; ``CRM_LEAD_API_SCHEMA_EXAMPLES=300``
sends more of each operation, which takes a quarter of an hour.
"""

import os
import re
import shutil
import sys
from pathlib import Path

import pytest
from client_cases.driver import run
from waiting import PATIENCE

CONFIG = Path(__file__).with_name("schemathesis.toml")
HOOKS = Path(__file__).with_name("schemathesis_hooks.py")
# Requests of each operation, for schemathesis
EXAMPLES = int(os.environ.get("CRM_LEAD_API_SCHEMA_EXAMPLES", 25))
# Without recordings: schemathesis makes no sounds.
ROUTES_OF_ADDONS = "/(phone-calls(?!.*/recording)|bookings|slots|quote)"
# By the sample's name: how to run it
COMMANDS = {
    "curl": ["bash"],
    "python": [sys.executable],
    "php": ["php"],
    "javascript": ["node"],
    "csharp": ["dotnet", "run"],
}
SUFFIXES = {"curl": "sh", "python": "py", "php": "php", "javascript": "mjs"}
SCRIPT = """
client = env.ref("crm_lead_api.demo_client")
client.looks_up_customers = True
env["ir.config_parameter"].set_param("crm_lead_api.wrong_tokens", 10**6)
"""


@pytest.fixture(scope="module")
def document(send):
    return send(200, "GET", "/openapi.json")


def find_issues(url, token, tmp_path, *options):
    """Send what the document allows, and much that it does not; return the report."""
    return run(
        *(sys.executable, "-m", "schemathesis.cli"),
        *("--config-file", CONFIG, "run", f"{url}/api/v1/openapi.json"),
        *("--header", f"Authorization: Bearer {token}", "--checks", "all"),
        *("--max-examples", str(EXAMPLES), "--generation-deterministic"),
        *("--request-timeout", str(PATIENCE)),  # for a thousand leads, too
        "--suppress-health-check=filter_too_much",  # of its version for Python 3.10
        "--no-color",
        *options,
        cwd=tmp_path,
        env={**os.environ, "SCHEMATHESIS_HOOKS": str(HOOKS)},
    )


def test_everything_that_the_document_allows(url, token, tmp_path):
    """Whatever is sent, the answer is as the document says."""
    output = find_issues(url, token, tmp_path)
    assert "No issues found" in output, output
    assert "\u2705 Stateful" in output, output
    (generated,) = re.findall(r"(\d+) generated", output)
    assert int(generated) > 10 * EXAMPLES


def test_everything_that_the_addons_allow(addons, start_server, token, tmp_path):
    """The same for the routes of the addons for phone calls and bookings."""
    database = addons.copy("integration_of_addons")
    database.run(SCRIPT)
    url = f"http://localhost:{start_server(database).port}"
    output = find_issues(url, token, tmp_path, "--include-path-regex", ROUTES_OF_ADDONS)
    assert "No issues found" in output, output


@pytest.mark.parametrize("lang", COMMANDS)
def test_sample(database, token, document, lang, tmp_path):
    """Each sample, run as it stands on the page, is a dry run; without the dry run it
    makes a lead, and no second lead when it is run again."""
    if not shutil.which(COMMANDS[lang][0]):
        pytest.skip(f"{COMMANDS[lang][0]} is not on this machine")
    samples = document["paths"]["/api/v1/lead"]["post"]["x-codeSamples"]
    (source,) = [each["source"] for each in samples if each["lang"] == lang]
    source = source.replace("YOUR_TOKEN", token)
    # A ticket of its own, because the samples have the same
    source = source.replace("100234", str(200_000 + list(COMMANDS).index(lang)))
    if lang == "csharp":
        run("dotnet", "new", "console", "--force", cwd=tmp_path)
        file, command = tmp_path / "Program.cs", COMMANDS[lang]
    else:
        file = tmp_path / f"sample.{SUFFIXES[lang]}"
        command = [*COMMANDS[lang], file]
    before = database.count("crm_lead")
    file.write_text(source)
    run(*command, cwd=tmp_path)
    assert database.count("crm_lead") == before
    assert source.count("?dry_run=1") == 2  # with the comment
    file.write_text(source.replace("?dry_run=1", ""))
    for _time in range(2):
        assert "model=crm.lead" in run(*command, cwd=tmp_path)
        assert database.count("crm_lead") == before + 1
