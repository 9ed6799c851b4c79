# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.addons.crm_lead_api.hooks import renew_company_rules


def migrate(cr, version):
    """Let archived companies lock nobody out of connections of other companies, too."""
    renew_company_rules(cr, "crm_lead_api_connection")
