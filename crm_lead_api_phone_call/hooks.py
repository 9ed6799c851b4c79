# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.addons.crm_lead_api.tools.mode import ALL, MODE

from .models.res_config_settings import PREFIX


def uninstall_hook(env):
    """Delete recordings, planned calls and settings, which Odoo leaves when it drops
    the model."""
    recordings = env["ir.attachment"].search(
        [("res_model", "=", "crm.lead.phone.call"), ("res_field", "!=", False)]
    )
    recordings.unlink()
    calls = env["crm.lead.phone.call"].with_context(**{MODE: ALL})
    calls = calls.search([("activity_id", "!=", False)])
    calls.activity_id.filtered("active").unlink()
    env["ir.config_parameter"].search([("key", "=like", f"{PREFIX}%")]).unlink()
