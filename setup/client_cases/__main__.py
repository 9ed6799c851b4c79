# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Run the cases with each client: ``setup/clients``."""

import argparse
import sys
import time
import traceback
from pathlib import Path

from odoo_database import CONFIG, PREFIX, Database
from workspace import say_step

from client_cases import errors, retries, work  # noqa: F401  the cases
from client_cases.driver import run_driver
from client_cases.languages import LANGUAGES
from client_cases.scene import open_scene
from client_cases.table import CASES, run_case

LOG = Path(CONFIG).with_name("odoo.log")


def run_cases(language: str, scene, names: list[str]) -> list[str]:
    """Run cases with a client, and return the names of those that failed."""
    failed, requests = [], set()
    with run_driver(language) as driver:
        for name in names:
            start = time.monotonic()
            try:
                run_case(name, driver, scene)
            except Exception:
                failed.append(name)
                traceback.print_exc()
            requests |= {(each.method, each.path) for each in scene.proxy.requests}
            mark = "FAILED" if name in failed else "ok"
            print(f"{language:14}{name:34}{time.monotonic() - start:6.1f} s  {mark}")
            sys.stdout.flush()
    if names == [*CASES] and (unused := work.find_unused(requests)):
        print(f"{language}: no case uses {sorted(unused)}")
        failed.append("operations")
    return failed


def main() -> str | None:
    parser = argparse.ArgumentParser(prog="setup/clients")
    parser.add_argument("languages", nargs="*", choices=[[], *LANGUAGES])
    parser.add_argument("-k", dest="word", default="", help="cases with this word")
    options = parser.parse_args()
    names = [name for name in CASES if options.word in name]
    say_step("Cases")
    LOG.unlink(missing_ok=True)
    with open_scene(Database(PREFIX), LOG) as scene:
        failed = {
            language: run_cases(language, scene, names)
            for language in options.languages or LANGUAGES
        }
    for language in failed:
        count = len(names) - len(failed[language])
        print(f"{language}: {count} of {len(names)} cases passed")
    return "Failed" if any(failed.values()) else None


if __name__ == "__main__":
    sys.exit(main())
