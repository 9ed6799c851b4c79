# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from icalendar import Calendar
from werkzeug.http import parse_options_header

from odoo.tests import Form, tagged

from odoo.addons.crm_lead_api.tools import update

from .common import BookingHttpCase, utc


@tagged("post_install", "-at_install")
class TestCalendarFile(BookingHttpCase):
    def open_link(self, booking):
        """Read the customer's link, without a session."""
        url = booking._get_calendar_url()
        path = url.removeprefix(booking.get_base_url())
        response = self.url_open(path)
        self.assertEqual(response.status_code, 200)
        self.assertTrue(response.headers["Content-Type"].startswith("text/calendar"))
        _kind, file = parse_options_header(response.headers["Content-Disposition"])
        self.assertEqual(file["filename"], f"{booking.code}.ics")
        [event] = Calendar.from_ical(response.content).walk("VEVENT")
        return event

    def test_file(self):
        booking = self.book()
        event = self.open_link(booking)
        self.assertEqual(event["DTSTART"].dt.replace(tzinfo=None), utc(9))
        self.assertEqual(event["DTEND"].dt.replace(tzinfo=None), utc(10))
        self.assertIn(booking.code, event["SUMMARY"])
        self.assertIn("Phòng khám Hoa Mai", event["SUMMARY"])
        self.assertEqual(event["STATUS"], "TENTATIVE")
        self.assertNotIn("ATTENDEE", event)

    def test_codes_with_letters_of_any_language(self):
        booking = self.book()
        booking.code = "HẸN-7"
        self.assertIn(booking.code, self.open_link(booking)["SUMMARY"])

    def test_a_moved_booking_replaces_the_earlier_one(self):
        booking = self.book()
        before = self.open_link(booking)
        booking.write({"start": utc(14), "state": "confirmed"})
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE crm_booking SET write_date = write_date + interval '1 minute'"
        )
        self.env.invalidate_all()
        after = self.open_link(booking)
        self.assertEqual(after["UID"], before["UID"])
        self.assertGreater(after["SEQUENCE"], before["SEQUENCE"])
        self.assertEqual(after["DTSTART"].dt.replace(tzinfo=None), utc(14))
        booking.action_cancel()
        self.assertEqual(self.open_link(booking)["STATUS"], "CANCELLED")

    def test_wrong_links(self):
        booking = self.book()
        token = booking.access_token
        for path in (
            *(f"{booking.id}/x", f"{booking.id}/é", f"{booking.id + 1000}/x"),
            *(f"{2**31}/{token}", f"{10**30}/{token}"),
        ):
            response = self.url_open(f"/crm_booking/calendar/{path}")
            self.assertEqual(response.status_code, 404, path)

    def test_link_during_an_update(self):
        path = self.book()._get_calendar_url().partition("/crm_booking/")[2]
        self.patch(update, "INTERVAL", 0)
        self.patch(getattr(self.registry, update.STATE), "next_look", 0)
        self.env["ir.module.module"]._get("crm").state = "to upgrade"
        self.env.flush_all()
        response = self.url_open(f"/crm_booking/{path}")
        self.assertEqual(response.status_code, 503)
        self.assertEqual(response.headers["Retry-After"], "30")

    def write_email(self, booking):
        """Return the context of an e-mail to the customer."""
        booking.partner_id.email = "yen@example.com"
        action = booking.action_write_message()
        messages = self.env[action["res_model"]].with_context(**action["context"])
        return messages.create({}).action_write_email()["context"]

    def test_message_with_the_file(self):
        booking = self.book()
        context = self.write_email(booking)
        attachment = self.env["ir.attachment"].browse(context["default_attachment_ids"])
        self.assertEqual(attachment.name, f"{booking.code}.ics")
        self.assertTrue(Calendar.from_ical(attachment.raw))
        self.assertIn(booking._get_calendar_url(), str(context["default_body"]))
        self.assertEqual(context["default_partner_ids"], booking.partner_id.ids)

    def test_message_in_the_language_of_the_customer_or_else_of_the_branch(self):
        self.env["res.lang"]._activate_lang("vi_VN")
        booking = self.book()
        for customer, branch, text in (
            ("vi_VN", "en_US", "Kính chào"),
            ("en_US", "vi_VN", "Dear"),
            (False, "vi_VN", "Kính chào"),
            (False, "en_US", "Dear"),
        ):
            booking.partner_id.lang = customer
            # Odoo keeps the lead's language when the contact loses its own.
            booking.lead_id.lang_id = False
            booking.company_id.partner_id.lang = branch
            context = self.write_email(booking)
            with self.subTest(customer=customer, branch=branch):
                self.assertIn(text, str(context["default_body"]))

    def test_the_customer_of_a_colleague_is_written_to_by_the_colleague(self):
        salesman = self._new_user("own-leads-only", "sales_team.group_sale_salesman")
        lead = self.make_lead()
        lead.user_id = self.manager
        action = self.book(lead).with_user(salesman).action_write_message()
        self.assertEqual((action["res_model"], action["res_id"]), ("crm.lead", lead.id))

    def test_message_by_any_channel(self):
        """With day and time, place, address and doctor, in the customer's language."""
        self.env["res.lang"]._activate_lang("vi_VN")
        self.env["ir.module.module"]._load_module_terms(
            ["crm_lead_api_booking"], ["vi_VN"]
        )
        self.company.write({"street": "12 Lê Lợi", "city": "Huế"})
        booking = self.book(seat=self.doctor, service_ids=[])
        booking.partner_id.write({"lang": "vi_VN", "email": "yen@example.com"})
        for record in (booking, booking.lead_id):
            action = record.with_user(self.agent).action_write_message()
            messages = self.env[action["res_model"]].with_user(self.agent)
            form = Form(messages.with_context(**action["context"]))
            for text in (
                *("Kính chào", booking.partner_id.name, "9:00 Thứ Hai, ", "Zoe"),
                *("Địa chỉ: 12 Lê Lợi", "Huế", booking.code),
            ):
                self.assertIn(text, form.text)
            form.lang = "en_US"
            self.assertIn("Monday", form.text)
            form.text = "Chào chị"
            context = form.save().action_write_email()["context"]
            self.assertEqual(len(context["default_attachment_ids"]), 1)
            self.assertEqual(context["default_body"], "<p>Chào chị</p>")

    def test_address_in_a_message(self):
        """Without the country, wherever the country's format has it."""
        booking, branch = self.book(), self.company.partner_id
        branch.write({"street": "12 Lê Lợi", "city": "Huế", "zip": False})
        vietnam, france = map(self.env.ref, ("base.vn", "base.fr"))
        state = vietnam.state_ids[:1]
        for values, end in (
            ({"country_id": vietnam.id, "state_id": state.id}, f"Huế, {state.name}"),
            ({"country_id": france.id, "state_id": False}, "Huế"),
        ):
            branch.write(values)
            address = f"Address: 12 Lê Lợi, {end}\n"
            self.assertIn(address, booking._get_message_text())

    def test_messages_with_a_single_file(self):
        """Each opened message has the file as it is now, and adds none to the lead."""
        booking = self.book()
        files = [("res_model", "=", "crm.lead"), ("res_id", "=", booking.lead_id.id)]
        self.write_email(booking)
        booking.start = utc(14)
        context = self.write_email(booking)
        attachment = self.env["ir.attachment"].search(files)
        self.assertEqual(context["default_attachment_ids"], attachment.ids)
        self.assertEqual(attachment.mimetype, "text/calendar")
        [event] = Calendar.from_ical(attachment.raw).walk("VEVENT")
        self.assertEqual(event["DTSTART"].dt.replace(tzinfo=None), utc(14))
