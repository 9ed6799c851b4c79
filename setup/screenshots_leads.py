# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Make the demo clinic for the pictures, in ``odoo shell``: run by setup/screenshots.

It follows setup/demo_request.py there, whose payload it varies.
"""

from demo_clinic import make_clinic

from odoo.addons.crm_lead_api.schemas import LeadRequest


def make_story(env, payload):
    """Let the customer of the documentation's example come back, with other wishes; her
    sister has the same phone."""
    client = env.ref("crm_lead_api.demo_client")
    leads = env["crm.lead"].with_user(client.user_id)
    portrait = {
        **payload["customer_portrait"],
        "term_goals": "Đẹp hơn trong ngày cưới",
        "work_end_time": 18,
        "pain_point": ["mũi thấp", "Sợ Đau", "sợ sẹo"],
    }
    again = {"ticket_id": 100460, "street": "99 Pasteur", "customer_portrait": portrait}
    leads._create_from_payload(LeadRequest.parse(payload))
    sister = {"name": "Trần Thị Thanh Trúc", "phone": payload["phone_no1"]}
    env["res.partner"].create(sister)
    leads._create_from_payload(LeadRequest.parse({**payload, **again}))
    env["crm.lead.api.follow.up"]._claim(100)._process()


def main(env):
    make_clinic(env)
    # As Lan, in Vietnamese
    values = {"name": "Phạm Minh Thu", "login": "thu", "password": "thu"}
    values |= {"email": "thu.pham@example.com", "lang": "vi_VN"}
    lan = env.ref("crm_lead_api.demo_agent")
    thu = lan.copy(values)
    thu.odoobot_state = "disabled"
    env["crm.lead"].search([("user_id", "=", lan.id)])[::2].user_id = thu
    client = env.ref("crm_lead_api.demo_client")
    client.ticket_url = "https://tickets.example.com/{ticket_id}"
    clients = client.with_context(allowed_company_ids=client.company_ids.ids)
    clients.create({"name": "Biểu mẫu web"})  # without requests yet
    make_story(env, make_payload(env))  # noqa: F821  of setup/demo_request.py
    env.cr.commit()


main(env)  # noqa: F821  given by the shell
