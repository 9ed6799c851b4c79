# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The records that payloads name."""

# In odoo shell: what a payload can name, and what it cannot
MAKE_RECORDS = """
import json
from odoo.fields import Command
demo = lambda name: env.ref(f"crm_lead_api.demo_{name}")
company = env["res.company"].create({"name": "Khác"})
archived = {"active": False}
Partner, Product = env["res.partner"], env["product.product"]
District, Pricelist = env["res.country.district"], env["product.pricelist"]
partner = Partner.create({"name": "Lê Mai", "street": "1 Hàng Bài", "phone": "0912"})
portal = [Command.set(env.ref("base.group_portal").ids)]
portal = env["res.users"].create({"name": "P", "login": "p", "group_ids": portal})
states = [env.ref(f"base.state_{name}") for name in ("vn_VN-SG", "vn_VN-HN", "us_5")]
sources = [demo(f"source_{name}") for name in ("zalo", "facebook", "customer")]
services = [demo(f"service_{name}") for name in ("kham", "nang_mui", "cat_mi")]
pricelists = [demo("pricelist"), demo("pricelist_overseas")]
new = lambda model, **values: model.create({"name": "Cũ", **values}).id
print(">>" + json.dumps({
    "places": [
        [s.country_id.id, s.id, District.search([("state_id", "=", s.id)]).ids]
        for s in states
    ],
    "sources": [[source.group_id.id, source.id] for source in sources],
    "account_id": [partner.id, demo("partner_tuan").id],
    "user_id": [demo("agent").id, demo("agent_2").id],
    "company_id": [demo("company").id],
    "price_list_id": [pricelist.id for pricelist in pricelists],
    "campaign_id": [demo("campaign_beauty").id, demo("campaign_smile").id],
    "crm_line_ids": [service.id for service in services],
    "unusable": {
        "account_id": [
            new(Partner, **archived), new(Partner, company_id=company.id)
        ],
        "user_id": [portal.id, demo("agent_2").copy({"login": "q", **archived}).id],
        "district_id": [new(District, state_id=states[0].id, **archived)],
        "company_id": [company.id],
        "price_list_id": [
            new(Pricelist, **archived), new(Pricelist, company_id=company.id)
        ],
        "category_source_id": [new(env["utm.source.group"], **archived)],
        "campaign_id": [new(env["utm.campaign"], **archived)],
        "crm_line_ids": [
            new(Product, **archived),
            new(Product, company_id=company.id),
            new(Product, sale_ok=False),
        ],
    },
}))
env["ir.config_parameter"].set_param("crm_lead_api.wrong_tokens", 10**9)
env.cr.commit()
"""
