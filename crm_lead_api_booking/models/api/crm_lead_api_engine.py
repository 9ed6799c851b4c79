# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from dataclasses import replace
from http import HTTPStatus

from odoo import models

from odoo.addons.crm_lead_api.exceptions import (
    AMBIGUOUS_TICKET,
    CLOSED_LEAD,
    AnswerError,
    FieldError,
    PayloadError,
)
from odoo.addons.crm_lead_api.http.outcome import Outcome
from odoo.addons.crm_lead_api.http.received_request import ReceivedRequest
from odoo.addons.crm_lead_api.models.request.crm_lead_api_engine import (
    CLOSED,
    LeadAddress,
)
from odoo.addons.crm_lead_api.schemas.record_list import UNKNOWN

from ...schemas import LEAD, BookingDryRunResponse, BookingResponse
from ...translate import _lt

STALE = _lt(
    "If-Match is not the ETag of the booking as it is now: read the booking again, and "
    "send the change with the new ETag."
)
SEVERAL = _lt("The ticket has several open leads: send id_lead, one of leads.")


class CrmLeadApiEngine(models.AbstractModel):
    """Serve requests that make or change a booking."""

    _inherit = "crm.lead.api.engine"

    def _serve_booking(self, received):
        """Make a booking, and perhaps its lead, or repeat an earlier answer.

        :param ReceivedRequest received: with a payload of ``BookingRequest``
        :rtype: Outcome[BookingResponse]
        :raise AnswerError: the client does not book appointments (403); the lead is
            closed, the ticket has several open leads, the customer has an open booking,
            or the time is taken (409)
        :raise PayloadError: the payload has errors
        """

        def book(received):
            records, lead, lead_outcome = self._find_booking_records(received)
            made = lead if lead_outcome and not lead_outcome.is_replayed else None
            bookings = self.env["crm.booking"]
            booking = bookings._create_from_payload(received.payload, lead, records)
            outcome = self._describe_booking(received, booking, made)
            # The lead's answer is kept, too: POST /lead repeats it.
            outcome.parts = [lead_outcome] if lead_outcome else []
            return outcome

        self.env["crm.booking"]._check_right()
        return self._serve_one(received, book)

    def _serve_booking_change(self, received, name):
        """Change a booking, or repeat an earlier answer.

        :param ReceivedRequest received: with a payload of ``BookingChange``
        :param str name: the booking's id or code
        :rtype: Outcome[BookingResponse]
        :raise: as :meth:`_serve_booking`
        :raise AnswerError: the client may read no such booking (404)
        """

        def change(received):
            booking = self.env["crm.booking"]._get_by_name(name)
            before = BookingResponse.from_record(booking)
            received.check_match(before, STALE)
            booking._change_from_payload(received.payload)
            return self._describe_booking(received, booking, before=before)

        self.env["crm.booking"]._check_right()
        return self._serve_one(received, change)

    def _find_booking_records(self, received, makes_lead=True):
        """Find the records that a request for a booking names, and find or make the
        lead.

        :param bool makes_lead: otherwise a new lead is only checked
        :return: the records by attribute; the lead with superuser rights; the outcome
            of the lead in the request, if it was made or repeated
        :raise AnswerError: the lead is won or lost (409), or it was made before, and
            the client may not read it any more (404)
        :raise PayloadError: the payload has errors
        """
        payload = received.payload
        records = self.env["crm.booking"]._find_records(payload)
        lead, lead_outcome = None, None
        try:
            if payload.lead is None:
                lead = self._find_lead_to_book(payload)
            elif payload.get_errors() or not makes_lead:
                self.env["crm.lead"]._find_payload_records(payload.lead)
            else:
                lead_outcome = self._make_lead_to_book(received)
                lead_id = lead_outcome.values["lead_id"]
                # A lead that was made before may have moved to another company.
                lead = self.env["crm.lead.api.reader"]._get_lead(lead_id)
        except PayloadError as error:
            payload.add_errors(
                [
                    replace(each, field=f"{LEAD}.{each.field}".rstrip("."))
                    for each in error.errors
                ]
            )
        payload.check()
        is_new = lead_outcome and not lead_outcome.is_replayed
        if lead and not is_new and (state := lead.lead_api_state) in CLOSED:
            raise AnswerError(*CLOSED_LEAD, state=state)
        return records, lead, lead_outcome

    def _find_lead_to_book(self, payload):
        """Return the lead that a request names, with superuser rights; ``None``: it
        names none, or an unknown one, which is an error of the payload."""
        try:
            if payload.id_lead is not None:
                return self.env["crm.lead.api.reader"]._get_lead(payload.id_lead)
            if payload.ticket_id is not None:
                return self._find_lead(LeadAddress(ticket_id=payload.ticket_id))
        except AnswerError as error:
            status, kind, _change_one = AMBIGUOUS_TICKET
            if error.kind == kind:
                raise AnswerError(status, kind, SEVERAL, **error.details) from None
            if error.status != HTTPStatus.NOT_FOUND:
                raise
            name = "id_lead" if payload.id_lead is not None else "ticket_id"
            payload.add_errors([FieldError(name, "unknown", UNKNOWN)])
        return None

    def _make_lead_to_book(self, received):
        """Return the outcome of a request with the lead alone: a new lead, or a
        repetition."""
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

    def _make_lead_of_booking(self, received):
        leads = self.env["crm.lead"].with_context(lang=self.env.user.lang)
        lead = leads._create_from_payload(received.payload)
        if received.is_dry_run:  # the answer describes the booking, and its lead
            return Outcome(values={"lead_id": lead.id})
        return self._describe_lead(received, lead, lead.partner_id.browse(), {})

    def _describe_booking(self, received, booking, made=None, before=None):
        """Describe a served request as an outcome.

        :param booking: ``crm.booking`` with superuser rights
        :param made: the lead that was made; empty: the lead was there
        :param before: the :class:`BookingResponse` before a change
        """
        lead, answer = booking.lead_id, BookingResponse.from_record(booking)
        if received.is_dry_run:
            answer = BookingDryRunResponse.from_booking(booking, made, before is None)
        values = self._prepare_log_values(lead, received)
        values["partner_id"] = booking.partner_id.id
        return self._make_outcome(received, answer, before=before, **values)

    def _check_by_kind(self, received, booking=None, **arguments):
        match received.kind:
            case "booking":
                self._find_booking_records(received, makes_lead=False)
            case "booking_change":
                found = self.env["crm.booking"]._get_by_name(booking)
                found._find_changed_services(received.payload)
            case _:
                return super()._check_by_kind(received, **arguments)
        return None

    def _is_repetition(self, received, answers):
        answer = next(answer for answer in answers if answer.body)
        if received.kind != "booking" or answer.is_by_key:
            return super()._is_repetition(received, answers)
        booking_id = answer.body["data"]["id_booking"]
        # sudo: the client has made the booking
        booking = self.env["crm.booking"].sudo().browse(booking_id)
        return bool(booking.exists()) and booking._is_open()
