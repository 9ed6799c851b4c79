# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tools.sql import column_exists, create_column


def migrate(cr, version):
    """Fill in since when leads wait, which Odoo would take for the time of the update:
    since a lead came in, or was put back."""
    if not column_exists(cr, "crm_first_call", "waiting_date"):
        create_column(cr, "crm_first_call", "waiting_date", "timestamp")
    cr.execute(
        """
        UPDATE crm_first_call AS call
           SET waiting_date = GREATEST(
                   call.date,
                   (SELECT max(line.date)
                      FROM crm_first_call_decision AS line
                     WHERE line.first_call_id = call.id))
         WHERE call.state = 'waiting'
        """
    )
