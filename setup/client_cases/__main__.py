# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Run the cases with each client: ``setup/clients``."""

import argparse
import sys
from pathlib import Path

from odoo_database import CONFIG, PREFIX, Database
from workspace import say_step

from client_cases.driver import run_driver
from client_cases.languages import LANGUAGES
from client_cases.run import run_cases
from client_cases.scene import open_scene
from client_cases.table import CASES

LOG = Path(CONFIG).with_name("odoo.log")


def main() -> str | None:
    parser = argparse.ArgumentParser(prog="setup/clients")
    parser.add_argument("languages", nargs="*", choices=[[], *LANGUAGES])
    parser.add_argument("-k", dest="word", default="", help="cases with this word")
    options = parser.parse_args()
    names = [name for name in CASES if options.word in name]
    say_step("Cases")
    LOG.unlink(missing_ok=True)
    results = []
    with open_scene(Database(PREFIX), LOG) as scene:
        for language in options.languages or LANGUAGES:
            with run_driver(language) as driver:
                results.append(run_cases(language, driver, scene, names))
    print(*results, sep="\n")
    return "Failed" if any(each.failed for each in results) else None


if __name__ == "__main__":
    sys.exit(main())
