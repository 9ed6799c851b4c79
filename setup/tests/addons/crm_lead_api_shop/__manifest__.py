# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
{
    "name": "CRM Lead API: Another API",
    "summary": "Has addresses that look like the lead API's.",
    "version": "19.0.1.0.0",
    "license": "LGPL-3",
    "author": "crm_lead_api maintainers",
    "depends": ["http_routing"],
    "data": ["data/ir_attachment_data.xml"],
}
