# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The records that the facts of ``facts`` are about: PREPARE prints their ids."""

PREPARE = """
import json
from datetime import date, datetime
from odoo.fields import Command
demo = lambda name: env.ref(f"crm_lead_api.demo_{name}")
ref = lambda name: env.ref(name)
company, client, main = demo("company"), demo("client"), ref("base.main_company")
client.user_id.company_ids |= main
ref("base.USD").active = True
rate = env["res.currency.rate"].create({
    "currency_id": ref("base.USD").id, "company_id": company.id,
    "name": date.today(), "rate": 0.00004,
})
product, other_product = (
    env["product.product"].create({
        "name": name, "type": "service", "list_price": 1000, "company_id": company.id,
    })
    for name in ("Fact A", "Fact B")
)
price_list, dollars = (
    env["product.pricelist"].create({
        "name": f"Fact {currency.name}", "company_id": company.id,
        "currency_id": currency.id,
        "item_ids": [Command.create({
            "applied_on": "0_product_variant", "product_id": product.id,
            "compute_price": "fixed", "fixed_price": price,
        })],
    })
    for currency, price in ((ref("base.VND"), 500000), (ref("base.USD"), 10))
)
plain = env["product.pricelist"].create({
    "name": "Fact", "company_id": company.id, "currency_id": ref("base.VND").id,
})
team = env["crm.team"].create({"name": "Fact", "company_id": company.id})
client.write({
    "team_id": team.id, "campaign_id": demo("campaign_beauty").id,
    "takes_own_codes": True, "requests_per_minute": 0,
})
agent = env["res.users"].with_context(no_reset_password=True).create({
    "name": "Fact", "login": "x@login.example", "email": "x@mail.example",
    "company_id": company.id, "company_ids": [Command.set(company.ids)],
    "group_ids": [Command.link(ref("sales_team.group_sale_salesman").id)],
})
stages = env["crm.stage"].search([("team_ids", "=", False)])
district = env["res.country.district"].create({
    "name": "Fact", "state_id": ref("base.state_vn_VN-SG").id,
})
code = env["crm.lead.api.code"].create({
    "client_id": client.id, "attribute": "campaign_id", "code": "C1",
    "res_id": demo("campaign_beauty").id,
})
attribute = env["crm.lead.api.attribute"].create({
    "client_id": client.id, "field_name": "referred", "name": "referrer",
})
rule = env["ir.rule"].create({
    "name": "Fact", "model_id": env["ir.model"]._get_id("utm.campaign"),
    "domain_force": f"[('id', '!=', {demo('campaign_smile').id})]", "active": False,
})
parameters = env["ir.config_parameter"]
parameters.set_param("crm_lead_api.max_items", 100)
parameters.set_param("crm_lead_api.wrong_tokens", 10**6)
token = client.token_ids[:1]
spare_token = client._generate_token("spare", datetime(2099, 1, 1))
client.invalidate_recordset()
print(">>" + json.dumps({
    "company": company.id, "main": main.id, "client": client.id,
    "vnd": ref("base.VND").id, "usd": ref("base.USD").id, "rate": rate.id,
    "product": product.id, "template": product.product_tmpl_id.id,
    "other_product": other_product.id,
    "other_template": other_product.product_tmpl_id.id,
    "price_list": price_list.id, "rule": price_list.item_ids.id, "dollars": dollars.id,
    "plain": plain.id,
    "team": team.id, "demo_team": demo("team").id,
    "member": env["crm.team.member"].search([
        ("crm_team_id", "=", demo("team").id), ("user_id", "=", demo("agent_2").id),
    ]).id,
    "first_stage": stages[0].id, "second_stage": stages[1].id,
    "agent": agent.id, "agent_partner": agent.partner_id.id,
    "state": ref("base.state_vn_VN-SG").id,
    "other_state": ref("base.state_vn_VN-HN").id,
    "vietnam": ref("base.vn").id, "france": ref("base.fr").id, "district": district.id,
    "group": demo("source_group_social").id,
    "other_group": demo("source_group_referral").id, "source": demo("source_zalo").id,
    "campaign": demo("campaign_beauty").id, "other_campaign": demo("campaign_smile").id,
    "code": code.id, "attribute": attribute.id, "caller": client.user_id.id,
    "callers": ref("crm_lead_api.crm_lead_api_group_user").id, "record_rule": rule.id,
    "parameter": parameters.search([("key", "=", "crm_lead_api.max_items")]).id,
    "token": token.id, "spare_token": spare_token, "spare": client.token_ids[:1].id,
}))
env.cr.commit()
"""
