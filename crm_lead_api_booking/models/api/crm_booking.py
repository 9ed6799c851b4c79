# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

import pytz
from psycopg2 import IntegrityError

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError
from odoo.fields import Command
from odoo.tools import LazyTranslate

from odoo.addons.crm_lead_api.exceptions import (
    AnswerError,
    FieldError,
    PayloadError,
)
from odoo.addons.crm_lead_api.schemas.lead_change import ADD, REMOVE
from odoo.addons.crm_lead_api.tools.day import to_stored, to_utc

from ...schemas import Booking, FreeStart
from ..booking.crm_booking import (
    OPEN_BOOKING,
    SEAT_TAKEN,
    TRANSITIONS,
    USER_TAKEN,
    sum_minutes,
)

_lt = LazyTranslate(__name__, default_lang="en_US")

OTHER_GROUP = _lt("Send the lead's company, or one of its group.")
NOT_WORKING = _lt(
    "Nobody works there from this time on for as long as it takes: send a start within "
    "the working hours, such as one of free."
)
PAST = _lt("Send a start in the future, such as one of free.")
WRONG_SEAT = _lt("Send a seat of the branch that does all of the services.")
NO_SEAT = _lt("No seat of the branch does all of these services.")
HAS_BOOKING = _lt(
    "The customer already has an open booking: PATCH /api/v1/bookings can move it."
)
TAKEN = _lt("The time is taken: send another start, such as one of free.")
NOT_THERE = _lt("The booking has no such service.")
NO_SERVICE = _lt("Leave at least one service.")
CLOSED_BOOKING = _lt("The booking is closed: make a new one.")


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

    # ------------------------------------------------------------ requests

    @api.model
    def _prepare_appointment(self, payload, lead, records):
        """Return the appointment that a request for a new booking asks for.

        :param BookingRequest payload: without errors
        :param lead: ``crm.lead`` of the booking, with superuser rights
        :param dict records: the records that the payload names
        """
        if payload.crm_line_ids:
            found = records["crm_line_ids"]
            services = self._count_services(found, payload.crm_line_ids)
        else:
            services = self._count_lines(lead.service_ids)
        return Appointment(
            company=records["company_id"] or lead.company_id or self.env.company,
            services=services,
            minutes=payload.duration or self._get_minutes(services),
            start=payload.start,
            seat=records["seat_id"],
        )

    @api.model
    def _create_for_client(self, wanted, lead, note):
        """Make the booking of a request.

        :param Appointment wanted: what the request asks for
        :param lead: ``crm.lead`` of the booking, with superuser rights
        :return: the booking, with superuser rights
        :raise PayloadError: the branch, the start, the seat or the services are wrong
        :raise AnswerError: the customer has an open booking, or the time is taken
        """
        of_lead = lead.company_id
        # sudo: the companies above may be closed to the client's user
        if of_lead and of_lead.root_id != wanted.company.sudo().root_id:
            raise PayloadError([FieldError("company_id", "mismatch", OTHER_GROUP)])
        if not lead.partner_id:
            lead._handle_partner_assignment()
        seat = self._find_seat(wanted, lead.partner_id)
        values = {
            "lead_id": lead.id,
            "company_id": wanted.company.id,
            "user_id": lead.user_id.id,
            "start": to_stored(wanted.start),
            "duration": wanted.minutes,
            "seat_id": seat.id,
            "note": note,
            "service_ids": self._prepare_services(wanted.services, lead),
        }
        with explained_races(self.env):
            # sudo: the client's right to book is all it needs
            return self.sudo().create(values)

    @api.model
    def _prepare_services(self, services, lead, sequence=0):
        """Prepare the lines of services, with the prices of the lead: Odoo would
        compute the price of each line by itself, with statements for each.

        :param int sequence: of the first line
        """
        currency = lead._get_booking_currency()
        prices = lead._get_booking_prices(services, currency)
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

    def _find_changed_services(self, payload):
        """Find the records that a change names.

        :return: the records by attribute; the services, as of
            :meth:`_get_changed_services`
        :raise PayloadError: the payload has errors
        """
        self.ensure_one()
        records, errors = self.sudo(False)._find_records(payload, self.company_id)
        services, wrong = self._get_changed_services(payload, records)
        errors += payload.get_errors() + wrong
        if errors:
            raise PayloadError(payload.sort_errors(errors))
        return records, services

    def _change_from_payload(self, payload):
        """Change the booking, which has superuser rights.

        :param BookingChange payload: with or without errors
        :raise PayloadError: the payload has errors, or nobody works at the new time
        :raise AnswerError: the booking is closed, may not get the state, or the
            time is taken
        """
        records, services = self._find_changed_services(payload)
        values = self._prepare_changes(payload, services)
        start = to_stored(payload.start) if payload.start else self.start
        seat = records["seat_id"] or self.seat_id
        is_moved = start != self.start or seat != self.seat_id
        if not (values or is_moved):
            return
        if not self._is_open():
            raise AnswerError(409, "closed", CLOSED_BOOKING, state=self.state)
        state = values.get("state")
        if state and state not in TRANSITIONS[self.state]:
            raise AnswerError(
                409,
                "transition",
                _lt(
                    "The booking is %(present)s: it may become %(allowed)s.",
                    present=self.state,
                    allowed=", ".join(TRANSITIONS[self.state]),
                ),
                state=self.state,
            )
        if is_moved or services is not None:
            values |= self._prepare_move(start, seat, services)
        with explained_races(self.env):
            self.write(values)

    def _get_changed_services(self, payload, records):
        """Return the services after a change, or ``None``, and the errors."""
        if not payload.names_services():
            return None, []
        if payload.crm_line_ids:
            found = records["crm_line_ids"]
            return self._count_services(found, payload.crm_line_ids), []
        services = self._count_lines(self.service_ids)
        errors = []
        for product in records[ADD]:
            product = product.sudo()
            count = payload.add_crm_line_ids.count(product.id)
            services[product] = services.get(product, 0) + count
        for path, product_id in payload.get_reference_paths(REMOVE):
            product = self.env["product.product"].browse(product_id)
            if services.pop(product, None) is None:
                errors.append(FieldError(path, "unknown", NOT_THERE))
        if not services and not errors:
            errors.append(FieldError(REMOVE, "too_few", NO_SERVICE))
        return services, errors

    def _prepare_changes(self, payload, services):
        """Prepare the new values of a change, apart from time and seat."""
        values = {}
        if payload.state and payload.state != self.state:
            values["state"] = payload.state
        for name in ("note", "cancel_reason"):
            value = getattr(payload, name)
            is_sent = name in payload.get_sent_fields()
            if is_sent and (value or False) != (self[name] or False):
                values[name] = value or False
        present = self._count_lines(self.service_ids)
        if services is not None and services != present:
            values["service_ids"] = self._prepare_service_changes(services, present)
        return values

    def _prepare_service_changes(self, services, present):
        """Prepare the commands that change the services; services that stay keep a
        price that staff typed in.

        :param dict services: the new quantities, by product
        :param dict present: the present ones
        """
        # sudo: who moves the bookings of a branch may not read the leads of others
        lead = self.lead_id.sudo()
        currency = lead._get_booking_currency()
        listed = lead._get_booking_prices(present, currency)
        changed = {
            each: quantity
            for each, quantity in services.items()
            if quantity != present.get(each)
        }
        commands = []
        for line in self.service_ids:
            product = line.product_id
            if services.get(product) == present[product]:
                continue
            if not (quantity := changed.pop(product, 0)):
                commands.append(Command.delete(line.id))
                continue
            values = {"quantity": quantity}
            if currency.compare_amounts(line.price_unit, listed[product.id]):
                values["price_unit"] = line.price_unit
            commands.append(Command.update(line.id, values))
        last = max(self.service_ids.mapped("sequence"), default=0)
        return commands + self._prepare_services(changed, self.lead_id, last + 1)

    def _prepare_move(self, start, seat, services):
        """Prepare the new time and seat.

        :param dict services: the new quantities; ``None``: they stay
        """
        minutes = self.duration if services is None else self._get_minutes(services)
        if services is None:
            services = self._count_lines(self.service_ids)
        wanted = Appointment(
            company=self.company_id,
            services=services,
            minutes=minutes,
            start=to_utc(start),
            seat=seat.sudo(False),
        )
        seat = self.sudo(False)._find_seat(wanted, is_moved=start != self.start)
        return self._leave_out_equal(
            {"start": start, "duration": minutes, "seat_id": seat.id}
        )

    # ------------------------------------------------------------ named records

    @api.model
    def _find_records(self, payload, company=None):
        """Find the records that a request names.

        The search has the rights of the client's user: records that it may not see are
        unknown.

        :param payload: instance of a schema with ``company_id``, ``seat_id``,
            ``price_list_id`` or services; each may be missing
        :param company: the branch, if the request does not name it
        :return: the records by attribute, and the errors
        :rtype: tuple[dict, list[FieldError]]
        """
        leads = self.env["crm.lead"]
        [(records, errors)] = leads._find_named_records([payload])
        company = records.get("company_id") or company
        return records, errors + leads._check_company_use(payload, records, company)

    @api.model
    def _get_prices(self, pricelist, quantities, currency):
        """Return the prices of services for a unit, for their quantities.

        :param pricelist: ``product.pricelist``, perhaps empty
        :param dict quantities: by product
        :rtype: dict[int, float]
        """
        prices = {}
        products = self.env["product.product"].union(*quantities)
        for quantity, same in products.grouped(quantities.get).items():
            prices |= pricelist._get_products_price(
                same, quantity=quantity, currency=currency
            )
        return prices

    @api.model
    def _count_services(self, records, ids):
        """Return the quantity of each service, in the order of a request.

        :param records: the found services
        :param list[int] ids: as sent; one sent twice has quantity 2
        :rtype: dict[product.product, float]
        """
        return {
            records.browse(product_id).with_prefetch(records.ids): float(count)
            for product_id, count in Counter(ids).items()
        }

    @api.model
    def _count_lines(self, lines):
        """Return the quantity of each service of a lead's, or a booking's, lines.

        :rtype: dict[product.product, float]
        """
        services = {}
        for line in lines:
            product = line.product_id
            services[product] = services.get(product, 0) + line.quantity
        return services

    def _get_minutes(self, services):
        """Return the length of services; ``self`` is the booking, if it exists, whose
        minutes staff may have typed in.

        :param dict services: quantities, by product
        """
        own = {line.product_id: line.duration for line in self.service_ids}
        return sum_minutes(
            (own.get(product) or product.booking_duration, quantity)
            for product, quantity in services.items()
        )

    # ------------------------------------------------------------ seats

    @api.model
    def _find_seat(self, wanted, partner=None, is_moved=True):
        """Return the seat of an appointment; ``self`` is the booking, if it exists.

        The refusals are in the order of the contract.

        :param Appointment wanted: what the request asks for
        :param partner: the customer of a new booking, else empty
        :param bool is_moved: the start, or the length, is a new one
        :raise PayloadError: nobody works then, or no seat does the services; with
            ``free`` starts
        :raise AnswerError: the customer has an open booking, or the time is
            taken
        """
        slots = self.env["crm.booking.slot"]
        company, start, minutes = wanted.company, wanted.start, wanted.minutes
        products = self.env["product.product"].union(*wanted.services)
        seats = self.env["resource.resource"]._find_seats(company)
        able = seats.filtered(lambda each: each._can_do(products))
        if wanted.seat:
            able &= wanted.seat.sudo()  # sudo: as the seats of the branch
        stop = start + timedelta(minutes=minutes)
        working = slots._filter_working(able or seats, start, stop)

        def describe_free():
            nearest = slots._find_nearest(company, able, minutes, start, self)
            free = [
                FreeStart.from_slot(slot).model_dump(mode="json") for slot in nearest
            ]
            return {"free": free}

        is_past = is_moved and start <= pytz.utc.localize(fields.Datetime.now())
        if is_past or (seats and not working):
            error = FieldError("start", "range", PAST if is_past else NOT_WORKING)
            raise PayloadError([error], **describe_free())
        if not able:
            raise PayloadError(
                [
                    FieldError("seat_id", "mismatch", WRONG_SEAT)
                    if wanted.seat
                    else FieldError("crm_line_ids", "mismatch", NO_SEAT)
                ]
            )
        if partner:
            self._check_customer(partner, company)
        free = slots._filter_free(working, start, stop, self)
        if not free:
            raise AnswerError(409, "slot_taken", TAKEN, **describe_free())
        return free[0].sudo(False)

    @api.model
    def _check_customer(self, partner, company):
        """Check that a customer has no open booking in a branch's group; a past one,
        which nobody closed, does not count.

        :raise AnswerError: there is one; with its body if the client may read it
        """
        if found := self._find_open_booking(partner, company):
            details = {}
            if found._is_readable():
                body = Booking.from_record(found).model_dump(mode="json")
                details = {"booking": body}
            raise AnswerError(409, "open_booking", HAS_BOOKING, **details)


@contextmanager
def explained_races(env):
    """Save bookings. If somebody else took the time at this moment, Odoo runs the
    request again, which then sees the other booking."""
    try:
        yield
        env.flush_all()
    except IntegrityError as error:
        if error.diag.constraint_name in (SEAT_TAKEN, USER_TAKEN, OPEN_BOOKING):
            raise ConcurrencyError("The time was taken") from error
        raise
