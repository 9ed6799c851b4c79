# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Measure the lead API, and tell whether it meets the goals: run by setup/bench.

Usage: python -m benchmark [OPTION...]
"""

import argparse
import json
import signal
import sys
from pathlib import Path

from benchmark.comparison import Comparison
from benchmark.connections import Connections
from benchmark.growth import Growth
from benchmark.page import TABLES, draw, fill
from benchmark.report import describe_machine
from odoo_database import CONFIG
from waiting import say_on_line

# By the option that measures it instead of the comparison
PARTS = {"growth": Growth, "connections": Connections}


def main() -> None:
    parser = argparse.ArgumentParser(usage="setup/bench [options]; see --help")
    for name in ("quick", *PARTS):
        parser.add_argument(f"--{name}", action="store_true")
    arguments = parser.parse_args()
    root, folder = Path(__file__).parents[2], Path(CONFIG).parent
    machine = describe_machine(root)
    name = next((each for each in PARTS if getattr(arguments, each)), "comparison")
    file = (folder if arguments.quick else root / "docs") / "bench.json"
    report = json.loads(file.read_text()) if file.exists() else {}
    part = PARTS.get(name, Comparison)(folder, arguments.quick)
    part.run()
    say_on_line()
    goals = list(part.get_goals())
    values = report[name] = {"machine": machine, **part.to_json()}
    for of_part, list_lines in TABLES.values():
        if of_part == name:
            print("", *list_lines(values), sep="\n")
    print("", *(goal.to_text() for goal in goals), sep="\n")
    values["goals"] = [goal.to_json() for goal in goals]
    file.write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n")
    if "comparison" in report:
        file.with_suffix(".svg").write_text(draw(report["comparison"]))
    if not arguments.quick:
        page = root / "docs/performance.rst"
        page.write_text(fill(page.read_text(), report))
    print(f"\nAll of it is in {file}")


if __name__ == "__main__":
    # The servers are to be stopped then, too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    main()
