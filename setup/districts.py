# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Run by setup/districts: writes Vietnam's communes and wards as CSV.

Usage: districts.py ODOO_PATH CSV_FILE
"""

import csv
import json
import sys
from importlib.metadata import version
from pathlib import Path

import vietnam_provinces

# Odoo writes some provinces otherwise.
PREFIXES = ("Thành phố ", "TP ", "Thừa Thiên - ")


def shorten(name):
    for prefix in PREFIXES:
        name = name.removeprefix(prefix)
    return name


def read_states(odoo_path):
    """Return the codes of Odoo's Vietnamese states by their short name."""
    path = Path(odoo_path, "odoo/addons/base/data/res.country.state.csv")
    with path.open(encoding="utf-8", newline="") as file:
        return {
            shorten(row["name"]): row["code"]
            for row in csv.DictReader(file)
            if row["country_id:id"] == "vn"
        }


def main(odoo_path, csv_file):
    states = read_states(odoo_path)
    provinces = json.loads(vietnam_provinces.NESTED_DIVISIONS_JSON_PATH.read_bytes())
    rows = sorted(
        (states[shorten(province["name"])], f"{ward['code']:05}", ward["name"])
        for province in provinces
        for ward in province["wards"]
    )
    with Path(csv_file).open("w", encoding="utf-8", newline="") as file:
        file.write(
            "# General Statistics Office of Vietnam, list of "
            f"{vietnam_provinces.__data_version__}, by the Python package "
            f"vietnam-provinces {version('vietnam-provinces')}\n"
        )
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["state_code", "code", "name"])
        writer.writerows(rows)


main(*sys.argv[1:])
