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

from odoo_database import CONFIG

from benchmark.chart import draw
from benchmark.comparison import Comparison
from benchmark.connections import Connections
from benchmark.growth import ROUNDS, Growth
from benchmark.measurement import say
from benchmark.page import fill
from benchmark.report import describe_machine, format_table, to_tables


def parse_arguments():
    """Read the options; setup/bench says what they mean."""
    parser = argparse.ArgumentParser(usage="setup/bench [options]; see --help")
    for name in ("quick", "growth", "connections", "strict"):
        parser.add_argument(f"--{name}", action="store_true")
    parser.add_argument("--only", default="")
    parser.add_argument("--clients", type=parse_numbers)
    parser.add_argument("--sizes", type=parse_numbers)
    parser.add_argument("--rounds", type=int)
    parser.add_argument("--log", type=int, default=0)
    parser.add_argument("--messages", type=int, default=0)
    return parser.parse_args()


def parse_numbers(text: str) -> list[int]:
    return [int(number) for number in text.split(",")]


def choose_part(arguments, folder: Path):
    if arguments.growth:
        few, many = (2_000, 20_000) if arguments.quick else (10_000, 100_000)
        rounds = arguments.rounds or (10 if arguments.quick else ROUNDS)
        sizes = arguments.sizes or [few, many]
        more = (arguments.log, arguments.messages, arguments.only)
        return Growth(folder, sizes, rounds, *more)
    if arguments.connections:
        return Connections(folder, arguments.quick, arguments.rounds)
    return Comparison(
        *(folder, arguments.quick, arguments.clients, arguments.rounds, arguments.only)
    )


def main() -> int:
    arguments = parse_arguments()
    root, folder = Path(__file__).parents[2], Path(CONFIG).parent
    machine = describe_machine(root)
    print("Measured on", ", ".join(f"{k} {v}" for k, v in machine.items()))
    parts = ("growth", "connections")
    name = next((each for each in parts if getattr(arguments, each)), "comparison")
    is_partial = any(value for k, value in vars(arguments).items() if k not in parts)
    file = (folder if is_partial else root / "docs") / "bench.json"
    report = json.loads(file.read_text()) if file.exists() else {}
    part = choose_part(arguments, folder)
    part.run()
    say()
    goals = list(part.get_goals())
    values = part.to_json()
    for table in to_tables(values):
        print("", *format_table(table), sep="\n")
    print(*(goal.to_text() for goal in goals), sep="\n")
    values["goals"] = [goal.to_json() for goal in goals]
    report[name] = {"machine": machine, **values}
    file.write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n")
    if "comparison" in report:
        file.with_suffix(".svg").write_text(draw(report["comparison"]))
    if not is_partial:
        page = root / "docs/performance.rst"
        page.write_text(fill(page.read_text(), report))
    print(f"\nAll of it is in {file}")
    return int(arguments.strict and not all(goal.is_met for goal in goals))


if __name__ == "__main__":
    # The servers are to be stopped then, too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    sys.exit(main())
