# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from ..common import LeadApiCase


@tagged("post_install", "-at_install")
class TestMessages(LeadApiCase):
    """Write to a customer, in the customer's language and by the customer's channel."""

    def open(self, lead):
        action = lead.with_user(self.agent).action_write_message()
        self.assertDialog(action, "Message to the Customer", "medium")
        messages = self.env[action["res_model"]].with_user(self.agent)
        return Form(messages.with_context(**action["context"]))

    def test_channels(self):
        form = self.open(self.create_lead())
        form.lang = "en_US"
        self.assertIn("Dear Trần Thị Thanh Thảo", form.text)
        form.text = "Chào chị Thảo & cả nhà"
        message = form.save()
        zalo = message.action_open_zalo()
        self.assertEqual(zalo["url"], "https://zalo.me/0900000202")
        self.assertEqual(zalo["target"], "new")
        sms = message.action_send_sms()["params"]["url"]
        self.assertTrue(sms.startswith("sms:+84900000202?body=Ch%C3%A0o%20ch"), sms)
        self.assertIn("%20%26%20", sms)
        context = message.action_write_email()["context"]
        self.assertEqual(context["default_partner_ids"], message.lead_id.partner_id.ids)
        self.assertIn("Chào chị Thảo &amp; cả nhà", context["default_body"])

    def test_marked_as_sent(self):
        """Staff say what has been sent: a text that was copied may not have been."""
        self.env["res.lang"]._activate_lang("vi_VN")
        lead = self.create_lead()
        form = self.open(lead)
        form.text = "Chào chị <Thảo>\nHẹn chị 9 giờ"
        message = form.save()
        message.action_open_zalo()
        count = len(lead.message_ids)
        self.assertFalse(lead.is_called)
        notice = message.action_mark_sent()["params"]["message"]
        self.assertIn("in the chatter", notice)
        line, *others = lead.message_ids
        self.assertEqual(len(others), count)
        self.assertEqual(line.author_id, self.agent.partner_id)
        self.assertFalse(line.notified_partner_ids)  # not by e-mail, too
        text = "<p>Chào chị &lt;Thảo&gt;<br/>Hẹn chị 9 giờ</p>"
        for lang, title in (
            ("en_US", "Message sent to the customer · Zalo"),
            ("vi_VN", "Đã gửi tin nhắn cho khách hàng · Zalo"),
        ):
            body = line.with_context(lang=lang)._get_reader_body()
            self.assertEqual(body, f"<p>✉ {title}</p>{text}")
        self.assertEqual(lead.first_contact_date, line.date)
        self.assertEqual(lead.lead_api_state, "contacted")

    def test_what_the_customer_does_not_have(self):
        lead = self.create_lead(
            phone_no1="12ab", phone_no2=None, phone_no3=None, email_from=None
        )
        form = self.open(lead)
        self.assertFalse(form.zalo_url or form.may_sms or form.may_email)

    def test_the_language_of_the_customer(self):
        for code in ("vi_VN", "fr_FR"):
            self.env["res.lang"]._activate_lang(code)
        lead = self.create_lead()
        lead.partner_id.lang = lead.lang_id = False
        self.company.partner_id.lang = "vi_VN"
        self.assertEqual(self.open(lead).lang, "vi_VN")
        lead.partner_id.lang = "fr_FR"
        self.assertEqual(self.open(lead).lang, "fr_FR")
        lead.partner_id = False
        lead.lang_id = self.env["res.lang"]._lang_get("fr_FR")
        self.env["res.partner"].search([("lang", "=", "fr_FR")]).lang = "en_US"
        lead.lang_id.active = False
        self.assertEqual(self.open(lead).lang, "vi_VN")

    def test_not_to_the_customers_of_colleagues(self):
        lead = self.create_lead()
        salesman = self._new_user("own-leads-only", "sales_team.group_sale_salesman")
        messages = self.env["crm.lead.message"].with_user(salesman)
        with self.assertRaises(AccessError):
            messages.create({"lead_id": lead.id}).flush_recordset()
