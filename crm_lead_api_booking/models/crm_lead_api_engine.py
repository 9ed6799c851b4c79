# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import json
from datetime import timedelta, timezone
from functools import partial

from odoo import api, models
from odoo.tools import LazyTranslate

from odoo.addons.crm_lead_api.exceptions import (
    AnswerError,
    ClosedLeadError,
    DryRunDone,
    FieldError,
    PayloadError,
    UnknownLeadError,
)
from odoo.addons.crm_lead_api.models.request.crm_lead_api_engine import CLOSED
from odoo.addons.crm_lead_api.models.request.crm_lead_api_engine_change import compare
from odoo.addons.crm_lead_api.models.request.lead_address import LeadAddress
from odoo.addons.crm_lead_api.models.request.outcome import Outcome
from odoo.addons.crm_lead_api.models.request.received_request import ReceivedRequest
from odoo.addons.crm_lead_api.schemas.record_list import UNKNOWN

from ..schemas import BookingDryRunResponse, BookingResponse
from ..schemas.booking_request import LEAD, prefix

_lt = LazyTranslate(__name__, default_lang="en_US")

KINDS = ("booking", "booking_change")
STALE = _lt(
    "If-Match is not the ETag of the booking as it is now: read the booking again, and "
    "send the change with the new ETag."
)


class CrmLeadApiEngine(models.AbstractModel):
    """Serve requests that make or change a booking."""

    _inherit = "crm.lead.api.engine"

    @api.model
    def _serve_booking(self, received):
        """Make a booking, and perhaps its lead, or repeat an earlier answer.

        :param ReceivedRequest received: with a payload of ``BookingRequest``
        :rtype: Outcome[BookingResponse]
        :raise ClientRefusedError: the client does not book appointments
        :raise ClosedLeadError: the lead is won or lost
        :raise AmbiguousTicketError: the ticket has several open leads
        :raise PayloadError: the payload has errors
        :raise AnswerError: the customer has an open booking, or the time is
            taken
        :raise DryRunDone: the request was a dry run
        """
        self.env["crm.booking.reader"]._check_right()
        of_leads = []
        book = partial(self._book, of_leads=of_leads)
        outcome = self._serve_one(received, book)
        # The lead's content is known, too: POST /lead repeats it.
        self.env["crm.lead.api.answer"]._keep(
            {
                answer.id: (lead.body, None, outcome.entry.id)
                for lead in of_leads
                for answer in lead.answers
            }
        )
        return outcome

    @api.model
    def _serve_booking_change(self, received, name):
        """Change a booking, or repeat an earlier answer.

        :param ReceivedRequest received: with a payload of ``BookingChange``
        :param str name: the booking's id or code
        :rtype: Outcome[BookingResponse]
        :raise: as :meth:`_serve_booking`
        :raise AnswerError: the client may read no such booking (404)
        """

        def change(received):
            booking = self.env["crm.booking.reader"]._get(name)
            before = BookingResponse.from_booking(booking)
            if not received.matches(before.data.get_etag()):
                raise AnswerError(412, "precondition_failed", STALE)
            booking._change_from_payload(received.payload)
            return self._describe_booking(received, booking, before=before)

        self.env["crm.booking.reader"]._check_right()
        return self._serve_one(received, change)

    @api.model
    def _book(self, received, of_leads):
        """Make the booking of a request.

        :param list of_leads: the outcome of the request's lead is added
        :rtype: Outcome
        """
        payload = received.payload
        records, lead, made = self._check_booking(
            payload, partial(self._make_lead_to_book, received, of_leads)
        )
        slots = self._find_slots_of_day(received, lead, records)
        booking = self.env["crm.booking"]._create_from_payload(payload, lead, records)
        return self._describe_booking(received, booking, slots, made)

    @api.model
    def _check_booking(self, payload, make_lead=None):
        """Check a request for a booking, and find the records and lead that it names.

        :param BookingRequest payload: with or without errors
        :param make_lead: makes the lead in a request without errors; ``None``: such a
            lead is checked, and not made
        :return: the records by attribute; the lead with superuser rights; the same if
            it was made
        :raise ClosedLeadError: the lead is won or lost
        :raise PayloadError: the payload has errors
        """
        records, errors = self.env["crm.booking"]._find_records(payload)
        errors += [
            error
            for error in payload.get_errors()
            if not error.field.startswith(f"{LEAD}.")
        ]
        lead, made = None, None
        try:
            if payload.lead is None:
                lead = self._find_lead_to_book(payload, errors)
            elif errors or not make_lead:
                self.env["crm.lead"]._find_payload_records(payload.lead)
            else:
                lead, made = make_lead()
        except PayloadError as error:
            errors += prefix(error.errors)
        if errors:
            raise PayloadError(payload.sort_errors(errors))
        if lead and not made and (state := lead._get_lead_api_state()) in CLOSED:
            raise ClosedLeadError(state)
        return records, lead, made

    @api.model
    def _find_lead_to_book(self, payload, errors):
        """Return the lead that a request names, with superuser rights.

        :param list errors: an error is added if there is no such lead
        """
        reader, lead = self.env["crm.lead.api.reader"], None
        try:
            if payload.id_lead is not None:
                lead = reader._get_lead(payload.id_lead)
            elif payload.ticket_id is not None:
                lead = self._find_lead(LeadAddress(ticket_id=payload.ticket_id))
        except UnknownLeadError:
            name = "id_lead" if payload.id_lead is not None else "ticket_id"
            errors.append(FieldError(name, "unknown", UNKNOWN))
        return lead

    @api.model
    def _make_lead_to_book(self, received, of_leads):
        """Make the lead in a request, or find the lead of its repetition.

        :return: the lead with superuser rights; the same if it was made, else empty
        """
        data = received.data.get(LEAD) or {}
        own = ReceivedRequest(
            received.client,
            received.request_ref,
            received.lang,
            data=data,
            payload=received.payload.lead,
            is_dry_run=received.is_dry_run,
        )
        leads = self.env["crm.lead"].with_context(lang=self.env.user.lang)
        new = []

        def make(received):
            lead = leads._create_from_payload(received.payload)
            new.append(lead.with_env(self.env).sudo())
            return self._describe_made(received, lead)

        outcome = self._replay_or_make(own, make)
        of_leads.append(outcome)
        if new:
            return new[0], new[0]
        lead = leads.sudo().browse(outcome.values["lead_id"] or ())
        if not lead:  # the first request's lead was deleted
            make(own)
            return new[0], new[0]
        return lead.with_env(self.env).sudo(), lead.browse()

    @api.model
    def _describe_made(self, received, lead):
        """Return the answer that a request with this lead alone would get."""
        if received.is_dry_run:
            return Outcome()
        return self._describe_lead(received, lead, lead.partner_id.browse(), {})

    @api.model
    def _find_slots_of_day(self, received, lead, records):
        """Return the free starts of the day, for the answer to a dry run."""
        if not received.is_dry_run:
            return []
        bookings, payload = self.env["crm.booking"], received.payload
        company = records["company_id"] or lead.company_id or self.env.company
        services = bookings._get_services(payload, lead, records)
        minutes = payload.duration or bookings._get_minutes(services)
        products = self.env["product.product"].union(*services)
        seats = self.env["resource.resource"]._find_seats(company)
        seats = seats.filtered(lambda seat: seat._does(products))
        day = payload.start.astimezone(company._get_booking_zone()).date()
        begin, end = (
            each.replace(tzinfo=timezone.utc)
            for each in self.env["crm.booking.reader"]._get_day(company, day)
        )
        end -= timedelta(seconds=1)
        return self.env["crm.booking.slot"]._find(company, seats, minutes, begin, end)

    @api.model
    def _describe_booking(self, received, booking, slots=(), made=None, before=None):
        """Describe a served request as an outcome.

        :param booking: ``crm.booking`` with superuser rights
        :param slots: the free starts of the day, for the answer to a dry run
        :param made: the lead that was made; empty: the lead was there
        :param before: the :class:`BookingResponse` before a change
        :rtype: Outcome
        """
        answer = BookingResponse.from_booking(booking)
        lead, partner = booking.lead_id, booking.partner_id
        if received.is_dry_run:
            is_new = made and lead.match_method == "none"
            contacts = partner if is_new else partner.browse()
            answer = BookingDryRunResponse.from_booking(
                booking, slots, made, contacts, is_new=before is None
            )
            raise DryRunDone(answer, [])
        return self._make_outcome(
            answer,
            lead,
            partner_id=partner.id,
            ticket_ref=self._get_ticket_ref(received, lead),
            changes=before and compare(before, answer),
        )

    @api.model
    def _is_repetition(self, received, answers):
        if received.kind != "booking" or received.idempotency_key:
            return super()._is_repetition(received, answers)
        body = json.loads(next(answer.body for answer in answers if answer.body))
        # sudo: the client has made the booking
        booking = self.env["crm.booking"].sudo().browse(body["data"]["id_booking"])
        return bool(booking.exists()) and booking._is_open()
