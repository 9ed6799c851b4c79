# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
{
    "name": "CRM Lead API: Quotations",
    "summary": "A quotation starts with the services and the price list of its lead",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "license": "LGPL-3",
    "author": "crm_lead_api maintainers",
    "development_status": "Beta",
    "depends": ["crm_lead_api", "sale_crm"],
    "auto_install": True,
    "data": ["views/crm_lead_views.xml"],
    "assets": {
        "web.assets_tests": ["crm_lead_api_sale/static/tests/tours/**/*"],
    },
}
