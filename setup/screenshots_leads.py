# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Run by setup/screenshots in ``odoo shell``: leads of the last weeks, always the same.

It follows setup/demo_request.py there, whose payload it varies.
"""

import random

from odoo.addons.crm_lead_api.schemas import LeadRequest

FAMILY_NAMES = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Vũ", "Đặng", "Bùi")
MIDDLE_NAMES = ("Thị", "Ngọc", "Minh", "Thanh")
NAMES = ("An", "Bình", "Chi", "Dung", "Hà", "Hạnh", "Linh", "Mai", "Quỳnh", "Vy")
HOBBIES = ("âm nhạc", "xem phim", "du lịch", "nấu ăn", "bơi lội", "đọc sách")
AGENTS = ("lan.nguyen@example.com", "thu.pham@example.com")
SERVICES = ("nang_mui", "kham", "tri_nam", "tay_trang", "rang_su")


def make_leads(env, payload):
    """Make 80 leads of new customers, with the rights of the demo's client."""
    client = env.ref("crm_lead_api.demo_client")
    leads = env["crm.lead"].with_user(client.user_id)
    sources = env["utm.source"].search([("group_id", "!=", False)], order="id")
    choose = random.Random(2026)  # noqa: S311  the same each time
    made = leads
    for number in range(80):
        source = choose.choice(sources)
        birth_date = f"{choose.randint(1965, 2006)}-{choose.randint(1, 12):02}-15"
        names = map(choose.choice, (FAMILY_NAMES, MIDDLE_NAMES, NAMES))
        services = choose.sample(SERVICES, choose.randint(1, 2))
        values = {
            "ticket_id": 100300 + number,
            "phone_no1": f"0901 {choose.randint(100, 999)} {choose.randint(100, 999)}",
            "agent_email": choose.choice(AGENTS),
            "contact_name": " ".join(names),
            "gender": choose.choice(("female", "female", "male")),
            "birth_date": birth_date,
            "category_source_id": source.group_id.id,
            "source_id": source.id,
            "crm_line_ids": [
                env.ref(f"crm_lead_api.demo_service_{name}").id for name in services
            ],
            "customer_portrait": {"hobby": choose.sample(HOBBIES, 2)},
        }
        values |= dict.fromkeys(("email_from", "facebook_acc", "zalo_acc"))
        made += leads._create_from_payload(LeadRequest.parse({**payload, **values}))
    return made.sudo()


def let_time_pass(env, leads):
    """Let the leads be of the last four weeks, some of them won or lost since."""
    choose = random.Random(2026)  # noqa: S311
    stages = env["crm.stage"].search([], order="sequence")
    call = env.ref("mail.mail_activity_data_call")
    for number, lead in enumerate(leads):
        lead.stage_id = choose.choice(stages)
        if number % 9 == 0 and not lead.stage_id.is_won:
            lead.action_set_lost()
        message = lead.message_post(body="Đã gọi", mail_activity_type_id=call.id)
        env.flush_all()
        age = 27 * choose.random() ** 2 + 0.5
        hours = choose.uniform(0.2, 6)
        env.cr.execute(
            "UPDATE crm_lead SET create_date = now() - %s * interval '1 day'"
            " WHERE id = %s RETURNING create_date",
            [age, lead.id],
        )
        env.cr.execute(
            "UPDATE mail_message SET date = %s + %s * interval '1 hour' WHERE id = %s",
            [env.cr.fetchone()[0], hours, message.id],
        )


def make_story(env, payload):
    """The customer of the demo's call comes back, with other wishes."""
    client = env.ref("crm_lead_api.demo_client")
    leads = env["crm.lead"].with_user(client.user_id)
    portrait = {
        **payload["customer_portrait"],
        "term_goals": "Đẹp hơn trong ngày cưới",
        "work_end_time": 18,
        "pain_point": ["mũi thấp", "Sợ Đau", "sợ sẹo"],
    }
    again = {"ticket_id": 100460, "street": "99 Pasteur", "customer_portrait": portrait}
    for changes in ({}, again):
        leads._create_from_payload(LeadRequest.parse({**payload, **changes}))


def main(env):
    env["res.users"].search([]).odoobot_state = "disabled"
    env.ref("crm_lead_api.demo_agent").copy(
        {
            "name": "Phạm Minh Thu",
            "login": "thu",
            "password": "thu",
            "email": AGENTS[1],
            "lang": "vi_VN",
        }
    )
    client = env.ref("crm_lead_api.demo_client")
    client.ticket_url = "https://tickets.example.com/{ticket_id}"
    payload = make_payload(env)  # noqa: F821  of setup/demo_request.py
    let_time_pass(env, make_leads(env, payload))
    make_story(env, payload)
    env.cr.commit()


main(env)  # noqa: F821  given by the shell
