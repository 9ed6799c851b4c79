# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.addons.crm_lead_api.hooks import fill_first_contacts


def migrate(cr, version):
    fill_first_contacts(cr)
