# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """Give the database the Vietnamese words of this version: an update alone leaves
    those of the former version."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    if env["res.lang"]._get_data(code="vi_VN"):
        ours = [("name", "=like", "crm_lead_api%"), ("state", "!=", "uninstalled")]
        modules = env["ir.module.module"].search(ours)
        modules._load_module_terms(modules.mapped("name"), ["vi_VN"], overwrite=True)
