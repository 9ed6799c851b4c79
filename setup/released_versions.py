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
LET_STAFF_WORK = """
env = env(user=env.ref("crm_lead_api.demo_agent"))
Lead = env["crm.lead"]
new, again = Lead.search([("ticket_ref", "in", ["1", "2"])], order="ticket_ref")
comment = {"message_type": "comment", "subtype_xmlid": "mail.mt_comment"}
new.message_post(body="Xin chào", **comment)
new.service_ids.price_unit = 123
again.write({"name": "Tên khác", "stage_id": env.ref("crm.stage_lead2").id})
again.portrait_id.hobby_ids[0].name = "đọc sách"
again.partner_id.write({"phone3": "028 3822 0000", "birthdate_date": "1990-01-31"})
Lead.create({"name": "Đến tận nơi", "contact_name": "Khách"}).active = False
env.cr.commit()
"""
