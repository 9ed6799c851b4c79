# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from .models.ir_config_parameter import PREFIX


def uninstall_hook(env):
    """Delete recordings and settings, which Odoo leaves when it drops the model;
    planned calls stay, because customers wait for them."""
    recordings = env["ir.attachment"].search(
        [("res_model", "=", "crm.lead.phone.call"), ("res_field", "!=", False)]
    )
    recordings.unlink()
    env["ir.config_parameter"].search([("key", "=like", f"{PREFIX}%")]).unlink()
