# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).


def uninstall_hook(env):
    """Delete messages and connections, which need their platforms, and activities and
    settings, which Odoo leaves when it drops the models."""
    env.cr.execute("DELETE FROM crm_lead_api_message")  # which code does not delete
    connections = env["crm.lead.api.connection"].with_context(active_test=False)
    connections.search([]).unlink()
    settings = env["ir.config_parameter"]
    settings.search([("key", "=like", "crm_lead_api_connection.%")]).unlink()
