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

from benchmark.appointment_growth import AppointmentGrowth
from benchmark.appointments import Appointments
from benchmark.chart import draw
from benchmark.comparison import SERVERS, Comparison, Plan
from benchmark.everything import Everything
from benchmark.first_request import FirstRequest
from benchmark.growth import Growth
from benchmark.mail import Mail
from benchmark.measurement import say_done
from benchmark.memory import Memory
from benchmark.report import describe_machine, format_table

QUICK = {
    "servers": list(SERVERS)[:1],
    "clients": [1, 4],
    "rounds": 5,
    "bulk": {100: 2},
}
# Of the parts that are measured beside the comparison, in full and quickly
EVERYTHING = {False: {"rounds": 4, "leads": 50}, True: {"rounds": 2, "leads": 30}}
STARTS = {False: 9, True: 3}
APPOINTMENTS = {False: 60, True: 20}
SIZES = [10, 10_000, 100_000]
MILLION = 1_000_000
BOOKINGS = {10_000: 10_000, 100_000: 500_000}  # and phone calls
MILLION_BOOKINGS = {MILLION: 5 * MILLION}


def parse_arguments():
    """Read the options; setup/bench says what they mean."""
    parser = argparse.ArgumentParser(usage="setup/bench [options]; see --help")
    for name in (
        *("quick", "strict", "everything", "first-request"),
        *("appointments", "growth", "million", "mail", "memory"),
    ):
        parser.add_argument(f"--{name}", action="store_true")
    parser.add_argument("--only", default="")
    parser.add_argument("--clients", type=parse_clients)
    parser.add_argument("--rounds", type=int)
    return parser.parse_args()


def parse_clients(text: str) -> list[int]:
    return [int(number) for number in text.split(",")]


def choose_parts(arguments, folder: Path) -> dict:
    """Choose the parts to measure, by name."""
    parts = {}
    quick = arguments.quick
    everything = Everything(Plan.size, **EVERYTHING[quick], folder=folder)
    first_request = FirstRequest(STARTS[quick], folder)
    appointments = Appointments(Plan.size, APPOINTMENTS[quick], folder)
    if arguments.everything:
        parts["everything"] = everything
    if arguments.first_request:
        parts["first request"] = first_request
    if arguments.appointments:
        parts["appointments"] = appointments
    if arguments.growth or arguments.million:
        if not arguments.appointments:
            sizes = SIZES + [MILLION] * arguments.million
            parts["growth"] = Growth(sizes, folder)
        bookings = BOOKINGS | (MILLION_BOOKINGS if arguments.million else {})
        parts["appointment growth"] = AppointmentGrowth(bookings, folder)
    if arguments.mail:
        parts["mail"] = Mail(folder)
    if arguments.memory:
        parts["memory"] = Memory(folder)
    if parts:
        return parts
    chosen = {
        "only": arguments.only,
        "clients": arguments.clients,
        "rounds": arguments.rounds,
    }
    plan = {name: value for name, value in chosen.items() if value}
    parts["comparison"] = Comparison(Plan(**(QUICK if quick else {}) | plan), folder)
    if not plan:
        parts |= {
            "everything": everything,
            "first request": first_request,
            "appointments": appointments,
        }
    return parts


def main() -> int:
    arguments = parse_arguments()
    root, folder = Path(__file__).parents[2], Path(CONFIG).parent
    machine = describe_machine(root)
    print("Measured on", ", ".join(f"{k} {v}" for k, v in machine.items()))
    is_partial = arguments.quick or arguments.only or arguments.clients
    target = folder if is_partial or arguments.rounds else root / "docs"
    file = target / "bench.json"
    report = json.loads(file.read_text()) if file.exists() else {}
    missed = 0
    for name, part in choose_parts(arguments, folder).items():
        part.run()
        say_done()
        goals = part.get_goals()
        missed += sum(not goal.is_met for goal in goals)
        print(f"\n{format_table(part.to_table())}\n")
        for note in part.notes:
            print(note)
        for goal in goals:
            print(goal.to_text())
        report[name] = {
            "machine": machine,
            **part.to_json(),
            "goals": [goal.to_json() for goal in goals],
            "notes": part.notes,
        }
        file.write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n")
    if "comparison" in report:
        file.with_suffix(".svg").write_text(draw(report["comparison"]))
    print(f"\nAll of it is in {file}")
    return 1 if missed and arguments.strict else 0


if __name__ == "__main__":
    # The servers are to be stopped then, too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    sys.exit(main())
