# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from freezegun import freeze_time
from lxml import etree

from odoo.exceptions import RedirectWarning, UserError
from odoo.service.model import call_kw
from odoo.tests import Form, tagged
from odoo.tools.safe_eval import safe_eval

from .common import BookingCase, utc

SUNDAY = "2031-03-02 03:00:00"


@tagged("post_install", "-at_install")
class TestStaff(BookingCase):
    """Book, receive and analyze, as staff do."""

    def open_dialog(self, lead):
        return self.save_dialog(lead.with_user(self.agent).action_book())

    def save_dialog(self, action):
        self.assertNotIn("res_id", action)  # a new dialog
        dialogs = self.env[action["res_model"]].with_user(self.agent)
        return Form(dialogs.with_context(**action["context"])).save()

    @freeze_time(SUNDAY)
    def test_archived_seats_are_not_offered(self):
        """Not even on a lead from Odoo's list of a contact's leads."""
        self.room.action_archive()
        lead = self.make_lead()
        shown = lead.partner_id.action_view_opportunity()["context"]
        action = lead.with_user(self.agent).action_book()
        action["context"] |= {"active_test": shown["active_test"]}
        slots = self.save_dialog(action).slot_choices["slots"]
        self.assertEqual({each["seat_id"] for each in slots}, {self.room_2.id})

    @freeze_time(SUNDAY)
    def test_new_in_the_bookings_of_a_lead(self):
        """Odoo's list hands defaults on to its methods, but to no other action."""
        lead = self.make_lead(phone_no1="0968 111 222")
        self.make_lead(phone_no1="0968 111 222")
        context = lead.action_view_bookings()["context"]
        bookings = self.env["crm.booking"].with_user(self.agent)
        arch = etree.fromstring(bookings.get_view(view_type="list")["arch"])
        button = arch.find("header/button[@string='New']")
        self.assertEqual(button.get("type"), "object")
        name = button.get("name")
        action = call_kw(bookings, name, [[]], {"context": context})
        self.assertEqual(self.save_dialog(action).lead_id, lead)
        action = call_kw(bookings, name, [[]], {})
        self.assertNotIn("default_lead_id", action["context"])

    @freeze_time(SUNDAY)
    def test_three_clicks(self):
        lead = self.make_lead()
        lead.service_ids[0].price_unit = 777
        wizard = self.open_dialog(lead)
        self.assertEqual(str(wizard.date), "2031-03-03")
        self.assertEqual(wizard.duration, 90)
        slots = wizard.slot_choices["slots"]
        self.assertEqual(slots[0]["name"], "08:00–09:30")
        with self.assertRaises(UserError):
            wizard.action_book()
        wizard.slot = wizard.slot_choices["slots"][4]
        wizard.action_book()
        booking = lead.booking_ids
        self.assertEqual((booking.start, booking.stop), (utc(9), utc(10.5)))
        self.assertEqual(booking.seat_id, self.room)
        self.assertEqual(booking.user_id, self.agent)
        self.assertEqual(
            booking.service_ids.mapped("price_unit"),
            lead.service_ids.mapped("price_unit"),
        )

    @freeze_time(SUNDAY)
    def test_who_books_has_a_lead_that_nobody_had(self):
        """Leave the lead to nobody if a receptionist, who is in no team, books."""
        for members in (self.env["res.users"], self.agent):
            lead = self.make_lead()
            lead.user_id = False
            lead.team_id.member_ids = members
            wizard = self.open_dialog(lead)
            wizard.slot = wizard.slot_choices["slots"][0]
            wizard.action_book()
            self.assertEqual(lead.user_id, members)
            lead.booking_ids.action_cancel()

    @freeze_time(SUNDAY)
    def test_another_day_seat_and_service(self):
        wizard = self.open_dialog(self.make_lead())
        with Form(wizard) as form:
            form.date = "2031-03-08"
            self.assertFalse(form.slot_choices["slots"])
            form.date = "2031-03-04"
            form.product_ids.clear()
            form.product_ids.add(self.service_2)
            self.assertEqual(form.duration, 30)
            form.seat_id = self.doctor
        wizard.slot = wizard.slot_choices["slots"][0]
        wizard.action_book()
        booking = wizard.lead_id.booking_ids
        self.assertEqual(booking.seat_id, self.doctor)
        self.assertEqual(booking.start, utc(8, 1))

    @freeze_time(SUNDAY)
    def test_a_lead_without_a_contact(self):
        lead = self.env["crm.lead"].create(
            {
                "name": "Khách vãng lai",
                "contact_name": "Lan",
                "company_id": self.company.id,
                "user_id": self.agent.id,
            }
        )
        wizard = self.open_dialog(lead)
        wizard.slot = wizard.slot_choices["slots"][0]
        wizard.action_book()
        self.assertEqual(lead.partner_id.name, "Lan")
        self.assertEqual(lead.booking_ids.partner_id, lead.partner_id)

    @freeze_time(utc(9.5))
    def test_buttons(self):
        booking = self.book().with_user(self.agent)
        booking.action_confirm()
        booking.action_arrive()
        booking.action_finish()
        self.assertEqual(booking.state, "done")
        with self.assertRaises(UserError):
            booking.action_cancel()
        missed = self.book()
        missed.action_miss()
        self.assertEqual(missed.state, "no_show")

    def test_nobody_confirms_what_has_begun(self):
        for kind in ("form", "list", "kanban"):
            bookings = self.env["crm.booking"]
            arch = etree.fromstring(bookings.get_view(view_type=kind)["arch"])
            (button,) = arch.xpath("//button[@name='action_confirm']")
            for has_begun in (False, True):
                values = {"id": 1, "state": "booked", "has_begun": has_begun}
                with self.subTest(kind, has_begun=has_begun):
                    is_hidden = safe_eval(button.get("invisible"), values)
                    self.assertEqual(is_hidden, has_begun)

    def test_the_last_digits_of_a_phone_find_a_booking(self):
        bookings = self.env["crm.booking"]
        booking = self.book()
        booking.partner_id.phone = "+84 912 345 678"
        arch = etree.fromstring(bookings.get_view(view_type="search")["arch"])
        domain = arch.xpath("//field[@name='code']/@filter_domain")[0]
        self.assertEqual(bookings.search(safe_eval(domain, {"self": "5678"})), booking)

    def test_who_has_booked_waits_for_no_first_call(self):
        """The customer has spoken with somebody, or is here."""
        lead, other = self.make_lead(), self.make_lead()
        self.assertTrue(lead.activity_ids)
        booking = self.book(lead.with_user(self.manager))
        self.env.cr.flush()
        self.assertFalse(lead.activity_ids)
        self.assertTrue(lead.is_called)
        leads = self.env["crm.lead"].with_user(self.agent)
        action = self.env.ref("crm_lead_api.crm_lead_call_action")
        domain = [("id", "in", (lead + other).ids), *safe_eval(action.domain)]
        self.assertEqual(leads.search(domain).ids, other.ids)
        lead.user_id = self.manager
        self.assertFalse(lead.activity_ids, "a new salesperson has no call to make")
        booking.action_arrive()
        self.assertEqual(leads.search(domain).ids, other.ids)
        booking.action_cancel()
        self.assertEqual(leads.search(domain, order="id").ids, [lead.id, other.id])

    def test_a_booking_moves_the_lead_if_a_stage_says_so(self):
        values = {"name": "Đã đặt hẹn", "sequence": 900, "lead_api_after": "booking"}
        stage, lead = self.env["crm.stage"].create(values), self.make_lead()
        self.book(lead.with_user(self.manager))
        self.assertEqual(lead.stage_id, stage)

    @freeze_time(SUNDAY)
    def test_the_chatter_tells_of_bookings(self):
        """In the reader's language, each change once."""
        self.env["res.lang"]._activate_lang("vi_VN")
        self.env["ir.module.module"]._load_module_terms(
            ["crm_lead_api_booking"], ["vi_VN"]
        )
        lead = self.make_lead()
        before = lead.message_ids
        booking = self.book(lead)
        booking.start = utc(14)
        booking.note = "Mang theo phim"
        booking.write({"state": "cancelled", "cancel_reason": "Quá đắt"})
        made, moved, cancelled = (lead.message_ids - before).sorted("id")
        self.assertIn(f"{booking.code} · Monday", made.body)
        self.assertIn("Phòng 1 · Booked", made.body)
        body = moved.with_context(lang="vi_VN")._get_reader_body()
        self.assertEqual(body.count("Thứ Hai"), 2)
        self.assertRegex(body, "9:00.* → .*14:00")
        self.assertNotIn("Phòng 1", body)
        self.assertIn("Booked → Cancelled · Quá đắt", cancelled.body)

    @freeze_time(SUNDAY)
    def test_the_next_step(self):
        lead = self.make_lead()
        self.assertEqual((lead.next_step, lead.next_booking), ("call", ""))
        lead.first_contact_date = "2031-03-02 02:00:00"
        self.assertEqual(lead.next_step, "book")
        booking = self.book(lead)
        self.assertEqual(lead.next_step, "quote")
        self.assertIn("Monday, Mar 3,", lead.next_booking)
        self.assertIn("Phòng 1", lead.next_booking)
        booking.action_cancel()
        self.assertEqual((lead.next_step, lead.next_booking), ("book", ""))
        later = self.create_lead(account_id=lead.partner_id.id)
        told = "Earlier appointments: 1 (Monday, Mar 3, 9:00 AM: Cancelled)"
        self.assertIn(told, later.customer_history)
        self.book(lead, hour=10)
        with freeze_time(utc(12)):  # nobody has noted what became of it
            self.env.invalidate_all()
            told = "Earlier appointments: 2 (Monday, Mar 3, 10:00 AM: Booked)"
            self.assertIn(told, later.customer_history)

    @freeze_time(SUNDAY)
    def test_a_stage_of_bookings_without_one(self):
        """As after a move by hand, or when the customer has cancelled."""
        lead = self.make_lead()
        self.assertFalse(lead.lacks_booking)
        stages = self.env["crm.stage"]
        lead.stage_id = stages.create({"name": "B", "lead_api_after": "booking"})
        self.assertTrue(lead.lacks_booking)
        booking = self.book(lead)
        self.assertFalse(lead.lacks_booking)
        booking.action_cancel()
        self.assertTrue(lead.lacks_booking)
        with self.cr.savepoint() as savepoint:
            with freeze_time(utc(9.5)):
                self.book(lead).write({"state": "arrived"})
            self.assertFalse(lead.lacks_booking, "after the treatment, too")
            savepoint.rollback()
        with self.cr.savepoint() as savepoint:
            self.book(lead)
            with freeze_time(utc(12)):
                self.env.invalidate_all()
                self.assertFalse(lead.lacks_booking, "the time is over")
            savepoint.rollback()
        lead.action_set_lost()
        self.assertFalse(lead.lacks_booking)
        self.assertFalse(lead.lacks_booking)

    def test_buttons_for_companies(self):
        arch = self.env["crm.lead"].with_user(self.agent).get_view()["arch"]
        [button] = etree.fromstring(arch).findall(
            ".//button[@name='action_schedule_meeting']"
        )
        self.assertIn("lead_api_client_id", button.get("invisible"))

    @freeze_time(SUNDAY)
    def test_a_reminder_is_no_first_call(self):
        booking = self.book()
        self.env.cr.flush()
        booking._plan_reminder_call()
        self.assertFalse(booking.lead_id._get_first_calls())

    def test_who_has_cancelled_books_again(self):
        booking = self.book(hour=15)
        booking.action_cancel()
        action = booking.with_user(self.agent).action_book_again()
        dialogs = self.env[action["res_model"]].with_user(self.agent)
        dialog = Form(dialogs.with_context(**action["context"])).save()
        self.assertEqual(dialog.lead_id, booking.lead_id)

    def test_cancelling_asks_why(self):
        reason = self.env["crm.lost.reason"].create({"name": "Bận việc"})
        dialogs = self.env["crm.booking.cancel"].with_user(self.agent)
        for choice, note, text in (
            (reason, "gọi lại sau Tết", "Bận việc: gọi lại sau Tết"),
            (reason, False, "Bận việc"),
            (reason.browse(), False, None),
        ):
            booking = self.book()
            with Form(dialogs.with_context(active_id=booking.id)) as form:
                form.lost_reason_id, form.note = choice, note
                self.assertEqual(form.start, booking.start)
            form.record.action_cancel()
            self.assertEqual(booking.state, "cancelled")
            self.assertEqual(booking._get_cancel_reason(), text)

    @freeze_time(SUNDAY)
    def test_who_has_cancelled_is_called_again(self):
        """By default the next morning, and before that by nobody."""
        dialogs = self.env["crm.booking.cancel"].with_user(self.agent)
        leads = self.env["crm.lead"].with_user(self.agent)
        domain = self.env.ref("crm_lead_api.crm_lead_call_action").domain
        for chosen, planned in ((None, utc(8)), (utc(14, 2),) * 2, (False, False)):
            booking = self.book(hour=15)
            self.env.cr.flush()
            with Form(dialogs.with_context(active_id=booking.id)) as form:
                self.assertEqual(form.call_date, utc(8))
                if chosen is not None:
                    form.call_date = chosen
            notice = form.record.action_cancel()["params"]["message"]
            lead, call = booking.lead_id, booking.lead_id.activity_ids
            self.assertIn(f"{booking.code}: Cancelled. ", notice)
            self.assertEqual(call.planned_date, planned)
            self.assertEqual(lead.is_called, bool(planned))
            today = leads.search([("id", "=", lead.id), *safe_eval(domain)])
            self.assertEqual(bool(today), not planned)
            if planned:
                self.assertEqual(call.user_id, lead.user_id)
                self.assertEqual(call.call_reason, "cancelled")
                self.assertIn("cancelled, was on", call.summary)
                self.assertIn(booking._format_day(planned), notice)
                self.assertIn(lead.user_id.name, notice)
                self.book(lead, hour=16).action_cancel()
                self.assertFalse(call.exists(), "the customer had another time")
            else:
                self.assertIn("No call to the customer is planned.", notice)

    @freeze_time(SUNDAY)
    def test_nobody_calls_again_for_a_client_that_calls_itself(self):
        booking = self.book(hour=15)
        self.client.plans_call = False
        dialogs = self.env["crm.booking.cancel"].with_user(self.agent)
        form = Form(dialogs.with_context(active_id=booking.id))
        self.assertFalse(form.call_date)
        booking.lead_id.active = False
        form.call_date = utc(14, 2)
        notice = form.save().action_cancel()["params"]["message"]
        self.assertIn("No call to the customer is planned.", notice)
        self.assertFalse(booking.reminder_call_id)

    def test_form(self):
        lead = self.make_lead()
        form = Form(self.env["crm.booking"].with_user(self.manager))
        form.lead_id = lead
        form.start = utc(9)
        form.seat_id = self.room
        with form.service_ids.new() as line:
            line.product_id = self.service_2
        booking = form.save()
        self.assertEqual(booking.stop, utc(9.5))
        self.assertEqual(booking.service_ids.price_unit, 240)

    def test_a_dragged_booking_is_refused_with_its_reason(self):
        """In one language, though some of Odoo's words would come before the reason."""
        self.env["res.lang"]._activate_lang("vi_VN")
        booking, _other = self.book(hour=9), self.book(hour=11)
        booking = booking.with_user(self.agent).with_context(lang="vi_VN")
        with self.assertRaisesRegex(UserError, "^Phòng 1 đã có lịch hẹn"):
            booking.write({"start": utc(10.5), "stop": utc(11.5)})
        with self.assertRaisesRegex(UserError, "^Phòng 1 đã có lịch hẹn"):
            booking.start = utc(10.5)
        booking.start = utc(9.5)

    @freeze_time(SUNDAY)
    def test_an_open_booking_is_named_and_moved(self):
        booking = self.book(hour=9, note="Đi cùng mẹ")
        lead = booking.lead_id.with_user(self.agent)
        with self.assertRaises(RedirectWarning) as caught:
            lead.env["crm.booking"].create(
                {
                    "lead_id": lead.id,
                    "company_id": self.company.id,
                    "seat_id": self.room.id,
                    "start": utc(11),
                }
            )
        text, action, label, _context = caught.exception.args
        self.assertIn(booking.code, text)
        self.assertIn("9:00", text)
        self.assertEqual(label, "Move It")
        opened = self.open_dialog(lead)
        self.assertIn(booking.code, opened.open_booking)
        for each in (action, opened.action_move_open()):
            wizard = self.save_dialog(each)
            self.assertEqual((wizard.booking_id, wizard.duration), (booking, 60))
            self.assertFalse(wizard.open_booking)
        slots = wizard.slot_choices["slots"]
        self.assertIn(str(booking.start), [slot["start"] for slot in slots])
        wizard.slot = wizard.slot_choices["slots"][1]
        wizard.product_ids |= self.service_2
        self.assertEqual(wizard.slot["name"], "08:15–09:45")
        wizard.action_book()
        self.assertEqual((booking.start, booking.stop), (utc(8.25), utc(9.75)))
        self.assertEqual(len(lead.booking_ids), 1)
        self.assertEqual(booking.service_ids.product_id, self.service | self.service_2)

    @freeze_time(SUNDAY)
    def test_an_open_booking_that_is_gone_is_not_moved(self):
        booking = self.book()
        wizard = self.open_dialog(booking.lead_id)
        self.assertTrue(wizard.may_move_open)
        booking.action_cancel()
        with self.assertRaisesRegex(UserError, "no appointment any more"):
            wizard.action_move_open()

    @freeze_time(SUNDAY)
    def test_moving_keeps_services_that_were_archived_since(self):
        lead = self.make_lead()
        wizard = self.open_dialog(lead)
        services = wizard.product_ids
        wizard.slot = wizard.slot_choices["slots"][0]
        self.service.active = False
        self.env.invalidate_all()
        self.assertEqual((wizard.product_ids, wizard.duration), (services, 90))
        wizard.action_book()
        booking = lead.booking_ids.with_user(self.agent)
        self.assertEqual(booking.service_ids.product_id, services)
        wizard = self.save_dialog(booking.action_move())
        self.assertEqual((wizard.product_ids, wizard.duration), (services, 90))
        wizard.slot = wizard.slot_choices["slots"][1]
        wizard.action_book()
        self.assertEqual(booking.service_ids.product_id, services)
        self.assertEqual((booking.start, booking.stop), (utc(8.25), utc(9.75)))
        offered = safe_eval(wizard._fields["product_ids"].domain)
        offered = services.with_context(active_test=False).filtered_domain(offered)
        self.assertEqual(offered, self.service_2)

    @freeze_time(SUNDAY)
    def test_moving_begins_where_the_booking_is(self):
        booking = self.book(hour=9, day=3).with_user(self.agent)
        wizard = self.save_dialog(booking.action_move())
        self.assertEqual(wizard.date, booking.start.date())
        self.assertIn("9:00", wizard.present_place)
        self.assertIn("Phòng 1", wizard.present_place)

    def test_contact_and_lead(self):
        lead = self.make_lead()
        booking = self.book(lead)
        partner = lead.partner_id
        self.assertEqual((lead.booking_count, partner.booking_count), (1, 1))
        for record in (lead, partner):
            action = record.action_view_bookings()
            found = self.env[action["res_model"]].search(action["domain"])
            self.assertEqual(found, booking)
        texts = [
            entry.text
            for entry in partner._get_timeline_entries()
            if entry.label == "Booking"
        ]
        self.assertEqual(texts, [f"{booking.code} · Booked · Nâng mũi · Phòng 1"])

    def test_next_booking_opens_from_the_lead(self):
        lead = self.make_lead()
        self.book(lead).action_cancel()
        booking = self.book(lead, day=1)
        action = lead.action_view_next_booking()
        self.assertEqual(
            (action["res_model"], action["res_id"]), ("crm.booking", booking.id)
        )
        booking.action_cancel()
        self.assertEqual(lead.action_view_next_booking(), lead.action_view_bookings())

    def test_contacts_with_open_bookings_are_not_merged(self):
        first, second = self.book(), self.book(day=1)
        partners = first.partner_id | second.partner_id
        merge = self.env["base.partner.merge.automatic.wizard"]
        with self.assertRaises(UserError):
            merge._merge(partners.ids, first.partner_id)
        second.action_cancel()
        merge._merge(partners.ids, first.partner_id)
        self.assertEqual(second.exists().partner_id, first.partner_id)

    def test_print(self):
        first, second = self.book(hour=9), self.book(hour=8)
        self.book(hour=15).action_cancel()
        day = self.env["crm.booking.day"].create(
            {"company_id": self.company.id, "date": "2031-03-03"}
        )
        self.assertEqual(day._get_bookings(), second | first)
        report = self.env["ir.actions.report"]
        html, _kind = report._render_qweb_html(
            "crm_lead_api_booking.crm_booking_day_report", day.ids
        )
        text = html.decode()
        self.assertIn("09:00", text.replace("9:00", "09:00"))
        self.assertIn(first.partner_id.name, text)
        self.assertIn(first.code, text)

    def test_exports(self):
        """A text of a client is no formula in a spreadsheet."""
        lead = self.make_lead(agent_email="=1+1@example.com")
        booking = self.book(lead, note="=1+1", cancel_reason="@SUM(1)")
        self.env.flush_all()
        data = booking.export_data(["note", "cancel_reason"])
        self.assertEqual(data["datas"], [["'=1+1", "'@SUM(1)"]])
        report = self.env["crm.booking.report"].search(
            [("booking_id", "=", booking.id)]
        )
        data = report.export_data(["agent_email"])
        self.assertEqual(data["datas"], [["'=1+1@example.com"]])

    def test_analysis(self):
        for day, state in enumerate(("done", "no_show", "cancelled", "booked")):
            self.book(hour=9, day=day, state=state)
        self.env.flush_all()
        [(hour, no_show, done, count)] = self.env["crm.booking.report"]._read_group(
            [("company_id", "=", self.company.id)],
            ["hour"],
            ["no_show_rate:avg", "done_rate:avg", "__count"],
        )
        self.assertEqual((hour, no_show, round(done), count), ("09:00", 50, 33, 4))
        for field in self.env["crm.booking.report"].fields_get().values():
            if "(%)" in field["string"]:
                self.assertIn(" of Those ", field["string"], "its base")
        groups = self.env["crm.booking.report"]._read_group(
            [("company_id", "=", self.company.id)], ["product_id", "source_group_id"]
        )
        self.assertEqual(groups, [(self.service, self.source_group)])

    def test_analysis_of_a_branch_without_working_hours(self):
        """Count the hours of its contact's time zone, in which they are shown."""
        self.company.resource_calendar_id = False
        self.company.partner_id.tz = "Asia/Ho_Chi_Minh"
        booking = self.book(hour=9)
        self.env.flush_all()
        report = self.env["crm.booking.report"].browse(booking.id)
        self.assertEqual(report.hour, "09:00")

    def test_analysis_of_a_branch_with_a_former_time_zone(self):
        """PostgreSQL does not know its name."""
        booking = self.book(hour=9)
        self.env.flush_all()
        query = "UPDATE resource_calendar SET tz = 'Türkiye' WHERE id = %s"
        self.env.cr.execute(query, [self.company.resource_calendar_id.id])
        report = self.env["crm.booking.report"].browse(booking.id)
        self.assertEqual(report.hour, "05:00", "in Istanbul")

    def test_who_has_booked_is_not_called_as_the_agent_of_the_lead(self):
        report = self.env["crm.booking.report"]._fields
        user = self.env["crm.booking"]._fields["user_id"]
        self.assertEqual(user.string, report["user_id"].string)
        self.assertNotEqual(user.string, report["agent_email"].string)
        for model in ("crm.booking", "crm.booking.report"):
            arch = self.env[model].get_view(view_type="search")["arch"]
            self.assertNotIn('string="Agent"', arch)

    def test_time_off_of_a_doctor(self):
        leaves = self.env["resource.calendar.leaves"].with_user(self.manager)
        leaves.create(
            {
                "resource_id": self.room.id,
                "date_from": utc(0),
                "date_to": utc(0) + timedelta(days=1),
            }
        )
