# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Scripts for ``odoo shell`` in databases of released versions."""

# Version 1 had API keys of users, and no clients.
MAKE_OLD_KEY = """
from datetime import datetime, timedelta
caller = env.ref("crm_lead_api.demo_caller")
caller.copy({"login": "strict", "lead_api_replay_content": False})
expires = datetime.now() + timedelta(days=1)
keys = env["res.users.apikeys"].sudo()
print(">>" + keys._generate_lead_api_token(caller, "test", expires))
env.cr.commit()
"""
# By the XML ids that the demo data of all versions have
MAKE_OLD_PAYLOAD = """
import json
demo = lambda name: env.ref(f"crm_lead_api.demo_{name}").id
print(">>" + json.dumps({
    "phone_no1": "0900 000 303", "ticket_id": 1, "agent_email": "lan@example.com",
    "user_id": demo("agent"), "contact_name": "Vũ Hải Yến", "gender": "female",
    "country_id": env.ref("base.vn").id, "state_id": env.ref("base.state_vn_VN-SG").id,
    "street": "12 Lê Lợi", "company_id": demo("company"),
    "price_list_id": demo("pricelist"),
    "category_source_id": demo("source_group_social"),
    "source_id": demo("source_zalo"), "campaign_id": demo("campaign_beauty"),
    "crm_line_ids": [demo("service_kham")],
}))
"""
