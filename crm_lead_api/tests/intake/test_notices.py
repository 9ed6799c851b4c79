# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from unittest.mock import patch

from odoo.fields import Command
from odoo.tests import tagged

from ..common import LeadApiCase, LeadApiHttpCase

OTHER = {
    "phone_no1": "0911 111 111",
    "phone_no2": "",
    "phone_no3": "",
    "email_from": "",
}


@tagged("post_install", "-at_install")
class TestNotices(LeadApiCase):
    """Staff are told of a lead as of a lead that somebody makes by hand."""

    def setUp(self):
        super().setUp()
        self.lead = self.create_lead()

    def _find_notices(self, lead):
        return lead.env["mail.message"].search(
            [
                ("model", "=", "crm.lead"),
                ("res_id", "=", lead.id),
                ("message_type", "=", "user_notification"),
            ]
        )

    def test_overrides_of_the_creation_note_get_messages(self):
        partners = type(self.env["res.partner"])
        log = partners._message_log_batch

        def log_and_read(self, bodies, **kwargs):
            return log(self, bodies, **kwargs).filtered("body")  # as an addon may

        with patch.object(partners, "_message_log_batch", log_and_read):
            lead = self.create_lead(ticket_id=2, **OTHER)
        self.assertEqual(len(lead.partner_id.message_ids), 1)

    def test_notes_and_followers(self):
        note = self.lead.message_ids - self._find_notices(self.lead)
        self.assertEqual(note.subtype_id, self.env.ref("crm.mt_lead_create"))
        self.assertIn(self.team.name, note.body)
        self.assertEqual(note.author_id, self.caller.partner_id)
        self.assertEqual(self.lead.message_partner_ids, self.agent.partner_id)
        note = self.lead.partner_id.message_ids
        self.assertEqual(note.subtype_id, self.env.ref("mail.mt_note"))
        self.assertIn("created", note.body)
        self.assertTrue(note.is_internal)
        self.assertFalse(self.lead.partner_id.message_partner_ids)

    def test_contact_that_was_there_is_not_said_to_be_made(self):
        lead = self.create_lead(ticket_id=2)
        self.assertEqual(lead.partner_id, self.lead.partner_id)
        self.assertEqual(len(lead.partner_id.message_ids), 1)
        self.assertEqual(len(self._find_notices(lead)), 1)

    def test_who_writes_first_reaches_the_salesperson(self):
        message = self.lead.message_post(body="?", subtype_xmlid="mail.mt_comment")
        self.assertIn(self.agent.partner_id, message.notified_partner_ids)
        self.assertEqual(len(self._find_notices(self.lead)), 1)
        self.assertEqual(len(self.lead.message_ids - message), 1)

    def test_merged_leads_keep_their_notes(self):
        other = self.create_lead(ticket_id=2, **OTHER)
        lead = (self.lead | other).merge_opportunity()
        notes = lead.message_ids.filtered(
            lambda each: each.subtype_id == self.env.ref("crm.mt_lead_create")
        )
        self.assertEqual(len(notes), 2)
        # Odoo's merge deletes the notices of the lead that is gone.
        self.assertEqual(len(self._find_notices(lead)), 1)
        self.assertIn(self.agent.partner_id, lead.message_partner_ids)

    def test_salesperson_is_told_once(self):
        notice = self._find_notices(self.lead)
        self.assertEqual(notice.notified_partner_ids, self.agent.partner_id)
        self.assertIn(self.lead.name, notice.subject)
        self.assertEqual(notice.author_id, self.caller.partner_id)
        mail = self.env["mail.mail"].search([("mail_message_id", "=", notice.id)])
        self.assertEqual(mail.state, "outgoing")

    def test_in_the_salespersons_language(self):
        self.env["res.lang"]._activate_lang("vi_VN")
        self.agent.lang = "vi_VN"
        lead = self.create_lead(ticket_id=2)
        subject = self._find_notices(lead).subject
        self.assertIn(lead.name, subject)
        self.assertNotIn("You have been assigned", subject)

    def test_followers_of_the_team_are_told(self):
        follower = self._new_user("truong-nhom", "sales_team.group_sale_manager")
        subtype = self.env.ref("crm.mt_salesteam_lead")
        self.team.message_subscribe(follower.partner_id.ids, subtype.ids)
        lead = self.create_lead(ticket_id=2)
        note = lead.message_ids.filtered(
            lambda m: m.subtype_id == self.env.ref("crm.mt_lead_create")
        )
        self.assertIn(follower.partner_id, note.notified_partner_ids)
        self.assertTrue(note.email_from)

    def test_salesperson_whom_odoo_is_made_to_take_instead(self):
        """An automation rule may change the salesperson: the new one is told, too."""
        bob = self._new_user("bob", "sales_team.group_sale_salesman")
        older = self.create_lead(ticket_id=2)
        Lead = type(self.env["crm.lead"])
        create = Lead.create

        def assign(leads, vals_list):
            made = create(leads, vals_list)
            (made | older.with_env(made.env)).sudo().user_id = bob
            return made

        with patch.object(Lead, "create", assign):
            lead = self.create_lead(ticket_id=3)
        for each in (lead, older):
            self.assertIn(bob.partner_id, each.message_partner_ids)
            told = self._find_notices(each).notified_partner_ids
            self.assertIn(bob.partner_id, told)

    def test_lead_of_nobody(self):
        lead = self.create_lead(ticket_id=2, agent_email="nobody@example.com")
        self.assertFalse(self._find_notices(lead))
        self.assertFalse(lead.activity_ids)

    def test_quiet_client(self):
        self.client.is_quiet = True
        lead = self.create_lead(ticket_id=2, **OTHER)
        self.assertEqual(lead.user_id, self.agent)
        self.assertFalse(lead.message_ids)
        self.assertFalse(lead.partner_id.message_ids)
        self.assertFalse(lead.activity_ids)
        # Whoever posts next reaches the salesperson.
        self.assertEqual(lead.message_partner_ids, self.agent.partner_id)

    def test_team_is_looked_up_anew_when_it_changes(self):
        other = self.team.copy(
            {"name": "Khác", "member_ids": [Command.set(self.agent.ids)], "sequence": 0}
        )
        self.team.member_ids = False
        self.assertEqual(self.create_lead(ticket_id=2).team_id, other)
        other.active = False
        self.assertNotEqual(self.create_lead(ticket_id=3).team_id, other)


@tagged("post_install", "-at_install")
class TestQuietRequest(LeadApiHttpCase):
    def test_quiet_leads(self):
        for quiet in (True, False):
            item = {**self.payload, "ticket_id": 70 + quiet}
            body = {"leads": [item], "quiet": quiet}
            headers = {"Idempotency-Key": None}
            response = self.post(body, url="/api/v1/leads", headers=headers)
            [result] = self.assertJson(response, 200)["data"]["results"]
            lead = self.env["crm.lead"].browse(result["body"]["data"]["id_lead"])
            self.assertEqual(not lead.message_ids, quiet)
            self.assertEqual(not lead.activity_ids, quiet)
