# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tools.sql import column_exists, create_column


def migrate(cr, version):
    """Let Odoo make the rules of portraits anew, which it would leave as they are, and
    leave the new mark to ``post-portraits.py``."""
    cr.execute(
        """
        WITH data AS (
             DELETE FROM ir_model_data
                   WHERE module = 'crm_lead_api' AND model = 'ir.rule'
                     AND name IN ('crm_customer_portrait_rule_user',
                                  'crm_customer_portrait_item_rule_user')
               RETURNING res_id)
        DELETE FROM ir_rule WHERE id IN (SELECT res_id FROM data)
        """
    )
    if not column_exists(cr, "crm_customer_portrait", "is_shared"):
        create_column(cr, "crm_customer_portrait", "is_shared", "bool")
