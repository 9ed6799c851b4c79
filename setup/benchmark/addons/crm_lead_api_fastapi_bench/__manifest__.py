# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
{
    "name": "CRM Lead API: the Same on OCA's fastapi",
    "summary": "What crm_lead_api is compared with; only for setup/bench",
    "version": "19.0.1.0.0",
    "author": "crm_lead_api maintainers",
    "license": "LGPL-3",
    "category": "Hidden",
    "depends": ["crm_lead_api", "fastapi"],
}
