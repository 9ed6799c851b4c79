# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
{
    "name": "CRM Lead API: First Call",
    "summary": "A new lead goes at once to somebody on duty, with a time to call by",
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
        "report/report_crm_first_call_views.xml",
        "views/crm_first_call_views.xml",
        "views/crm_lead_api_client_views.xml",
        "views/crm_lead_views.xml",
        "views/crm_team_member_views.xml",
        "views/crm_team_views.xml",
        "views/crm_team_wallboard_views.xml",
        "views/res_config_settings_views.xml",
    ],
    "assets": {
        "web.assets_backend": ["crm_lead_api_first_call/static/src/**/*"],
        "web.assets_tests": ["crm_lead_api_first_call/static/tests/tours/**/*"],
    },
}
