# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Test what people are told in Odoo of their leads."""

import json
from datetime import timedelta

from .common import MORNING, FirstCallCase


class TestNotices(FirstCallCase):
    def get_notices(self, user):
        return self.get_told(user, "notice")

    def recall(self, minutes=15):
        self.frozen.move_to(MORNING + timedelta(minutes=minutes, seconds=30))
        self.give_out()

    def test_given(self):
        lead = self.make_leads()
        self.give_out()
        (notice,) = self.get_notices(lead.user_id)
        self.assertEqual(notice["title"], "New lead: Khách 1")
        self.assertIn("9:15", notice["message"], "by the user's clock")
        self.assertEqual(notice["lead_ids"], lead.ids)

    def test_many_at_once(self):
        self.minh.is_on_duty = False
        leads = self.make_leads(4)
        self.give_out()
        (notice,) = self.get_notices(self.lan.user_id)
        self.assertEqual(notice["title"], "4 new leads for you")
        self.assertEqual(notice["lead_ids"], leads.ids)

    def test_recalled(self):
        lead = self.make_leads()
        self.give_out()
        former = lead.user_id
        self.recall()
        notice = self.get_notices(former)[-1]
        self.assertEqual(notice["title"], "Lead recalled", "not whose any more")
        self.assertIn("9:15", notice["message"])
        self.assertFalse(notice["lead_ids"])
        self.assertNotIn("Khách", json.dumps(notice, ensure_ascii=False))
        (notice,) = self.get_notices(lead.user_id)
        self.assertIn("9:30", notice["message"])

    def test_recalled_from_who_sees_all_leads(self):
        lead = self.make_leads()
        self.give_out()
        former = lead.user_id
        former.group_ids += self.env.ref("sales_team.group_sale_salesman_all_leads")
        self.recall()
        notice = self.get_notices(former)[-1]
        self.assertEqual(notice["title"], "Given to somebody else: Khách 1")
        self.assertEqual(notice["lead_ids"], lead.ids)

    def test_late_once(self):
        self.minh.is_on_duty = False
        lead = self.make_leads()
        self.give_out()
        self.recall()
        self.recall(17)
        self.assertEqual(lead.user_id, self.lan.user_id, "nobody else is on duty")
        titles = [each["title"] for each in self.get_notices(lead.user_id)]
        self.assertEqual(titles, ["New lead: Khách 1", "Late: call Khách 1"])

    def test_in_the_reader_s_language(self):
        self.env["res.lang"]._activate_lang("vi_VN")
        (self.lan | self.minh).user_id.lang = "vi_VN"
        lead = self.make_leads()
        self.give_out()
        (notice,) = self.get_notices(lead.user_id)
        self.assertIn(" 9:15 ", notice["message"])


class TestOver(FirstCallCase):
    """A notice closes when the call is no longer the user's to make."""

    def assertOver(self, lead, end):
        """Check that the notice stays until the end."""
        self.give_out()
        user, told = lead.user_id, {"lead_ids": lead.ids}
        lead = lead.with_user(self.agent)
        lead.priority = "1"
        self.assertNotIn(told, self.get_told(user, "over"))
        end(lead)
        self.assertIn(told, self.get_told(user, "over"))

    def test_what_colleagues_do(self):
        stage = self.env["crm.stage"].create({"name": "Đã gọi", "sequence": 50})
        for end in (
            lambda lead: lead.write({"first_contact_date": MORNING}),
            lambda lead: lead._note_try(MORNING),
            lambda lead: lead.write({"user_id": self.agent.id}),
            lambda lead: lead.write({"user_id": False}),
            lambda lead: lead.write({"stage_id": stage.id}),
            lambda lead: lead._end_first_calls(lambda: lead),
            lambda lead: lead.action_set_lost(),
            lambda lead: lead.sudo().unlink(),
        ):
            self.assertOver(self.make_leads(), end)

    def test_recalled(self):
        def recall(lead):
            self.frozen.move_to(MORNING + timedelta(minutes=16))
            self.give_out()

        self.assertOver(self.make_leads(), recall)

    def test_the_leader_has_to_call(self):
        lead = self.make_leads()
        self.give_out()
        self.team.recalls_max = 0
        self.frozen.move_to(MORNING + timedelta(minutes=16))
        self.assertOver(lead, lambda lead: lead.write({"first_contact_date": MORNING}))
