# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Find the changes of a database: every column of every row of every table.

The rows are told in words that do not depend on ids and times, so that what happened in
one copy of a database can be compared with what happened in another one.
"""

import json
import re
from collections import defaultdict
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field

from odoo_database import Database
from psycopg2.sql import SQL, Identifier, Literal

# Ids that are new are above it, and belong to one table each.
FIRST_NEW_ID = 10_000_357  # no round number, as prices are
IDS_PER_TABLE = 100_000
NEW_ID = re.compile(r"\b[0-9]{8,10}\b")

COLUMNS = """
    SELECT columns.table_name, columns.column_name, columns.data_type
      FROM information_schema.columns
      JOIN information_schema.tables USING (table_schema, table_name)
     WHERE table_schema = 'public' AND table_type = 'BASE TABLE'
     ORDER BY 1, columns.ordinal_position
"""
DIGESTS = SQL("SELECT {key}, md5(t::text) FROM {table} t")
ROWS = SQL("SELECT {key}, to_jsonb(t) FROM {table} t WHERE {key} = ANY(%s)")
SEQUENCE = "SELECT pg_get_serial_sequence({}, 'id')"


@dataclass(frozen=True)
class Row:
    """A row that is new or has changed, in words.

    :param values: of a new row all that are set, of an older one those that are new
    """

    table: str
    is_new: bool
    values: tuple[tuple[str, str], ...]

    def __str__(self):
        kind = "new" if self.is_new else "changed"
        return "\n    ".join(
            [f"{self.table} ({kind})", *(f"{k} = {v}" for k, v in self.values)]
        )


@dataclass
class Snapshot:
    """A database at a moment, to tell later what has changed since.

    :param digests: by table, of each row by its key
    """

    columns: dict[str, dict[str, str]]
    digests: dict[str, dict[str, str]]

    @classmethod
    def take(cls, database: Database) -> "Snapshot":
        columns = defaultdict(dict)
        with closing(database.connect()) as connection:
            cursor = connection.cursor()
            cursor.execute(COLUMNS)
            for table, column, kind in cursor.fetchall():
                columns[table][column] = kind
            digests = {}
            for table, names in columns.items():
                cursor.execute(
                    DIGESTS.format(key=get_key(names), table=Identifier(table))
                )
                digests[table] = dict(cursor.fetchall())
        return cls(dict(columns), digests)


def get_key(columns) -> SQL:
    """Return the columns that identify a row; tables of relations have no ids."""
    return SQL("id::text" if "id" in columns else "t::text")


def spread_ids(database: Database) -> None:
    """Let the ids of new rows tell the table that they belong to."""
    with closing(database.connect()) as connection, connection:
        cursor = connection.cursor()
        cursor.execute(COLUMNS)
        tables = sorted({table for table, name, _ in cursor.fetchall() if name == "id"})
        for position, table in enumerate(tables):
            cursor.execute(SQL(SEQUENCE).format(Literal(f'"{table}"')))
            [[sequence]] = cursor.fetchall()
            if sequence:
                first = FIRST_NEW_ID + position * IDS_PER_TABLE
                cursor.execute("SELECT setval(%s, %s, false)", [sequence, first])


@dataclass
class Changes:
    """Holds the changes of a copy of a database.

    :param original: the database that it was copied from
    :param before: the snapshot of that
    :param describe: function from a table and the columns of a new row to what the
        others call the row, or ``""``; ids of other new rows in it are told in words
    """

    database: Database
    original: Database
    before: Snapshot
    describe: Callable[[str, dict], str]
    _labels: dict[int, str] = field(default_factory=dict)

    def find(self) -> list[Row]:
        """Return all rows that are new or have changed, in words."""
        new, changed = {}, {}
        for table, digests in Snapshot.take(self.database).digests.items():
            old = self.before.digests[table]
            if keys := [key for key in digests if key not in old]:
                new[table] = self._read(self.database, table, keys)
            if keys := [
                key for key in digests if old.get(key, digests[key]) != digests[key]
            ]:
                changed[table] = self._read_changes(table, keys)
        self._label(new)
        return [
            self._tell(table, rows is new, row)
            for rows in (new, changed)
            for table in rows
            for row in rows[table].values()
        ]

    def _read(self, database, table, keys):
        """Return rows by their keys."""
        key = get_key(self.before.columns[table])
        with closing(database.connect()) as connection:
            cursor = connection.cursor()
            query = ROWS.format(key=key, table=Identifier(table))
            cursor.execute(query, [keys])
            return dict(cursor.fetchall())

    def _read_changes(self, table, keys):
        """Return the new values of rows that were there before."""
        old = self._read(self.original, table, keys)
        return {
            key: {name: value for name, value in row.items() if value != old[key][name]}
            for key, row in self._read(self.database, table, keys).items()
        }

    def _label(self, new):
        """Find out what others call new rows: by themselves, or by their relations."""
        rows = [
            (table, row) for table in new for row in new[table].values() if "id" in row
        ]
        for table, row in rows:
            self._labels[row["id"]] = self.describe(table, row)
        for row_id, label in [*self._labels.items()]:
            self._labels[row_id] = self._tell_ids(label)
        for table, row in rows:
            if not self._labels[row["id"]]:
                labels = [
                    self._labels[value]
                    for name, value in row.items()
                    if name != "id" and isinstance(value, int)
                    if self._labels.get(value)
                ]
                self._labels[row["id"]] = f"{table}({', '.join(labels)})"

    def _tell(self, table, is_new, row):
        return Row(
            table,
            is_new,
            tuple(
                (name, self._tell_value(value, self.before.columns[table][name]))
                for name, value in row.items()
                if name != "id" and not (is_new and value is None)
            ),
        )

    def _tell_value(self, value, kind):
        if value is not None and kind.startswith(("timestamp", "date")):
            return "(a time)"
        if isinstance(value, float) and not value % 1:
            value = int(value)  # PostgreSQL keeps the zeros that were written
        text = value if isinstance(value, str) else json.dumps(value, sort_keys=True)
        return self._tell_ids(text)

    def _tell_ids(self, text):
        return NEW_ID.sub(lambda m: self._labels.get(int(m[0]), m[0]), text)
