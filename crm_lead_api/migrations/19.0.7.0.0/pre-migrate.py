# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tools import SQL
from odoo.tools.sql import table_exists

CONSTRAINT = "crm_lead_api_request_lead_id_fkey"


def migrate(cr, version):
    """Drop the foreign key from the log to leads: a repeated request must not wait for
    those who work on its lead. Empty the locks, which get another form."""
    if table_exists(cr, "crm_lead_api_request"):
        cr.execute(
            SQL(
                "ALTER TABLE crm_lead_api_request DROP CONSTRAINT IF EXISTS %s",
                SQL.identifier(CONSTRAINT),
            )
        )
        cr.execute("DELETE FROM ir_model_constraint WHERE name = %s", [CONSTRAINT])
    if table_exists(cr, "crm_lead_api_lock"):
        cr.execute("DELETE FROM crm_lead_api_lock")
