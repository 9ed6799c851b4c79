# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from typing import Any

from odoo.fields import Domain
from odoo.tools import SQL


def has_newest_id(
    model: Any,
    domain: Domain,
    owners: Any,
    limit: int,
    order: str = "id desc",
    field: str = "partner_id",
) -> Domain:
    """Return the domain of the newest records of each customer, or other owner, up to a
    limit for each; by one SQL statement."""
    queries = [
        model._search(domain & Domain(field, "=", owner_id), order=order, limit=limit)
        for owner_id in owners.ids
    ]
    newest = SQL(" UNION ALL ").join(each.subselect() for each in queries)
    return Domain("id", "in", SQL("(%s)", newest))


def find_last(
    model: Any, field: str, owners: Any, domain: Domain = Domain.TRUE
) -> dict:
    """Return the last record of each owner by date, perhaps none, by a field that links
    to owners."""
    found = {}
    if owners.ids:
        newest = has_newest_id(model, domain, owners, 1, "date desc, id desc", field)
        records = model.search_fetch(newest, [field, "date"])
        found = {record[field].id: record for record in records}
    return {owner: found.get(owner._origin.id, model.browse()) for owner in owners}


def count_of(
    model: Any,
    records: Any,
    name: str,
    domain: Domain = Domain.TRUE,
    aggregate: str = "__count",
) -> dict:
    """Return how many records of a model, and of a domain, link by a field to each of
    some others."""
    is_linked = Domain(name, "in", records.ids)
    counts = dict(model._read_group(is_linked & domain, [name], [aggregate]))
    return {record: counts.get(record._origin, 0) for record in records}


def search_in_sql(name: str, operator: str, value):
    """Return a domain for a computed field whose model also gives its SQL, by
    ``_field_to_sql``."""
    if operator != "in":
        return NotImplemented

    def to_sql(model, alias, query):
        computed = model._field_to_sql(alias, name, query)
        return SQL(
            "COALESCE(%s, '') = ANY(%s)", computed, [each or "" for each in value]
        )

    return Domain.custom(to_sql=to_sql, predicate=lambda record: record[name] in value)


def search_path(path: str, operator: str, value):
    """Return a domain for the records that a path of fields, with dots, leads to;
    ``False`` finds the records from which it leads to no record."""
    if operator in Domain.NEGATIVE_OPERATORS:
        return NotImplemented  # Odoo negates the positive operator instead
    domain = Domain(path, operator, value)
    if operator == "in" and False in value:
        domain |= ~Domain(path, "any", Domain.TRUE)
    return domain
