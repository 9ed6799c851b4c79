# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from odoo.addons.crm_lead_api.tools.day import to_local

from .crm_booking import CLOSE_HOURS, HERE, OPEN_STATES, TRANSITIONS, UNDO, UNDOABLE


class CrmBooking(models.Model):
    """Lead a booking from state to state, by whom and when that may be."""

    _inherit = "crm.booking"

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

    @api.model
    def _get_domain_of_past(self):
        """Return the domain of open bookings that are over."""
        is_open = Domain("state", "in", OPEN_STATES)
        return is_open & Domain("stop", "<=", fields.Datetime.now())

    def _make_room(self, partner):
        """Close what is past of bookings that go to a customer, and of the customer's
        own, where a group of companies would have several open ones."""
        going = self.filtered(
            lambda each: each._is_open() and each.partner_id != partner
        )
        if not going:
            return
        # sudo: a booking may be another client's, or of another branch
        there = self.sudo().search(
            Domain("partner_id", "=", partner.id) & Domain("state", "in", OPEN_STATES)
        )
        now = fields.Datetime.now()
        for bookings in (going | there).grouped("group_id").values():
            if len(bookings) > 1:
                bookings.filtered(lambda each: each.stop <= now)._close_past()

    @api.model
    def _cron_close_past(self):
        """Close the bookings that nobody has closed for some hours."""
        hours = self.env["ir.config_parameter"]._get_lead_api_int(CLOSE_HOURS)
        end = fields.Datetime.now() - timedelta(hours=hours)
        past = Domain("stop", "<=", end) & Domain("state", "in", OPEN_STATES)
        self._do_due(past, "_close_past", "stop, id")
