# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import datetime, timedelta, timezone

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from odoo.addons.crm_lead_api.tools.day import to_stored

DAYS = 31


class CrmBookingWizardSlot(models.TransientModel):
    """Offer a free start in the dialog *Book*."""

    _name = "crm.booking.wizard.slot"
    _description = "Free Start to Book"
    _order = "start"
    _rec_name = "name"

    name = fields.Char(required=True)
    start = fields.Datetime(required=True)
    seat_id = fields.Many2one("resource.resource", required=True)

    @api.model
    def _offer(self, slots):
        """Return a record for each free start; the same start has the same record, so
        that the dialog keeps the one that is chosen.

        :param list[Slot] slots: free starts of the model
        """
        wanted = {(to_stored(slot.start), slot.seat_ids[0]): slot for slot in slots}
        found = self.search(
            [
                ("start", "in", [start for start, _seat_id in wanted]),
                ("seat_id", "in", list({seat_id for _start, seat_id in wanted})),
            ]
        ).grouped(lambda offer: (offer.start, offer.seat_id.id))
        missing = [key for key in wanted if key not in found]
        made = self.create(
            [
                {
                    "name": f"{wanted[start, seat_id].start:%H:%M}",
                    "start": start,
                    "seat_id": seat_id,
                }
                for start, seat_id in missing
            ]
        )
        found |= dict(zip(missing, made, strict=True))
        return self.browse(found[key][:1].id for key in wanted)


class CrmBookingWizard(models.TransientModel):
    """Book an appointment for the customer of a lead: a day, and one of its free
    starts."""

    _name = "crm.booking.wizard"
    _description = "Book an Appointment"

    lead_id = fields.Many2one("crm.lead", required=True, readonly=True)
    company_id = fields.Many2one(
        "res.company",
        string="Branch",
        required=True,
        domain="[('id', 'in', allowed_company_ids)]",
    )
    product_ids = fields.Many2many(
        "product.product", string="Services", domain="[('sale_ok', '=', True)]"
    )
    seat_id = fields.Many2one(
        "resource.resource",
        string="Room or Doctor",
        domain="[('is_seat', '=', True), ('company_id', '=', company_id)]",
    )
    date = fields.Date("Day", required=True)
    duration = fields.Integer(
        "Minutes",
        compute="_compute_duration",
        store=True,
        precompute=True,
        readonly=False,
        required=True,
    )
    slot_ids = fields.Many2many(
        "crm.booking.wizard.slot", compute="_compute_slot_ids", compute_sudo=True
    )
    slot_id = fields.Many2one(
        "crm.booking.wizard.slot",
        string="Free Starts",
        compute="_compute_slot_id",
        store=True,
        readonly=False,
        domain="[('id', 'in', slot_ids)]",
    )
    note = fields.Text()

    @api.model
    def _open(self, lead):
        """Open the dialog for a lead.

        :raise UserError: the customer has an open booking, or the lead is closed
        """
        lead.check_access("read")
        company = lead.company_id or self.env.company
        products = lead.service_ids.product_id
        wizard = self.create(
            {
                "lead_id": lead.id,
                "company_id": company.id,
                "product_ids": [Command.set(products.ids)],
                "date": fields.Date.context_today(self),
            }
        )
        wizard._choose_first_day()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Book an Appointment"),
            "res_model": self._name,
            "res_id": wizard.id,
            "view_mode": "form",
            "target": "new",
            "context": {"dialog_size": "medium"},
        }

    def _choose_first_day(self):
        """Choose the first day with a free start."""
        zone = self.company_id._get_booking_zone()
        now = datetime.now(timezone.utc)
        slots = self._find_slots(now, now + timedelta(days=DAYS))
        self.date = slots[0].start.date() if slots else now.astimezone(zone).date()

    @api.depends("product_ids")
    def _compute_duration(self):
        bookings = self.env["crm.booking"]
        for wizard in self:
            wizard.duration = bookings._get_minutes(wizard._get_services())

    def _get_services(self):
        """Return the quantities of the chosen services, in the order of the lead."""
        of_lead = self.env["crm.booking"]._count_lines(self.lead_id.service_ids)
        products = self.product_ids._origin
        of_lead = {each: of_lead[each] for each in of_lead if each in products}
        return of_lead | {each: 1.0 for each in products if each not in of_lead}

    @api.depends("company_id", "product_ids", "seat_id", "date", "duration")
    def _compute_slot_ids(self):
        offers = self.env["crm.booking.wizard.slot"]
        for wizard in self:
            slots = []
            if wizard.date and wizard.company_id and wizard.duration > 0:
                begin, _end = wizard.company_id._get_day(wizard.date)
                slots = wizard._find_slots(
                    begin, begin + timedelta(hours=23, minutes=59)
                )
            wizard.slot_ids = offers._offer(slots)

    @api.depends("slot_ids")
    def _compute_slot_id(self):
        for wizard in self:
            same = wizard.slot_ids.filtered(
                lambda slot, wizard=wizard: slot.start == wizard.slot_id.start
            )
            wizard.slot_id = same[:1]

    def _find_slots(self, begin, end):
        """Return the free starts for the services and the seat."""
        seats = self.env["resource.resource"]._find_seats(
            self.company_id._origin, self.product_ids._origin
        )
        if self.seat_id:
            seats &= self.seat_id._origin.sudo()  # sudo: as for finding seats
        return self.env["crm.booking.slot"]._find(
            self.company_id._origin, seats, self.duration, begin, end
        )

    def action_book(self):
        """Make the booking.

        :raise UserError: no start is chosen
        """
        self.ensure_one()
        if not self.slot_id:
            raise UserError(self.env._("Choose one of the free starts."))
        bookings, lead = self.env["crm.booking"], self.lead_id
        booking = bookings.create(
            {
                "lead_id": lead.id,
                "company_id": self.company_id.id,
                "start": self.slot_id.start,
                "seat_id": self.slot_id.seat_id.id,
                "duration": self.duration,
                "note": self.note,
                "service_ids": bookings._prepare_services(self._get_services(), lead),
            }
        )
        start = booking._format_start()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "Booked: %(code)s, %(start)s, %(seat)s",
                    code=booking.code,
                    start=start,
                    seat=booking.seat_id.name,
                ),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }
