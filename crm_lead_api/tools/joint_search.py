# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Search records of several models by one SQL statement, with each user's rights."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from dateutil.parser import isoparse

from odoo.fields import Domain
from odoo.tools import SQL


class Search(NamedTuple):
    """Describe a search for records of one model.

    :param model: a recordset in the environment of the user who searches
    :param domain: of the records, which may be archived
    :param fields: names of stored fields to read into Odoo's cache; unknown fields, and
        fields that the user may not read, are left out
    """

    model: Any
    domain: Domain
    fields: Iterable[str]


class JointResult:
    """Hold the records that searches found, by name of the search, and their values.

    :param records: recordsets by name
    """

    def __init__(self, records: dict[str, Any]):
        self.records = records
        self._values = []

    def add_value(self, record, name: str, value: Any) -> None:
        """Keep the value of a field, and put it into Odoo's cache.

        :param value: in the format of the cache
        """
        self._values.append((record, record._fields[name], value))
        record._fields[name]._insert_cache(record, [value])

    def add_records(self, name: str, model: Any, rows: Iterable[dict[str, Any]]) -> Any:
        """Keep records and their values, and put the values into Odoo's cache.

        :param name: of the search
        :param model: a recordset in the environment of the records
        :param rows: values from JSON, by field, ``id`` among them
        :return: the records
        """
        for row in rows:
            record = model.browse(row["id"])
            for field_name, value in row.items():
                if field_name == "id":
                    continue
                field = record._fields[field_name]
                if value and field.type == "datetime":
                    value = isoparse(value)  # JSON has no type for it
                value = field.convert_to_cache(value, record, validate=False)
                self.add_value(record, field_name, value)
        self.records[name] = model.browse(row["id"] for row in rows)
        return self.records[name]

    def fill_cache(self) -> None:
        """Put the values back into Odoo's cache, after a commit has emptied it."""
        for record, field, value in self._values:
            field._insert_cache(record, [value])


def search_together(searches: dict[str, Search]) -> JointResult:
    """Run searches by one SQL statement.

    :param searches: by name, which can be any text
    """
    found = {name: [] for name in searches}
    result = JointResult({})
    if not searches:
        return result
    env = next(iter(searches.values())).model.env
    query = SQL(" UNION ALL ").join(
        _to_sql(name, search) for name, search in searches.items()
    )
    for name, row in env.execute_query(query):
        found[name].append(row)
    for name, rows in found.items():
        result.add_records(name, searches[name].model, rows)
    return result


def _to_sql(name, search):
    model = search.model
    query = model._search(search.domain, active_test=False)
    values = [
        SQL("%s, %s", field.name, model._field_to_sql(query.table, field.name, query))
        for field in map(model._fields.get, ("id", *search.fields))
        if field and field.store and field.column_type
        if model._has_field_access(field, "read")
    ]
    # A function of PostgreSQL takes at most a hundred arguments.
    objects = [
        SQL("jsonb_build_object(%s)", SQL(", ").join(values[start : start + 50]))
        for start in range(0, len(values), 50)
    ]
    return query.subselect(SQL("%s", name), SQL(" || ").join(objects))


def search_newest(
    model,
    domain: Domain,
    owners,
    limit: int,
    order: str = "id desc",
    field: str = "partner_id",
) -> SQL:
    """Return the SQL of the ids of the newest records of each customer, or of each
    other record that has many.

    :param owners: the customers
    :param limit: of each customer's records
    :param order: the newest first
    :param field: of the model, with the customer
    """
    queries = [
        model._search(domain & Domain(field, "=", owner_id), order=order, limit=limit)
        for owner_id in owners.ids
    ]
    return SQL("(%s)", SQL(" UNION ALL ").join(each.subselect() for each in queries))
