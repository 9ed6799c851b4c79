# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import tagged

from ..common import LeadApiCase


@tagged("post_install", "-at_install")
class TestCustomerLang(LeadApiCase):
    """Contacts, and so the mails to them, speak the customer's language."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for code in ("vi_VN", "fr_FR", "de_DE"):
            cls.env["res.lang"]._activate_lang(code)
        cls.caller.lang = "en_US"
        cls.company.partner_id.lang = "vi_VN"
        cls.env["ir.default"].set("res.partner", "lang", "en_US")

    def test_language_of_the_company(self):
        lead = self.create_lead()
        self.assertEqual(lead.partner_id.lang, "vi_VN")
        self.assertEqual(lead.lang_id.code, "vi_VN")
        template = self.env["mail.template"].create(
            {
                "name": "Chào",
                "model_id": self.env["ir.model"]._get_id("crm.lead"),
                "lang": "{{ object.partner_id.lang }}",
                "body_html": "<p>Hello</p>",
            }
        )
        template.with_context(lang="vi_VN").body_html = "<p>Xin chào</p>"
        langs = template._classify_per_lang(lead.ids)
        self.assertEqual(list(langs), ["vi_VN"])

    def test_language_of_the_client(self):
        self.client.customer_lang = "fr_FR"
        self.assertEqual(self.create_lead().partner_id.lang, "fr_FR")

    def test_language_of_a_known_contact_stays(self):
        partner = self.env["res.partner"].create(
            {"name": "Ánh", "phone": "0900000202", "lang": "de_DE"}
        )
        self.assertEqual(self.create_lead().partner_id, partner)
        self.assertEqual(partner.lang, "de_DE")

    def test_contacts_made_by_hand_are_as_in_odoo(self):
        partner = self.env["res.partner"].with_user(self.agent).create({"name": "Ánh"})
        self.assertEqual(partner.lang, "en_US")

    def test_defaults_of_others_count(self):
        self.env = self.env(context={**self.env.context, "default_lang": "de_DE"})
        self.assertEqual(self.create_lead().partner_id.lang, "de_DE")
        self.client.customer_lang = "fr_FR"
        lead = self.create_lead(
            ticket_id=2,
            phone_no1="0912345678",
            **dict.fromkeys(("phone_no2", "phone_no3", "email_from")),
        )
        self.assertEqual(lead.partner_id.lang, "fr_FR")

    def test_company_without_a_language(self):
        self.company.partner_id.lang = False
        self.assertEqual(self.create_lead().partner_id.lang, "en_US")
