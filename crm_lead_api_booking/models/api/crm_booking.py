# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections import Counter
from contextlib import contextmanager
from datetime import datetime, timedelta

import pytz
from psycopg2 import IntegrityError

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError
from odoo.fields import Command, Domain

from odoo.addons.crm_lead_api.exceptions import AnswerError, FieldError, PayloadError
from odoo.addons.crm_lead_api.schemas.lead import Service
from odoo.addons.crm_lead_api.schemas.lead_change import ADD, REMOVE, WHOLE_LIST
from odoo.addons.crm_lead_api.schemas.value import is_storable
from odoo.addons.crm_lead_api.tools.day import to_local, to_stored, to_utc

from ...schemas import (
    FROM,
    MAX_DAYS,
    TO,
    TOO_LONG,
    BookedCustomer,
    Booking,
    BookingsResponse,
    QuoteData,
    QuoteResponse,
    SlotsData,
    SlotsResponse,
)
from ...translate import _lt
from ..booking.crm_booking import (
    OPEN_BOOKING,
    OPEN_BOOKINGS,
    SEAT_TAKEN,
    TRANSITIONS,
    USER_TAKEN,
    sum_minutes,
)

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
UNKNOWN = _lt("Your client may read no booking with this id or code.")
ORDER = _lt("Send a time after from.")


class CrmBooking(models.Model):
    """Make, change and read bookings, free times and prices for clients."""

    _inherit = "crm.booking"

    _record_schema = Booking
    _page_schema = BookingsResponse
    _kept_attributes = {"id_booking", "code"}
    _customer_schema = BookedCustomer
    _no_right = _lt("An administrator has to let this client book appointments.")

    @api.model
    def _may_be_read(self):
        return self.env.user._get_lead_api_client().books_appointments

    @api.model
    def _get_by_name(self, name):
        """Return the booking with an id or code, or raise an AnswerError: the client
        may read no such booking (404), or does not book appointments (403)."""
        self._check_right()
        bookings, domain = self._get_readable()
        if name.isascii() and name.isdigit() and len(name) < 10:
            named = Domain("id", "=", int(name))
        else:
            named = Domain("code", "=", name) if is_storable(name) else Domain.FALSE
        booking = bookings.search(domain & named)
        if not booking:
            raise AnswerError(404, "not_found", UNKNOWN)
        return booking

    @api.model
    def _get_query_domain(self, query):
        domain = super()._get_query_domain(query)
        if query.ticket_id is not None:
            leads = self.env["crm.lead.api.reader"]._find_by_ticket(query.ticket_id)
            domain &= Domain("lead_id", "in", leads.ids)
        if query.phone:
            country = self.env.user._get_lead_api_client()._get_phone_country()
            keys = self.env["res.partner"]._get_phone_search_keys(query.phone, country)
            has_phone = self.env["res.partner"]._get_phones_domain(keys)
            domain &= Domain("partner_id", "any", has_phone)
        if query.company_id:
            company = self.env.companies.filtered(lambda c: c.id == query.company_id)
            domain &= Domain("company_id", "in", company.ids)
            if query.day and company:
                begin, end = map(to_stored, company._get_day(query.day))
                domain &= Domain("start", ">=", begin) & Domain("start", "<", end)
        return domain

    @api.model
    def _find_newest(self, partners, is_wanted=Domain.TRUE):
        """Return the bookings of customers, open ones first."""
        find = super()._find_newest
        newest = find(partners, is_wanted & OPEN_BOOKINGS)
        return newest | find(partners, is_wanted & ~OPEN_BOOKINGS)

    # ------------------------------------------------------------ making, changing

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
        # sudo: the companies above may be closed to the client's user
        if lead.company_id and lead.company_id.root_id != company.sudo().root_id:
            raise PayloadError([FieldError("company_id", "mismatch", OTHER_GROUP)])
        if not records["company_id"]:  # the lead's was not known before
            leads = self.env["crm.lead"]
            payload.add_errors(leads._check_company_use(payload, records, company))
            payload.check()
        lead._handle_partner_assignment()
        services = self._count_services(payload, records)
        services = services or self._count_lines(lead.service_ids)
        start, minutes = payload.start, payload.duration or self._get_minutes(services)
        seat = self._find_seat(
            company, services, start, minutes, records["seat_id"], lead.partner_id
        )
        values = {
            "lead_id": lead.id,
            "company_id": company.id,
            "user_id": lead.user_id.id,
            "start": to_stored(start),
            "duration": minutes,
            "seat_id": seat.id,
            "note": payload.note,
            "service_ids": self._prepare_services(services),
        }
        with explained_races(self.env):
            # sudo: the client's right to book is all it needs
            return self.sudo().create(values)

    @api.model
    def _prepare_services(self, services, sequence=0):
        """Prepare the lines of services, by their quantities, in this order."""
        return [
            Command.create(
                {"product_id": each.id, "quantity": quantity, "sequence": position}
            )
            for position, (each, quantity) in enumerate(services.items(), sequence)
        ]

    def _find_changed_services(self, payload):
        """Find the records that a change names.

        :return: the records by attribute; the quantities of the services after the
            change, by product
        :raise PayloadError: the payload has errors
        """
        self.ensure_one()
        services, wrong = self._count_lines(self.service_ids), []
        counts = {product.id: count for product, count in services.items()}
        if payload.crm_line_ids and Counter(payload.crm_line_ids) == counts:
            payload.crm_line_ids = None  # they stay, and the length with them
        records = self.sudo(False)._find_records(payload)
        if payload.crm_line_ids:
            services = self._count_services(payload, records)
        elif payload.add_crm_line_ids or payload.remove_crm_line_ids:
            for product in records[ADD]:
                count = payload.add_crm_line_ids.count(product.id)
                services[product] = services.get(product, 0) + count
            for path, product_id in payload.get_reference_paths(REMOVE):
                product = self.env["product.product"].browse(product_id)
                if services.pop(product, None) is None:
                    wrong.append(FieldError(path, "unknown", NOT_THERE))
            if not services and not wrong:
                wrong.append(FieldError(REMOVE, "too_few", NO_SERVICE))
        payload.add_errors(wrong)
        payload.check()
        return records, services

    def _change_from_payload(self, payload):
        """Change the booking, which has superuser rights.

        :param BookingChange payload: with or without errors
        :raise PayloadError: the payload has errors, or nobody works at the new time
        :raise AnswerError: the booking is closed, may not get the state, or the
            time is taken
        """
        records, services = self._find_changed_services(payload)
        names = filter(payload.names, ("state", "note", "cancel_reason"))
        values = self._leave_out_equal(
            {name: getattr(payload, name) or False for name in names}
        )
        if changes := self._prepare_service_changes(services):
            values["service_ids"] = changes
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
        if is_moved or changes:
            minutes = self._get_minutes(services) if changes else self.duration
            seat = self.sudo(False)._find_seat(
                self.company_id,
                services,
                to_utc(start),
                minutes,
                seat.sudo(False),
                is_moved=start != self.start,
            )
            place = {"start": start, "duration": minutes, "seat_id": seat.id}
            values |= self._leave_out_equal(place)
        with explained_races(self.env):
            self.write(values)

    def _prepare_service_changes(self, services):
        """Prepare the commands, perhaps none, that change the services to new
        quantities by product; services that stay keep a price that staff typed in."""
        present = self._count_lines(self.service_ids)
        if services == present:
            return []
        # sudo: who moves the bookings of a branch may not read the leads of others
        lead = self.lead_id.sudo()
        listed, currency = lead._get_booking_prices(present)
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
        return commands + self._prepare_services(changed, last + 1)

    # ------------------------------------------------------------ named records

    def _find_records(self, payload):
        """Return the records that a request names, by attribute, and add their errors
        to its payload; ``self`` is the booking, if it exists. What the client's user
        may not see is unknown."""
        # sudo: the client's user need not have rights on the booking
        leads, booking = self.env["crm.lead"], self.sudo()
        # A booking keeps services that were archived since.
        kept = {WHOLE_LIST: set(booking.service_ids.product_id.ids)}
        [(records, errors)] = leads._find_named_records([payload], kept=kept)
        company = records.get("company_id") or booking.company_id
        errors += leads._check_company_use(payload, records, company, kept=kept)
        payload.add_errors(errors)
        return records

    @api.model
    def _get_prices(self, pricelist, quantities, currency):
        """Return the prices of services for a unit, by id, for their quantities by
        product; the price list may be empty."""
        prices = {}
        products = self.env["product.product"].union(*quantities)
        for quantity, same in products.grouped(quantities.get).items():
            prices |= pricelist._get_products_price(
                same, quantity=quantity, currency=currency
            )
        return prices

    @api.model
    def _count_services(self, payload, records):
        """Return the quantities of the services that a request names, by product, in
        its order; an id that was sent twice has quantity 2."""
        sent = Counter(payload.crm_line_ids)
        return {product: float(sent[product.id]) for product in records[WHOLE_LIST]}

    @api.model
    def _count_lines(self, lines):
        """Return the quantities of a lead's, or a booking's, lines, by product."""
        by_product = lines.grouped("product_id")
        return {each: sum(own.mapped("quantity")) for each, own in by_product.items()}

    def _get_minutes(self, services):
        """Return the length of services, with their quantities by product; ``self`` is
        the booking, if it exists, whose minutes staff may have typed in."""
        present, parts = self._count_lines(self.service_ids), []
        by_product = self.service_ids.grouped("product_id")
        for product, quantity in services.items():
            lines = by_product.get(product, self.service_ids.browse())
            if quantity == present.get(product):
                parts += [(line.duration, line.quantity) for line in lines]
            else:  # the first line gets the quantity
                minutes = lines[:1].duration or product.booking_duration
                parts.append((minutes, quantity))
        return sum_minutes(parts)

    # ------------------------------------------------------------ seats

    def _find_seat(
        self, company, services, start, minutes, seat, partner=None, is_moved=True
    ):
        """Return the seat of an appointment; ``self`` is the booking, if it exists.

        The refusals are in the order of the contract.

        :param dict services: the quantities, by product
        :param datetime start: with a time zone
        :param seat: the wanted one, perhaps empty
        :param partner: the customer of a new booking
        :param bool is_moved: the start, or the length, is a new one
        :raise PayloadError: nobody works then, or no seat does the services; with
            ``free`` starts
        :raise AnswerError: the customer has an open booking in the branch's group, with
            its body if the client may read it; or the time is taken
        """
        products = self.env["product.product"].union(*services)
        seats = self.env["resource.resource"]._find_seats(company)
        able = seats.filtered(lambda each: each._can_do(products))
        if seat:
            able &= seat.sudo()  # sudo: as the seats of the branch
        stop = start + timedelta(minutes=minutes)
        working = (able or seats)._filter_working(start, stop)

        def describe_free():
            nearest = able._find_nearest_slots(minutes, start, self)
            return {"free": [slot.model_dump(mode="json") for slot in nearest]}

        is_past = is_moved and start <= pytz.utc.localize(fields.Datetime.now())
        if is_past or (seats and not working):
            error = FieldError("start", "range", PAST if is_past else NOT_WORKING)
            raise PayloadError([error], **describe_free())
        if not able:
            error = FieldError("crm_line_ids", "mismatch", NO_SEAT)
            if seat:
                error = FieldError("seat_id", "mismatch", WRONG_SEAT)
            raise PayloadError([error])
        if partner and (found := self._find_open_booking(partner, company)):
            bookings, domain = self._get_readable()
            details = {}
            if bookings.search_count(domain & Domain("id", "in", found.ids)):
                details["booking"] = Booking.from_record(found).model_dump(mode="json")
            raise AnswerError(409, "open_booking", HAS_BOOKING, **details)
        free = working._filter_free(start, stop, self)
        if not free:
            raise AnswerError(409, "slot_taken", TAKEN, **describe_free())
        return free[0].sudo(False)

    # ------------------------------------------------------------ free times, prices

    @api.model
    def _find_slots(self, query):
        """Return the free times for a ``SlotsQuery``, or raise a PayloadError."""
        records, errors = self._find_records(query), []
        company, products = records["company_id"], records["crm_line_ids"]
        begin, end = getattr(query, FROM), getattr(query, TO)
        if company and begin and end:
            if not isinstance(begin, datetime):
                begin, _end = company._get_day(begin)
            if not isinstance(end, datetime):
                _begin, end = company._get_day(end)
                end -= timedelta(seconds=1)
            zone = company._get_booking_zone()
            # By the clock of the branch, which may change meanwhile
            first, last = (
                each.astimezone(zone).replace(tzinfo=None) for each in (begin, end)
            )
            if end < begin:
                errors.append(FieldError(TO, "range", ORDER))
            elif last - first > timedelta(days=MAX_DAYS):
                errors.append(FieldError(TO, "range", TOO_LONG))
        query.add_errors(errors)
        query.check()
        seats = self.env["resource.resource"]._find_seats(company, products)
        services = self._count_services(query, records)
        minutes = self._get_minutes(services)
        slots = seats._find_slots(minutes, begin, end)
        return SlotsResponse(data=SlotsData.model_construct(slots=slots))

    def _find_slots_of_day(self):
        """Return the free times of the booking's day, as if there were no booking."""
        company, zone = self.company_id, self.company_id._get_booking_zone()
        seats = self.env["resource.resource"]._find_seats(
            company, self.service_ids.product_id
        )
        begin, end = company._get_day(to_local(self.start, zone).date())
        end -= timedelta(seconds=1)
        return seats._find_slots(self.duration, begin, end, self)

    @api.model
    def _quote(self, query):
        """Return the prices for a ``QuoteQuery``, or raise a PayloadError."""
        records = self._find_records(query)
        query.check()
        pricelist = records["price_list_id"].with_company(records["company_id"])
        currency = pricelist.currency_id
        services = self._count_services(query, records)
        prices = self._get_prices(pricelist, services, currency)
        lines = [
            Service(
                id=product.id,
                name=product.display_name,
                quantity=quantity,
                price_unit=prices[product.id],
                price_subtotal=currency.round(prices[product.id] * quantity),
                currency=currency.name,
            )
            for product, quantity in services.items()
        ]
        total = currency.round(sum(line.price_subtotal for line in lines))
        quote = QuoteData(services=lines, total=total, currency=currency.name)
        return QuoteResponse(data=quote)


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
