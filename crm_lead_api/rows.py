# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Rows that come by the dozen with each lead, as fast as PostgreSQL takes them."""

from collections import defaultdict

from odoo.models import MAGIC_COLUMNS
from odoo.tools import SQL

from .context import is_putting_off


def insert(model, vals_list, log_exceptions=True):
    """Create records by one statement: what Odoo does besides is left out.

    That is defaults, computed fields, constraints in Python, rules of access by record.

    :param model: whose records the user may create
    :param list[dict] vals_list: of the same fields; all that have a value, as Odoo's
        cache has it
    :param log_exceptions: Odoo's log may have a statement that fails, data and all
    :return: the records
    :raise AccessError: the user may not create any
    """
    model.check_access("create")
    if not vals_list:
        return model.browse()
    if model._log_access:
        now, uid = model.env.cr.now(), model.env.uid
        log = {"create_uid": uid, "create_date": now}
        log |= {"write_uid": uid, "write_date": now}
        vals_list = [{**vals, **log} for vals in vals_list]
    names = list(vals_list[0])
    rows = [tuple(vals[name] for name in names) for vals in vals_list]
    model.env.cr.execute(
        SQL(
            "INSERT INTO %s (%s) VALUES %s RETURNING id",
            SQL.identifier(model._table),
            SQL(", ").join(map(SQL.identifier, names)),
            SQL(", ").join(SQL("%s", row) for row in rows),
        ),
        log_exceptions=log_exceptions,
    )
    records = model.browse(row[0] for row in model.env.cr.fetchall())
    for field in model._fields.values():
        if field.type == "one2many" and field.store:
            field._insert_cache(records, [()] * len(records))
    for name, values in zip(names, zip(*rows, strict=True), strict=True):
        field = model._fields[name]
        field._insert_cache(records, values)
        for inverse in model.pool.field_inverses[field]:
            add_to_cache(inverse, records, values)
    return records


def can_insert(model, vals_list, names):
    """Say whether that does for records which are to be created: they are those of a
    call, and no other addon has more columns.

    :param names: the fields that those of a call have
    """
    return (
        is_putting_off(model.env)
        and all(vals.keys() == names for vals in vals_list)
        and all(map(is_own, model._fields.values()))
    )


def is_own(field):
    """Say whether a field, if it is a column, is none that another addon has added."""
    is_column = field.store and field.column_type and field.name not in MAGIC_COLUMNS
    return not is_column or {*field._modules} == {"crm_lead_api"}


def add_to_cache(inverse, records, parent_ids):
    """Let a one2many field know new records."""
    by_parent = defaultdict(list)
    for record_id, parent_id in zip(records._ids, parent_ids, strict=True):
        by_parent[parent_id].append(record_id)
    parents = records.env[inverse.model_name]
    if inverse.domain:
        # Which of them it has is for the database to say.
        inverse._invalidate_cache(parents.env, by_parent)
        return
    for parent_id, ids in by_parent.items():
        parent = parents.browse(parent_id)
        known = inverse._get_cache(parents.env).get(parent_id)
        if known is not None:
            inverse._update_cache(parent, (*known, *ids))
