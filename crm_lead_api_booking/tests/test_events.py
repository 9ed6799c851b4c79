# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import json

from odoo.tests import tagged

from .common import BookingCase, at, utc


@tagged("post_install", "-at_install")
class TestEvents(BookingCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.client.webhook_url = "https://tickets.example.com/events"

    def pop_events(self):
        """Return the types of the events since the last time, and the last body."""
        self.env.flush_all()
        self.cr.precommit.run()
        events = self.env["crm.lead.api.event"].search([], order="id")
        result = events.mapped("type"), events and json.loads(events[-1].body)
        events.unlink()
        return result

    def test_each_once(self):
        lead = self.make_lead()
        self.pop_events()
        booking = self.book(lead)
        types, body = self.pop_events()
        self.assertEqual(types, ["booking.booked"])
        self.assertEqual(body["data"]["ticket_id"], int(lead.ticket_ref))
        about = body["data"]["booking"]
        self.assertEqual(
            (about["id_booking"], about["state"], about["start"]),
            (booking.id, "booked", at(9)),
        )
        self.assertNotIn(lead.contact_name, json.dumps(body, ensure_ascii=False))
        booking.note = "x"
        self.assertEqual(self.pop_events()[0], [])
        booking.start = utc(10)
        booking.seat_id = self.room_2
        self.assertEqual(self.pop_events()[0], ["booking.moved"])
        booking.action_confirm()
        self.assertEqual(self.pop_events()[0], ["booking.confirmed"])
        booking.action_arrive()
        self.assertEqual(self.pop_events()[0], ["booking.arrived"])
        booking.action_finish()
        self.assertEqual(self.pop_events()[0], ["booking.done"])
        other = self.book(lead, day=1)
        self.env["res.lang"]._activate_lang("vi_VN")
        self.client.user_id.lang = "vi_VN"
        busy = self.env["crm.lost.reason"].create({"name": "Busy"})
        busy.with_context(lang="vi_VN").name = "Bận"
        other.write(
            {
                "state": "cancelled",
                "lost_reason_id": busy.id,
                "cancel_reason": "đi xa",
            }
        )
        types, body = self.pop_events()
        self.assertEqual(types, ["booking.booked", "booking.cancelled"])
        self.assertEqual(body["data"]["booking"]["cancel_reason"], "Bận: đi xa")
        self.book(lead, day=2).action_miss()
        self.assertEqual(self.pop_events()[0], ["booking.booked", "booking.no_show"])

    def test_switched_off(self):
        self.client.webhook_bookings = False
        lead = self.make_lead()
        self.pop_events()
        self.book(lead)
        self.assertEqual(self.pop_events()[0], [])

    def test_leads_of_staff(self):
        lead = self.env["crm.lead"].create(
            {
                "name": "Khách vãng lai",
                "contact_name": "Lan",
                "company_id": self.company.id,
            }
        )
        booking = self.book(lead)
        self.assertEqual(booking.partner_id.name, "Lan")
        self.assertEqual(self.pop_events()[0], [])
