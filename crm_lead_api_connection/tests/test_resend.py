# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta
from unittest.mock import patch

from lxml import etree
from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.base.models import ir_cron
from odoo.addons.crm_lead_api.models import ir_cron as api_cron
from odoo.addons.crm_lead_api.models.event.crm_lead_api_retry_mixin import ALARM
from odoo.addons.crm_lead_api.tests.data import MANAGER_GROUP
from odoo.addons.crm_lead_api.tools.json_body import to_json

from .common import ConnectionHttpCase


@tagged("post_install", "-at_install")
class TestResend(ConnectionHttpCase):
    """Refused messages are corrected, made again, or discarded with a reason."""

    def refuse(self, lead_id="TeSter-1", **answers):
        self.fill_in(lead_id, answers={"FULL_NAME": "", **answers})
        self.make_leads()
        message = self.find(lead_id)
        self.assertEqual(message.state, "refused")
        return message

    def open_wizard(self, message):
        return self.env["crm.lead.api.resend"].create(
            {"request_ids": [Command.set(message.request_id.ids)]}
        )

    def test_corrected(self):
        message = self.refuse()
        wizard = self.open_wizard(message)
        [correction] = wizard.corrections
        self.assertEqual(correction["path"], "contact_name")
        wizard.corrections = [{**correction, "value": "Trần Thảo"}]
        wizard.action_check()
        self.assertFalse(wizard.problems)
        wizard.action_send()
        self.assertEqual(message.state, "done")
        self.assertEqual(message.lead_id.contact_name, "Trần Thảo")
        self.assertEqual(
            message.lead_id.other_answers, {"EMAIL": "thao.tran@example.com"}
        )
        states = self.env["crm.lead.api.request"].search([]).mapped("state")
        self.assertEqual(sorted(states), ["done", "resent"])
        # The queue and a second click make no other.
        wizard.action_send()
        self.make_leads()
        self.assertEqual(len(self.connection.message_record_ids.lead_id), 1)

    def test_corrected_after_the_client_was_archived(self):
        message = self.refuse()
        self.client.active = False
        wizard = self.open_wizard(message)
        [correction] = wizard.corrections
        wizard.corrections = [{**correction, "value": "Trần Thảo"}]
        wizard.action_send()
        self.assertEqual(message.state, "done", wizard.problems)
        self.assertEqual(message.lead_id.contact_name, "Trần Thảo")

    def test_the_missing_name_is_in_an_answer_without_a_field(self):
        wizard = self.open_wizard(self.refuse(ho_ten="Đỗ Khánh Linh"))
        arch = etree.fromstring(wizard.get_view(view_type="form")["arch"])
        self.assertTrue(arch.findall(".//div/field[@name='other_answers']"))
        with Form(wizard) as form:
            answers = form.other_answers.splitlines()
            self.assertIn("ho_ten: Đỗ Khánh Linh", answers)
            form.payload = "[]"
            self.assertFalse(form.other_answers)

    def test_still_wrong(self):
        message = self.refuse()
        first = message.request_id
        wizard = self.open_wizard(message)
        wizard.action_send()
        self.assertIn("contact_name", wizard.problems)
        wizards = self.env["crm.lead.api.resend"]
        new = wizards._send(first, first.payload)
        self.assertEqual(message.request_id, new)
        self.assertEqual((message.state, new.origin_id), ("refused", first))

    def test_together(self):
        """Messages that are refused for the same reason are a group, and are sent again
        at once."""
        self.map("gender", "answers.GENDER", is_required=True)
        same = self.refuse("1") | self.refuse("2")
        other = self.refuse("3", FULL_NAME="Lê Hoa", GENDER="x")
        groups = dict(self.messages._read_group([], ["reason"], ["id:recordset"]))
        self.assertEqual(
            groups, {"contact_name required": same, "gender choice": other}
        )
        reasons = dict(self.messages._select_reason())
        self.assertEqual(reasons["contact_name required"], "Contact Name: missing")
        self.connection.field_ids.filtered("is_required").is_required = False
        action = (same | other).action_send_again()
        wizard = self.env[action["res_model"]].with_context(**action["context"])
        wizard.create({}).action_send()
        self.assertEqual((other.state, other.reason), ("done", False))
        self.assertEqual(same.mapped("state"), ["refused"] * 2)
        self.assertEqual(same.mapped("reason"), ["contact_name required"] * 2)

    def test_a_changed_mapping(self):
        messages = self.refuse("1", NAME="Trần Thảo") | self.refuse("2", NAME="Lê Hoa")
        lines = self.connection.field_ids
        lines.filtered(
            lambda line: line.attribute == "contact_name"
        ).place = "answers.NAME"
        notice = messages.action_make_again()
        self.assertIn("read again: 2.", notice["params"]["message"])
        self.make_leads()
        self.assertEqual(messages.mapped("state"), ["done"] * 2)
        self.assertEqual(
            set(messages.lead_id.mapped("contact_name")), {"Trần Thảo", "Lê Hoa"}
        )
        with self.assertRaises(UserError):
            messages.action_make_again()

    def test_discarded(self):
        message = self.refuse()
        action = message.action_discard()
        form = Form(self.env[action["res_model"]].with_context(**action["context"]))
        form.reason = "Spam"
        form.save().action_discard()
        self.assertEqual((message.state, message.discard_reason), ("discarded", "Spam"))
        self.assertEqual(message.discard_user_id, self.env.user)
        self.make_leads()
        self.assertFalse(message.lead_id)
        message.action_undiscard()
        self.assertEqual((message.state, message.discard_reason), ("refused", False))
        with self.assertRaises(UserError):
            message.action_undiscard()
        done = self.make_lead("2")
        with self.assertRaises(UserError):
            done._discard("Spam")

    def test_discarded_and_sent_again(self):
        message = self.refuse(NAME="Trần Thảo")
        message._discard("Spam")
        body = to_json({**message._map(), "contact_name": "Trần Thảo"})
        self.env["crm.lead.api.resend"]._send(message.request_id, body)
        self.assertEqual(message.state, "done")
        self.assertFalse(message.discard_reason or message.discard_user_id)

    def test_discarded_before_it_was_fetched(self):
        """A message is fetched as before; that of an erased person never."""
        connection = self._connect("meta", {"contact_name": "answers.full_name"})
        rows = [{"leadgen_id": "1"}, {"leadgen_id": "2"}]
        self.messages._keep(connection, rows)
        message, erased = self.find("1"), self.find("2")
        erased._anonymize()
        message._discard("Spam")
        (message | erased).action_undiscard()
        self.assertEqual((message.state, erased.state), ("fetching", "discarded"))

    def test_nothing_disappears(self):
        message = self.refuse()
        with self.assertRaises(UserError):
            message.unlink()
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self.connection.unlink()
            self.env.flush_all()

    def test_rights(self):
        message = self.refuse()
        other = new_test_user(
            self.env, "other", MANAGER_GROUP, company_id=self.other_company.id
        )
        for user in (self.agent, other):
            with self.assertRaises(AccessError):
                message.with_user(user).action_make_again()
            with self.assertRaises(AccessError):
                message.with_user(user)._discard("Spam")

    def test_content_is_forgotten(self):
        refused, done = self.refuse(), self.make_lead("2")
        self.client.is_paused = True
        self.connection.flush_recordset()
        old = fields.Datetime.now() - timedelta(days=1000)
        waiting = self.messages.create(
            {
                "connection_id": self.connection.id,
                "date": old,
                "message_ref": "3",
                "body": {"a": 1},
            }
        )
        messages = refused | done | waiting
        messages.date = old
        question = self.connection.question_ids[:1]
        self.connection.question_ids.last_date = old
        recent = question.copy({"name": "x", "last_date": fields.Datetime.now()})
        cron = self.env.ref("crm_lead_api.ir_cron_forget_payloads")
        self.env.flush_all()
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.env.invalidate_all()
        self.assertFalse(refused.body or done.body or done.customer_keys)
        self.assertEqual(waiting.body, {"a": 1})
        self.assertTrue(recent.example)
        self.assertFalse(question.example)
        self.assertEqual(self.messages.search([("id", "in", messages.ids)]), messages)

    def test_content_is_forgotten_soon(self):
        """Go on soon, and not a day later, when there is no time for all payloads, also
        if there are fewer messages."""
        for number in range(5):
            message = self.refuse(str(number))
        entries = self.env["crm.lead.api.request"].search([])
        entries.date = message.date = fields.Datetime.now() - timedelta(days=1000)
        cron = self.env.ref("crm_lead_api.ir_cron_forget_payloads")
        of_cron = [("cron_id", "=", cron.id)]
        for left in (3, 1, 0):
            self.env["ir.cron.trigger"].search(of_cron).unlink()
            self.env.flush_all()
            with (
                patch.object(api_cron, "BATCH", 2),
                patch.object(ir_cron, "MIN_TIME_PER_JOB", 0),
                self.enter_registry_test_mode(),
            ):
                cron.method_direct_trigger()
            self.env.invalidate_all()
            self.assertEqual(len(entries.filtered("payload")), left)
            triggers = self.env["ir.cron.trigger"].search(of_cron)
            self.assertEqual(bool(triggers), bool(left))

    def test_an_erased_entry(self):
        message = self.make_lead()
        message.request_id.unlink()
        self.assertFalse(message.body)

    def test_a_client_that_may_not(self):
        """Messages wait for a client that is paused or archived, or whose user is."""
        for number, (record, values) in enumerate(
            (
                (self.client, {"is_paused": True}),
                (self.client, {"active": False}),
                (self.client.user_id, {"active": False}),
                (self.connection, {"is_live": False}),
            )
        ):
            self.fill_in(str(number))
            record.write(values)
            self.make_leads()
            message = self.find(str(number))
            self.assertEqual(message.state, "waiting")
            record.write({name: not value for name, value in values.items()})
            self.make_leads()
            self.assertEqual(message.state, "done", message.problems)

    def test_another_client(self):
        """Who corrects a message is told what helps."""
        wizard = self.open_wizard(self.refuse())
        self.connection.client_id = self._new_client("chi-nhanh")
        wizard.action_check()
        self.assertIn("press Try Again", wizard.problems)

    def test_an_archived_connection(self):
        """Make leads of the messages that were taken."""
        self.fill_in()
        self.connection.active = False
        self.make_leads()
        self.assertEqual(self.find().state, "done")

    def test_equal_content(self):
        """Without an id, the same within a day is a repetition."""
        self.connection.platform_id.id_place = False
        for _attempt in range(3):
            self.fill_in()
        messages = self.connection.message_record_ids
        self.assertEqual(len(messages), 1)
        messages.date -= timedelta(hours=25)
        for _attempt in range(2):
            self.fill_in()
            self.fill_in("another")
        self.env.invalidate_all()
        self.assertEqual(len(self.connection.message_record_ids), 3)
        self.make_leads()
        self.assertEqual(len(self.connection.message_record_ids.lead_id), 3)

    def test_long_ids(self):
        for last in "ab":
            self.fill_in("x" * 300 + last)
        self.assertEqual(len(self.connection.message_record_ids), 2)

    def test_secrets_are_not_kept(self):
        self.fill_in()
        self.assertNotIn("google_key", self.find().body)

    def test_what_cannot_be_stored(self):
        self.make_lead(answers={"A\x00": "\x00\ud800"})

    def test_the_order_of_a_customer(self):
        """A message waits for an earlier one of its customer, also if another comes in
        between."""
        for lead_id in "12":
            self.fill_in(lead_id)
        self.fill_in("3", answers={"PHONE_NUMBER": "0900 000 203"})
        first, second, third = map(self.find, "123")
        first.retries = {"_make_lead": [1, "2999-01-01 00:00:00"]}
        self.make_leads()
        states = [each.state for each in (first, second, third)]
        self.assertEqual(states, ["waiting", "waiting", "done"])
        first.retries = False
        self.make_leads()
        self.assertLess(first.lead_id.id, second.lead_id.id)

    def test_the_order_across_connections(self):
        """A message waits for one of another connection that has a phone or an e-mail
        of it, but neither for ever nor for a connection that makes no leads."""
        other = self._connect(
            "other",
            {"contact_name": "name", "phone_no2": "phone", "email_from": "email"},
        )
        later = self._connect("other", {"contact_name": "name", "email_from": "email"})
        someone = {"name": "Thảo", "phone": "+84 900 000 202", "email": "t@example.com"}
        ways = {
            "failed often": lambda first: first.write(
                {"retries": {"_make_lead": [ALARM, "2999-01-01 00:00:00"]}}
            ),
            "not live": lambda first: first.connection_id.write({"is_live": False}),
        }
        for way, go_on in ways.items():
            with self.subTest(way):
                self.fill_in(way)
                self.messages._keep(other, [{**someone, "id": way}])
                email = someone["email"].upper()
                self.messages._keep(
                    later, [{"id": way, "name": "Thảo", "email": email}]
                )
                messages = self.find(way).sorted("id")
                messages[0].retries = {"_make_lead": [1, "2999-01-01 00:00:00"]}
                self.make_leads()
                self.assertEqual(messages.mapped("state"), ["waiting"] * 3)
                go_on(messages[0])
                self.make_leads()
                self.assertEqual(messages.mapped("state"), ["waiting", "done", "done"])
                self.assertLess(messages[1].lead_id.id, messages[2].lead_id.id)
