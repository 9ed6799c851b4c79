# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from functools import partial

from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.crm_lead_api.tools.action import get_notice
from odoo.addons.crm_lead_api.tools.mode import ALL, MODE

from ..booking.crm_booking import HERE, OPEN_BOOKINGS, OPEN_STATES

BEFORE_QUALIFIED = ("new", "contacted")


class CrmLead(models.Model):
    """Show the bookings of a lead, and mark it as qualified when the customer comes."""

    _inherit = "crm.lead"

    booking_ids = fields.One2many(
        "crm.booking", "lead_id", string="Bookings", context={MODE: ALL}
    )
    booking_count = fields.Integer(
        "Number of Bookings", compute="_compute_booking_count"
    )
    next_booking = fields.Char("Next Appointment", compute="_compute_next_booking")
    # Staff move leads by hand; customers cancel, or do not come.
    lacks_booking = fields.Boolean("No Appointment", compute="_compute_next_booking")
    next_step = fields.Selection(selection_add=[("book", "Book"), ("quote",)])
    first_arrival_date = fields.Datetime(
        "First Arrival",
        copy=False,
        readonly=True,
        help="When the customer first arrived for a booking.",
    )

    def _compute_booking_count(self):
        bookings = self.env["crm.booking"]
        for lead, count in bookings._count_of(self, "lead_id").items():
            lead.booking_count = count

    @api.depends("first_arrival_date")
    def _compute_lead_api_state(self):
        result = super()._compute_lead_api_state()
        for lead in self:
            if lead.first_arrival_date and lead.lead_api_state in BEFORE_QUALIFIED:
                lead.lead_api_state = "qualified"
        return result

    @api.depends_context("lang")
    @api.depends(
        "booking_ids.state",
        "booking_ids.start",
        "booking_ids.seat_id",
        "company_id",
        "stage_id",
        "won_status",
    )
    def _compute_next_booking(self):
        for lead in self:
            booking = lead._get_next_booking()
            is_booked = lead.stage_id.lead_api_after == "booking"
            is_open = lead.won_status == "pending"
            # sudo: as for the next booking
            states = set(lead.sudo().booking_ids.mapped("state"))
            has_come = not states.isdisjoint((*OPEN_STATES, *HERE))  # or was to come
            lead.lacks_booking = is_booked and is_open and not has_come
            branch = booking.company_id - lead.company_id
            texts = [booking._format_day(), booking.seat_id.name] if booking else []
            texts += branch.mapped("name")
            if booking.state == "confirmed":
                texts.append(booking._format_value("state", booking.state))
            lead.next_booking = " · ".join(texts)

    @api.depends("booking_ids.state")
    def _compute_next_step(self):
        result = super()._compute_next_step()
        for lead in self:
            # sudo: a booking at another branch counts, too
            states = set(lead.sudo().booking_ids.mapped("state"))
            if lead.is_called and states <= {"cancelled", "no_show"}:
                lead.next_step = "book"
        return result

    @api.depends("booking_ids.state", "booking_ids.reminder_call_id")
    def _compute_is_called(self):
        return super()._compute_is_called()

    @api.model
    def _get_called_domain(self):
        """Add the leads of customers who have booked, or are called again after they
        have cancelled: somebody has spoken to them."""
        spoken = Domain("state", "!=", "cancelled")
        spoken |= Domain("reminder_call_id", "!=", False)
        # any!: a booking at another branch counts, too
        return super()._get_called_domain() | Domain("booking_ids", "any!", spoken)

    def _has_first_call(self):
        """Add the leads that have bookings: the calls that these plan go to each new
        salesperson, too."""
        # sudo: as for the calls
        return super()._has_first_call() or bool(self.sudo().booking_ids)

    def _get_first_calls(self):
        """Leave out the calls that remind of bookings; those after a no-show or a
        cancellation, and tries again to remind, go as the first calls do."""
        # sudo: as for the calls
        bookings = self.sudo().booking_ids.filtered(lambda each: each._is_open())
        reminders = bookings.reminder_call_id.filtered(
            lambda call: call.call_reason == "reminder"
        )
        return super()._get_first_calls() - reminders

    def _plan_next_try(self, date, **options):
        """Let the next try to remind of a booking go with the booking, as the reminder
        does."""
        # sudo: as for the calls
        reminded = self.sudo().booking_ids.filtered(
            lambda each: each._is_open() and each._is_reminder_unanswered()
        )
        call = super()._plan_next_try(date, **options)
        reminded.reminder_call_id = call
        return call

    def write(self, vals):
        # sudo: bookings of other branches go with the lead, too
        if vals.get("partner_id"):
            partner = self.partner_id.browse(vals["partner_id"])
            self.sudo().booking_ids._make_room(partner)
        return super().write(vals)

    def unlink(self):
        self.check_access("unlink")
        # PostgreSQL would delete the bookings without their meetings. sudo: bookings of
        # other branches, too
        bookings = self.sudo().booking_ids
        if not self.env.su:
            bookings._unlink_except_open()
        bookings.with_context(keeps_requests=not self.env.su).unlink()
        return super().unlink()

    def action_view_bookings(self):
        """Open the bookings of the lead, past and to come."""
        self.ensure_one()
        return self.env["crm.booking"]._get_list_action(
            [("lead_id", "=", self.id)], context={"default_lead_id": self.id}
        )

    def action_view_next_booking(self):
        """Open the open booking, or tell where it is if the user may not read it."""
        self.ensure_one()
        booking = self._get_next_booking()
        if not booking:
            return self.action_view_bookings()
        if booking.sudo(False).has_access("read"):
            return booking.sudo(False)._get_records_action()
        text = self.env._(
            "The appointment is at %s, whose bookings you may not see: ask there.",
            booking.company_id.name,
        )
        return get_notice("warning", text, closes=False)

    def action_book(self):
        """Open the dialog with the free times of the next day that has any."""
        self.ensure_one()
        return self.env["crm.booking.wizard"]._open(lead_id=self.id)

    @api.model
    def _get_company_buttons(self):
        of_clinic = "(lead_api_client_id or booking_count)"
        no_meeting = f"({of_clinic} and not meeting_display_date)"
        buttons = super()._get_company_buttons()
        return {**buttons, "action_schedule_meeting": no_meeting}

    def _get_history_parts(self):
        parts = super()._get_history_parts()
        # sudo: appointments at branches that the user may not see are history, too
        bookings = self.env["crm.booking"]._with_tests_of(self.partner_id).sudo()
        before = Domain("partner_id", "=", self.partner_id.id)
        company = self.company_id or self.env.company
        before &= Domain("group_id", "=", company.sudo().root_id.id)
        before &= ~OPEN_BOOKINGS | Domain("stop", "<=", fields.Datetime.now())
        counts = dict(bookings._read_group(before, ["state"], ["__count"]))
        if last := bookings.search(before, order="start desc", limit=1):
            state = last._format_value("state", last.state)
            branch = last.company_id - company
            day = " · ".join([last._format_day(), *branch.mapped("name")])
            texts = {"count": sum(counts.values()), "day": day}
            parts.append(
                self.env._(
                    "Earlier appointments: %(count)s (%(day)s: %(state)s)",
                    **texts,
                    state=state,
                )
            )
        if missed := counts.get("no_show"):
            parts.append(self.env._("No-shows: %s", missed))
        return parts

    def _get_next_booking(self):
        """Return the open booking of the lead, perhaps none, with superuser rights."""
        # sudo: the appointment of the user's lead may be at another branch
        now = fields.Datetime.now()
        return self.sudo().booking_ids.filtered(
            lambda each: each._is_open() and each.stop > now
        )[-1:]

    def _get_booking_prices(self, quantities):
        """Return the prices of services for a unit, by id, and their currency: those
        that staff typed in on the lead, or else those of the lead's price list for the
        quantities, by product."""
        company = self.company_id or self.env.company
        currency = (
            self.service_ids[:1].currency_id
            or self.pricelist_id.currency_id
            or company.currency_id
        )
        get_prices = partial(
            self.env["crm.booking"]._get_prices, self.pricelist_id, currency=currency
        )
        lines = {
            line.product_id: line
            for line in self.service_ids
            if line.currency_id == currency and line.product_id in quantities
        }
        prices = {each.id: line.price_unit for each, line in lines.items()}
        others = {
            product: quantity
            for product, quantity in quantities.items()
            if product not in lines or lines[product].quantity != quantity
        }
        if others:
            # A price of the lead that is the list's was not typed in.
            of_lead = {each: lines[each].quantity for each in others if each in lines}
            listed = get_prices(of_lead)
            prices = get_prices(others) | {
                each: price
                for each, price in prices.items()
                if each not in listed or currency.compare_amounts(price, listed[each])
            }
        return prices, currency

    def _merge_get_fields_specific(self):
        return {
            **super()._merge_get_fields_specific(),
            "first_arrival_date": lambda name, leads: min(
                leads.filtered(name).mapped(name), default=False
            ),
        }

    def _merge_dependences(self, opportunities):
        # sudo: as Odoo does for the messages of merged leads
        bookings = opportunities.sudo().booking_ids
        bookings._make_room(self.partner_id or opportunities.partner_id[:1])
        lines = bookings.service_ids
        prices = [lines._fields[name] for name in ("price_unit", "currency_id")]
        with self.env.protecting(prices, lines):  # as they were agreed on
            bookings.lead_id = self
        return super()._merge_dependences(opportunities)
