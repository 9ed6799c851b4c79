# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Test the state of a lead for outside systems, whatever its stages are called."""

from datetime import datetime, timedelta
from pathlib import Path

from odoo.fields import Command
from odoo.modules.module import load_script
from odoo.tests import tagged

from ..common import LeadApiCase

FIRST = datetime(2026, 3, 2, 2, 0)
COMMENT = {"message_type": "comment", "subtype_xmlid": "mail.mt_comment"}


@tagged("post_install", "-at_install")
class TestState(LeadApiCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        stages = cls.env["crm.stage"]
        stages.search([]).team_ids = cls.env["crm.team"].create({"name": "Khác"})
        cls.first, cls.second, cls.won = stages.create(
            [
                {"name": "Chờ", "sequence": 101},
                {"name": "Hẹn", "sequence": 102},
                {"name": "Xong", "sequence": 103, "is_won": True},
            ]
        )

    def setUp(self):
        super().setUp()
        self.lead = self.create_lead()

    def assertState(self, state):
        self.assertEqual(self.lead.lead_api_state, state)

    def test_a_mail_that_makes_the_lead_is_no_contact(self):
        """Forms, and colleagues who forward mails, have the address of a user."""
        mail = f"""Message-ID: <1@example.com>
From: {self.agent.email}
To: hoi@example.com
Subject: Form

Chị Vy, 0900 000 001"""
        lead_id = self.env["mail.thread"].message_process("crm.lead", mail)
        self.assertFalse(self.lead.browse(lead_id).first_contact_date)

    def test_an_sms_of_staff_is_a_contact(self):
        """Odoo keeps an SMS as a note."""
        if not hasattr(self.lead, "_message_sms"):
            self.skipTest("no SMS of Odoo")
        numbers = ["+84968011111"]
        self.lead.with_user(self.agent)._message_sms("Chào chị", sms_numbers=numbers)
        self.assertTrue(self.lead.first_contact_date)

    def test_the_first_contact_moves_a_lead_if_a_stage_says_so(self):
        other = self.create_lead(ticket_id=2)
        late, lost = (self.create_lead(ticket_id=number) for number in (3, 4))
        late.stage_id = last = self.second.copy({"sequence": 110})
        lost.action_set_lost()
        for lead, stage in (
            (self.lead, self.first),  # staff move it
            (other, self.second),
            (late, last),
            (lost, self.first),
        ):
            lead.with_user(self.agent).message_post(body="Xin chào", **COMMENT)
            self.assertEqual(
                (bool(lead.first_contact_date), lead.stage_id), (True, stage)
            )
            self.second.lead_api_after = "contact"

    def test_no_contact_wins_a_lead(self):
        self.won.lead_api_after = "contact"
        self.lead.with_user(self.agent).message_post(body="Xin chào", **COMMENT)
        self.assertTrue(self.lead.first_contact_date)
        self.assertEqual(self.lead.stage_id, self.first)

    def test_by_the_place_of_the_stage(self):
        self.assertEqual(self.lead.stage_id, self.first)
        self.assertState("new")
        self.lead.stage_id = self.second
        self.assertState("qualified")
        self.second.sequence = 100
        self.assertState("new")
        self.lead.stage_id = False
        self.assertState("new")

    def test_the_first_stage_is_that_of_the_team(self):
        own = self.env["crm.stage"].create(
            {"name": "Riêng", "sequence": 0, "team_ids": [Command.set(self.team.ids)]}
        )
        self.assertState("qualified")
        self.lead.stage_id = own
        self.assertState("new")
        self.lead.stage_id = self.first
        self.assertState("qualified")
        own.unlink()
        self.assertState("new")

    def test_the_first_stage_is_where_new_leads_come(self):
        folded = self.env["crm.stage"].create({"name": "Trước", "sequence": 100})
        for stage, vals in (
            (folded, {"fold": True}),
            (self.second, {"name": "A", "sequence": self.first.sequence}),
        ):
            with self.subTest(stage.name):
                stage.write(vals)
                self.lead = self.create_lead()
                self.assertEqual(self.lead.stage_id, self.first)
                self.assertState("new")
                self.lead.stage_id = stage
                self.assertState("qualified")
                self.lead.active = False
        folded.fold = False
        self.lead.stage_id = folded
        self.assertState("new")

    def test_as_administrators_say(self):
        self.second.lead_api_state = "contacted"
        self.lead.stage_id = self.second
        self.assertState("contacted")
        self.second.lead_api_state = "new"
        self.assertState("new")
        self.first.lead_api_state = "qualified"
        self.lead.stage_id = self.first
        self.assertState("qualified")

    def test_won_and_lost(self):
        self.lead.stage_id = self.won
        self.assertState("won")
        self.lead.stage_id = self.first
        self.assertState("new")
        self.lead.action_set_lost()
        self.assertState("lost")
        self.lead.action_restore()
        self.assertState("new")

    def test_archived_is_not_lost(self):
        self.lead.probability = 50
        self.lead.action_archive()
        self.assertState("new")

    def test_staff_speak_to_the_customer(self):
        lead = self.lead.with_user(self.agent)
        for case, post in {
            "note": lambda: lead.message_post(body="x", message_type="comment"),
            "of the caller": lambda: (
                self.lead.with_user(self.caller)
                .sudo()
                .message_post(body="x", **COMMENT)
            ),
            "of Odoo itself": lambda: self.lead.message_post(
                body="x", author_id=self.env.ref("base.partner_root").id, **COMMENT
            ),
            "of the customer": lambda: self.lead.message_post(
                body="x",
                author_id=lead.partner_id.id,
                message_type="email",
                subtype_xmlid="mail.mt_comment",
            ),
            "of a portal user": lambda: self.lead.message_post(
                body="x", author_id=self.portal_user.partner_id.id, **COMMENT
            ),
            "notification": lambda: lead.message_post(
                body="x", subtype_xmlid="mail.mt_comment"
            ),
        }.items():
            with self.subTest(case):
                post()
                self.assertFalse(self.lead.first_contact_date)
        message = lead.message_post(body="x", **COMMENT)
        self.assertEqual(self.lead.first_contact_date, message.date)
        self.assertState("contacted")
        self.lead.first_contact_date = FIRST
        lead.message_post(body="y", **COMMENT)
        self.assertEqual(self.lead.first_contact_date, FIRST)
        self.lead.stage_id = self.second
        self.assertState("qualified")
        self.assertFalse(self.lead.copy().first_contact_date)

    def test_an_activity_is_a_contact_once_done(self):
        activity = self.lead.with_user(self.agent).activity_schedule(
            "mail.mail_activity_data_call"
        )
        self.assertState("new")
        activity.action_feedback("Gọi rồi")
        self.assertTrue(self.lead.first_contact_date)
        self.assertState("contacted")

    def test_merged_leads_keep_the_first_contact(self):
        other = self.create_lead(ticket_id=4712)
        self.lead.probability = 90
        other.with_user(self.agent).message_post(body="x", **COMMENT)
        date = other.first_contact_date
        (self.lead + other).merge_opportunity()
        self.assertEqual(self.lead.first_contact_date, date)
        self.assertState("contacted")

    def test_contacts_from_before_the_update_count(self):
        staff = self.lead.with_user(self.agent)
        note, first, _second = (
            staff.message_post(body="x", **values) for values in ({}, COMMENT, COMMENT)
        )
        note.sudo().date = FIRST - timedelta(days=1)
        first.sudo().date = FIRST
        other, third = self.create_lead(ticket_id=2), self.create_lead(ticket_id=3)
        other.message_post(
            **COMMENT, body="x", author_id=self.portal_user.partner_id.id
        )
        third.with_user(self.caller).sudo().message_post(**COMMENT, body="x")
        self.lead.first_contact_date = False
        self.env.flush_all()
        path = Path(__file__).parents[2] / "migrations/19.0.4.0.0/post-migrate.py"
        load_script(str(path), "post_migrate").migrate(self.env.cr, "19.0.3.0.0")
        self.env.invalidate_all()
        self.assertEqual(self.lead.first_contact_date, FIRST)
        self.assertFalse(other.first_contact_date or third.first_contact_date)
