# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import fields

# Of a computed field: Odoo proposes the value, and people may change it
PROPOSED = {"store": True, "precompute": True, "readonly": False}


class FloatTime(fields.Float):
    """Store an hour of the day, or nothing: unlike Odoo's own floats, the field tells
    0.0, which is midnight, from a missing hour. Shown by the widget ``float_time``."""

    falsy_value = None
    aggregator = "avg"

    def convert_to_column(self, value, *args, **kwargs):
        is_missing = value is None or value is False
        return None if is_missing else super().convert_to_column(value, *args, **kwargs)

    def convert_to_cache(self, value, *args, **kwargs):
        is_missing = value is None or value is False
        return None if is_missing else super().convert_to_cache(value, *args, **kwargs)

    def convert_to_record(self, value, record):
        return False if value is None else value

    def convert_to_export(self, value, record):
        return "" if value is False else value


class LooseMany2one(fields.Many2one):
    """Link to another record without a foreign key, which PostgreSQL checks with a lock
    on the other record, and refuses if that has changed since the transaction began.
    Code that deletes the other record has to empty the link, for searches; who reads a
    link that is left over finds none."""

    def update_db_foreign_key(self, model, column):
        """Make no foreign key."""

    def _insert_cache(self, records, values):
        """Keep what was fetched, without links to records that are gone."""
        values = list(values)
        others = records.env[self.comodel_name].browse({*values} - {None})
        present = set(others.exists().ids)
        values = [each if each in present else None for each in values]
        return super()._insert_cache(records, values)


def keep_until(setting="payload_days", date="date"):
    """Declare the field ``kept_until``, the day until which the content of a record is
    kept, after so many days as a setting says."""

    def compute(records):
        get_days = records.env["ir.config_parameter"]._get_lead_api_int
        for record in records:
            days = get_days(setting)
            names = record._fields.keys() & {"is_test", "is_lead_api_test"}
            if any(record[name] for name in names):
                days = min(days, get_days("test_days"))
            record.kept_until = record[date] and record[date] + timedelta(days=days)

    return fields.Date(
        "Kept until",
        compute=compute,
        help="Odoo erases the content then, after as many days as an administrator of "
        "Odoo has set.",
    )
