# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections import defaultdict
from datetime import datetime, timedelta, timezone

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools.misc import clean_context

from odoo.addons.crm_lead_api.tools.action import get_notice
from odoo.addons.crm_lead_api.tools.day import to_local, to_stored
from odoo.addons.crm_lead_api.tools.fields import PROPOSED

from ..models.api.crm_booking import explained_races

DAYS, FEW_DAYS = 31, 3
SHORTEST = 15  # minutes of a service
SHOWN_DAYS = 7  # with free times, to choose from
KNOWN = {"default_lead_id", "default_booking_id"}  # in the context
DAY = timedelta(days=1)
WEEKS = timedelta(weeks=2)  # before and after the day


class CrmBookingWizard(models.TransientModel):
    """Book an appointment, or move a booking: a day, and one of its free times.

    Without a lead the dialog begins with the customer's phone number, and finds or
    makes customer and lead.
    """

    _name = "crm.booking.wizard"
    _description = "Book an Appointment"

    booking_id = fields.Many2one(
        "crm.booking", "Booking to Move", readonly=True, ondelete="cascade"
    )
    call_result_id = fields.Many2one(
        "crm.lead.call.result",
        "Call",
        readonly=True,
        ondelete="cascade",
        help="The call in which the customer agreed: it is over with the booking.",
    )
    begins_with_phone = fields.Boolean(
        default=lambda self: KNOWN.isdisjoint(self.env.context)
    )
    phone = fields.Char()
    partner_ids = fields.Many2many(
        "res.partner", string="Customers with the Phone", compute="_compute_partner_ids"
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        compute="_compute_partner_id",
        domain="[('id', 'in', partner_ids)]",
        **PROPOSED,
    )
    contact_name = fields.Char("Name of a New Customer")
    wanted_start = fields.Datetime(help="Chosen at first, if it is free.")
    wanted_date = fields.Date(help="The day, or the next one with a free time.")
    lead_id = fields.Many2one("crm.lead", compute="_compute_lead_id", **PROPOSED)
    company_id = fields.Many2one(
        "res.company",
        string="Branch",
        compute="_compute_company_id",
        required=True,
        domain="[('id', 'in', allowed_company_ids)]",
        **PROPOSED,
    )
    product_ids = fields.Many2many(
        "product.product",
        string="Services",
        compute="_compute_product_ids",
        domain="[('sale_ok', '=', True), ('active', '=', True)]",
        context={"active_test": False},  # those that were archived since stay
        **PROPOSED,
    )
    seat_id = fields.Many2one(
        "resource.resource",
        string="Room or Doctor",
        compute="_compute_seat_id",
        domain="[('is_seat', '=', True), ('company_id', '=', company_id)]",
        **PROPOSED,
    )
    duration = fields.Integer(
        "Minutes", compute="_compute_duration", required=True, **PROPOSED
    )
    date = fields.Date(
        "Day",
        compute="_compute_date",
        required=True,
        help="By default the first day with a free time, from the wanted one on.",
        **PROPOSED,
    )
    first_date = fields.Date(compute="_compute_date", store=True, precompute=True)
    slot_choices = fields.Json(
        compute="_compute_slot_choices",
        compute_sudo=True,
        help="The free times, for the screen, with the days before and after: free "
        "ones, if there are any.",
    )
    slot = fields.Json(
        "Free Times", compute="_compute_slot", store=True, readonly=False
    )
    note = fields.Text()
    open_booking = fields.Char(compute="_compute_open_booking")
    may_move_open = fields.Boolean("May Move It", compute="_compute_open_booking")
    present_place = fields.Char("Until Now", compute="_compute_present_place")
    no_show_count = fields.Integer("No-Shows", compute="_compute_open_booking")

    @api.model
    def _open(self, **values):
        """Open the dialog with some values, such as ``lead_id`` or ``booking_id``."""
        context = {f"default_{name}": value for name, value in values.items()}
        # Not the dialog that is open
        return self.browse()._get_records_action(
            name=self.env._("Move the Booking")
            if "booking_id" in values
            else self.env._("Book an Appointment"),
            target="new",
            context=context,
        )

    @api.depends("phone")
    def _compute_partner_ids(self):
        # No sudo, which stored fields are computed with: what the user may see
        partners = self.env["res.partner"].sudo(False)
        for wizard in self:
            wizard.partner_ids = wizard.phone and partners.search(
                [("phone_search", "=", wizard.phone)], order="write_date desc"
            )

    @api.depends("phone")
    def _compute_partner_id(self):
        for wizard in self:
            unknown = wizard.partner_id.filtered(lambda each: not each.phone_key)
            wizard.partner_id = wizard.partner_ids[:1] or unknown

    @api.depends("booking_id", "partner_id")
    def _compute_lead_id(self):
        for wizard in self:
            lead = wizard.booking_id.lead_id or wizard.lead_id
            if wizard.begins_with_phone:
                lead = wizard._find_lead()
            wizard.lead_id = lead

    def _find_lead(self):
        """Return the newest open lead of the customer, that the user may see; one in
        the customer's own name first, for others may share the phone."""
        # No sudo, as for customers
        leads, partner = self.env["crm.lead"].sudo(False), self.partner_id._origin
        if not partner:
            return leads
        group = (self.company_id or self.env.company)._origin.root_id
        companies = self.env.companies.filtered(lambda each: each.root_id == group)
        leads = leads.search(
            [
                ("partner_id", "=", partner.id),
                ("won_status", "=", "pending"),
                ("company_id", "in", [*companies.ids, False]),
            ],
            order="id desc",
        )
        own = leads.filtered(lambda lead: lead.contact_name == partner.name)
        return (own or leads)[:1]

    @api.onchange("company_id")
    def _onchange_company_id(self):
        """Choose a lead that the branch can book; services follow another lead. Forget
        a room or doctor of another branch."""
        if self.company_id and self.seat_id.company_id != self.company_id:
            self.seat_id = False
        group, own = self.company_id.root_id, self.lead_id.company_id.root_id
        is_usable = self.lead_id and own in (group, own.browse())
        if group and self.begins_with_phone and not is_usable:
            lead = self._find_lead()
            if lead != self.lead_id._origin:
                self.lead_id = lead

    @api.depends("booking_id", "lead_id")
    def _compute_company_id(self):
        for wizard in self:
            company = wizard.booking_id.company_id or wizard.lead_id.company_id
            if wizard.begins_with_phone:  # where the customer stands, or calls
                company = wizard.company_id
            wizard.company_id = company or self.env.company

    @api.depends("lead_id")
    def _compute_product_ids(self):
        for wizard in self:
            # The superuser computes stored fields.
            (wizard.booking_id or wizard.lead_id).sudo(False).check_access("read")
            lines = wizard.booking_id.service_ids or wizard.lead_id.service_ids
            wizard.product_ids = lines.product_id or wizard.product_ids

    @api.depends("booking_id")
    def _compute_seat_id(self):
        for wizard in self:
            wizard.seat_id = wizard.booking_id.seat_id or wizard.seat_id

    @api.depends("product_ids")
    def _compute_duration(self):
        for wizard in self:
            booking, services = wizard.booking_id, wizard._get_services()
            if booking and services == booking._count_lines(booking.service_ids):
                wizard.duration = booking.duration
            else:
                wizard.duration = booking._get_minutes(services)

    @api.depends("booking_id")
    def _compute_present_place(self):
        for wizard in self:
            booking = wizard.booking_id
            place = (booking._format_day(), booking.seat_id.name) if booking else ()
            wizard.present_place = ", ".join(place)

    @api.depends("company_id", "product_ids", "duration", "seat_id")
    def _compute_date(self):
        """Follow what is to be booked, unless another day was chosen."""
        now = datetime.now(timezone.utc)
        for wizard in self.filtered("company_id"):  # none while another is chosen
            company, begin = wizard.company_id, now
            zone = company._get_booking_zone()
            wanted = wizard.wanted_date
            if start := wizard.wanted_start or wizard.booking_id.start:
                wanted = to_local(start, zone).date()
            if wanted:
                begin = max(now, company._get_day(wanted)[0])
            slots = ()
            for days in (FEW_DAYS, DAYS):  # most branches are free soon
                slots = slots or wizard._find_slots(begin, begin + timedelta(days=days))
            first = wizard.first_date or wizard.date or begin.astimezone(zone).date()
            if slots and not wizard._is_tapped_time_free():
                first = slots[0].start.date()
            if not wizard.date or wizard.date == wizard.first_date:
                wizard.date = first
            wizard.first_date = first

    def _is_tapped_time_free(self):
        """Tell whether a short service is free at the wanted time, while the user has
        chosen none: the day of the time stays until then."""
        if self.product_ids or not self.wanted_start:
            return False
        start = self.wanted_start.replace(tzinfo=timezone.utc)
        end = start + timedelta(minutes=30)
        return bool(self._find_seats()._find_slots(SHORTEST, start, end))

    @api.depends("lead_id", "partner_id", "company_id", "booking_id")
    def _compute_open_booking(self):
        for wizard in self:
            wizard.no_show_count = wizard._get_customer().no_show_count
            booking = wizard._find_open_booking()
            wizard.open_booking = booking._describe_for_staff()
            # Not one of a branch that the user may not see
            wizard.may_move_open = booking.sudo(False).has_access("write")

    def _find_open_booking(self):
        """Return the open booking that is in the way of another one, with superuser
        rights."""
        bookings = self.env["crm.booking"]
        partner, company = self._get_customer(), self.company_id
        return bookings._find_open_booking(partner, company) - self.booking_id

    def _get_customer(self):
        partner = self.booking_id.partner_id or self.lead_id.partner_id
        return (partner or self.partner_id)._origin

    def _get_services(self):
        """Return the quantities of the chosen services, in the order of the booking
        that is moved, or of the lead."""
        # sudo: who moves a booking may not see its lead
        lead = self.booking_id.lead_id.sudo() or self.lead_id
        lines = self.booking_id.service_ids or lead.service_ids
        present = self.env["crm.booking"]._count_lines(lines)
        products = self.product_ids._origin
        present = {each: present[each] for each in present if each in products}
        return present | {each: 1.0 for each in products if each not in present}

    @api.depends("company_id", "product_ids", "seat_id", "date", "duration")
    def _compute_slot_choices(self):
        seats = self.env["resource.resource"]
        for wizard in self:
            days, company, date = defaultdict(list), wizard.company_id, wizard.date
            longest, before, after = 0, False, False
            if date and company and wizard.duration > 0:
                begin, _end = company._get_day(date - WEEKS)
                _begin, end = company._get_day(date + WEEKS)
                for slot in wizard._find_slots(begin, end):
                    days[slot.start.date()].append(slot)
                if not days:
                    longest = wizard._find_seats()._get_longest_shift(begin, end)
                today = datetime.now(company._get_booking_zone()).date()
                before, after = date > today and date - DAY, date + DAY
            dates = sorted({*days, date} - {False})
            place = dates.index(date) if date else 0
            first = wizard.first_date
            first = dates.index(first) if first in dates else place
            shown = max(place - (place - first) % SHOWN_DAYS, 0)
            wizard.slot_choices = {
                "slots": [
                    {
                        "name": f"{each.start:%H:%M}–{each.end:%H:%M}",
                        "start": str(to_stored(each.start)),
                        "seat": seats.browse(each.seats[0]).name,
                        "seat_id": each.seats[0],
                    }
                    for each in days.get(date, [])
                ],
                "days": [str(each) for each in dates[shown : shown + SHOWN_DAYS]],
                "previous": str((dates[:place] or [before])[-1] or ""),
                "next": str((dates[place + 1 :] or [after])[0] or ""),
                "has_days": bool(days),
                "is_too_long": 0 < longest < wizard.duration,
                "refusal": wizard.seat_id._origin._explain_refusal(
                    wizard.product_ids._origin
                ),
            }

    @api.depends("slot_choices")
    def _compute_slot(self):
        for wizard in self:
            start = wizard.slot["start"] if wizard.slot else str(wizard.wanted_start)
            slots = wizard.slot_choices["slots"]
            wizard.slot = next((s for s in slots if s["start"] == start), False)

    def _find_seats(self):
        """Return the seats that do the services, or the chosen one of them."""
        seats = self.env["resource.resource"]._find_seats(
            self.company_id._origin, self.product_ids._origin
        )
        if self.seat_id:
            seats &= self.seat_id._origin.sudo()  # sudo: as for finding seats
        return seats

    def _find_slots(self, begin, end):
        """Return the free times for the services and the seat."""
        seats = self._find_seats()
        return seats._find_slots(self.duration, begin, end, self.booking_id)

    def action_move_open(self):
        """Open the dialog that moves the customer's open booking."""
        self.ensure_one()
        booking = self._find_open_booking()
        if not booking:  # somebody was faster
            raise UserError(self.env._("The customer has no appointment any more."))
        call_result_id = self.call_result_id.id
        return self._open(booking_id=booking.id, call_result_id=call_result_id)

    def action_keep_open(self):
        """End the call with the booking that the customer has already."""
        self.ensure_one()
        return self._end_call()

    def action_book(self):
        """Make the booking, or move it; without a time raise a UserError."""
        self.ensure_one()
        # The dialog's own defaults are not those of customer and lead.
        context = clean_context(self.env.context)
        self = self.with_env(self.env(context=context))
        if not self.slot:
            raise UserError(self.env._("Choose one of the free times."))
        place = {
            "start": self.slot["start"],
            "seat_id": self.slot["seat_id"],
            "duration": self.duration,
        }
        booking, services = self.booking_id, self._get_services()
        if booking and (changes := booking._prepare_service_changes(services)):
            place["service_ids"] = changes
        if self.call_result_id:
            self._end_call()  # first: a new booking deletes calls that are planned
        with explained_races(self.env):
            if booking:
                booking.write(place)
            else:
                lead = self.lead_id or self._make_lead()
                place |= {"lead_id": lead.id, "company_id": self.company_id.id}
                lines = booking._prepare_services(services)
                booking = booking.create(
                    {**place, "note": self.note, "service_ids": lines}
                )
                lead._take_when_free()
        values = {
            "code": booking.code,
            "start": booking._format_day(),
            "seat": booking.seat_id.name,
        }
        text = (
            self.env._("Moved: %(code)s, %(start)s, %(seat)s", **values)
            if self.booking_id
            else self.env._("Booked: %(code)s, %(start)s, %(seat)s", **values)
        )
        agreed = booking.lead_id._get_calls_again("call_back")  # it stays
        lines = filter(None, [text, booking._describe_call(agreed)])
        return get_notice("success", "\n".join(lines))

    def _end_call(self):
        return self.call_result_id.with_context(is_booked=True).action_save()

    def _make_lead(self):
        """Make the lead of a customer who has no open one, and the customer, if new;
        without phone or name raise a UserError."""
        name = self.partner_id.name or self.contact_name
        if not name or not (self.phone or self.partner_id):
            raise UserError(self.env._("Enter the customer's phone number and name."))
        customer = {"partner_id": self.partner_id.id}
        if not self.partner_id:
            # As for customers of the API. sudo: staff may not see the branch's contact
            lang = self.company_id.sudo().partner_id.lang
            lang_id = self.env["res.lang"]._get_data(code=lang).id
            customer = {"contact_name": name, "lang_id": lang_id}
        if not self.partner_id.phone_key:
            country = self.company_id.country_id
            customer["phone"] = (
                self.partner_id._phone_format(
                    number=self.phone, country=country, force_format="INTERNATIONAL"
                )
                or self.phone
            )
        leads = self.env["crm.lead"]
        return leads.create(
            {
                **customer,
                "name": leads._format_title(name, self.product_ids),
                "type": "opportunity",
                "company_id": self.company_id.id,
                "team_id": leads._find_team(self.company_id).id,
                "user_id": self.env.uid,
                "service_ids": [
                    Command.create({"product_id": product.id})
                    for product in self.product_ids
                ],
            }
        )
