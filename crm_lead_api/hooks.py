# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from .models.res_config_settings import PREFIX


def pre_init_hook(env):
    """Add the column of the leads' districts: for a column that Odoo itself adds it
    would compute the whole addresses of all leads anew, from their contacts."""
    env.cr.execute("ALTER TABLE crm_lead ADD COLUMN IF NOT EXISTS district_id int4")


def uninstall_hook(env):
    """Archive the users of clients, and delete planned first calls and settings, which
    Odoo leaves when it drops the models."""
    clients = env["crm.lead.api.client"].with_context(active_test=False).search([])
    # Who has logged in does more than use the lead API.
    clients.user_id.filtered(lambda user: not user.login_date).active = False
    env["mail.activity"].search(
        [
            ("res_model", "=", "crm.lead"),
            ("activity_category", "=", "phonecall"),
            ("automated", "=", True),
            ("planned_date", "!=", False),
        ]
    ).unlink()
    env["ir.config_parameter"].search([("key", "=like", f"{PREFIX}%")]).unlink()
