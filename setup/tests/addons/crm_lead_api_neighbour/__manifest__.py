# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
{
    "name": "CRM Lead API: A Neighbour",
    "summary": "Does to the models of the lead API what ordinary addons do",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "license": "LGPL-3",
    "author": "crm_lead_api maintainers",
    "depends": ["base_automation", "crm_lead_api"],
    "data": [
        "security/ir.model.access.csv",
        "security/crm_customer_portrait_security.xml",
    ],
}
