# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Make a token and a payload of the demo's client, in ``odoo shell``.

Scripts for ``odoo shell`` that need a token or a payload follow this one.
"""

from datetime import datetime, timedelta

from odoo.addons.crm_lead_api.schemas import LeadRequest

NAME = "setup/demo"


def make_token(env):
    """Make a token for the demo's client, in place of the last start's token."""
    client = env.ref("crm_lead_api.demo_client")
    old = client.token_ids.filtered(lambda token: token.name == NAME)
    old.filtered(lambda token: token.state == "valid").action_revoke()
    return client._generate_token(NAME, datetime.now() + timedelta(days=30))


def make_payload(env):
    """Return the documentation's example, with records of the demo clinic."""

    def demo(name):
        return env.ref(f"crm_lead_api.demo_{name}").id

    schema = env.ref("crm_lead_api.demo_client")._get_schema(LeadRequest)
    payload = {
        **env["crm.lead.api.reference"]._get_example(schema),
        # Another ticket at each start, or the lead would be there already.
        "ticket_id": int(datetime.now().strftime("%j%H%M%S")),
        "user_id": demo("agent"),
        "country_id": env.ref("base.vn").id,
        "state_id": env.ref("base.state_vn_VN-SG").id,
        "district_id": demo("district_ben_thanh"),
        "company_id": demo("company"),
        "price_list_id": demo("pricelist_promotion"),
        "category_source_id": demo("source_group_social"),
        "source_id": demo("source_facebook"),
        "campaign_id": demo("campaign_beauty"),
        "crm_line_ids": [demo("service_nang_mui"), demo("service_kham")],
    }
    return {name: payload[name] for name in schema.model_fields if name in payload}
