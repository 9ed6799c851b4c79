# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
{
    "name": "CRM Lead API: Connections",
    "summary": "Leads from Facebook, Google, TikTok, Zalo and any form, as these send "
    "them",
    "version": "19.0.1.1.0",
    "category": "Sales/CRM",
    "license": "LGPL-3",
    "author": "crm_lead_api maintainers",
    "development_status": "Beta",
    "depends": ["crm_lead_api"],
    "external_dependencies": {"python": ["jmespath", "standardwebhooks"]},
    "data": [
        "security/ir_rule.xml",
        "security/ir.model.access.csv",
        "data/crm_lead_api_platform_data.xml",
        "data/ir_cron_data.xml",
        "wizard/crm_lead_api_discard_views.xml",
        "wizard/crm_lead_api_resend_views.xml",
        "views/crm_lead_api_code_views.xml",
        "views/crm_lead_api_message_views.xml",
        "views/crm_lead_api_platform_views.xml",
        "views/crm_lead_api_connection_views.xml",
        "views/crm_lead_views.xml",
        "wizard/crm_lead_api_backfill_views.xml",
        "views/res_config_settings_views.xml",
    ],
    "assets": {
        "web.assets_backend": ["crm_lead_api_connection/static/src/**/*"],
        "web.assets_tests": ["crm_lead_api_connection/static/tests/tours/**/*"],
    },
    "uninstall_hook": "uninstall_hook",
}
