# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import secrets
from datetime import timedelta

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import RedirectWarning, UserError, ValidationError
from odoo.fields import Domain

from odoo.addons.crm_lead_api.models.lead.res_partner import TimelineEntry
from odoo.addons.crm_lead_api.tools.day import format_moment
from odoo.addons.crm_lead_api.tools.fields import PROPOSED

from ...schemas import MAX_MINUTES

STATES = [
    ("booked", "Booked"),
    ("confirmed", "Confirmed"),
    ("arrived", "Arrived"),
    ("done", "Done"),
    ("no_show", "No-Show"),
    ("cancelled", "Cancelled"),
]
OPEN_STATES = ("booked", "confirmed", "arrived")
OPEN_BOOKINGS = Domain("state", "in", OPEN_STATES)
# The states that may follow a state
TRANSITIONS = {
    "booked": ("confirmed", "arrived", "no_show", "cancelled"),
    "confirmed": ("arrived", "no_show", "cancelled"),
    "arrived": ("done", "cancelled"),
    "done": (),
    "no_show": (),
    "cancelled": (),
}
PLACE = {"start", "stop", "seat_id"}  # fields that a closed booking keeps
LOCKED = {*PLACE, "duration"}  # fields whose change waits for other bookings
LINE_FIELDS = ("start", "seat_id", "state")  # of a line in the chatter
IS_OPEN = f"state IN {OPEN_STATES}"
DEFAULT_MINUTES = 60
SEAT_TAKEN = "crm_booking_seat_free"
USER_TAKEN = "crm_booking_user_free"
OPEN_BOOKING = "crm_booking_one_open"
CLOSE_HOURS = "crm_lead_api_booking.close_hours"  # a setting
UNDO = timedelta(hours=1)  # as long as a state may be taken back
HERE = ("arrived", "done")
UNDOABLE = (*HERE, "no_show")
MAX_LINES = 20  # of a list for staff
ICONS = {
    **dict.fromkeys(("booked", "confirmed"), "fa-calendar-o"),
    **dict.fromkeys(("arrived", "done"), "fa-calendar-check-o"),
    **dict.fromkeys(("no_show", "cancelled"), "fa-calendar-times-o"),
}


class CrmBooking(models.Model):
    """Hold an appointment of a customer at a branch."""

    _name = "crm.booking"
    _description = "Booking"
    _inherit = [
        "crm.lead.api.record.mixin",
        "crm.lead.api.retry.mixin",
        "crm.lead.api.test.mixin",
    ]
    _order = "start desc, id desc"
    _rec_name = "code"
    _rec_names_search = ("code", "partner_id")
    _check_company_auto = True
    _has_texts_of_clients = True
    _staff_action = "crm_lead_api_booking.crm_booking_action"

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
    no_show_count = fields.Integer(
        related="partner_id.no_show_count", groups="sales_team.group_sale_salesman"
    )
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
        related="company_id.root_id",
        string="Branch Group",
        store=True,
        precompute=True,
        help="The branch, or the company that it is a branch of. A customer has one "
        "open booking in a group.",
    )
    user_id = fields.Many2one(
        "res.users", string="Booked by", default=lambda self: self._default_user_id()
    )
    note = fields.Text()

    # The time and the seat
    start = fields.Datetime(required=True, index=True)
    stop = fields.Datetime(
        "End",
        compute="_compute_stop",
        inverse="_inverse_stop",
        required=True,
        copy=False,  # it follows the start of the copy
        **PROPOSED,
    )
    duration = fields.Integer(
        "Minutes",
        compute="_compute_duration",
        help="By default the minutes of the services.",
        **PROPOSED,
    )
    seat_id = fields.Many2one(
        "resource.resource",
        string="Room or Doctor",
        required=True,
        ondelete="restrict",
        domain="[('is_seat', '=', True), ('company_id', '=', company_id)]",
    )
    seat_user_id = fields.Many2one(
        "res.users",
        string="Doctor's User",
        compute="_compute_seat_user_id",
        store=True,
        precompute=True,
        help="Who is at one place at a time, also with seats in several branches.",
    )
    service_ids = fields.One2many(
        "crm.booking.service", "booking_id", "Services", copy=True
    )
    service_names = fields.Char(compute="_compute_service_names")

    # Progress
    state = fields.Selection(
        STATES, required=True, default="booked", copy=False, group_expand=True
    )
    is_open = fields.Boolean(compute="_compute_is_open")
    has_begun = fields.Boolean(compute="_compute_is_open")
    may_arrive = fields.Boolean(
        compute="_compute_is_open",
        help="The customer is expected today, or was before.",
    )
    lost_reason_id = fields.Many2one(
        "crm.lost.reason", "Reason", copy=False, ondelete="restrict"
    )
    cancel_reason = fields.Char(copy=False)
    state_date = fields.Datetime("Status Noted", copy=False, readonly=True)
    state_before = fields.Selection(
        STATES, "Status before It", copy=False, readonly=True
    )
    may_undo = fields.Boolean("May Be Undone", compute="_compute_is_open")
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
    _user_free = models.Constraint(
        f"EXCLUDE USING gist (seat_user_id WITH =, "
        f"(COALESCE(is_lead_api_test, false)::int) WITH =, "
        f"tsrange(start, stop) WITH &&) WHERE ({IS_OPEN} AND seat_user_id IS NOT NULL)",
        "The doctor already has a booking at this time, perhaps at another branch: "
        "choose another time, or another doctor.",
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
    _open_stop_index = models.Index(f"(stop) WHERE {IS_OPEN}")
    _write_date_index = models.Index("(write_date, id)")

    @api.model
    def _default_user_id(self):
        user = self.env.user
        return user.browse() if user._get_lead_api_client() else user

    @api.depends("service_ids.duration", "service_ids.quantity")
    def _compute_duration(self):
        for booking in self:
            lines = booking.service_ids
            minutes = sum_minutes((line.duration, line.quantity) for line in lines)
            booking.duration = minutes if lines else booking.duration or minutes

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

    # A booking that clashed before the constraint was there has no user: its next move
    # gives it one.
    @api.depends("seat_id.user_id", "start", "stop")
    def _compute_seat_user_id(self):
        for booking in self:
            booking.seat_user_id = booking.seat_id.user_id

    @api.depends("service_ids.product_id")
    def _compute_service_names(self):
        for booking in self:
            names = booking.service_ids.product_id.mapped("display_name")
            booking.service_names = ", ".join(names)

    @api.depends("state", "state_date", "start")
    def _compute_is_open(self):
        now = fields.Datetime.now()
        for booking in self:
            booking.is_open = booking._is_open()
            booking.has_begun = bool(booking.start and booking.start <= now)
            is_expected = "arrived" in TRANSITIONS.get(booking.state, ())
            booking.may_arrive = is_expected and booking._is_due()
            booking.may_undo = booking._may_undo()

    @api.depends("code", "partner_id")
    def _compute_display_name(self):
        for booking in self:
            # sudo: who may see the booking may see the customer's name
            name = booking.partner_id.sudo().name
            booking.display_name = f"{name} ({booking.code})" if name else booking.code

    @api.constrains("seat_id", "start", "company_id", "service_ids")
    def _check_seat(self):
        to_come = self.filtered_domain(self._get_domain_to_come())
        for booking in self:
            seat = booking.seat_id
            is_usable = seat.is_seat and (seat.active or booking not in to_come)
            if seat.company_id != booking.company_id or not is_usable:
                raise ValidationError(
                    self.env._(
                        "%(seat)s takes no bookings of %(branch)s.",
                        seat=seat.name,
                        branch=booking.company_id.name,
                    )
                )
            if refusal := seat._explain_refusal(booking.service_ids.product_id):
                raise ValidationError(refusal)

    @api.constrains("company_id", "lead_id")
    def _check_branch(self):
        for booking in self:
            # sudo: the company above a branch is no secret of the branch's
            company = booking.lead_id.sudo().company_id
            if company and company.root_id != booking.company_id.sudo().root_id:
                raise ValidationError(
                    self.env._("Choose a branch of the lead's company.")
                )

    @api.model_create_multi
    def create(self, vals_list):
        leads = self.env["crm.lead"].browse(
            vals["lead_id"] for vals in vals_list if vals.get("lead_id")
        )
        keys = {f"booking customer {partner.id}" for partner in leads.partner_id}
        keys = keys.union(*map(self._get_lock_keys, vals_list))
        self.env["crm.lead.api.lock"]._lock(keys)
        codes = self.env["ir.sequence"]
        for vals in vals_list:
            if vals.get("code", "/") == "/":
                vals["code"] = codes.next_by_code(self._name)
        leads._handle_partner_assignment()
        default = self.default_get(["company_id"])
        companies = self.company_id.browse(
            {**default, **vals}["company_id"] for vals in vals_list
        )
        self._settle_earlier(leads.partner_id, companies)
        if not self.env.su:  # a client is told in another way
            for vals in vals_list:
                if vals.get("state", "booked") in OPEN_STATES:
                    self._check_free(vals)
        # A seat, or a customer, may have become free just now.
        names = ["state", "start", "stop", "seat_id", "seat_user_id", "partner_id"]
        self.flush_model(names)
        bookings = super().create(vals_list)
        # sudo: by then a lead may be another salesperson's
        leads._end_first_calls(lambda: (leads.sudo().booking_ids & bookings).lead_id)
        self.env["crm.stage"]._move_after("booking", leads)
        self.env["crm.lead.api.event"]._watch_bookings(bookings, is_new=True)
        bookings.filtered(lambda each: each.state == "arrived")._mark_leads()
        for booking in bookings:
            booking._write_line({})
        return bookings

    def write(self, vals):
        if LOCKED & vals.keys():
            keys = set().union(*(booking._get_lock_keys(vals) for booking in self))
            self.env["crm.lead.api.lock"]._lock(keys)
        if not PLACE.isdisjoint(vals) and not all(each._is_open() for each in self):
            raise UserError(self.env._("The booking is closed: make a new one."))
        reopens = vals.get("state") in OPEN_STATES
        if not self.env.su:
            for booking in self:
                if LOCKED & vals.keys() if booking._is_open() else reopens:
                    booking._check_free(vals)
        changed = self
        if state := vals.get("state"):
            changed = self.filtered(lambda booking: booking.state != state)
            for booking in changed:
                booking._check_transition(state)
        self.env["crm.lead.api.event"]._watch_bookings(self)
        has_line = not vals.keys().isdisjoint(LINE_FIELDS)
        old_values = {each: each._read_line_fields() for each in self if has_line}
        for before, bookings in changed.grouped("state").items() if state else ():
            # What is taken back is no step that can be taken back again.
            is_step = state in UNDOABLE and state in TRANSITIONS[before]
            noted = {
                "state_date": is_step and fields.Datetime.now(),
                "state_before": is_step and before,
            }
            super(CrmBooking, bookings).write({**vals, **noted})
            if before == "arrived" and state not in ("done", "cancelled"):
                bookings._unmark_leads()
        result = super(CrmBooking, self - changed if state else self).write(vals)
        if state == "arrived":
            changed._mark_leads()
        for booking, old in old_values.items():
            booking._write_line(old)
        return result

    def unlink(self):
        # Odoo's Privacy Lookup deletes what it has found, with superuser rights, also
        # what went with another record.
        bookings = self.exists()
        if bookings and self.env.su:
            bookings._cancel_for_erasure()
            # Tests, and leads that staff delete as duplicates, erase no requests.
            if not self.env.context.get("keeps_requests"):
                live = bookings.filtered(lambda each: not each.is_lead_api_test)
                self.env["crm.lead.api.request"]._anonymize_bookings(live)
        return super(CrmBooking, bookings).unlink()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_open(self):
        live = self.filtered(lambda booking: not booking.is_lead_api_test)
        if any(booking._is_open() for booking in live):
            raise UserError(self.env._("Cancel an open booking before you delete it."))

    def action_new(self):
        """Open the dialog *Book*, for the lead whose bookings are shown, if any."""
        lead_id = self.env.context.get("default_lead_id")
        values = {"lead_id": lead_id} if lead_id else {}
        return self.env["crm.booking.wizard"]._open(**values)

    def action_move(self):
        """Open the dialog with the free times."""
        self.ensure_one()
        return self.env["crm.booking.wizard"]._open(booking_id=self.id)

    def action_book_again(self):
        """Open the dialog that books another appointment for the lead or, without a
        right to read it, for the customer."""
        if self.lead_id.has_access("read") or not self.partner_id:
            return self.lead_id.action_book()
        return self.partner_id.action_book()

    def action_write_message(self):
        """Open a message to the customer, by Zalo, SMS or e-mail, or, without a right
        to read the lead, the page that tells whose lead it is."""
        self.ensure_one()
        if not self.lead_id.has_access("read"):
            return self.lead_id.get_formview_action()
        action = self.lead_id.action_write_message()
        action["context"]["default_booking_id"] = self.id
        return action

    @api.model
    def _get_domain_to_come(self):
        """Return the domain of open bookings that are not over."""
        return OPEN_BOOKINGS & Domain("stop", ">", fields.Datetime.now())

    def _is_open(self):
        self.ensure_one()
        return self.state in OPEN_STATES

    def _get_lock_keys(self, vals):
        """Return the keys of the days of the seat, or of its user, on which no other
        booking may be made or moved before this transaction ends.

        The table's constraints would suffice. Waiting avoids a failed statement, with
        the customer's note, in Odoo's log.

        :param dict vals: for ``create``, or for ``write`` of this booking
        """
        # sudo: who books may not read the users of seats
        seat = self.seat_id.sudo().browse(vals.get("seat_id", self.seat_id.id))
        start = fields.Datetime.to_datetime(vals.get("start", self.start))
        stop = fields.Datetime.to_datetime(vals.get("stop"))
        if not (seat and start):
            return set()
        # The length of a new booking may be computed later.
        minutes = vals.get("duration") or self.duration or MAX_MINUTES
        stop = stop or start + timedelta(minutes=minutes)
        place = seat.user_id or seat
        return {f"booking {place} {day}" for day in (start.date(), stop.date())}

    def _check_free(self, vals):
        """Check that neither the customer nor the seat has another booking, in words
        for staff: those of the constraints follow some of Odoo's, which may be in
        another language.

        :param dict vals: for ``create``, or for ``write`` of this booking
        :raise RedirectWarning: the customer has an open booking, which can be moved
        :raise UserError: the user may not move it; or the seat, or its user, is taken
        """
        draft = self or self.new({"company_id": self.env.company.id, **vals})
        partner, company = draft.partner_id._origin, draft.company_id._origin
        if others := self._find_open_booking(partner, company) - self:
            text = self.env._(
                "%(customer)s already has an open booking: %(code)s, %(start)s. Move "
                "it, or cancel it first.",
                customer=others.partner_id.name,
                code=others.code,
                start=others._format_day(),
            )
            other = others.sudo(False)
            if not other.has_access("write"):
                raise UserError(text)
            raise RedirectWarning(text, other.action_move(), self.env._("Move It"))
        seat = self.seat_id.browse(vals.get("seat_id", draft.seat_id._origin.id))
        start = fields.Datetime.to_datetime(vals.get("start", draft.start))
        minutes = timedelta(minutes=vals.get("duration", draft.duration))
        stop = fields.Datetime.to_datetime(vals.get("stop"))
        stop = stop or (start and start + minutes)
        if start and seat and not seat._filter_free(start, stop, self):
            raise UserError(
                self.env._(
                    "%s already has a booking at this time: choose another time, or "
                    "another room or doctor.",
                    seat.name,
                )
            )

    @api.model
    def _find_open_booking(self, partner, company):
        """Return the open booking to come of a customer in a branch's group, with
        superuser rights."""
        # sudo: it may be of another branch
        return self.sudo().search(
            Domain("partner_id", "in", partner.ids)
            & Domain("group_id", "=", company.sudo().root_id.id)
            & self._get_domain_to_come()
        )

    def _alarm(self, reason):
        if user := self._get_caller():
            self.lead_id.activity_schedule(
                "mail.mail_activity_data_warning",
                user_id=user.id,
                summary=self.with_context(lang=user.lang).env._(
                    "Booking %(code)s: no reminder, or no meeting of the doctor, could "
                    "be made (%(reason)s)",
                    code=self.code,
                    reason=reason,
                ),
            )

    def _format_day(self, moment=None, **options):
        """Return the start, or another moment, for people, on the branch's clock, with
        options of :func:`format_moment`."""
        self.ensure_one()
        zone, moment = self.company_id._get_booking_zone().zone, moment or self.start
        return format_moment(self.env, moment, zone, has_weekday=True, **options)

    def _get_message_text(self):
        """Return a message to the customer, in the language of the environment."""
        self.ensure_one()
        partner = self.company_id.partner_id
        layout, parts = partner._prepare_display_address(without_company=True)
        parts["country_name"] = ""  # which the customer knows
        address = ", ".join(filter(None, map(str.strip, (layout % parts).splitlines())))
        lines = [
            self.env._("Dear %s,", self.partner_id.name),
            self.env._(
                "we look forward to your visit: %(day)s, %(branch)s, %(seat)s.",
                day=self._format_day(),
                branch=self.company_id.name,
                seat=self.seat_id.name,
            ),
            address and self.env._("Address: %s", address),
            self.service_names and self.env._("Services: %s", self.service_names),
            self.env._("Your booking has the code %s.", self.code),
            self.env._("Add it to your calendar: %s", self._get_calendar_url()),
        ]
        return "\n".join(line for line in lines if line)

    def _describe_for_staff(self):
        """Return a line for each booking: code, start, and the customer of those that
        the user may read."""
        readable = self.sudo(False)._filtered_access("read")
        lines = [
            f"{booking.code}, {booking._format_day()}"
            + (f", {booking.partner_id.name}" if booking in readable else "")
            for booking in self[:MAX_LINES].sudo()  # sudo: as the display name
        ]
        if more := len(self[MAX_LINES:]):
            lines.append(self.env._("and %s more", more))
        return "\n".join(lines)

    def _read_line_fields(self):
        return {name: self[name] for name in LINE_FIELDS}

    def _write_line(self, old):
        """Write a line about the change of the booking from its old values; a new
        booking has none."""
        if old == self._read_line_fields() or self.env.context.get("mail_create_nolog"):
            return
        # sudo: who books need not have rights on the lead
        booking, author = self.sudo(), self.env.user.partner_id
        message = booking.lead_id._message_log(author_id=author.id, email_from=False)
        message._write_bodies(
            lambda lang: booking.with_context(lang=lang)._describe_change(old)
        )

    def _describe_change(self, old):
        """Return the booking, or its change, in a line."""
        parts = [self.env._("Booking"), self.code]
        for name in LINE_FIELDS:
            before, after = old.get(name), self[name]
            if before != after:
                texts = [self._format_value(name, each) for each in (before, after)]
                parts.append(" → ".join(filter(None, texts)))
        if old.get("state") != self.state == "cancelled":
            parts.append(self._get_cancel_reason())
        return Markup("<p>%s</p>") % " · ".join(filter(None, parts))

    def _format_value(self, name, value):
        if not value:
            return ""
        if name == "start":
            return self._format_day(value, has_year=True)
        if name == "seat_id":
            return value.sudo().name  # sudo: as for the line
        return dict(self._fields["state"]._description_selection(self.env))[value]

    @api.model
    def _get_list_action(self, domain, **values):
        modes = ("list", "kanban", "calendar", "form")
        views = [(False, mode) for mode in modes]
        return super()._get_list_action(domain, views=views, **values)

    def _get_cancel_reason(self):
        """Return why it was cancelled, in the reader's language."""
        parts = (self.lost_reason_id.name, self.cancel_reason)
        return ": ".join(part for part in parts if part) or None

    def _get_timeline_entry(self):
        self.ensure_one()
        parts = (
            self.code,
            self._format_value("state", self.state),
            self.service_names,
            self.seat_id.name,
            self._get_cancel_reason(),
        )
        return TimelineEntry(
            self.start,
            self.env._("Booking"),
            self.lead_id.filtered(lambda lead: lead.has_access("read")),
            " · ".join(part for part in parts if part),
            icon=ICONS[self.state],
        )


def sum_minutes(parts):
    """Return the length of services: pairs of the minutes and the quantity."""
    minutes = sum(round(minutes * quantity) for minutes, quantity in parts)
    return minutes or DEFAULT_MINUTES
