# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import datetime

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import LazyTranslate

from odoo.addons.crm_lead_api.exceptions import (
    AnswerError,
    ClientRefusedError,
    FieldError,
    PayloadError,
)
from odoo.addons.crm_lead_api.models.lead.customer_profile_mixin import (
    PHONE_KEY_FIELDS,
)
from odoo.addons.crm_lead_api.schemas.stored_lead import Service
from odoo.addons.crm_lead_api.schemas.value import is_storable

from ..schemas import BookingsResponse, QuoteResponse, SlotsResponse
from ..schemas.booking_query import FROM, MAX_DAYS, TO, TOO_LONG

_lt = LazyTranslate(__name__, default_lang="en_US")

NO_RIGHT = _lt("An administrator has to let this client book appointments.")
UNKNOWN = _lt("Your client may read no booking with this id or code.")
ORDER = _lt("Send a time after from.")


class CrmBookingReader(models.AbstractModel):
    """Find the bookings that a client may read: those of its own leads, or of all leads
    of its companies; find free starts and prices."""

    _name = "crm.booking.reader"
    _description = "Reader of Bookings for Clients"

    @api.model
    def _check_right(self):
        """Check that the client books appointments.

        :raise ClientRefusedError: it has no such right
        """
        if not self.env.user._get_lead_api_client().books_appointments:
            raise ClientRefusedError(NO_RIGHT)

    @api.model
    def _get_bookings(self):
        """Return the model of bookings, and the domain of the bookings to read."""
        # sudo: the domain limits the bookings; the client's user has no rights on them
        bookings = self.env["crm.booking"].sudo()
        domain = Domain("company_id", "in", self.env.companies.ids)
        client = self.env.user._get_lead_api_client()
        if not client.reads_all_leads:
            own = self.env["crm.lead.api.reader"]._get_own_domain()
            leads = bookings.lead_id.with_context(active_test=False)
            domain &= Domain("lead_id", "in", leads._search(own))
        return bookings, domain

    @api.model
    def _may_read(self, booking):
        """Tell whether the client may read a booking."""
        bookings, domain = self._get_bookings()
        return bool(bookings.search_count(domain & Domain("id", "in", booking.ids)))

    @api.model
    def _get(self, name):
        """Return a booking by its id or code.

        :param str name: the id or the code
        :raise ClientRefusedError: the client does not book appointments
        :raise AnswerError: the client may read no such booking (404)
        """
        self._check_right()
        bookings, domain = self._get_bookings()
        if name.isascii() and name.isdigit() and len(name) < 10:
            named = Domain("id", "=", int(name))
        else:
            named = Domain("code", "=", name) if is_storable(name) else Domain.FALSE
        booking = bookings.search(domain & named)
        if not booking:
            raise AnswerError(404, "not_found", UNKNOWN)
        return booking

    @api.model
    def _read_page(self, query):
        """Return a page of bookings, the oldest change first.

        :param BookingsQuery query: a checked query
        :rtype: BookingsResponse
        """
        self._check_right()
        reader = self.env["crm.lead.api.reader"]
        horizon = reader._find_horizon()
        bookings, domain = self._get_bookings()
        domain &= self._get_domain(query)
        page, cursor = reader._get_page_of(bookings, domain, query, horizon)
        return BookingsResponse.from_bookings(page, cursor)

    @api.model
    def _get_domain(self, query):
        """Return the domain of the bookings that a query asks for."""
        domain = Domain.TRUE
        if query.ticket_id is not None:
            leads = self.env["crm.lead.api.reader"]._find_by_ticket(query.ticket_id)
            domain &= Domain("lead_id", "in", leads.ids)
        if query.phone:
            client = self.env.user._get_lead_api_client()
            # sudo: the country of its company is no secret of the client's
            country = client.country_id or self.env.company.sudo().country_id
            keys = self.env["res.partner"]._get_phone_search_keys(query.phone, country)
            domain &= Domain(
                "partner_id",
                "any",
                Domain.OR(Domain(name, "in", list(keys)) for name in PHONE_KEY_FIELDS),
            )
        if query.company_id:
            company = self.env.companies.filtered(lambda c: c.id == query.company_id)
            domain &= Domain("company_id", "in", company.ids)
            if query.day and company:
                begin, end = self._get_day(company, query.day)
                domain &= Domain("start", ">=", begin) & Domain("start", "<", end)
        return domain

    @api.model
    def _get_day(self, company, day):
        """Return the bounds of a branch's day, in naive UTC."""
        zone = company._get_booking_zone()
        midnights = (
            datetime.datetime.combine(each, datetime.time())
            for each in (day, day + datetime.timedelta(days=1))
        )
        return tuple(
            zone.localize(midnight)
            .astimezone(datetime.timezone.utc)
            .replace(tzinfo=None)
            for midnight in midnights
        )

    @api.model
    def _find_slots(self, query):
        """Return the free starts that a query asks for.

        :param SlotsQuery query: the query, with or without errors
        :rtype: SlotsResponse
        :raise PayloadError: the query has errors
        """
        bookings = self.env["crm.booking"]
        records, errors = bookings._find_records(query)
        errors += query.get_errors()
        company = records["company_id"]
        bounds = None
        if company and getattr(query, FROM) and getattr(query, TO):
            bounds, wrong = self._get_bounds(company, query)
            errors += wrong
        if errors:
            raise PayloadError(query.sort_errors(errors))
        services = bookings._count_services(records["crm_line_ids"], query.crm_line_ids)
        seats = self.env["resource.resource"]._find_seats(company)
        products = records["crm_line_ids"]
        able = seats.filtered(lambda seat: seat._does(products))
        minutes = bookings._get_minutes(services)
        slots = self.env["crm.booking.slot"]._find(company, able, minutes, *bounds)
        return SlotsResponse.from_slots(slots)

    @api.model
    def _get_bounds(self, company, query):
        """Return the first and the last possible start, and the errors."""
        zone = company._get_booking_zone()
        begin, end = getattr(query, FROM), getattr(query, TO)
        if not isinstance(begin, datetime.datetime):
            begin = zone.localize(datetime.datetime.combine(begin, datetime.time()))
        longest = datetime.timedelta(days=MAX_DAYS)
        if not isinstance(end, datetime.datetime):
            day = end + datetime.timedelta(days=1)
            end = zone.localize(datetime.datetime.combine(day, datetime.time()))
            end -= datetime.timedelta(seconds=1)
        local = [each.astimezone(zone).replace(tzinfo=None) for each in (begin, end)]
        if end < begin:
            return None, [FieldError(TO, "range", ORDER)]
        if local[1] - local[0] > longest:
            return None, [FieldError(TO, "range", TOO_LONG)]
        return (begin, end), []

    @api.model
    def _quote(self, query):
        """Return the prices that a query asks for.

        :param QuoteQuery query: the query, with or without errors
        :rtype: QuoteResponse
        :raise PayloadError: the query has errors
        """
        bookings = self.env["crm.booking"]
        records, errors = bookings._find_records(query)
        errors += query.get_errors()
        if errors:
            raise PayloadError(query.sort_errors(errors))
        pricelist = records["price_list_id"].with_company(records["company_id"])
        currency = pricelist.currency_id
        services = bookings._count_services(records["crm_line_ids"], query.crm_line_ids)
        prices = bookings._get_prices(pricelist, services, currency)
        return QuoteResponse.from_services(
            [
                Service(
                    id=product.id,
                    name=product.display_name,
                    quantity=quantity,
                    price_unit=prices[product.id],
                    price_subtotal=currency.round(prices[product.id] * quantity),
                    currency=currency.name,
                )
                for product, quantity in services.items()
            ],
            currency,
        )
