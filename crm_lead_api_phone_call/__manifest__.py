# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
{
    "name": "CRM Lead API: Phone Calls",
    "summary": "Phone calls and their recordings, from the telephone system onto leads "
    "and contacts",
    "version": "19.0.1.1.0",
    "category": "Sales/CRM",
    "license": "LGPL-3",
    "author": "crm_lead_api maintainers",
    "development_status": "Beta",
    "depends": ["crm_lead_api"],
    "data": [
        "security/ir_rule.xml",
        "security/ir.model.access.csv",
        "data/ir_cron_data.xml",
        "views/crm_lead_phone_call_views.xml",
        "views/crm_lead_phone_call_report_views.xml",
        "views/crm_lead_views.xml",
        "views/res_config_settings_views.xml",
        "views/res_partner_views.xml",
        "views/crm_lead_phone_call_menus.xml",
    ],
    "assets": {
        "web.assets_backend": ["crm_lead_api_phone_call/static/src/**/*"],
        "web.assets_tests": ["crm_lead_api_phone_call/static/tests/tours/**/*"],
    },
    "uninstall_hook": "uninstall_hook",
}
