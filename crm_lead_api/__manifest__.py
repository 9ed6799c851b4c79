# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
{
    "name": "CRM Lead API",
    "summary": "Outside systems put leads into CRM with one POST: customer, services "
    "and portrait, all or nothing",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "license": "LGPL-3",
    "author": "crm_lead_api maintainers",
    "depends": ["crm", "product"],
    "external_dependencies": {"python": ["pydantic", "phonenumbers"]},
    "data": [
        "security/crm_lead_api_groups.xml",
        "security/ir.model.access.csv",
        "security/crm_customer_portrait_security.xml",
        "security/crm_lead_security.xml",
        "security/crm_lead_proposal_security.xml",
        "security/crm_lead_service_security.xml",
        "wizard/crm_lead_api_token_views.xml",
        "views/crm_customer_portrait_views.xml",
        "views/crm_lead_views.xml",
        "views/res_country_district_views.xml",
        "views/res_partner_views.xml",
        "views/res_users_apikeys_views.xml",
        "views/utm_source_group_views.xml",
        "views/utm_source_views.xml",
        "views/crm_lead_api_menus.xml",
    ],
    "demo": [
        "demo/res_company_demo.xml",
        "demo/res_users_demo.xml",
        "demo/product_demo.xml",
        "demo/utm_demo.xml",
        "demo/res_country_district_demo.xml",
        "demo/crm_lead_demo.xml",
    ],
}
