# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Test the events that changes of leads queue."""

import json

from odoo.tests import RecordCapturer, tagged

from ..common import LeadApiCase, LeadApiHttpCase
from .common import COMMENT, EventData


@tagged("post_install", "-at_install")
class TestQueue(EventData, LeadApiCase):
    def test_what_happens_to_a_lead(self):
        self.assertHappens(["lead.assigned"], self.create_lead)
        lead = self.env["crm.lead"].search([], limit=1, order="id desc")
        staff = lead.with_user(self.agent)
        for case, expected, change in (
            ("same salesperson", [], lambda: staff.write({"user_id": self.agent.id})),
            ("nobody's", [], lambda: staff.write({"user_id": False})),
            (
                "another one",
                ["lead.assigned"],
                lambda: staff.write({"user_id": self.colleague.id}),
            ),
            ("note", [], lambda: staff.message_post(body="x")),
            ("contact", ["lead.contacted"], lambda: staff.message_post(**COMMENT)),
            ("again", [], lambda: staff.message_post(**COMMENT)),
            ("qualified", [], lambda: staff.write({"stage_id": self.appointed.id})),
            (
                "back",
                ["lead.contacted"],
                lambda: staff.write({"stage_id": self.new.id}),
            ),
            ("won", ["lead.won"], staff.action_set_won),
            ("won again", [], staff.action_set_won),
            (
                "not won",
                ["lead.contacted"],
                lambda: staff.write({"stage_id": self.new.id}),
            ),
            ("lost", ["lead.lost"], lambda: self.lose(staff)),
            ("restored", ["lead.contacted"], staff.action_restore),
            ("lost again", ["lead.lost"], lambda: self.lose(staff)),
            ("deleted", [], lead.unlink),
        ):
            with self.subTest(case):
                self.assertHappens(expected, change)

    def test_a_lead_that_nobody_has(self):
        lead = None

        def create():
            nonlocal lead
            lead = self.create_lead(agent_email="ai@example.com")

        self.team.member_ids = False
        self.assertHappens([], create)
        self.assertFalse(lead.user_id)
        self.assertHappens(
            ["lead.assigned"], lead.write, {"user_id": self.colleague.id}
        )

    def test_a_lead_that_is_won_from_the_start(self):
        values = {
            "name": "x",
            "lead_api_client_id": self.client.id,
            "team_id": self.team.id,
            "stage_id": self.done.id,
            "user_id": False,
        }
        self.assertHappens(["lead.won"], self.env["crm.lead"].create, values)

    def test_a_lead_is_saved_without_the_scheduled_action(self):
        self.env.ref("crm_lead_api.ir_cron_send_events").unlink()
        self.assertHappens(["lead.assigned"], self.create_lead)

    def test_once_for_all_that_a_transaction_does(self):
        lead = self.create_lead()

        def change():
            for user in (self.colleague, self.agent, self.colleague):
                lead.user_id = user
            lead.action_set_won()
            lead.stage_id = self.new
            self.lose(lead)

        body = self.assertHappens(["lead.assigned", "lead.lost"], change)
        self.assertEqual(body["data"]["lost_reason"], "Giá cao")

        def change_nothing():
            lead.user_id = self.agent
            lead.user_id = self.colleague
            lead.action_restore()
            lead.action_set_lost()

        self.assertHappens([], change_nothing)

    def test_a_stage_that_becomes_won(self):
        lead = self.create_lead()
        self.assertHappens([], lead.write, {"stage_id": self.appointed.id})
        self.assertHappens(["lead.won"], self.appointed.write, {"is_won": True})

    def test_a_rollback_leaves_none(self):
        lead = self.create_lead()

        def fail():
            with self.assertRaises(ZeroDivisionError), self.env.cr.savepoint():
                lead.action_set_won()
                self.create_lead(ticket_id=4712)
                raise ZeroDivisionError

        self.assertHappens([], fail)
        self.assertHappens(["lead.won"], lead.action_set_won)

    def test_body(self):
        lead = self.create_lead()
        event = self.happen(self.lose, lead)
        body = json.loads(event.body)
        self.assertEqual(
            body,
            {
                "id": event.message_ref,
                "type": "lead.lost",
                "timestamp": f"{event.date.isoformat()}Z",
                "data": {
                    "id_lead": lead.id,
                    "ticket_id": 4711,
                    "state": "lost",
                    "owner": {
                        "id": self.agent.id,
                        "name": "Lê Thu Hương",
                        "email": "huong@example.com",
                    },
                    "lost_reason": "Giá cao",
                    "link_lead_detail": lead._get_staff_url(),
                },
            },
        )
        self.assertRegex(event.message_ref, r"^msg_[0-9a-f-]{36}$")
        self.assertRecordValues(
            event,
            [
                {
                    "state": "waiting",
                    "ticket_ref": "4711",
                    "lead_id": lead.id,
                    "company_id": self.company.id,
                }
            ],
        )
        lead.user_id = False
        # Odoo keeps the reason.
        won = {"stage_id": self.done.id}
        data = self.assertHappens(["lead.won"], lead.write, won)["data"]
        self.assertEqual((data["owner"], data["lost_reason"]), (None, None))

    def test_a_reason_is_in_the_language_of_the_client(self):
        self.env["res.lang"]._activate_lang("vi_VN")
        self.reason.with_context(lang="en_US").name = "Too expensive"
        self.reason.with_context(lang="vi_VN").name = "Giá cao"
        self.caller.lang = "vi_VN"
        lead = self.create_lead().with_context(lang="en_US")
        data = self.assertHappens(["lead.lost"], self.lose, lead)["data"]
        self.assertEqual(data["lost_reason"], "Giá cao")

    def test_nothing_about_the_customer(self):
        lead = self.create_lead()
        lead.with_user(self.agent).message_post(**COMMENT)
        self.env.cr.flush()
        lead.action_set_won()
        self.env.cr.flush()
        texts = " ".join(self.events.search([]).mapped("body"))
        self.assertIn("lead.won", texts)
        values = (
            *("Thảo", "Trần", "000 202", "900000202", "12 Lê Lợi", "thao.tran@"),
            *("thao.tran.demo", "1992-10-20", "Nâng mũi", "âm nhạc", "Chào chị"),
        )
        for value in values:
            self.assertNotIn(value, texts)

    def test_what_it_costs_where_nobody_is_told(self):
        self.client.webhook_url = False
        lead, by_hand = self.create_lead(), self.env["crm.lead"].create({"name": "x"})
        self.env.flush_all()
        self.env.invalidate_all()
        for leads, count in ((by_hand, 0), (lead, 1), (lead, 0)):
            leads.mapped("name")
            with self.assertQueryCount(count):
                self.events._watch(leads)


@tagged("post_install", "-at_install")
class TestCalls(EventData, LeadApiHttpCase):
    def test_a_call_tells_of_its_lead_and_one_that_failed_of_nothing(self):
        with RecordCapturer(self.events, []) as capture:
            self.assertErrors(
                self.post({**self.payload, "gender": "x"}), [("gender", "choice")]
            )
        self.assertFalse(capture.records)
        with RecordCapturer(self.events, []) as capture:
            lead = self.assertSuccess(self.post())
        self.assertEqual(capture.records.lead_id, lead)
        self.assertEqual(capture.records.type, "lead.assigned")
