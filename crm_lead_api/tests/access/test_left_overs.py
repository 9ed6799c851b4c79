# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Test that portraits keep the protection of their lead, whatever becomes of it."""

from odoo.exceptions import AccessError
from odoo.modules.module import load_script
from odoo.tests import tagged
from odoo.tools import file_path

from ...schemas import LeadChange
from ..common import LeadApiCase

SALESPERSON = "sales_team.group_sale_salesman"


@tagged("post_install", "-at_install")
class TestLeftOvers(LeadApiCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.owner = cls._new_user("owner", SALESPERSON)
        cls.colleague = cls._new_user("colleague", SALESPERSON)

    def setUp(self):
        super().setUp()
        self.lead = self.create_lead()
        self.lead.user_id = self.owner
        self.portrait = self.lead.portrait_id

    def change(self, **portrait):
        """Change the portrait by a request of the client."""
        payload = LeadChange.parse({"customer_portrait": portrait})
        self.lead.with_user(self.caller)._change_from_payload(payload)
        self.assertNotEqual(self.lead.portrait_id, self.portrait)

    def assertSeenBy(self, *users, portrait=None):
        """Check who of owner, colleague and ``agent``, who sees all leads, may read and
        change the portrait and its words."""
        self.env.flush_all()
        portrait = (portrait or self.portrait).with_env(self.env)
        for user in (self.owner, self.colleague, self.agent):
            for records in filter(None, (portrait, portrait.item_ids)):
                self.env.invalidate_all()
                records = records.with_user(user)
                sees = {
                    *(records.has_access(each) for each in ("read", "write")),
                    records.search([("id", "in", records.ids)]) == records,
                }
                with self.subTest(user.login, model=records._name):
                    self.assertEqual(sees, {user in users})

    def test_a_link_to_the_portrait_of_a_colleague(self):
        """A link from an own lead is a right to a portrait."""
        own = self.create_lead(ticket_id=2)
        own.user_id = self.colleague
        own = own.with_user(self.colleague)
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertRaises(AccessError):
            own.portrait_id = self.portrait.id
        with self.assertRaises(AccessError):
            own.create({"name": "x", "portrait_id": self.portrait.id})
        leads = own.with_context(default_portrait_id=self.portrait.id)
        self.assertFalse(leads.create({"name": "x"}).portrait_id)

    def test_a_change_of_the_client(self):
        self.change(term_goals="Tự tin hơn")
        self.assertSeenBy(self.owner, self.agent)
        self.lead.user_id = self.colleague
        self.assertSeenBy(self.colleague, self.agent)
        # The card tells what has changed since the former portrait.
        card = self.lead.with_user(self.colleague).portrait_card
        self.assertIn("Tự tin hơn", card)
        self.assertIn(self.portrait.term_goals, card)

    def test_a_merge(self):
        self.change(term_goals="Tự tin hơn")
        newest = self.lead.portrait_id
        kept = self.create_lead(ticket_id=2, customer_portrait={"hobby": ["bơi"]})
        replaced = kept.portrait_id
        kept.write({"user_id": self.owner.id, "probability": 90})
        merged = (kept | self.lead).with_user(self.agent).merge_opportunity()
        self.assertEqual((merged, self.lead.exists()), (kept, kept.browse()))
        for portrait in (self.portrait, newest, replaced):
            self.assertSeenBy(self.owner, self.agent, portrait=portrait)
        merged.user_id = self.colleague
        for portrait in (self.portrait, newest, replaced):
            self.assertSeenBy(self.colleague, self.agent, portrait=portrait)

    def test_a_deletion(self):
        """Nobody knows any more whose the lead was."""
        self.change(term_goals="Tự tin hơn")
        newest = self.lead.portrait_id
        self.lead.unlink()
        for portrait in (self.portrait, newest):
            self.assertSeenBy(self.agent, portrait=portrait)

    def test_a_lost_lead(self):
        self.lead.action_set_lost()
        self.assertSeenBy(self.owner, self.agent)
        self.change(term_goals="Tự tin hơn")
        self.assertSeenBy(self.owner, self.agent)

    def test_made_by_hand(self):
        """Without a lead it is for all, from its first lead on for those who may see
        the lead."""
        portrait = self.portrait.with_user(self.owner).create(
            {
                "partner_id": self.lead.partner_id.id,
                "term_goals": "Mũi cao",
                "hobby_ids": [(0, 0, {"name": "bơi"})],
            }
        )
        everybody = self.owner, self.colleague, self.agent
        self.assertSeenBy(*everybody, portrait=portrait)
        self.lead.with_user(self.owner).portrait_id = portrait
        self.assertSeenBy(self.owner, self.agent, portrait=portrait)
        self.lead.unlink()
        self.assertSeenBy(self.agent, portrait=portrait)

    def test_duplicated(self):
        copy = self.portrait.with_user(self.owner).copy()
        self.assertSeenBy(self.owner, self.agent, portrait=copy)
        self.change(term_goals="Tự tin hơn")
        copy = self.portrait.with_user(self.owner).copy()
        self.assertSeenBy(self.owner, self.agent, portrait=copy)
        self.lead.unlink()
        self.assertSeenBy(self.agent, portrait=copy)

    def test_another_customer(self):
        """Who is erased as the customer of a lead has none of its words left."""
        self.change(term_goals="Tự tin hơn")
        other = self.env["res.partner"].create({"name": "Bà Ánh"})
        self.lead.partner_id = other
        self.assertEqual(self.portrait.partner_id, other)

    def test_another_company(self):
        self.change(term_goals="Tự tin hơn")
        everybody = self.owner | self.colleague | self.agent
        everybody.write({"company_ids": [(4, self.other_company.id)]})
        self.lead.write(
            {
                "company_id": self.other_company.id,
                "pricelist_id": self.other_pricelist.id,
                "service_ids": [(5,)],
                "team_id": False,
            }
        )
        portraits = self.portrait | self.lead.portrait_id
        self.assertEqual(portraits.company_id, self.other_company)
        self.lead.unlink()
        self.assertEqual(portraits.company_id, self.other_company)

    def test_the_update_marks_old_ones(self):
        values = {"partner_id": self.lead.partner_id.id}
        by_hand = self.portrait.with_user(self.owner).create(values)
        gone = self.create_lead(ticket_id=2)
        left_over = gone.portrait_id
        gone.unlink()
        self.env.flush_all()
        self.env.cr.execute("UPDATE crm_customer_portrait SET is_shared = NULL")
        path = file_path("crm_lead_api/migrations/19.0.8.1.0/post-migrate.py")
        load_script(path, "post_migrate").migrate(self.env.cr, "19.0.8.0.0")
        self.env.invalidate_all()
        portraits = by_hand.with_env(self.env) | left_over | self.portrait
        self.assertEqual(portraits.mapped("is_shared"), [True, False, False])

    def test_a_client_does_not_share(self):
        portraits = self.portrait.with_user(self.caller)
        portrait = portraits.create({"partner_id": self.lead.partner_id.id})
        self.assertSeenBy(self.agent, portrait=portrait)
        with self.assertRaises(AccessError):
            portrait.with_user(self.colleague).read(["term_goals"])
