# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).


def migrate(cr, version):
    """Drop the foreign key from the log to leads: a repeated request must not wait for
    those who work on its lead. Empty the locks, which get another form."""
    name = "crm_lead_api_request_lead_id_fkey"
    cr.execute(f"ALTER TABLE crm_lead_api_request DROP CONSTRAINT IF EXISTS {name}")
    cr.execute("DELETE FROM ir_model_constraint WHERE name = %s", [name])
    cr.execute("DELETE FROM crm_lead_api_lock")
