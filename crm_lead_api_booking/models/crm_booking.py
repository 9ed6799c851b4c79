# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import secrets
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

STATES = [
    ("booked", "Booked"),
    ("confirmed", "Confirmed"),
    ("arrived", "Arrived"),
    ("done", "Done"),
    ("no_show", "No-Show"),
    ("cancelled", "Cancelled"),
]
OPEN_STATES = ("booked", "confirmed", "arrived")
# The states that may follow a state
TRANSITIONS = {
    "booked": ("confirmed", "arrived", "no_show", "cancelled"),
    "confirmed": ("arrived", "no_show", "cancelled"),
    "arrived": ("done", "cancelled"),
    "done": (),
    "no_show": (),
    "cancelled": (),
}
IS_OPEN = f"state IN {OPEN_STATES}"
DEFAULT_MINUTES = 60
SEAT_TAKEN = "crm_booking_seat_free"
OPEN_BOOKING = "crm_booking_one_open"


class CrmBooking(models.Model):
    """Hold an appointment of a customer at a branch."""

    _name = "crm.booking"
    _description = "Booking"
    _inherit = "crm.lead.api.test.mixin"
    _order = "start desc, id desc"
    _rec_name = "code"
    _rec_names_search = ("code", "partner_id")
    _check_company_auto = True
    _has_texts_of_clients = True

    code = fields.Char(readonly=True, copy=False, required=True, default="/")
    lead_id = fields.Many2one("crm.lead", required=True, index=True, ondelete="cascade")
    partner_id = fields.Many2one(
        related="lead_id.partner_id",
        string="Customer",
        store=True,
        precompute=True,
        index=True,
    )
    phone = fields.Char(related="partner_id.phone")
    # The mixin's default would come before the lead's mark.
    is_lead_api_test = fields.Boolean(
        related="lead_id.is_lead_api_test", store=True, precompute=True, default=None
    )
    company_id = fields.Many2one(
        "res.company",
        string="Branch",
        required=True,
        default=lambda self: self.env.company,
    )
    group_id = fields.Many2one(
        "res.company",
        string="Branch Group",
        compute="_compute_group_id",
        store=True,
        precompute=True,
        help="The branch, or the company that it is a branch of. A customer has one "
        "open booking in a group.",
    )
    user_id = fields.Many2one(
        "res.users", string="Agent", default=lambda self: self._default_user_id()
    )
    note = fields.Text()

    # The time and the seat
    start = fields.Datetime(required=True, index=True)
    stop = fields.Datetime(
        "End",
        compute="_compute_stop",
        inverse="_inverse_stop",
        store=True,
        precompute=True,
        readonly=False,
        required=True,
    )
    duration = fields.Integer(
        "Minutes",
        compute="_compute_duration",
        store=True,
        precompute=True,
        readonly=False,
        help="By default the minutes of the services.",
    )
    seat_id = fields.Many2one(
        "resource.resource",
        string="Room or Doctor",
        required=True,
        ondelete="restrict",
        domain="[('is_seat', '=', True), ('company_id', '=', company_id)]",
    )
    service_ids = fields.One2many("crm.booking.service", "booking_id", "Services")
    service_names = fields.Char(compute="_compute_service_names")

    # Progress
    state = fields.Selection(
        STATES,
        required=True,
        default="booked",
        copy=False,
        group_expand=True,
    )
    cancel_reason = fields.Char(copy=False)
    access_token = fields.Char(
        copy=False, groups="base.group_system", default=lambda self: secrets.token_hex()
    )

    _seat_free = models.Constraint(
        # Tests of clients take no seats of customers.
        f"EXCLUDE USING gist (seat_id WITH =, "
        f"(COALESCE(is_lead_api_test, false)::int) WITH =, "
        f"tsrange(start, stop) WITH &&) WHERE ({IS_OPEN})",
        "The room or doctor already has a booking at this time: choose another time, "
        "or another room or doctor.",
    )
    _one_open = models.UniqueIndex(
        f"(partner_id, group_id) WHERE {IS_OPEN}",
        "The customer already has an open booking: move it, or cancel it first.",
    )
    _stop_after_start = models.Constraint(
        "CHECK(stop > start)", "A booking ends after it begins."
    )
    _code_unique = models.UniqueIndex("(code)", "This code belongs to another booking.")
    _day_index = models.Index("(company_id, start)")
    # For the calendar: what has not ended before its first day
    _stop_index = models.Index("(company_id, stop)")
    _write_date_index = models.Index("(write_date, id)")

    @api.model
    def _default_user_id(self):
        user = self.env.user
        return user.browse() if user._get_lead_api_client() else user

    @api.depends("company_id")
    def _compute_group_id(self):
        for booking in self:
            # sudo: the company above a branch is no secret of the branch's
            booking.group_id = booking.company_id.sudo().root_id

    @api.depends("service_ids.duration", "service_ids.quantity")
    def _compute_duration(self):
        for booking in self:
            minutes = sum(
                round(line.duration * line.quantity) for line in booking.service_ids
            )
            booking.duration = minutes or booking.duration or DEFAULT_MINUTES

    @api.depends("start", "duration")
    def _compute_stop(self):
        for booking in self:
            minutes = timedelta(minutes=booking.duration)
            booking.stop = booking.start and booking.start + minutes

    def _inverse_stop(self):
        for booking in self:
            minutes = round((booking.stop - booking.start).total_seconds() / 60)
            if booking.duration != minutes:
                booking.duration = minutes

    @api.depends("service_ids.product_id")
    def _compute_service_names(self):
        for booking in self:
            names = booking.service_ids.product_id.mapped("display_name")
            booking.service_names = ", ".join(names)

    @api.depends("code", "partner_id")
    def _compute_display_name(self):
        for booking in self:
            # sudo: who may see the booking may see the customer's name
            name = booking.partner_id.sudo().name
            booking.display_name = f"{name} ({booking.code})" if name else booking.code

    @api.constrains("seat_id", "company_id", "service_ids")
    def _check_seat(self):
        for booking in self:
            seat = booking.seat_id
            if seat.company_id != booking.company_id or not seat.is_seat:
                raise ValidationError(
                    self.env._(
                        "%(seat)s takes no bookings of %(branch)s.",
                        seat=seat.name,
                        branch=booking.company_id.name,
                    )
                )
            if not seat._does(booking.service_ids.product_id):
                raise ValidationError(
                    self.env._(
                        "%(seat)s does not do: %(services)s",
                        seat=seat.name,
                        services=booking.service_names,
                    )
                )

    @api.constrains("company_id", "lead_id")
    def _check_branch(self):
        for booking in self:
            # sudo: as for the branch group
            company = booking.lead_id.sudo().company_id
            if company and company.root_id != booking.company_id.sudo().root_id:
                raise ValidationError(
                    self.env._("Choose a branch of the lead's company.")
                )

    @api.model_create_multi
    def create(self, vals_list):
        codes = self.env["ir.sequence"]
        for vals in vals_list:
            if vals.get("code", "/") == "/":
                vals["code"] = codes.next_by_code(self._name)
        leads = self.env["crm.lead"].browse(
            vals["lead_id"] for vals in vals_list if vals.get("lead_id")
        )
        for lead in leads.filtered(lambda lead: not lead.partner_id):
            lead._handle_partner_assignment()
        # A seat, or a customer, may have become free just now.
        self.flush_model(["state", "start", "stop", "seat_id", "partner_id"])
        bookings = super().create(vals_list)
        self.env["crm.lead.api.event"]._watch_bookings(bookings, is_new=True)
        bookings.filtered(lambda each: each.state == "arrived")._mark_leads()
        return bookings

    def write(self, vals):
        changed = self
        if state := vals.get("state"):
            changed = self.filtered(lambda booking: booking.state != state)
            for booking in changed:
                booking._check_transition(state)
        self.env["crm.lead.api.event"]._watch_bookings(self)
        result = super().write(vals)
        if state == "arrived":
            changed._mark_leads()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_open(self):
        live = self.filtered(lambda booking: not booking.is_lead_api_test)
        if any(booking._is_open() for booking in live):
            raise UserError(self.env._("Cancel an open booking before you delete it."))

    def _is_open(self):
        self.ensure_one()
        return self.state in OPEN_STATES

    def _check_transition(self, state):
        """Check that the booking may get a state.

        :raise UserError: it may not
        """
        self.ensure_one()
        if state not in TRANSITIONS[self.state]:
            names = dict(self._fields["state"]._description_selection(self.env))
            raise UserError(
                self.env._(
                    "%(booking)s is “%(present)s”, and cannot become “%(new)s”.",
                    booking=self.code,
                    present=names[self.state],
                    new=names[state],
                )
            )

    def _mark_leads(self):
        """Mark the leads of customers who have arrived as qualified."""
        # sudo: who receives customers need not have rights on leads
        leads = self.lead_id.sudo().filtered(lambda lead: not lead.first_arrival_date)
        leads.first_arrival_date = fields.Datetime.now()

    # ------------------------------------------------------------ buttons

    def action_confirm(self):
        """Note that the customer has confirmed."""
        self.state = "confirmed"

    def action_arrive(self):
        """Note that the customer has arrived."""
        self.state = "arrived"

    def action_miss(self):
        """Note that the customer has not come."""
        self.state = "no_show"

    def action_finish(self):
        """Note that the services are done."""
        self.state = "done"

    def action_cancel(self):
        """Cancel the bookings."""
        self.state = "cancelled"
