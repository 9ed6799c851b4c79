# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Make the demo clinic for the pictures, in ``odoo shell``: run by setup/screenshots.

It follows setup/demo_request.py there, whose payload it varies.
"""

from datetime import timedelta

from demo_clinic import make_clinic
from freezegun import freeze_time

from odoo import fields

from odoo.addons.crm_lead_api.schemas import LeadRequest

CALL = "mail.mail_activity_data_call"
# By login: the customer of whom the pictures tell, her sister, the ticket of her second
# lead, and the call planned for today
STORIES = {
    "lan": (
        *("Trần Thị Thanh Thảo", "0900 000 202", "Trần Thị Thanh Trúc", 100460),
        "Call back at 15:30",
    ),
    "thu": (
        *("Đỗ Thị Kim Liên", "0900 000 222", "Đỗ Thị Kim Loan", 100470),
        "Gọi lại lúc 15:30",
    ),
}
# Customers who wait for the first call: name, minutes since the lead came in
WAITING = (("Bùi Ngọc Hạnh", 35), ("Võ Minh Tú", 50), ("Phan Thị Mỹ Duyên", 95))


class Stories:
    """Let customers of the documentation's example write, come back and wait.

    :param env: ``Environment`` of the superuser
    :param clock: of freezegun
    :param payload: the documentation's example
    """

    def __init__(self, env, clock, payload):
        self.env, self.clock, self.payload = env, clock, payload
        self.present = fields.Datetime.now()
        client = env.ref("crm_lead_api.demo_client")
        self.leads = env["crm.lead"].with_user(client.user_id)

    def send(self, age, **values):
        """Send a request, some time ago; return its lead."""
        self.clock.move_to(self.present - age)
        # Odoo asks PostgreSQL for the time, once in a transaction.
        self.env.cr._now = self.present - age
        payload = LeadRequest.parse({**self.payload, **values})
        lead = self.env["crm.lead"].browse(self.leads._create_from_payload(payload).id)
        self.env["crm.lead.api.follow.up"]._claim(100)._process()
        self.env.flush_all()
        return lead

    def tell(self, user, number):
        """Let the customer of a salesperson come back, with other wishes.

        Her sister has the same phone; other customers wait for a call.
        """
        name, phone, sister, ticket, summary = STORIES[user.login]
        mail = {"agent_email": user.email}
        who = {**mail, "contact_name": name, "phone_no1": phone}
        if number:
            who |= {"phone_no2": None, "phone_no3": None, "zalo_acc": phone}
            who |= {"facebook_acc": "kim.lien.demo", "email_from": "lien@example.com"}
        portrait = {
            **self.payload["customer_portrait"],
            "term_goals": "Đẹp hơn trong ngày cưới",
            "work_end_time": 18,
            "pain_point": ["mũi thấp", "Sợ Đau", "sợ sẹo"],
        }
        first = self.send(timedelta(days=6), **who, ticket_id=ticket - 1)
        self.clock.move_to(self.present - timedelta(days=6) + timedelta(hours=1))
        first.activity_ids.with_user(user).action_feedback(
            feedback="Đã gọi, khách muốn hỏi thêm về giá."
        )
        self.env["res.partner"].create({"name": sister, "phone": phone})
        others = {"phone_no2": None, "phone_no3": None, "email_from": None}
        others |= {"facebook_acc": None, "zalo_acc": None, **mail}
        for place, (other, minutes) in enumerate(WAITING):
            self.send(
                *(timedelta(minutes=minutes + 3 * number),),
                **others,
                contact_name=other,
                phone_no1=f"0900 000 2{number + 3}{place}",
                ticket_id=ticket + 1 + place,
            )
        self.send(
            *(timedelta(minutes=20),),
            **who,
            ticket_id=ticket,
            street="99 Pasteur",
            customer_portrait=portrait,
        )
        self.clock.move_to(self.present)
        first.activity_schedule(
            CALL,
            user_id=user.id,
            summary=summary,
            planned_date=self.present.replace(hour=8, minute=30),  # 15:30 in Vietnam
        )


def main(env):
    make_clinic(env)
    # As Lan, in Vietnamese
    values = {"name": "Phạm Minh Thu", "login": "thu", "password": "thu"}
    values |= {"email": "thu.pham@example.com", "lang": "vi_VN", "image_1920": False}
    lan = env.ref("crm_lead_api.demo_agent")
    thu = lan.copy(values)
    thu.odoobot_state = "disabled"
    env["crm.lead"].search([("user_id", "=", lan.id)])[::2].user_id = thu
    client = env.ref("crm_lead_api.demo_client")
    client.ticket_url = "https://tickets.example.com/{ticket_id}"
    clients = client.with_context(allowed_company_ids=client.company_ids.ids)
    clients.create({"name": "Biểu mẫu web", "owner_id": lan.id})  # without requests yet
    payload = make_payload(env)  # noqa: F821  of setup/demo_request.py
    with freeze_time(fields.Datetime.now()) as clock:
        stories = Stories(env, clock, payload)
        for number, user in enumerate(lan | thu):
            stories.tell(user, number)
    env.cr.commit()


main(env)  # noqa: F821  given by the shell
