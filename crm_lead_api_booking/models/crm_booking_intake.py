# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from dataclasses import dataclass
from datetime import timezone

from psycopg2 import IntegrityError

from odoo import api, models
from odoo.exceptions import ConcurrencyError
from odoo.fields import Command
from odoo.tools import LazyTranslate

from odoo.addons.crm_lead_api.exceptions import FieldError, PayloadError

from ..schemas import Booking, FreeStart
from .crm_booking import DEFAULT_MINUTES, OPEN_BOOKING, SEAT_TAKEN

_lt = LazyTranslate(__name__, default_lang="en_US")

OTHER_GROUP = _lt("Send the lead's company, or one of its group.")


@dataclass
class Appointment:
    """Hold branch, services, length, start and seat that a request asks for.

    :param company: the branch
    :param services: the quantity of each service, by product
    :param minutes: the length
    :param start: with a time zone
    :param seat: the wanted seat, else empty
    """

    company: models.BaseModel
    services: dict
    minutes: int
    start: object
    seat: models.BaseModel


class CrmBooking(models.Model):
    """Make and change bookings for clients."""

    _inherit = "crm.booking"

    @api.model
    def _create_from_payload(self, payload, lead, records):
        """Make the booking of a request.

        :param BookingRequest payload: without errors
        :param lead: ``crm.lead`` of the booking, with superuser rights
        :param dict records: the records that the payload names
        :return: the booking, with superuser rights
        :raise PayloadError: the branch, the start, the seat or the services are wrong
        :raise AnswerError: the customer has an open booking, or the time is taken
        """
        company = records["company_id"] or lead.company_id or self.env.company
        self._check_group(company, lead)
        services = self._get_services(payload, lead, records)
        wanted = Appointment(
            company=company,
            services=services,
            minutes=payload.duration or self._get_minutes(services),
            start=payload.start,
            seat=records["seat_id"],
        )
        if not lead.partner_id:
            lead._handle_partner_assignment()
        seat = self.env["crm.booking"]._find_wanted_seat(wanted, lead.partner_id)
        # sudo: the client's right to book is all it needs
        return self.sudo()._create_together(
            {
                "lead_id": lead.id,
                "company_id": company.id,
                "user_id": lead.user_id.id,
                "start": to_utc(wanted.start),
                "duration": wanted.minutes,
                "seat_id": seat.id,
                "note": payload.note,
                "service_ids": self._prepare_services(services, lead),
            }
        )

    @api.model
    def _check_group(self, company, lead):
        """Check that a branch belongs to the group of the lead's company."""
        of_lead = lead.company_id
        # sudo: the companies above may be closed to the client's user
        if of_lead and of_lead.root_id != company.sudo().root_id:
            raise PayloadError([FieldError("company_id", "mismatch", OTHER_GROUP)])

    @api.model
    def _find_wanted_seat(self, wanted, partner=None, is_moved=True):
        """Return the seat of an appointment; see :meth:`_find_seat`."""
        products = self.env["product.product"].union(*wanted.services)
        return self._find_seat(
            wanted.company,
            partner,
            products,
            wanted.start,
            wanted.minutes,
            wanted.seat,
            is_moved,
        )

    @api.model
    def _create_together(self, values):
        """Make a booking; if somebody else took the time at this moment, begin anew.

        :raise ConcurrencyError: Odoo runs the request again, which then sees the other
            booking
        """
        try:
            booking = self.create(values)
            self.env.flush_all()
        except IntegrityError as error:
            raise explain_race(error) from error
        return booking

    @api.model
    def _get_services(self, payload, lead, records):
        """Return the quantities of the services of a request, else of its lead."""
        if payload.crm_line_ids:
            return self._count_services(records["crm_line_ids"], payload.crm_line_ids)
        services = {}
        for line in lead.service_ids:
            product = line.product_id
            services[product] = services.get(product, 0) + line.quantity
        return services

    @api.model
    def _get_minutes(self, services):
        """Return the length of services.

        :param dict services: quantities, by product
        """
        minutes = sum(
            round(product.booking_duration * quantity)
            for product, quantity in services.items()
        )
        return minutes or DEFAULT_MINUTES

    @api.model
    def _prepare_services(self, services, lead, sequence=0):
        """Prepare the lines of services, with the prices of the lead: Odoo would
        compute the price of each line by itself, with statements for each.

        :param int sequence: of the first line
        """
        products = self.env["product.product"].union(*services)
        currency = lead._get_booking_currency()
        prices = lead._get_booking_prices(products, currency)
        return [
            Command.create(
                {
                    "product_id": product.id,
                    "quantity": quantity,
                    "price_unit": prices[product.id],
                    "currency_id": currency.id,
                    "sequence": position,
                }
            )
            for position, (product, quantity) in enumerate(services.items(), sequence)
        ]

    # ------------------------------------------------------------ answers

    @api.model
    def _describe_slots(self, slots):
        """Return free starts as JSON."""
        return [FreeStart.from_slot(slot).model_dump(mode="json") for slot in slots]

    def _describe(self, booking):
        """Return a booking's body as JSON."""
        return Booking.from_booking(booking).model_dump(mode="json")

    def _get_staff_url(self):
        """Return the address of the booking's form."""
        self.ensure_one()
        get_id = self.env["ir.model.data"]._xmlid_to_res_id
        return (
            f"{self.get_base_url()}/web#id={self.id}&model={self._name}&view_type=form"
            f"&action={get_id('crm_lead_api_booking.crm_booking_action')}"
            f"&menu_id={get_id('crm.crm_menu_root')}"
        )


def to_utc(moment):
    """Return a moment as Odoo stores it."""
    return moment.astimezone(timezone.utc).replace(tzinfo=None, microsecond=0)


def explain_race(error):
    """Return the error to raise for a broken constraint."""
    is_race = error.diag.constraint_name in (SEAT_TAKEN, OPEN_BOOKING)
    return ConcurrencyError("The time was taken") if is_race else error
