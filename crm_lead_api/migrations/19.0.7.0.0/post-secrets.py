# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tools.sql import column_exists


def migrate(cr, version):
    """Move the signing secrets of clients into their own table."""
    if column_exists(cr, "crm_lead_api_client", "webhook_secret"):
        cr.execute(
            """
            INSERT INTO crm_lead_api_secret (client_id, secret)
                 SELECT id, webhook_secret
                   FROM crm_lead_api_client
                  WHERE webhook_secret IS NOT NULL
            ON CONFLICT (client_id) DO NOTHING
            """
        )
        cr.execute("ALTER TABLE crm_lead_api_client DROP COLUMN webhook_secret")
