# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from odoo.addons.crm_lead_api.models.lead.crm_lead_call import CALL

from .common import BookingCase, utc

SUNDAY = "2031-03-02 03:00:00"


@tagged("post_install", "-at_install")
@freeze_time(SUNDAY)
class TestCallResults(BookingCase):
    """A call with the result *Booked* ends with a booking."""

    def setUp(self):
        super().setUp()
        self.lead = self.make_lead().with_user(self.agent)
        [self.call] = self.lead.activity_ids

    def open_times(self):
        """Answer that the customer agreed, and return the dialog with the times."""
        booked = self.env.ref("crm_lead_api.call_outcome_booked")
        values = {"outcome_id": booked, "note": "Đến với mẹ"}
        dialog = self.save_dialog(self.lead.action_log_call(), **values)
        return self.save_dialog(dialog.action_save())

    def save_dialog(self, action, **values):
        dialogs = self.env[action["res_model"]].with_user(self.agent)
        form = Form(dialogs.with_context(**action["context"]))
        for name, value in values.items():
            form[name] = value
        return form.save()

    def assertOver(self, booking):
        self.assertEqual(self.lead.booking_ids, booking)
        self.assertFalse(self.call.active)
        self.assertFalse(self.lead.activity_ids)
        bodies = self.lead.message_ids.mapped("body")
        self.assertEqual(len([each for each in bodies if "Đến với mẹ" in each]), 1)

    def test_a_booking_is_made(self):
        dialog = self.open_times()
        self.assertTrue(self.call.active)  # until the time is chosen
        self.assertFalse(self.lead.first_contact_date)
        dialog.slot = dialog.slot_choices["slots"][0]
        dialog.action_book()
        self.assertEqual(self.lead.booking_ids.start, utc(8))
        self.assertOver(self.lead.booking_ids)

    def test_nobody_answers_before_an_appointment(self):
        self.book(self.lead, hour=11)
        with freeze_time(utc(10)):
            dialog = self.save_dialog(
                self.lead.action_log_call(),
                outcome_id=self.env.ref("crm_lead_api.call_outcome_no_answer"),
            )
            self.assertEqual(dialog.date, utc(10.5))

    def test_the_call_ended_while_its_dialog_was_open(self):
        """As when the telephone system tells that somebody answered."""
        for outcome in ("call_back", "booked"):
            result = Form(
                self.env["crm.lead.call.result"]
                .with_user(self.agent)
                .with_context(**self.lead.action_log_call()["context"])
            )
            value = self.env.ref(f"crm_lead_api.call_outcome_{outcome}")
            if outcome == "call_back":
                self.call.unlink()
                result.outcome_id, result.note = value, "Đến với mẹ"
                result.save().action_save()
                [self.call] = self.lead.activity_ids
                self.assertEqual(self.call.call_reason, "call_back")
                continue
            result.outcome_id, result.note = value, "Đến với mẹ"
            times = self.save_dialog(result.save().action_save())
            self.call.unlink()
            times.slot = times.slot_choices["slots"][0]
            times.action_book()
            self.assertTrue(self.lead.booking_ids)
        bodies = self.lead.message_ids.mapped("body")
        self.assertEqual(len([each for each in bodies if "Đến với mẹ" in each]), 2)

    def test_a_booking_after_a_call_that_nobody_answered(self):
        """Nobody tries again; what was agreed stays."""
        for outcome, reasons in (("no_answer", []), ("call_back", ["call_back"])):
            value = self.env.ref(f"crm_lead_api.call_outcome_{outcome}")
            action = self.lead.action_log_call()
            self.save_dialog(action, outcome_id=value).action_save()
            self.assertEqual(self.lead.activity_ids.mapped("call_reason"), [outcome])
            booking = self.book(self.lead.sudo(), hour=9)
            self.env.cr.flush()
            self.env.invalidate_all()
            self.assertEqual(self.lead.activity_ids.mapped("call_reason"), reasons)
            booking.action_cancel()

    def test_a_reminder_is_not_the_second_call(self):
        no_answer = self.env.ref("crm_lead_api.call_outcome_no_answer")
        self.save_dialog(
            self.lead.action_log_call(), outcome_id=no_answer
        ).action_save()
        self.assertEqual(self.lead.call_reason, "Not reached · call 2")
        self.lead.activity_ids.unlink()
        self.lead._plan_activity(
            CALL, utc(8), lambda env, time: time, call_reason="reminder"
        )
        self.assertEqual(self.lead.call_reason, "Remind of the booking")
        wrong = self.env.ref("crm_lead_api.call_outcome_wrong_number")
        self.book(self.lead.sudo(), hour=11)
        self.save_dialog(self.lead.action_log_call(), outcome_id=wrong).action_save()
        self.assertFalse(self.lead.activity_ids)
        self.assertTrue(self.lead.call_date_why.startswith("Wrong number · call ano"))

    def test_nobody_answers_a_reminder(self):
        """Nobody tries again once the customer need not be reminded; another call that
        nobody answered is tried again."""
        no_answer = self.env.ref("crm_lead_api.call_outcome_no_answer")

        def call():
            action = self.lead.action_log_call()
            self.save_dialog(action, outcome_id=no_answer).action_save()
            return self.lead._get_calls_again("no_answer")

        for change, reasons in (
            (lambda each: each.action_arrive(), []),
            (lambda each: each.action_cancel(), []),
            (lambda each: each._close_past(), ["no_show"]),
            (lambda each: each.write({"start": utc(10)}), []),
            (lambda each: each._plan_reminder_call(), ["reminder"]),
        ):
            booking = self.book(self.lead.sudo(), hour=9)
            self.env.cr.flush()
            booking._plan_reminder_call()
            first, second = call(), call()
            self.assertFalse(first.exists().active)
            self.assertIn(self.agent.name, booking.next_call)
            change(booking)
            self.assertFalse(second.exists())
            self.assertEqual(self.lead.activity_ids.mapped("call_reason"), reasons)
            booking.filtered("is_open").action_cancel()
            self.lead.activity_ids.unlink()
        booking = self.book(self.lead.sudo(), hour=9)
        self.env.cr.flush()
        other = call()
        booking.action_arrive()
        self.assertTrue(other.exists())

    def test_an_agreed_call_is_told(self):
        """Whoever books sees that a call stays planned."""
        call_back = self.env.ref("crm_lead_api.call_outcome_call_back")
        action = self.lead.action_log_call()
        self.save_dialog(action, outcome_id=call_back).action_save()
        dialog = self.save_dialog(self.lead.action_book())
        dialog.slot = dialog.slot_choices["slots"][0]
        message = dialog.action_book()["params"]["message"]
        self.assertIn(f"\n{self.agent.name} calls the customer on", message)

    def test_an_open_booking_is_moved_or_kept(self):
        booking = self.book(self.lead.sudo(), hour=9)
        self.env.cr.flush()
        self.call = self.lead.activity_schedule(CALL, user_id=self.agent.id)
        dialog = self.open_times()
        self.assertIn(booking.code, dialog.open_booking)
        moving = self.save_dialog(dialog.action_move_open())
        moving.slot = moving.slot_choices["slots"][0]
        with self.cr.savepoint() as savepoint:
            moving.action_book()
            self.assertEqual(booking.start, utc(8))
            self.assertOver(booking)
            savepoint.rollback()
        self.env.invalidate_all()
        dialog.action_keep_open()
        self.assertEqual(booking.start, utc(9))
        self.assertOver(booking)

    def test_the_customer_confirms_the_appointment(self):
        """A call that reminds of the booking ends with what the customer said."""
        booking = self.book(self.lead.sudo(), hour=9)
        self.env.cr.flush()
        booking._plan_reminder_call()
        confirmed = self.env.ref("crm_lead_api_booking.call_outcome_confirmed")
        for _call in ("reminds", "again"):
            dialog = self.save_dialog(self.lead.action_log_call(), outcome_id=confirmed)
            self.assertIn("9:00 AM", dialog.next_booking)
            message = dialog.action_save()["params"]["message"]
            self.assertIn("9:00 AM · Phòng 1 · Confirmed", message)
            self.assertEqual(booking.state, "confirmed")
            self.assertFalse(self.lead.activity_ids)
        dialog = self.save_dialog(self.lead.action_log_call(), outcome_id=confirmed)
        booking.action_cancel()
        with self.assertRaisesRegex(UserError, "no appointment any more"):
            dialog.action_save()

    def test_who_is_not_interested_any_more_has_a_booking(self):
        """The lead is lost, and the dialog asks what becomes of the booking."""
        booking = self.book(self.lead.sudo(), hour=9)
        reason = self.env["crm.lost.reason"].create({"name": "Quá đắt"})
        dialog = self.save_dialog(
            self.lead.action_log_call(),
            outcome_id=self.env.ref("crm_lead_api.call_outcome_not_interested"),
            lost_reason_id=reason,
        )
        lost = self.save_dialog(dialog.action_save())
        self.assertEqual(self.lead.won_status, "lost")
        self.assertEqual(booking.state, "booked")
        lost.action_lost_reason_apply()
        self.assertEqual((booking.state, booking.lost_reason_id), ("cancelled", reason))
