# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.addons.crm_lead_api.hooks import add_columns


def migrate(cr, version):
    """Leave the leads of before as they are, without working minutes."""
    add_columns(cr)
