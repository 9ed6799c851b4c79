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

from odoo.tools.translate import LazyGettext, LazyTranslate

_lt = LazyTranslate(__name__, default_lang="en_US")

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
NO_TEXT = _lt("The file is no CSV in UTF-8 or UTF-16: download it again as CSV.")


class FileError(ValueError):
    """Report why a whole file cannot be read."""

    def __init__(self, reason: LazyGettext):
        super().__init__("No file with leads")
        self.reason = reason


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


def read_table(content: bytes) -> Table:
    """Read a file.

    :raise FileError: it is no table of leads
    """
    text = _decode(content)
    head = text.partition("\n")[0]
    delimiter = max(DELIMITERS, key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        columns = [name.strip() for name in next(reader, [])]
    except csv.Error:
        raise FileError(NO_TEXT) from None
    names = list(filter(None, columns))
    if len(names) < 2:  # noqa: PLR2004  a name and a phone
        raise FileError(
            _lt("The first line of the file must have the names of the columns.")
        )
    if len(set(names)) < len(names):
        raise FileError(_lt("Two columns of the file have the same name."))
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
        _add_row(table, line, cells, id_column)


def _add_row(table, line, cells, id_column):
    cells = [PREFIX.sub("", cell.strip(), count=1) for cell in cells]
    if not any(cells):
        return
    if len(table.rows) == MAX_ROWS:
        raise FileError(
            _lt("The file has more than %(limit)s leads: split it.", limit=MAX_ROWS)
        )
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
    try:
        if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            text = content.decode("utf-16")
        elif content[1:2] == b"\0":  # as of an ASCII letter
            text = content.decode("utf-16-le")
        else:
            text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise FileError(NO_TEXT) from None
    if "\0" in text:
        raise FileError(NO_TEXT)
    return text
