# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).


def migrate(cr, version):
    """Drop the foreign key from the log to leads: a repeated request must not wait for
    those who work on its lead. Empty the locks, which get another form."""
    cr.execute(
        """
        ALTER TABLE IF EXISTS crm_lead_api_request
            DROP CONSTRAINT IF EXISTS crm_lead_api_request_lead_id_fkey;
        DELETE FROM ir_model_constraint
         WHERE name = 'crm_lead_api_request_lead_id_fkey'
        """
    )
    cr.execute("SELECT to_regclass('crm_lead_api_lock')")
    if cr.fetchone()[0]:
        cr.execute("DELETE FROM crm_lead_api_lock")
