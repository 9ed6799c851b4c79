# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.addons.crm_lead_api.tests.common import LeadApiHttpCase

KEY = "google-secret"
NEEDED = {  # places of what a lead needs, in a Google form
    "contact_name": "answers.FULL_NAME",
    "phone_no1": "answers.PHONE_NUMBER",
}
FORM = {
    "FULL_NAME": "Trần Thị Thanh Thảo",
    "PHONE_NUMBER": "0900 000 202",
    "EMAIL": "thao.tran@example.com",
}


class ConnectionHttpCase(LeadApiHttpCase):
    """Send messages to a connection with Google's lead forms."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.client.company_id = cls.company
        cls.messages = cls.env["crm.lead.api.message"]
        cls.connection = cls._connect("google", NEEDED)
        cls.connection.secret = KEY
        cls.key = cls.connection._generate_key()

    @classmethod
    def _connect(cls, platform, mapping, **values):
        connections = cls.env["crm.lead.api.connection"]
        return connections.create(
            {
                "name": "Khuyến mãi tháng 11",
                "platform_id": cls.env.ref(
                    f"crm_lead_api_connection.platform_{platform}"
                ).id,
                "client_id": cls.client.id,
                "field_ids": [
                    (0, 0, {"attribute": attribute, "place": place})
                    for attribute, place in mapping.items()
                ],
                "is_live": bool(mapping),
                **values,
            }
        )

    def send(self, body, key=None, headers=None, **kwargs):
        """Send a message as its platform does: without a token."""
        headers = {"Authorization": "", "Idempotency-Key": "", **(headers or {})}
        url = f"/api/v1/connections/{key or self.key}"
        return self.post(body, url=url, headers=headers, **kwargs)

    def fill_in(self, lead_id="TeSter-1", secret=KEY, answers=None, **others):
        """Send the form of a customer at Google."""
        answers = {**FORM, **(answers or {})}
        body = {
            "lead_id": lead_id,
            "google_key": secret,
            "form_id": 40000000000,
            "campaign_id": 123456,
            "gcl_id": "click-1",
            "user_column_data": [
                {"column_id": name, "column_name": name.title(), "string_value": value}
                for name, value in answers.items()
            ],
            **others,
        }
        return self.send(body)

    def make_leads(self):
        """Run the scheduled action once."""
        cron = self.env.ref("crm_lead_api_connection.ir_cron_make_leads")
        self.env.cr.flush()
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.env.invalidate_all()

    def heal_leads(self):
        """Run the scheduled action that fills in what is understood by now."""
        cron = self.env.ref("crm_lead_api_connection.ir_cron_heal_leads")
        self.env.cr.flush()
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.env.invalidate_all()

    def map(self, attribute, place=False, **values):
        """Map a place of the messages to an attribute."""
        values = {"attribute": attribute, "place": place, **values}
        self.connection.field_ids = [(0, 0, values)]

    def make_lead(self, lead_id="TeSter-1", answers=None, **others):
        """Send the form of a customer, and return the message, which is a lead then."""
        self.fill_in(lead_id, answers=answers, **others)
        self.make_leads()
        message = self.find(lead_id)
        self.assertEqual(message.state, "done", message.problems)
        return message

    def find(self, lead_id="TeSter-1"):
        return self.messages.search([("message_ref", "=", lead_id)])
