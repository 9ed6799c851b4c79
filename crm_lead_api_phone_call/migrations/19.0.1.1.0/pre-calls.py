# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tools.sql import column_exists, create_column


def migrate(cr, version):
    """Let Odoo make the rule of calls anew, which it would leave as it is, and leave
    the new mark to ``post-calls.py``."""
    cr.execute(
        """
        WITH data AS (
             DELETE FROM ir_model_data
                   WHERE module = 'crm_lead_api_phone_call' AND model = 'ir.rule'
                     AND name = 'crm_lead_phone_call_rule_personal'
               RETURNING res_id)
        DELETE FROM ir_rule WHERE id IN (SELECT res_id FROM data)
        """
    )
    if not column_exists(cr, "crm_lead_phone_call", "is_shared"):
        create_column(cr, "crm_lead_phone_call", "is_shared", "bool")
