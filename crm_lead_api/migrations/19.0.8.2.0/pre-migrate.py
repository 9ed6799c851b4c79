# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.addons.crm_lead_api.hooks import add_columns, renew_company_rules


def migrate(cr, version):
    # Archived companies lock nobody out of clients of other companies, too.
    renew_company_rules(cr, "crm_lead_api")
    # The leads of before stay as they are, without working minutes.
    add_columns(cr)
