# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import datetime, timedelta

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import LazyTranslate

from odoo.addons.crm_lead_api.exceptions import (
    FORBIDDEN,
    AnswerError,
    FieldError,
    PayloadError,
)
from odoo.addons.crm_lead_api.models.lead.customer_profile_mixin import (
    PHONE_KEY_FIELDS,
)
from odoo.addons.crm_lead_api.schemas.lead import Service
from odoo.addons.crm_lead_api.schemas.value import is_storable
from odoo.addons.crm_lead_api.tools.day import to_stored

from ...schemas import (
    BookedCustomer,
    Booking,
    BookingsResponse,
    QuoteResponse,
    SlotsResponse,
)
from ...schemas.booking_query import FROM, MAX_DAYS, TO, TOO_LONG
from ..booking.crm_booking import OPEN_STATES

_lt = LazyTranslate(__name__, default_lang="en_US")

NO_RIGHT = _lt("An administrator has to let this client book appointments.")
UNKNOWN = _lt("Your client may read no booking with this id or code.")
ORDER = _lt("Send a time after from.")


class CrmBooking(models.Model):
    """Read the bookings, free times and prices that clients ask for."""

    _inherit = "crm.booking"

    _record_schema = Booking
    _page_schema = BookingsResponse
    _kept_attributes = {"id_booking", "code"}
    _customer_schema = BookedCustomer

    @api.model
    def _may_be_read(self):
        return self.env.user._get_lead_api_client().books_appointments

    @api.model
    def _check_right(self):
        """Check that the client books appointments.

        :raise AnswerError: it has no such right (403)
        """
        if not self._may_be_read():
            raise AnswerError(*FORBIDDEN, NO_RIGHT)

    def _is_readable(self):
        """Tell whether the client may read the booking."""
        bookings, domain = self._get_readable()
        return bool(bookings.search_count(domain & Domain("id", "in", self.ids)))

    @api.model
    def _get_by_name(self, name):
        """Return the booking with an id or code.

        :raise AnswerError: the client may read no such booking (404), or does not book
            appointments (403)
        """
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
    def _read_page(self, query):
        self._check_right()
        return super()._read_page(query)

    @api.model
    def _get_query_domain(self, query):
        domain = super()._get_query_domain(query)
        if query.ticket_id is not None:
            leads = self.env["crm.lead.api.reader"]._find_by_ticket(query.ticket_id)
            domain &= Domain("lead_id", "in", leads.ids)
        if query.phone:
            country = self.env.user._get_lead_api_client()._get_phone_country()
            keys = self.env["res.partner"]._get_phone_search_keys(query.phone, country)
            has_phone = Domain.OR(
                Domain(name, "in", list(keys)) for name in PHONE_KEY_FIELDS
            )
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
        is_open = Domain("state", "in", OPEN_STATES)
        find = super()._find_newest
        return find(partners, is_wanted & is_open) | find(
            partners, is_wanted & ~is_open
        )

    # ------------------------------------------------------------ free times, prices

    @api.model
    def _find_slots(self, query):
        """Return the free times that a query asks for.

        :param SlotsQuery query: the query, with or without errors
        :rtype: SlotsResponse
        :raise PayloadError: the query has errors
        """
        records, errors = self._find_records(query)
        errors += query.get_errors()
        company, products = records["company_id"], records["crm_line_ids"]
        begin, end = getattr(query, FROM), getattr(query, TO)
        if company and begin and end:
            begin, end, wrong = self._get_bounds(company, begin, end)
            errors += wrong
        if errors:
            raise PayloadError(query.sort_errors(errors))
        seats = self.env["resource.resource"]._find_seats(company, products)
        services = self._count_services(products, query.crm_line_ids)
        minutes = self._get_minutes(services)
        slots = self.env["crm.booking.slot"]._find(company, seats, minutes, begin, end)
        return SlotsResponse.from_slots(slots)

    @api.model
    def _get_bounds(self, company, begin, end):
        """Return the first and the last possible start, and the errors.

        :param begin: the first day, or a moment; ``end`` is the last one
        """
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
        errors = []
        if end < begin:
            errors = [FieldError(TO, "range", ORDER)]
        elif last - first > timedelta(days=MAX_DAYS):
            errors = [FieldError(TO, "range", TOO_LONG)]
        return begin, end, errors

    @api.model
    def _quote(self, query):
        """Return the prices that a query asks for.

        :param QuoteQuery query: the query, with or without errors
        :rtype: QuoteResponse
        :raise PayloadError: the query has errors
        """
        records, errors = self._find_records(query)
        if errors := errors + query.get_errors():
            raise PayloadError(query.sort_errors(errors))
        pricelist = records["price_list_id"].with_company(records["company_id"])
        currency = pricelist.currency_id
        services = self._count_services(records["crm_line_ids"], query.crm_line_ids)
        prices = self._get_prices(pricelist, services, currency)
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
