# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).


def uninstall_hook(env):
    """Leave the leads with their owners; only the settings go, which Odoo leaves when
    it drops the models."""
    settings = env["ir.config_parameter"]
    settings.search([("key", "=like", "crm_lead_api_first_call.%")]).unlink()
