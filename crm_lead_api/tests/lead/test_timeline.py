# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from lxml import html

from odoo.tests import tagged

from ..common import LeadApiCase, LeadApiHttpCase
from ..data import MANAGER_GROUP


@tagged("post_install", "-at_install")
class TestTimeline(LeadApiCase):
    """The contact shows all that happened with a customer."""

    def setUp(self):
        super().setUp()
        self.first = self.create_lead(
            customer_portrait={"hobby": ["bơi"], "transport": "car"}
        )
        self.second = self.create_lead(
            ticket_id=2,
            crm_line_ids=[self.service_2.id],
            customer_portrait={"hobby": ["hát"], "transport": "car"},
        )
        self.partner = self.first.partner_id
        for days, record in (
            (4, self.first),
            (4, self.first.portrait_id),
            (2, self.second),
            (2, self.second.portrait_id),
        ):
            self.env.flush_all()
            self.env.cr.execute(
                f"UPDATE {record._table} "  # noqa: S608  our own table
                "SET create_date = create_date - %s * interval '1 day' WHERE id = %s",
                [days, record.id],
            )
        self.env.invalidate_all()

    def read_timeline(self, user):
        """Return the entries that a user sees, as texts."""
        self.env.invalidate_all()
        timeline = self.partner.with_user(user).timeline
        if not timeline:
            return []
        items = html.fromstring(timeline).iterfind(".//li")
        return [" ".join(item.text_content().split()) for item in items]

    def find_kinds(self, user):
        """Return the first words of the entries that a user sees."""
        return [text.split()[0] for text in self.read_timeline(user)]

    def test_of_a_company_with_its_people(self):
        company = self.env["res.partner"].create(
            {"name": "Công ty", "is_company": True}
        )
        self.partner.parent_id = company
        kinds = self.find_kinds(self.agent)
        self.partner = company
        self.assertEqual(self.find_kinds(self.agent), kinds)
        self.assertIn("Portrait", kinds)

    def test_newest_first_with_what_changed(self):
        call = self.first.activity_schedule(
            "mail.mail_activity_data_call", user_id=self.agent.id
        )
        call.with_user(self.agent).action_feedback(feedback="Hẹn tuần sau")
        texts = self.read_timeline(self.agent)
        self.assertEqual(len(texts), 5)
        self.assertTrue(texts[0].startswith("Call"))
        self.assertIn("Hẹn tuần sau", texts[0])
        self.assertIn(self.first.name, texts[0])
        newer = [text for text in texts[1:3] if text.startswith("Portrait")][0]
        self.assertIn("Hobbies: bơi hát", newer)
        self.assertNotIn("Transport", newer)
        self.assertIn(self.second.name, newer)
        older = [text for text in texts[3:] if text.startswith("Portrait")][0]
        self.assertIn("Hobbies: bơi", older)
        self.assertIn("Car", older)
        leads = [text for text in texts if text.startswith("Lead")]
        self.assertIn("Khám", leads[0])
        self.assertIn("Nâng mũi +1", leads[1])

    def test_a_call_stays_at_its_time(self):
        """Odoo writes a user's activities when the user's time zone changes."""
        call = self.first.activity_schedule(
            "mail.mail_activity_data_call", user_id=self.agent.id
        )
        call.with_user(self.agent).action_feedback()
        self.env.flush_all()
        date = "2026-03-01 08:00:00"
        query = "UPDATE mail_activity SET finished_date = %s, write_date = %s"
        self.env.cr.execute(query, [date, date])
        self.env.invalidate_all()
        self.agent.tz = "Asia/Tokyo"
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertNotEqual(str(call.write_date), date)
        [entry] = self.first._get_call_entries()
        self.assertEqual(str(entry.date), date)

    def test_newest_first_in_the_same_moment(self):
        portraits = self.first.portrait_id | self.second.portrait_id
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE crm_customer_portrait SET create_date = now() WHERE id IN %s",
            [portraits._ids],
        )
        self.env.invalidate_all()
        texts = self.read_timeline(self.agent)
        newer, older = [text for text in texts if text.startswith("Portrait")]
        self.assertIn("Hobbies: bơi hát", newer)
        self.assertNotIn("hát", older)

    def test_lost_leads_are_there(self):
        reason = self.env["crm.lost.reason"].create({"name": "Đắt quá"})
        self.first.action_set_lost(lost_reason_id=reason.id)
        texts = self.read_timeline(self.agent)
        self.assertTrue(any("Lost · Đắt quá" in text for text in texts))

    def test_only_what_the_reader_may_see(self):
        stranger = self._new_user("stranger", "sales_team.group_sale_salesman")
        self.assertEqual(self.find_kinds(stranger), [])
        self.second.user_id = stranger
        self.assertEqual(sorted(self.find_kinds(stranger)), ["Lead", "Portrait"])
        self.assertNotIn(self.first.name, " ".join(self.read_timeline(stranger)))

    def test_requests_are_for_administrators_of_the_api(self):
        self.env["crm.lead.api.request"].sudo().create(
            {
                "client_id": self.client.id,
                "state": "done",
                "lead_id": self.first.id,
                "date": self.first.create_date,
            }
        )
        self.assertNotIn("Request", self.find_kinds(self.agent))
        self.agent.group_ids += self.env.ref(MANAGER_GROUP)
        [text] = [each for each in self.read_timeline(self.agent) if "Request" in each]
        self.assertIn("tong-dai: Done", text)
        self.assertIn(self.first.name, text)

    def test_texts_of_callers_are_no_markup(self):
        self.first.name = "<script>hacked</script>"
        self.assertNotIn("<script", self.partner.with_user(self.agent).timeline)

    def test_contact_without_events(self):
        partner = self.env["res.partner"].create({"name": "Mới"})
        self.assertFalse(partner.with_user(self.agent).timeline)


@tagged("post_install", "-at_install")
class TestTimelineTour(LeadApiHttpCase):
    def test_a_salesperson_reads_the_timeline(self):
        lead = self.create_lead()
        self.start_tour(
            f"/odoo/res.partner/{lead.partner_id.id}",
            "crm_lead_api_timeline_tour",
            login=self.agent.login,
        )
