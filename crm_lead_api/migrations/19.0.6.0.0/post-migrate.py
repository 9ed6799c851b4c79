# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tools.sql import column_exists


def migrate(cr, version):
    """Let leads of the last moments before the update be followed up in the new form:
    the salesperson is told, at the price of a second note that the lead was made."""
    if not column_exists(cr, "crm_lead", "lead_api_follow_up"):
        return  # a later version has no such field
    cr.execute(
        """
        UPDATE crm_lead
           SET lead_api_follow_up = '{"is_contact_new": false}'
         WHERE lead_api_follow_up ? 'notices'
        """
    )
