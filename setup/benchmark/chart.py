# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A picture of the comparison: how long a lead takes each way."""

from html import escape
from itertools import product

from benchmark.comparison import ALONE, SERVERS
from benchmark.ways import OURS

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
