# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Write the figures of bench.json into the page about performance, and draw the picture
of the comparison: how long a lead takes each way."""

import re
from html import escape
from itertools import product

from benchmark.comparison import ALONE, BULK, SAFE, SERVERS
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
    "cost": ("comparison", lambda each: _format_costs(each["everything_per_lead"])),
    "connections": ("connections", _list_connections),
    "growth": ("growth", _list_growth),
}


# ------------------------------------------------------------ the picture

WIDTH, MARGIN, LABELS, GAP = 1000, 24, 176, 24  # in pixels
ROW, BAR, HEAD = 26, 16, 46
VALUE = 52  # what stands beside the longest bar
NOTE = "Median; shorter is better. Ours does more: services, a portrait, a log, "
NOTE += "no lead twice."
# A card of its own: not every page hands its colors on to a picture.
STYLE = """
    .card { fill: #ffffff; stroke: #d0d7de }
    text { font: 13px system-ui, sans-serif; fill: #1f2328 }
    .title { font-size: 17px; font-weight: 600 }
    .head { font-weight: 600 }
    .note { font-size: 12px; fill: #59636e }
    .ours { fill: #1a7f64 }
    .other { fill: #aab4c0 }
    .label-ours { font-weight: 600 }
    @media (prefers-color-scheme: dark) {
        .card { fill: #0d1117; stroke: #3d444d }
        text { fill: #f0f6fc }
        .note { fill: #9198a1 }
        .ours { fill: #3fb68e }
        .other { fill: #59636e }
    }
"""


def draw(comparison: dict) -> str:
    """Return the picture, in SVG: a row of panels for each kind of server, a panel for
    each number of clients.

    :param comparison: as ``Comparison.to_json`` returns it
    """
    figures = {
        (figure["server"], figure["clients"], figure["way"]): figure["median_ms"]
        for figure in comparison["figures"]
        if figure["server"] in SERVERS
        and "at once" not in figure["way"]
        and figure["way"] not in ALONE
    }
    servers, clients, ways = (
        list(dict.fromkeys(part)) for part in zip(*figures, strict=True)
    )
    panel_width = (WIDTH - 2 * MARGIN - LABELS - GAP * len(clients)) / len(clients)
    panel_height = HEAD + ROW * len(ways)
    height = 2 * MARGIN + 40 + panel_height * len(servers)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" '
        f'width="{WIDTH}" height="{height}" role="img">',
        "<title>Milliseconds until a lead is made, by way and clients</title>",
        f"<style>{STYLE}</style>",
        f'<rect class="card" x="0.5" y="0.5" width="{WIDTH - 1}" '
        f'height="{height - 1}" rx="8"/>',
        write(MARGIN, MARGIN + 14, "Milliseconds until a lead is made", "title"),
        write(MARGIN, MARGIN + 34, NOTE, "note"),
    ]
    for (row, server), (column, count) in product(
        enumerate(servers), enumerate(clients)
    ):
        x = MARGIN + LABELS + GAP + column * (panel_width + GAP)
        y = MARGIN + 40 + row * panel_height
        noun = "client" if count == 1 else "clients at once"
        parts.append(write(x, y + 30, f"{count} {noun}", "head"))
        if column == 0:
            parts.append(write(MARGIN, y + 30, f"Odoo, {server}", "head"))
        values = {way: figures[server, count, way] for way in ways}
        scale = (panel_width - VALUE) / max(values.values())
        for number, (way, value) in enumerate(values.items()):
            kind = "ours" if way.startswith(OURS) else "other"
            top, length = y + HEAD + number * ROW, value * scale
            place = f'x="{x:.1f}" y="{top:.1f}" width="{length:.1f}"'
            parts.append(f'<rect class="{kind}" {place} height="{BAR}" rx="2"/>')
            parts.append(write(x + length + 6, top + BAR - 3, f"{value:.0f}"))
            if column == 0:
                parts.append(write(MARGIN, top + BAR - 3, way, f"label-{kind}"))
    return "\n".join([*parts, "</svg>", ""])


def write(x: float, y: float, text: str, kind: str = "value") -> str:
    return f'<text class="{kind}" x="{x:.1f}" y="{y:.1f}">{escape(text)}</text>'
