# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Read the files in which platforms export leads, as tables of texts.

Meta exports UTF-16 with tabs, and writes what an id is before it, such as ``l:`` and
``p:``, so that spreadsheets take it for a text; the others export UTF-8 with commas.
"""

import codecs
import csv
import io
import re
from dataclasses import dataclass

from odoo.exceptions import UserError

MAX_ROWS = 20_000
DELIMITERS = "\t;,"
ROUNDED = re.compile(r"\d[.,]?\d*E\+\d+", re.IGNORECASE)  # an id, by Excel
PREFIX = re.compile(r"(?:l|ag|as|c|f):(?=[0-9]+$)|p:(?=[+0-9])|z:(?=\w)")
# Of a lead that are no answers, by Meta's and Google's names
OWN_COLUMNS = (
    *("created_time", "ad_id", "ad_name", "adset_id", "adset_name", "campaign_id"),
    *("campaign_name", "form_id", "form_name", "is_organic", "platform", "inbox_url"),
    *("lead_status", "gcl_id", "adgroup_id", "adgroup_name", "creative_id"),
    *("asset_group_id", "lead_submit_time", "is_test"),
)


@dataclass
class Table:
    """Hold the rows of a file, and the numbers of lines, from 1, that cannot be read.

    :param rows: the lead's id, or ``""``, and the other values, by column, of each row
        that has any
    """

    columns: list[str]
    has_ids: bool
    rows: list[tuple[str, dict[str, str]]]
    unreadable: list[int]


def simplify(name: str) -> str:
    """Return the name of a column as people compare it: ``Phone number`` is
    ``PHONE_NUMBER``."""
    return re.sub(r"[\W_]+", "", name.casefold())


OWN_NAMES = {
    **{simplify(name): name for name in OWN_COLUMNS},
    **{"gclid": "gcl_id", "googleclickid": "gcl_id", "adgroup": "adgroup_name"},
}


def read_table(env, content: bytes) -> Table:
    """Read a file.

    :raise UserError: it is no table of leads
    """
    try:
        text = _decode(content)
        delimiter = max(DELIMITERS, key=text.partition("\n")[0].count)
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        columns = [name.strip() for name in next(reader, [])]
    except (ValueError, csv.Error):
        raise UserError(
            env._("The file is no CSV in UTF-8 or UTF-16: download it again as CSV.")
        ) from None
    names = list(filter(None, columns))
    if len(names) < 2:  # noqa: PLR2004  a name and a phone
        raise UserError(
            env._("The first line of the file must have the names of the columns.")
        )
    if len(set(names)) < len(names):
        raise UserError(env._("Two columns of the file have the same name."))
    id_column = _find_id(columns)
    table = Table(columns, id_column is not None, [], [])
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader, None)
        except csv.Error:  # a cell that is too long, for example
            table.unreadable.append(line)
            continue
        if cells is None:
            return table
        cells = [PREFIX.sub("", cell.strip(), count=1) for cell in cells]
        if not any(cells):
            continue
        if len(table.rows) == MAX_ROWS:
            raise UserError(
                env._(
                    "The file has more than %(limit)s leads: split it.", limit=MAX_ROWS
                )
            )
        _add_row(table, line, cells, id_column)


def _add_row(table, line, cells, id_column):
    values = {
        name: cell
        for name, cell in zip(table.columns, cells, strict=False)
        if name and cell
    }
    ref = values.pop(id_column, "")
    has_no_id = table.has_ids and (not ref or ROUNDED.fullmatch(ref))
    if any(cells[len(table.columns) :]) or has_no_id or not values:
        table.unreadable.append(line)
    else:
        table.rows.append((ref, values))


def _find_id(columns):
    names = {simplify(name): name for name in columns if name}
    found = [names[name] for name in ("leadid", "leadgenid", "id") if name in names]
    return found[0] if found else None


def _decode(content):
    encoding = "utf-8-sig"
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "utf-16"
    elif content[1:2] == b"\0":  # as of an ASCII letter
        encoding = "utf-16-le"
    text = content.decode(encoding)
    if "\0" in text:
        raise ValueError("No text")
    return text
