# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common import BookingCase, utc

SUNDAY = "2031-03-02 03:00:00"


@tagged("post_install", "-at_install")
@freeze_time(SUNDAY)
class TestPhoneFirst(BookingCase):
    """Book for whoever calls, or stands at the reception."""

    def open_dialog(self, **values):
        dialogs = self.env["crm.booking.wizard"].with_user(self.agent)
        context = {f"default_{name}": value for name, value in values.items()}
        return Form(dialogs.with_context(**context))

    def book_first(self, form):
        dialog = form.save()
        dialog.slot = dialog.slot_choices["slots"][0]
        dialog.action_book()

    def test_a_customer_with_a_lead(self):
        lead = self.make_lead(phone_no1="0968 111 222", contact_name="Lan")
        for number, written in enumerate(("+84 968.111.222", "0968111222")):
            form = self.open_dialog()
            form.phone = written
            self.assertEqual(form.partner_id, lead.partner_id)
            self.assertEqual(form.lead_id, lead)
            self.assertEqual(form.product_ids[:], lead.service_ids.product_id)
            self.book_first(form)
            self.assertEqual(len(lead.booking_ids), number + 1)
            lead.booking_ids.action_cancel()

    def test_the_lead_of_somebody_else_with_the_phone(self):
        """Propose the customer's own lead, though the other one is newer."""
        own = self.make_lead(phone_no1="0968 111 222", contact_name="Lan")
        other = self.make_lead(phone_no1="0968 111 222", contact_name="Hoa")
        self.assertEqual(other.partner_id, own.partner_id)
        form = self.open_dialog()
        form.phone = "0968111222"
        self.assertEqual(form.lead_id, own)
        form.lead_id = other
        self.book_first(form)
        self.assertTrue(other.booking_ids)
        self.assertFalse(own.booking_ids)

    def test_a_lead_of_another_clinic(self):
        """Propose a lead that can be booked at the branch, also at another one."""
        self.agent.company_ids += self.other_company
        self.agent.group_ids += self.env.ref("base.group_multi_company")
        lead = self.make_lead(phone_no1="0968 111 222")
        values = {"name": "Khác", "partner_id": lead.partner_id.id}
        values["company_id"] = self.other_company.id
        other = lead.create({**values, "type": "opportunity"})
        companies = (self.company | self.other_company).ids
        dialogs = self.env["crm.booking.wizard"].with_user(self.agent)
        form = Form(dialogs.with_context(allowed_company_ids=companies))
        form.phone = "0968111222"
        self.assertEqual((form.company_id, form.lead_id), (self.company, lead))
        form.company_id = self.other_company
        self.assertEqual((form.company_id, form.lead_id), (self.other_company, other))

    def test_another_branch_keeps_services_and_minutes(self):
        values = {"name": "Chi nhánh", "parent_id": self.company.id}
        branch = self.env["res.company"].create(values)
        self.agent.company_ids += branch
        self.agent.group_ids += self.env.ref("base.group_multi_company")
        self.make_lead(phone_no1="0968 111 222")
        form = self.open_dialog()
        form.phone = "0968111222"
        form.product_ids.clear()
        form.product_ids.add(self.service_2)
        form.duration = 25
        form.company_id = branch
        self.assertEqual((form.product_ids[:], form.duration), (self.service_2, 25))

    def test_a_new_lead_has_the_chosen_services(self):
        lead = self.make_lead(phone_no1="0968 111 222", contact_name="Lan")
        form = self.open_dialog()
        form.phone = "0968111222"
        self.assertEqual(form.lead_id, lead)
        form.lead_id = lead.browse()
        self.assertEqual(form.product_ids[:], lead.service_ids.product_id)

    def test_a_customer_without_an_open_lead(self):
        lead = self.make_lead(phone_no1="0968 111 222", contact_name="Lan")
        lead.action_set_won()
        form = self.open_dialog()
        form.phone = "0968111222"
        self.assertFalse(form.lead_id)
        form.product_ids.add(self.service_2)
        self.book_first(form)
        new = lead.partner_id.opportunity_ids - lead
        self.assertEqual(new.name, f"Lan – {self.service_2.name}")
        self.assertEqual(new.user_id, self.agent)
        self.assertEqual(new.service_ids.product_id, self.service_2)
        self.assertEqual(new.booking_ids.duration, 30)

    def test_a_new_customer(self):
        self.env["res.lang"]._activate_lang("vi_VN")
        self.company.partner_id.lang = "vi_VN"
        form = self.open_dialog()
        form.phone = "0968 111 222"
        self.assertFalse(form.partner_id)
        form.contact_name = "Cúc"
        self.book_first(form)
        partners = self.env["res.partner"].with_user(self.agent)
        partner = partners.search([("phone_search", "=", "+84968111222")])
        self.assertEqual((partner.name, partner.lang), ("Cúc", "vi_VN"))
        self.assertEqual(partner.opportunity_ids.booking_ids.start, utc(8))

    @freeze_time(utc(16) + timedelta(minutes=20))
    def test_a_short_service_is_free_today(self):
        """The day follows what is to be booked, until another day is chosen."""
        form = self.open_dialog(wanted_date="2031-03-03")
        self.assertEqual(str(form.date), "2031-03-04")  # an hour
        form.phone = "0968 111 222"
        form.product_ids.add(self.service_2)
        self.assertEqual(str(form.date), "2031-03-03")
        form.date = "2031-03-06"
        for minutes in (60, 1500, 60):
            form.duration = minutes
            self.assertEqual(str(form.date), "2031-03-06")

    @freeze_time(utc(16) + timedelta(minutes=20))
    def test_the_day_of_a_tapped_time_stays(self):
        """A time before the service: an hour is free tomorrow, half an hour today."""
        form = self.open_dialog(wanted_start=utc(16, 0) + timedelta(minutes=30))
        self.assertEqual(str(form.date), "2031-03-03")
        form.product_ids.add(self.service)
        self.assertEqual(str(form.date), "2031-03-04")

    def test_a_new_customer_at_a_free_time(self):
        """The contact is one of all branches, and the day the one of the time."""
        form = self.open_dialog(wanted_start=utc(10, 1), company_id=self.company.id)
        self.assertEqual(str(form.date), "2031-03-04")
        self.assertEqual(form.slot["start"], str(utc(10, 1)))
        form.phone, form.contact_name = "0968.111.222", "Cúc"
        form.save().action_book()
        partner = self.env["res.partner"].search([("phone", "=", "+84 968 111 222")])
        self.assertEqual(partner.opportunity_ids.booking_ids.start, utc(10, 1))
        self.assertFalse(partner.company_id)

    def test_what_is_missing(self):
        dialog = self.env["crm.booking.wizard"].with_user(self.agent).create({})
        dialog.slot = dialog.slot_choices["slots"][0]
        with self.assertRaisesRegex(UserError, "phone number and name"):
            dialog.action_book()

    def test_who_shares_a_phone(self):
        mother, daughter = self.env["res.partner"].create(
            [{"name": name, "phone": "0968111222"} for name in ("Mẹ", "Con")]
        )
        form = self.open_dialog()
        form.phone = "0968111222"
        self.assertEqual(form.partner_ids[:], mother | daughter)
        form.partner_id = mother
        self.book_first(form)
        self.assertTrue(mother.opportunity_ids.booking_ids)
        self.assertFalse(daughter.opportunity_ids)

    def test_an_open_booking(self):
        lead = self.make_lead(phone_no1="0968 111 222")
        booking = self.book(lead, hour=9)
        form = self.open_dialog()
        form.phone = "0968111222"
        self.assertIn(booking.code, form.open_booking)

    def test_a_contact(self):
        partner = self.make_lead().partner_id
        context = partner.with_user(self.agent).action_book()["context"]
        form = Form(
            self.env["crm.booking.wizard"].with_user(self.agent).with_context(**context)
        )
        self.assertEqual(form.partner_id, partner)
        self.assertEqual(form.lead_id.partner_id, partner)

    def test_the_dialog_tells_nothing_of_a_lead_of_a_colleague(self):
        salesman = self._new_user("own-leads-only", "sales_team.group_sale_salesman")
        lead = self.make_lead()
        lead.user_id = self.manager
        dialogs = self.env["crm.booking.wizard"].with_user(salesman)
        with self.assertRaises(AccessError):
            dialogs.create({"lead_id": lead.id})

    def test_a_time_of_the_calendar(self):
        """The time is chosen, if it is free; another day has its own."""
        form = self.open_dialog(wanted_start=utc(10, 1))
        self.assertEqual(form.slot["start"], str(utc(10, 1)))
        choices = form.slot_choices
        self.assertEqual(choices["previous"], "2031-03-03")
        self.assertEqual(choices["next"], "2031-03-05")
        days = ["03-04", "03-05", "03-06", "03-07", "03-10", "03-11", "03-12"]
        days = [f"2031-{day}" for day in days]
        self.assertEqual(choices["days"], days)
        self.assertEqual(choices["slots"][0]["name"], "08:00–09:00")
        self.assertEqual(choices["slots"][0]["seat"], "Phòng 1")
        form.date = "2031-03-07"
        self.assertEqual(form.slot_choices["next"], "2031-03-10")
        self.assertEqual(
            form.slot_choices["days"], days, "none moves when one is tapped"
        )

    def test_longer_than_a_shift(self):
        """The dialog tells that no day has so many minutes in a row, and others can be
        looked at, but for the past."""
        form = self.open_dialog(date="2031-03-03")
        form.duration = 240
        self.assertFalse(form.slot_choices["is_too_long"])
        form.duration = 241
        choices = form.slot_choices
        self.assertTrue(choices["is_too_long"])
        self.assertFalse(choices["slots"] or choices["has_days"])
        self.assertEqual(choices["next"], "2031-03-04")
        self.assertEqual(choices["previous"], "2031-03-02")
        form.date = "2031-03-02"
        self.assertFalse(form.slot_choices["previous"])

    def test_a_seat_that_does_not_do_the_services(self):
        """The dialog says so, also when services are chosen after the seat."""
        form = self.open_dialog(lead_id=self.make_lead().id)
        form.product_ids.add(self.service_2)
        form.seat_id = self.doctor
        choices = form.slot_choices
        self.assertFalse(choices["has_days"])
        self.assertEqual(choices["refusal"], f"Zoe does not do: {self.service.name}")
        form.product_ids.remove(self.service.id)
        choices = form.slot_choices
        self.assertTrue(choices["has_days"])
        self.assertFalse(choices["refusal"])

    def test_another_branch(self):
        """The field is empty while another branch is chosen."""
        self.agent.group_ids += self.env.ref("base.group_multi_company")
        form = self.open_dialog()
        date = form.date
        form.company_id = self.company.browse()
        self.assertFalse(form.slot_choices["slots"])
        form.company_id = self.company
        self.assertEqual(form.date, date)
        self.assertTrue(form.slot_choices["slots"])

    def test_no_seat(self):
        (self.room | self.room_2 | self.doctor).is_seat = False
        choices = self.open_dialog(date="2031-03-03").slot_choices
        self.assertFalse(choices["has_days"] or choices["is_too_long"])

    def test_a_customer_with_a_lead_of_a_colleague(self):
        """The booking has a lead of one's own: the colleague's is not to be seen."""
        lead = self.make_lead(phone_no1="0968 111 222", contact_name="Lan")
        salesman = self._new_user("own-leads-only", "sales_team.group_sale_salesman")
        lead.user_id = self.manager
        form = Form(self.env["crm.booking.wizard"].with_user(salesman))
        form.phone = "0968111222"
        self.assertEqual(form.partner_id, lead.partner_id)
        self.assertFalse(form.lead_id)

    def test_a_booking_of_a_lead_of_a_colleague(self):
        """Move the booking, with services, too, and book its customer again."""
        salesman = self._new_user("own-leads-only", "sales_team.group_sale_salesman")
        lead = self.make_lead()
        lead.user_id = self.manager
        booking = self.book(lead, service_ids=[]).with_user(salesman)
        dialogs = self.env["crm.booking.wizard"].with_user(salesman)
        form = Form(dialogs.with_context(**booking.action_move()["context"]))
        self.book_first(form)
        self.assertEqual(booking.start, utc(8))
        self.assertIn(self.service_2, booking.service_ids.product_id)
        booking.action_cancel()
        form = Form(dialogs.with_context(**booking.action_book_again()["context"]))
        self.book_first(form)
        again = lead.partner_id.opportunity_ids - lead
        self.assertEqual(again.user_id, salesman)
        self.assertEqual(again.booking_ids.start, utc(8))

    def test_a_contact_without_a_phone(self):
        partner = self.env["res.partner"].create({"name": "Cúc"})
        form = self.open_dialog(partner_id=partner.id, begins_with_phone=True)
        form.phone = "0968 111 222"
        self.book_first(form)
        self.assertEqual(partner.opportunity_ids.phone, "+84 968 111 222")
