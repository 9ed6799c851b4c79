# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Test proposals on leads over several changes."""

from ..data import NO_PORTRAIT
from .common import ChangeCase


class TestChangeProposals(ChangeCase):
    def test_a_phone_of_staff_that_moved_stays_of_staff(self):
        self.write_as_staff(phone="0911 222 333", phone2=False)
        self.change({"phone_no1": "0911 444 555"})
        self.env.invalidate_all()
        proposal = self.lead.pending_proposal_ids.filtered(lambda p: not p.partner_id)
        proposal.with_user(self.agent).action_accept()
        self.env.flush_all()
        self.assertEqual(self.lead.phone, "0911 444 555")
        self.assertEqual(self.lead.phone2, "0911 222 333")
        data = self.change({"phone_no2": "0911 666 777"}).json()["data"]
        on_lead = [each["field"] for each in data["proposed"] if each["on"] == "lead"]
        self.assertEqual(on_lead, ["phone_no2"])
        self.env.invalidate_all()
        self.assertEqual(self.lead.phone2, "0911 222 333")

    def test_a_proposed_salesperson_goes_with_the_present_one(self):
        group = "sales_team.group_sale_salesman_all_leads"
        second, third = (
            self._new_user(f"{name}@example.com", group) for name in ("hai", "ba")
        )
        self.write_as_staff(user_id=third.id)
        data = self.change({"agent_email": second.login}).json()["data"]
        self.assertEqual(
            data["proposed"],
            [
                {
                    "on": "lead",
                    "field": "agent_email",
                    "present": third.email,
                    "sent": second.login,
                }
            ],
        )
        self.assertChanged(self.change({"agent_email": third.login}))
        self.assertFalse(self.lead.pending_proposal_ids)

    def test_what_follows_from_a_proposal_is_tracked_by_odoo(self):
        group = "sales_team.group_sale_salesman_all_leads"
        second = self._new_user("hai@example.com", group)
        team = self.team.copy({"name": "Đội 2", "member_ids": [second.id]})
        self.write_as_staff(user_id=False)
        self.change({"agent_email": second.login})
        self.env.invalidate_all()
        self.env.cr.flush()
        before = self.lead.message_ids
        self.lead.pending_proposal_ids.with_user(self.agent).action_accept()
        self.env.cr.flush()
        self.assertEqual((self.lead.user_id, self.lead.team_id), (second, team))
        tracked = (self.lead.message_ids - before).tracking_value_ids
        self.assertEqual(set(tracked.field_id.mapped("name")), {"user_id", "team_id"})

    def test_a_portrait_of_staff_is_shown_to_the_client_that_sent_one(self):
        portrait = self.env["crm.customer.portrait"].create(
            {"partner_id": self.lead.partner_id.id, "revenue_source": "Bán hàng"}
        )
        self.write_as_staff(portrait_id=portrait.id)
        present = {**NO_PORTRAIT, "revenue_source": "Bán hàng"}
        self.assertChanged(
            self.change({"customer_portrait": None}),
            [("lead", "customer_portrait", present, None)],
        )

    def test_a_portrait_that_the_client_did_not_send_is_not_shown(self):
        payload = {**self.payload, "ticket_id": 5, "customer_portrait": None}
        lead = self.assertSuccess(self.post(payload))
        portrait = self.env["crm.customer.portrait"].create(
            {"partner_id": lead.partner_id.id, "revenue_source": "Bí mật"}
        )
        self.write_as_staff(lead, portrait_id=portrait.id)
        url = f"{self.url.rpartition('/')[0]}/{lead.id}"
        response = self.change({"customer_portrait": None}, url=url)
        [proposed] = response.json()["data"]["proposed"]
        self.assertEqual(proposed["field"], "customer_portrait")
        self.assertIsNone(proposed["present"])
        self.assertNotIn("Bí mật", response.text)
