# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.mail.tools.discuss import Store

from .calls import CallCase


@tagged("post_install", "-at_install")
class TestChatter(CallCase):
    """The chatter tells what happened in the language of each reader, once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("vi_VN")
        cls.env["ir.module.module"]._load_module_terms(["crm_lead_api"], ["vi_VN"])

    def render(self, record, lang, name="body"):
        """Return a text of a record as the web client gets it."""
        record = record.with_user(self.agent).with_context(lang=lang)
        [values] = Store().add(record).get_result()[record._name]
        return str(values[name])

    def setUp(self):
        super().setUp()
        self.env.cr.flush()  # the notes of the lead's creation
        self.lead.invalidate_recordset(["message_ids"])

    def test_what_a_client_has_changed(self):
        before = self.lead.message_ids
        lead = self.lead.with_user(self.client.user_id)
        lead.write({"street": "99 Pasteur", "zip": "7", "work_online": "yes"})
        self.env.cr.flush()
        self.lead.invalidate_recordset(["message_ids"])
        [message] = self.lead.message_ids - before
        for lang, texts in (
            (
                "en_US",
                [
                    f"{self.client.name} has changed:",
                    "Address: 12 Lê Lợi → 99 Pasteur",
                    "Work Online: No → Yes",
                ],
            ),
            ("vi_VN", ["đã thay đổi:", "Địa chỉ: 12 Lê Lợi → 99 Pasteur", "→ Có"]),
        ):
            for text in texts:
                self.assertIn(text, self.render(message, lang))

    def test_what_odoo_tells_is_told_once(self):
        before = self.lead.message_ids
        self.lead.with_user(self.client.user_id).email_from = "moi@example.com"
        self.env.cr.flush()
        self.lead.invalidate_recordset(["message_ids"])
        [message] = self.lead.message_ids - before
        self.assertTrue(message.tracking_value_ids)
        self.assertFalse(message.body_by_lang)

    def test_what_staff_change_is_odoos_business(self):
        before = self.lead.message_ids
        self.lead.with_user(self.agent).street = "99 Pasteur"
        self.env.cr.flush()
        self.lead.invalidate_recordset(["message_ids"])
        self.assertEqual(self.lead.message_ids, before)

    def test_the_result_of_a_call(self):
        outcome = self.env.ref("crm_lead_api.call_outcome_no_answer")
        outcome.with_context(lang="vi_VN").name = "Không nghe máy"
        before = self.lead.message_ids
        self.save(self.lead.activity_ids, "no_answer", note="Chuông reo mãi")
        [message] = self.lead.message_ids - before
        self.assertIn("Call: No answer", self.render(message, "en_US"))
        self.assertIn("Không nghe máy", self.render(message, "vi_VN"))
        self.assertIn("Chuông reo mãi", self.render(message, "vi_VN"))
        with self.assertRaises(AccessError):  # it is shown as it is
            message.with_user(self.agent).body_by_lang = {"vi_VN": "<script/>"}
        outcome.unlink()
        self.assertIn("No answer", self.render(message, "en_US"))

    def test_a_planned_call(self):
        [call] = self.lead.activity_ids
        self.assertRegex(self.render(call, "en_US", "summary"), r"Call by .*\d")
        self.assertRegex(self.render(call, "vi_VN", "summary"), r"Gọi trước .*\d")
        call.with_user(self.agent).summary = "Gọi lại sau Tết"
        self.assertEqual(self.render(call, "en_US", "summary"), "Gọi lại sau Tết")
        copy = call.with_user(self.agent).copy()
        self.assertEqual(self.render(copy, "vi_VN", "summary"), "Gọi lại sau Tết")
