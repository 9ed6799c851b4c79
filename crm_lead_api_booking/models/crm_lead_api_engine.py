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
        return self._serve_one(received, self._book)

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
    def _book(self, received):
        """Make the booking of a request.

        :rtype: Outcome[BookingResponse]
        """
        payload = received.payload
        make_lead = partial(self._make_lead_to_book, received)
        records, lead, of_lead = self._check_booking(payload, make_lead)
        made = lead if of_lead and not of_lead.is_replayed else None
        slots = self._find_slots_of_day(received, lead, records)
        booking = self.env["crm.booking"]._create_from_payload(payload, lead, records)
        outcome = self._describe_booking(received, booking, slots, made)
        # The lead's answer is kept, too: POST /lead repeats it.
        outcome.parts = [of_lead] if of_lead else []
        return outcome

    @api.model
    def _check_booking(self, payload, make_lead=None):
        """Check a request for a booking, and find the records and lead that it names.

        :param BookingRequest payload: with or without errors
        :param make_lead: method that makes the lead in a request without errors, and
            returns its outcome; ``None``: such a lead is checked, and not made
        :return: the records by attribute; the lead with superuser rights; the outcome
            of the lead in the request, if it was made or repeated
        :raise ClosedLeadError: the lead is won or lost
        :raise PayloadError: the payload has errors
        """
        records, errors = self.env["crm.booking"]._find_records(payload)
        errors += [
            error
            for error in payload.get_errors()
            if not error.field.startswith(f"{LEAD}.")
        ]
        lead, of_lead = None, None
        try:
            if payload.lead is None:
                lead, unknown = self._find_lead_to_book(payload)
                errors += unknown
            elif errors or not make_lead:
                self.env["crm.lead"]._find_payload_records(payload.lead)
            else:
                of_lead = make_lead()
                # sudo: as the reader returns a lead that a request names
                lead = self.env["crm.lead"].sudo().browse(of_lead.values["lead_id"])
        except PayloadError as error:
            errors += prefix(error.errors)
        if errors:
            raise PayloadError(payload.sort_errors(errors))
        is_new = of_lead and not of_lead.is_replayed
        if lead and not is_new and (state := lead._get_lead_api_state()) in CLOSED:
            raise ClosedLeadError(state)
        return records, lead, of_lead

    @api.model
    def _find_lead_to_book(self, payload):
        """Find the lead that a request names.

        :return: the lead with superuser rights, or ``None``; an error if there is no
            such lead
        :rtype: tuple[crm.lead, list[FieldError]]
        """
        reader, lead = self.env["crm.lead.api.reader"], None
        try:
            if payload.id_lead is not None:
                lead = reader._get_lead(payload.id_lead)
            elif payload.ticket_id is not None:
                lead = self._find_lead(LeadAddress(ticket_id=payload.ticket_id))
        except UnknownLeadError:
            name = "id_lead" if payload.id_lead is not None else "ticket_id"
            return None, [FieldError(name, "unknown", UNKNOWN)]
        return lead, []

    @api.model
    def _make_lead_to_book(self, received):
        """Make the lead in a request, or find the lead of its repetition.

        :return: the outcome of a request with this lead alone
        :rtype: Outcome
        """
        own = ReceivedRequest(
            received.client,
            received.request_ref,
            received.lang,
            data=received.data.get(LEAD) or {},
            payload=received.payload.lead,
            is_dry_run=received.is_dry_run,
        )
        outcome = self._replay_or_make(own, self._make_lead_of_booking)
        if outcome.values["lead_id"]:
            return outcome
        return self._make_lead_of_booking(own)  # the first request's lead was deleted

    @api.model
    def _make_lead_of_booking(self, received):
        leads = self.env["crm.lead"].with_context(lang=self.env.user.lang)
        lead = leads._create_from_payload(received.payload)
        if received.is_dry_run:  # the answer describes the booking, and its lead
            return Outcome(values={"lead_id": lead.id})
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
