# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).


def uninstall_hook(env):
    """Delete activities and settings, which Odoo leaves when it drops the models."""
    activities = env["mail.activity"].with_context(active_test=False)
    activities.search([("res_model", "=", "crm.lead.api.connection")]).unlink()
    settings = env["ir.config_parameter"]
    settings.search([("key", "=like", "crm_lead_api_connection.%")]).unlink()
