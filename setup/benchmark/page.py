# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Write the figures of bench.json into the page about performance."""

import re

from benchmark.comparison import BULK, SAFE
from benchmark.connections import CROWD, WITHOUT
from benchmark.report import format_table
from benchmark.ways import KEPT, MADE, OURS

# Between a comment with the name of the figures and another comment
FIGURES = re.compile(
    r"(?<=^\.\. figures: )(\w+)\n.*?(?=^\.\. end of figures$)", re.M | re.S
)
NAMES = {
    "ours, new customer": "a lead of a new customer",
    "ours, known customer": "a lead of a known customer",
    "ours, replayed": "a repeated request",
    "ours, look-up": "a look-up of a customer",
    "ours, PATCH": "a change of a lead",
    "JSON-2": "JSON-2 as it comes",
    "JSON-2 quiet": "JSON-2 without messages",
    "JSON-2 no tracking": "JSON-2 without chatter",
    "JSON-2, known contact": "JSON-2, known customer",
    "fastapi": "the same job on OCA's fastapi",
    KEPT: "the answer to a message",
    MADE: "a message and its lead",
    WITHOUT: "a lead without the addon",
    OURS: "this addon",
}
# Kind of server and number of clients, with the head of the column
COLUMNS = {
    ("threaded", 1): "1 client",
    ("threaded", 4): "4 clients",
    ("2 workers", 8): "8, 2 workers",
    (SAFE, 1): "1 client, fsync",
}


def fill(page: str, report: dict) -> str:
    """Return the page with the figures of a report, a part for each comment."""

    def format_part(found):
        part, list_lines = TABLES[found[1]]
        if part not in report:
            return found[0]
        return "\n".join([found[1], "", *list_lines(report[part]), "", ""])

    return FIGURES.sub(format_part, page)


def _list_leads(comparison):
    figures, statements = {}, {}
    for each in comparison["figures"]:
        place = each["server"], each["clients"]
        figures[each["way"], place] = f"{each['median_ms']:.0f} ms"
        if each["statements_per_lead"] is not None:
            statements[each["way"]] = f"{each['statements_per_lead']:.0f}"
    columns = {
        k: v for k, v in COLUMNS.items() if any(k == place for _, place in figures)
    }
    rows = [["Way", *columns.values(), "Statements"]]
    for way in statements:
        if "at once" not in way:
            times = [figures.get((way, place), "") for place in columns]
            rows.append([_name(way), *times, statements[way]])
    return [*_describe(comparison), *format_table(rows)]


def _list_bulk(comparison):
    rows = [[f"{BULK} leads in a request", "Leads per second", "Statements of a lead"]]
    for each in comparison["figures"]:
        way, _comma, bulk = each["way"].partition(", ")
        if "at once" in bulk:
            rate, count = each["leads_per_second"], each["statements_per_lead"]
            rows.append([_name(way), f"{rate:.0f}", f"{count:.0f}"])
    return format_table(rows)


def _list_costs(comparison):
    return _format_costs(comparison["everything_per_lead"])


def _format_costs(costs):
    heads = [name.replace(", ms", "") for name in next(iter(costs.values()))]
    rows = [["Of a lead, with all that follows", *heads]]
    for way, cost in costs.items():
        values = (f"{v:.0f} ms" if "ms" in k else f"{v:.0f}" for k, v in cost.items())
        rows.append([_name(way), *values])
    return format_table(rows)


def _list_connections(connections):
    rows = [["Request", "Median", "Statements"]]
    for each in connections["figures"]:
        time, count = each["median_ms"], each["statements_per_lead"]
        rows.append([_name(each["way"]), f"{time:.0f} ms", f"{count:.0f}"])
    return [
        *_describe(connections),
        *format_table(rows),
        "",
        *_format_costs(connections["everything_for_one"]),
        "",
        f"{CROWD:,} messages of a minute were all leads after "
        f"{connections['seconds_of_crowd']:.0f} seconds.",
    ]


def _list_growth(growth):
    times = growth["median_ms"]
    few, *_between, many = next(iter(times.values()))
    rows = [["Request", f"{int(many):,} leads, beside {int(few):,}"]]
    for way, medians in times.items():
        rows.append([_name(way), f"{medians[many] / medians[few]:.2f} ×"])
    return [*_describe(growth), *format_table(rows)]


def _name(way):
    return NAMES.get(way, way)


def _describe(part):
    machine = part["machine"]
    return [
        f"Measured on {machine['date']}: version {machine['crm_lead_api']}, Python "
        f"{machine['python']}, PostgreSQL {machine['postgresql']},",
        f"{machine['cores']} cores ({machine['processor']}).",
        "",
    ]


# By the name of the figures: the part of the report, and what makes lines of it
TABLES = {
    "leads": ("comparison", _list_leads),
    "bulk": ("comparison", _list_bulk),
    "cost": ("comparison", _list_costs),
    "connections": ("connections", _list_connections),
    "growth": ("growth", _list_growth),
}
