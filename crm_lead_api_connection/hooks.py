# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).


def uninstall_hook(env):
    """Delete messages and connections, which need their platforms, and activities,
    settings and kept answers, which Odoo leaves when it drops the models."""
    env.cr.execute("DELETE FROM crm_lead_api_message")  # which code does not delete
    # If the addon comes back, its first messages have the numbers of these.
    env["crm.lead.api.request"].search([("kind", "=", "message")]).unlink()
    connections = env["crm.lead.api.connection"].with_context(active_test=False)
    connections.search([]).unlink()
    settings = env["ir.config_parameter"]
    settings.search([("key", "=like", "crm_lead_api_connection.%")]).unlink()
