# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
{
    "name": "CRM Lead API: Health Insurance",
    "summary": "An example: an addon that adds an attribute to the lead API",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "license": "LGPL-3",
    "author": "crm_lead_api maintainers",
    "depends": ["crm_lead_api"],
}
