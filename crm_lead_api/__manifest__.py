# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
{
    "name": "CRM Lead API",
    "summary": "Outside systems put leads into CRM with one POST: customer, services "
    "and portrait, all or nothing",
    "version": "19.0.8.2.0",
    "category": "Sales/CRM",
    "license": "LGPL-3",
    "author": "crm_lead_api maintainers",
    "development_status": "Beta",
    "depends": ["crm", "product"],
    "external_dependencies": {
        # Without versions, for which Odoo would need another package: they are in
        # requirements.txt. Only pydantic 2 has pydantic_core.
        "python": ["phonenumbers", "pydantic", "pydantic_core", "typing_extensions"]
    },
    "data": [
        "security/crm_lead_api_groups.xml",
        "security/ir.model.access.csv",
        "security/ir_rule.xml",
        "data/ir_cron_data.xml",
        "data/mail_activity_type_data.xml",
        "data/mail_template_data.xml",
        "data/crm_lead_call_outcome_data.xml",
        "wizard/crm_lead_api_resend_views.xml",
        "wizard/crm_lead_api_token_wizard_views.xml",
        "wizard/crm_lead_call_result_views.xml",
        "wizard/crm_lead_contact_merge_views.xml",
        "wizard/crm_lead_message_views.xml",
        "wizard/mail_activity_schedule_views.xml",
        "report/crm_lead_intake_report_views.xml",
        "views/crm_customer_portrait_templates.xml",
        "views/crm_customer_portrait_views.xml",
        "views/crm_lead_api_token_views.xml",
        "views/crm_lead_api_event_views.xml",
        "views/crm_lead_api_look_up_views.xml",
        "views/crm_lead_api_refusal_views.xml",
        "views/crm_lead_api_client_views.xml",
        "views/crm_lead_api_code_views.xml",
        "views/crm_lead_api_documentation_templates.xml",
        "views/crm_lead_api_request_views.xml",
        "views/crm_lead_call_outcome_views.xml",
        "views/crm_lead_call_views.xml",
        "views/crm_lead_views.xml",
        "views/crm_stage_views.xml",
        "views/res_config_settings_views.xml",
        "views/res_country_district_views.xml",
        "views/res_partner_views.xml",
        "views/utm_campaign_views.xml",
        "views/utm_source_group_views.xml",
        "views/utm_source_views.xml",
        "views/lead_api_test_views.xml",
        "views/crm_lead_api_menus.xml",
    ],
    "assets": {
        "web.assets_backend": [
            "crm_lead_api/static/src/**/*",
            ("remove", "crm_lead_api/static/src/intake_graph/**/*"),
        ],
        # Odoo loads graphs when they are needed.
        "web.assets_backend_lazy": ["crm_lead_api/static/src/intake_graph/**/*"],
        "web.assets_tests": ["crm_lead_api/static/tests/tours/**/*"],
    },
    # For OCA's checks: loaded by the button "Load Vietnam"
    "oca_data_manual": ["data/res.country.district.vn.csv"],
    # The first one is the banner of the app store.
    "images": ["static/description/banner.png", "static/description/lead.png"],
    "demo": [
        "demo/res_company_demo.xml",
        "demo/res_users_demo.xml",
        "demo/product_demo.xml",
        "demo/utm_demo.xml",
        "demo/crm_lead_api_client_demo.xml",
        "demo/res_country_district_demo.xml",
        "demo/crm_lead_demo.xml",
    ],
    "pre_init_hook": "pre_init_hook",
    "post_init_hook": "post_init_hook",
    "uninstall_hook": "uninstall_hook",
}
