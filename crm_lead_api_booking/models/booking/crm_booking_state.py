# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import math
from datetime import datetime, time, timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from odoo.addons.crm_lead_api.models.lead.crm_lead_call import CALL
from odoo.addons.crm_lead_api.models.res_config_settings import MAX_TIME
from odoo.addons.crm_lead_api.tools.action import get_notice
from odoo.addons.crm_lead_api.tools.day import to_local, to_stored

from ...schemas import REMINDER
from .crm_booking import CLOSE_HOURS, HERE, OPEN_BOOKINGS, TRANSITIONS, UNDO, UNDOABLE

PARAMETER = "crm_lead_api_booking.reminder_hours"
DEFAULT_HOURS = "24, 2"
NIGHT, MORNING = time(21), time(8)
EVENING = time(20)  # when a reminder of the night is due instead
EXPECTED = ("booked", "confirmed")  # the customer is to come


class CrmBooking(models.Model):
    """Lead a booking from state to state, by whom and when that may be; remind
    customers of their bookings, by the client's system or by a call, and call those
    who did not come.

    A reminder that would have been due before the booking was made, or moved, is left
    out.
    """

    _inherit = "crm.booking"

    reminder_date = fields.Datetime(
        "Next Reminder", compute="_compute_reminder", store=True, precompute=True
    )
    reminder_hours = fields.Integer(
        "Hours before the Booking",
        compute="_compute_reminder",
        store=True,
        precompute=True,
        aggregator=None,
    )
    reminder_call_id = fields.Many2one(
        "mail.activity",
        copy=False,
        readonly=True,
        index="btree_not_null",
        bypass_search_access=True,  # who may see the booking may see that one calls
        help="The call that reminds the customer or, after a no-show or a "
        "cancellation, offers another time.",
    )

    next_call = fields.Char(
        compute="_compute_next_call",
        help="Who reminds the customer when, or offers another time.",
    )

    _reminder_index = models.Index("(reminder_date) WHERE reminder_date IS NOT NULL")

    @api.depends("start", "company_id", "state")
    def _compute_reminder(self):
        for booking in self:
            # A reminder that is already due stays, such as when somebody confirms the
            # booking before the scheduled action runs.
            waiting = (booking.reminder_date, booking.reminder_hours)
            booking._plan_reminder(waiting)

    @api.depends_context("lang")
    @api.depends("reminder_call_id")
    def _compute_next_call(self):
        for booking in self:
            # sudo: who receives customers may not see calls
            call = booking.sudo().reminder_call_id.filtered("active")
            date = call and booking._format_day(call._get_planned_end())
            booking.next_call = " · ".join(filter(None, [call.user_id.name, date]))

    def write(self, vals):
        is_miss = vals.get("state") == "no_show"
        missed = self.filtered(lambda each: is_miss and each.state != "no_show")
        result = super().write(vals)
        if {"start", "state"} & vals.keys():
            # sudo: the calls may be those of other users
            self.sudo().reminder_call_id.filtered("active").unlink()
        for booking in missed.sudo():  # sudo: as above, and for the lead
            if date := booking._get_rebooking_date():
                booking._plan_call(date, booking.state)
        return result

    def action_confirm(self):
        """Note that the customer has confirmed."""
        self.state = "confirmed"

    def action_arrive(self):
        """Note that the customer has arrived."""
        self.state = "arrived"

    def action_miss(self):
        """Note that the customer has not come."""
        self.state = "no_show"
        return self._get_state_notice()

    def action_undo(self):
        """Take back, for an hour, that the customer has arrived, or has not, or that
        the services are done."""
        for booking in self:
            booking.state = booking.state_before or "booked"

    def action_finish(self):
        """Note that the services are done."""
        self.state = "done"

    def action_cancel(self):
        """Cancel the bookings."""
        self.state = "cancelled"

    def _check_transition(self, state):
        """Check that the booking may get a state, or raise a UserError."""
        self.ensure_one()
        if state == self.state_before and self._may_undo():
            return
        if state not in TRANSITIONS[self.state]:
            raise UserError(
                self.env._(
                    "%(booking)s is “%(present)s”, and cannot become “%(new)s”.",
                    booking=self.code,
                    present=self._format_value("state", self.state),
                    new=self._format_value("state", state),
                )
            )
        # A client, whose changes have superuser rights, may say any state at any time.
        is_staff = not self.env.su
        if state == "no_show" and is_staff and self.start > fields.Datetime.now():
            raise UserError(
                self.env._("%s has not begun: the customer may still come.", self.code)
            )
        if state == "arrived" and is_staff and not self._is_due():
            raise UserError(
                self.env._(
                    "%(booking)s is on %(start)s: note on that day that the customer "
                    "has arrived, or move the booking.",
                    booking=self.code,
                    start=self._format_day(),
                )
            )

    def _is_due(self):
        """Tell whether the day of the booking has come at the branch."""
        self.ensure_one()
        zone, now = self.company_id._get_booking_zone(), fields.Datetime.now()
        today = to_local(now, zone).date()
        return bool(self.start) and to_local(self.start, zone).date() <= today

    def _may_undo(self):
        self.ensure_one()
        earliest = fields.Datetime.now() - UNDO
        is_noted = self.state in UNDOABLE and bool(self.state_date)
        return is_noted and self.state_date >= earliest

    def _mark_leads(self):
        """Mark the leads of customers who have arrived as qualified."""
        # sudo: who receives customers need not have rights on leads
        leads = self.lead_id.sudo().filtered(lambda lead: not lead.first_arrival_date)
        leads.first_arrival_date = fields.Datetime.now()

    def _unmark_leads(self):
        """Take back that the customers have arrived, unless they had before."""
        # sudo: as for marking the leads
        earliest = fields.Datetime.now() - UNDO
        for lead in self.lead_id.sudo():
            is_new = lead.first_arrival_date and lead.first_arrival_date >= earliest
            if is_new and not any(each.state in HERE for each in lead.booking_ids):
                lead.first_arrival_date = False

    def _cancel_for_erasure(self):
        """Cancel open bookings, whose clients still hear of it, before a deletion."""
        if live := self.filtered(lambda b: b._is_open() and not b.is_lead_api_test):
            reason = self.env._("The customer was erased.")
            live.write({"state": "cancelled", "cancel_reason": reason})
            # At the end of the transaction the bookings will be gone.
            self.env(context={})["crm.lead.api.event"]._queue_noted()

    def _close_past(self):
        """Close bookings that nobody closed."""
        for booking in self:
            booking.state = "done" if booking.state == "arrived" else "no_show"

    def _make_room(self, partner):
        """Close what is past of bookings that go to a customer, and of the customer's
        own, where a group of companies would have several open ones."""
        going = self.filtered(
            lambda each: each._is_open() and each.partner_id != partner
        )
        if not going:
            return
        # sudo: a booking may be another client's, or of another branch
        own = Domain("partner_id", "=", partner.id)
        there = self.sudo().search(own & OPEN_BOOKINGS)
        now = fields.Datetime.now()
        for bookings in (going | there).grouped("group_id").values():
            if len(bookings) > 1:
                bookings.filtered(lambda each: each.stop <= now)._close_past()

    @api.model
    def _cron_close_past(self):
        """Close the bookings that nobody has closed for some hours."""
        hours = self.env["ir.config_parameter"]._get_lead_api_int(CLOSE_HOURS)
        end = fields.Datetime.now() - timedelta(hours=hours)
        past = OPEN_BOOKINGS & Domain("stop", "<=", end)
        self._do_due(past, "_close_past", "stop, id")

    @api.model
    def _settle_earlier(self, partners, companies):
        """Close past bookings of customers, which would be in the way of new ones of
        companies, and delete the calls that were to offer another time."""
        # sudo: the company above a branch is no secret of the branch's
        past = Domain("group_id", "in", companies.sudo().root_id.ids)
        past &= OPEN_BOOKINGS & Domain("stop", "<=", fields.Datetime.now())
        missed = Domain("state", "in", ("no_show", "cancelled"))
        missed &= Domain("reminder_call_id", "!=", False)
        # sudo: a booking may be another client's, or of another branch, and a call of
        # another user
        earlier = self.sudo().search(
            Domain("partner_id", "in", partners.ids) & (past | missed)
        )
        earlier.filtered(lambda each: each._is_open())._close_past()
        earlier.reminder_call_id.filtered("active").unlink()

    # ------------------------------------------------------------ reminders, calls

    def _plan_reminder(self, waiting=None):
        """Plan the next reminder.

        :param tuple waiting: date and hours of one that may be due, but was not sent
        """
        self.ensure_one()
        now = fields.Datetime.now()
        dates = self._get_reminders() if self.state in EXPECTED else []
        date, hours = next(
            (each for each in dates if each == waiting or each[0] > now), (False, 0)
        )
        self.update({"reminder_date": date, "reminder_hours": hours})

    @api.model
    def _plan_all_reminders(self):
        """Plan the reminders of all bookings to come anew: the setting has changed."""
        # sudo: of all branches
        bookings = self.sudo().search(
            Domain("state", "in", EXPECTED)
            & Domain("start", ">", fields.Datetime.now())
        )
        self.env.add_to_compute(self._fields["reminder_date"], bookings)

    def _get_reminders(self):
        """Return the dates of the booking's reminders, UTC, never at night, and the
        hours before the booking of each; the earliest first."""
        self.ensure_one()
        if not self.start:
            return []
        zone = self.company_id._get_booking_zone()
        # sudo: only administrators may read parameters
        text = self.env["ir.config_parameter"].sudo().get_param(PARAMETER)
        dates = [
            (_avoid_night(self.start - timedelta(hours=hours), zone), hours)
            for hours in parse_hours(text or DEFAULT_HOURS)
        ]
        return sorted(dates, key=lambda each: (each[0], -each[1]))

    @api.model
    def _cron_remind(self):
        """Send the reminders that are due, each once, where it is not night."""
        now = fields.Datetime.now()
        due = (
            Domain("reminder_date", "<=", now)
            & Domain("start", ">", now)
            & Domain("state", "in", EXPECTED)
        )
        at_night = [
            company.id
            for [company] in self._read_group(due, ["company_id"])
            if _is_night(to_local(now, company._get_booking_zone()))
        ]
        due &= Domain("company_id", "not in", at_night)
        self._do_due(due, "_remind", "reminder_date, id")

    def _remind(self):
        """Let the client's system remind the customer; where nobody listens, plan a
        call of the salesperson."""
        self.ensure_one()
        hours, client = self.reminder_hours, self.lead_id.lead_api_client_id
        self._plan_reminder()
        if client._receives_reminders():
            events = self.env["crm.lead.api.event"]
            values = self._prepare_reminder_values(client, hours)
            events.create(values)._trigger_sending()
        else:
            self._plan_reminder_call()

    def _is_expected(self):
        """Tell whether the customer is still to come, if there is a booking."""
        return self.state in EXPECTED and self.start > fields.Datetime.now()

    def _prepare_reminder_values(self, client, hours):
        """Prepare the values of a reminder's event for a client. The hours are those
        before the booking when the reminder was due; a late reminder has fewer."""
        left = (self.start - fields.Datetime.now()) / timedelta(hours=1)
        hours = min(hours, math.ceil(left))
        events = self.env["crm.lead.api.event"]
        return events._prepare_booking_values(
            client, REMINDER, self, hours_before=hours
        )

    def _plan_reminder_call(self):
        """Plan a call that reminds the customer, if there is a user who calls."""
        if self._get_caller():
            self._plan_call(fields.Datetime.now(), "reminder")

    def _get_rebooking_date(self):
        """Return the salesperson's next working morning, UTC, to offer the customer
        another time; where the client's own people call, or the customer has another
        booking, none."""
        self.ensure_one()
        lead, user = self.lead_id, self._get_caller()
        client = lead.lead_api_client_id
        if not user or lead._is_at_rest() or (client and not client.plans_call):
            return None
        # sudo: the other booking may be of any company, as one that is made later
        others = Domain("partner_id", "in", self.partner_id.ids)
        others &= Domain("id", "!=", self.id) & self._get_domain_to_come()
        if self.sudo().search_count(others, limit=1):
            return None
        lead = lead.with_user(user).sudo()
        zone = lead._get_time_zone()
        local = to_local(fields.Datetime.now(), zone)
        was_before = to_local(self.stop, zone).date() < local.date()
        # Of yesterday's, which are closed at night, this morning is the next one.
        day = local.date() + timedelta(days=local.time() >= MORNING or not was_before)
        morning = to_stored(zone.localize(datetime.combine(day, MORNING)))
        return lead._add_working_minutes(morning, 0)

    def _get_state_notice(self):
        """Return the notice of the state, and of the call to the customer that comes
        next."""
        lines = []
        for booking in self.sudo():  # sudo: who receives customers may not see calls
            call = booking.reminder_call_id.filtered("active")
            calls = call or booking.lead_id._get_open_calls()
            text = booking._describe_call(calls)
            if not calls:
                text = self.env._("No call to the customer is planned.")
            elif not text:
                text = self.env._("The call to the customer is due.")
            state = booking._format_value("state", booking.state)
            lines.append(f"{booking.code}: {state}. {text}")
        return get_notice("success", "\n".join(lines))

    def _describe_call(self, calls):
        """Return who calls the customer when: the first of the calls to come, if there
        is one."""
        dates = {each._get_planned_end(): each for each in calls}
        coming = [date for date in dates if date > fields.Datetime.now()]
        if not coming:
            return ""
        return self.env._(
            "%(user)s calls the customer on %(time)s.",
            user=dates[min(coming)].user_id.name or self.env._("Somebody"),
            time=self._format_day(min(coming)),
        )

    def _plan_call(self, date, reason):
        """Plan a call of the salesperson, in place of an earlier one.

        :param reason: a choice of the activity's ``call_reason``: ``reminder`` or, to
            offer the customer another time, the state of the booking
        """
        self.ensure_one()
        self.reminder_call_id.filtered("active").unlink()

        def describe(env, _time):
            start = self.with_context(lang=env.lang)._format_day()
            if reason == "reminder":
                return env._("Remind of the booking on %s", start)
            if reason == "cancelled":
                return env._("Offer another time: cancelled, was on %s", start)
            return env._("Offer another time: no-show on %s", start)

        # sudo: the user may not see the lead any more
        lead = self.lead_id.with_user(self._get_caller() or self.env.user).sudo()
        user = lead.env.user
        self.reminder_call_id = lead._plan_activity(
            CALL, date, describe, automated=True, user=user, call_reason=reason
        )

    def _is_reminder_unanswered(self):
        """Tell whether nobody answered the call that reminds of the booking, and a try
        again, if there was one."""
        call = self.reminder_call_id
        return (call.call_outcome_id.result or call.call_reason) == "no_answer"

    def _get_caller(self):
        """Return the user who calls the customer, if there is one."""
        users = (self.lead_id.user_id, self.user_id, self.lead_id.team_id.user_id)
        return next((user for user in users if user.active), self.user_id.browse())


def parse_hours(text):
    """Return the whole numbers above 0 in a text; other words, and more hours than all
    settings allow, raise a ValueError."""
    numbers = [int(word) for word in text.replace(",", " ").split()]
    if max(numbers, default=0) > MAX_TIME:
        raise ValueError(text)
    return sorted((number for number in numbers if number > 0), reverse=True)


def _is_night(local):
    return not MORNING <= local.time() < NIGHT


def _avoid_night(moment, zone):
    """Return a moment of the day: for one at night, the evening before."""
    local = to_local(moment, zone)
    if not _is_night(local):
        return moment
    day = local.date() - timedelta(days=local.time() < MORNING)
    evening = zone.localize(datetime.combine(day, EVENING))
    return to_stored(evening)
