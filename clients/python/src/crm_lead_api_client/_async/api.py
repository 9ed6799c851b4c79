# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The requests of the lead API, and of its addons for phone calls and bookings."""

from collections.abc import AsyncIterator, Iterable, Sequence
from datetime import date, datetime
from itertools import islice
from typing import Any
from urllib.parse import quote

from .. import models
from ..answer import Answer, LeadApiError
from ..key import make_key, make_ticket_key
from .transport import AsyncTransport

PHONE_CALLS, BOOKINGS = "/api/v1/phone-calls", "/api/v1/bookings"
MAX_LEADS = 1000  # of a request
USUAL_LEADS = 200  # of a request, which takes some seconds
TOO_LARGE = 413


class AsyncLeadApi(AsyncTransport):
    """Put leads into Odoo, read them, and change them.

    A request without an answer, or with an answer such as "too busy", is sent again
    after a pause. It has the same ``Idempotency-Key`` each time, and so is done once.
    Methods have the names of the operations in the OpenAPI document.
    """

    async def create_lead(
        self, lead: models.LeadRequest, *, idempotency_key: str | None = None
    ) -> Answer[models.LeadData]:
        """Make a lead.

        :param idempotency_key: else made from ``ticket_id``: a ticket then has one
            lead, however often it is sent
        :raise LeadApiError: 422 with all wrong attributes in ``errors``, 409 if the
            key came with another lead before, and others
        """
        key = idempotency_key or make_ticket_key(lead.get("ticket_id"))
        return await self._write("POST", "/api/v1/lead", lead, key)

    async def check_lead(self, lead: models.LeadRequest) -> Answer[models.DryRunData]:
        """Tell what a lead would make, and save nothing.

        :raise LeadApiError: as the lead itself would
        """
        query = {"dry_run": "1"}
        return await self.send("POST", "/api/v1/lead", query=query, body=lead)

    async def create_leads(
        self,
        leads: Iterable[models.LeadItem],
        *,
        atomic: bool = False,
        dry_run: bool = False,
        quiet: bool = False,
        size: int | None = None,
    ) -> list[models.LeadResult]:
        """Make many leads, in as many requests as it takes.

        A wrong lead harms no other lead: look at the ``status`` of each result. After
        an error send all leads again: leads that were made are not made twice.

        :param leads: any number; without an ``idempotency_key`` each gets one from its
            ``ticket_id``
        :param atomic: make all leads or none; for up to ``size`` leads
        :param quiet: for imports: without creation notes, notices and planned calls
        :param size: the number of leads in a request, 200 unless all or none are made
        :return: a result for each lead, in their order
        """
        items = [
            {"idempotency_key": make_ticket_key(lead.get("ticket_id")), **lead}
            for lead in leads
        ]
        size = size or (MAX_LEADS if atomic else USUAL_LEADS)
        if atomic and len(items) > size:
            raise ValueError(f"All or none: that takes {size} leads at most.")
        wanted = {"atomic": atomic, "quiet": quiet}
        options = {name: True for name, is_wanted in wanted.items() if is_wanted}
        parts = iter(items)
        results: list[models.LeadResult] = []
        while part := [*islice(parts, size)]:
            for result in await self._create_part(part, options, dry_run):
                result["index"] = len(results)
                results.append(result)
        return results

    async def _create_part(self, leads, options, dry_run):
        body = {"leads": leads, **options}
        query = {"dry_run": "1" if dry_run else None}
        try:
            answer = await self.send("POST", "/api/v1/leads", query=query, body=body)
        except LeadApiError as error:
            if error.status != TOO_LARGE or "atomic" in options or len(leads) == 1:
                raise
            half = len(leads) // 2
            first = await self._create_part(leads[:half], options, dry_run)
            return first + await self._create_part(leads[half:], options, dry_run)
        return answer.data["results"]

    async def put_lead(
        self,
        lead: models.LeadRequest,
        *,
        if_match: str | None = None,
        idempotency_key: str | None = None,
        dry_run: bool = False,
    ) -> Answer[models.UpsertedLead]:
        """Change the open lead of the lead's ticket, or make a lead.

        :param if_match: the ``etag`` of the lead as you know it
        :param idempotency_key: else a new one
        """
        return await self._write(
            "PUT", "/api/v1/lead", lead, idempotency_key, if_match, dry_run
        )

    async def change_lead(
        self,
        lead_id: int,
        change: models.LeadChange,
        *,
        if_match: str | None = None,
        idempotency_key: str | None = None,
        dry_run: bool = False,
    ) -> Answer[models.ChangedLead]:
        """Change a lead: only the attributes that are sent; ``None`` empties one.

        :param if_match: the ``etag`` of the lead as you know it; if the lead has
            changed since, the error is a 412
        :param idempotency_key: else a new one
        """
        path = f"/api/v1/lead/{int(lead_id)}"
        return await self._write(
            "PATCH", path, change, idempotency_key, if_match, dry_run
        )

    async def change_lead_of_ticket(
        self,
        ticket_id: int | str,
        change: models.LeadChange,
        *,
        if_match: str | None = None,
        idempotency_key: str | None = None,
        dry_run: bool = False,
    ) -> Answer[models.ChangedLead]:
        """Change the open lead of a ticket; see :meth:`change_lead`."""
        query = {"ticket_id": ticket_id}
        return await self._write(
            *("PATCH", "/api/v1/lead", change, idempotency_key, if_match, dry_run),
            query=query,
        )

    async def create_note(
        self,
        lead_id: int,
        note: models.NoteRequest,
        *,
        idempotency_key: str | None = None,
        dry_run: bool = False,
    ) -> Answer[models.NoteData]:
        """Put a note into the chatter of a lead.

        :param idempotency_key: from your own data, such as the id of the phone call;
            else a new one
        """
        path = f"/api/v1/lead/{int(lead_id)}/notes"
        return await self._write("POST", path, note, idempotency_key, None, dry_run)

    async def create_note_of_ticket(
        self,
        ticket_id: int | str,
        note: models.NoteRequest,
        *,
        idempotency_key: str | None = None,
        dry_run: bool = False,
    ) -> Answer[models.NoteData]:
        """Put a note into the chatter of a ticket's lead; see :meth:`create_note`."""
        path, query = "/api/v1/lead/notes", {"ticket_id": ticket_id}
        return await self._write(
            *("POST", path, note, idempotency_key, None, dry_run), query=query
        )

    async def read_lead(self, lead_id: int) -> Answer[models.StoredLead]:
        """Read a lead as it is now."""
        return await self.send("GET", f"/api/v1/lead/{int(lead_id)}")

    async def read_ticket(self, ticket_id: int | str) -> Answer[models.StoredLeadPage]:
        """Read the leads of a ticket; ``etag`` is there if it has a single one."""
        return await self.send("GET", "/api/v1/lead", query={"ticket_id": ticket_id})

    def read_leads(
        self, *, updated_since: datetime | str | None = None, limit: int | None = None
    ) -> AsyncIterator[models.StoredLead]:
        """Read the leads that have changed, page by page.

        :param updated_since: with a time zone; keep the last ``updated_at``, and begin
            there the next time
        :param limit: the number of leads on a page
        """
        query = {"updated_since": updated_since, "limit": limit}
        return self._read_pages("/api/v1/leads", query)

    async def read_customers(
        self,
        *,
        agent_email: str,
        phone: str | Sequence[str] | None = None,
        account_id: int | None = None,
        email: str | None = None,
        contact_name: str | None = None,
        country_id: int | None = None,
        include: Sequence[str] | None = None,
    ) -> Answer[models.CustomersData]:
        """Look up who is calling; the client needs the right to look customers up.

        :param agent_email: the agent who looks
        :param phone: a phone, or up to three
        :param include: the parts of a customer, such as ``leads``; else all
        """
        query = {
            **{"phone": phone, "account_id": account_id, "email": email},
            **{"contact_name": contact_name, "country_id": country_id},
            "agent_email": agent_email,
            "include": None if include is None else ",".join(include),
        }
        return await self.send("GET", "/api/v1/customers", query=query)

    async def put_phone_call(
        self,
        call_id: str,
        call: models.PhoneCallRequest,
        *,
        if_match: str | None = None,
        idempotency_key: str | None = None,
        dry_run: bool = False,
    ) -> Answer[models.PutPhoneCall]:
        """Make a phone call, or change it: send what is new; ``None`` empties.

        :param call_id: your own id of the call
        :param if_match: the ``etag`` of the call as you know it
        :param idempotency_key: else a new one
        """
        path = _get_path(PHONE_CALLS, call_id)
        return await self._write("PUT", path, call, idempotency_key, if_match, dry_run)

    async def read_phone_call(self, call_id: str) -> Answer[models.StoredPhoneCall]:
        """Read a phone call as it is now."""
        return await self.send("GET", _get_path(PHONE_CALLS, call_id))

    def read_phone_calls(
        self,
        *,
        ticket_id: int | str | None = None,
        phone: str | None = None,
        updated_since: datetime | str | None = None,
        limit: int | None = None,
    ) -> AsyncIterator[models.StoredPhoneCall]:
        """Read the phone calls of a ticket, of a phone, or that have changed.

        :param updated_since: see :meth:`read_leads`
        :param limit: the number of calls on a page
        """
        query = {
            **{"ticket_id": ticket_id, "phone": phone},
            **{"updated_since": updated_since, "limit": limit},
        }
        return self._read_pages(PHONE_CALLS, query)

    async def put_recording(
        self,
        call_id: str,
        sound: bytes,
        media_type: str,
        *,
        idempotency_key: str | None = None,
    ) -> Answer[models.StoredPhoneCall]:
        """Send the recording of a phone call that has been made.

        :param sound: the file as it is
        :param media_type: of the file, such as ``audio/mpeg``
        :param idempotency_key: else a new one
        """
        key = idempotency_key or make_key()
        return await self.send(
            *("PUT", _get_path(PHONE_CALLS, call_id, "recording")),
            content=sound,
            headers={"Content-Type": media_type, "Idempotency-Key": key},
        )

    async def read_recording(self, call_id: str) -> bytes:
        """Read the recording of a phone call."""
        path = _get_path(PHONE_CALLS, call_id, "recording")
        return (await self.send("GET", path)).data

    async def read_slots(
        self,
        *,
        company_id: int | str,
        crm_line_ids: Sequence[int | str],
        from_: date | str,
        to: date | str,
    ) -> Answer[models.SlotsData]:
        """Read the free starts of a branch, for the time that services take.

        :param company_id: the branch
        :param crm_line_ids: the services
        :param from_: the first day, or a time with its zone
        :param to: the last day, or a time with its zone; up to 31 days later
        """
        query = {"company_id": company_id, "crm_line_ids": crm_line_ids}
        query |= {"from": from_, "to": to}
        return await self.send("GET", "/api/v1/slots", query=query)

    async def read_quote(
        self,
        *,
        company_id: int | str,
        price_list_id: int | str,
        crm_line_ids: Sequence[int | str],
    ) -> Answer[models.QuoteData]:
        """Read the price of services, each and in total.

        :param crm_line_ids: the services; one that comes twice has quantity 2
        """
        query = {"company_id": company_id, "price_list_id": price_list_id}
        query |= {"crm_line_ids": crm_line_ids}
        return await self.send("GET", "/api/v1/quote", query=query)

    async def create_booking(
        self, booking: models.BookingRequest, *, idempotency_key: str | None = None
    ) -> Answer[models.Booking]:
        """Make a booking for a lead, or for a ticket; or with its lead.

        :param booking: with ``id_lead``, ``ticket_id`` or ``lead``
        :param idempotency_key: from your own data; else a new one
        :raise LeadApiError: 409 if the time was taken meanwhile: ``body["free"]`` has
            the nearest free starts; and others
        """
        return await self._write("POST", BOOKINGS, booking, idempotency_key)

    async def check_booking(
        self, booking: models.BookingRequest
    ) -> Answer[models.BookingDryRun]:
        """Tell which booking would be made, and save nothing.

        :raise LeadApiError: as the booking itself would
        """
        query = {"dry_run": "1"}
        return await self.send("POST", BOOKINGS, query=query, body=booking)

    async def read_booking(self, booking: int | str) -> Answer[models.Booking]:
        """Read a booking as it is now.

        :param booking: its id or code
        """
        return await self.send("GET", _get_path(BOOKINGS, booking))

    def read_bookings(
        self,
        *,
        ticket_id: int | str | None = None,
        phone: str | None = None,
        company_id: int | str | None = None,
        day: date | str | None = None,
        updated_since: datetime | str | None = None,
        limit: int | None = None,
    ) -> AsyncIterator[models.Booking]:
        """Read the bookings of a ticket, a phone, a branch's day, or that have changed.

        :param day: of the branch, with ``company_id``
        :param updated_since: see :meth:`read_leads`
        :param limit: the number of bookings on a page
        """
        query = {
            **{"ticket_id": ticket_id, "phone": phone, "company_id": company_id},
            **{"day": day, "updated_since": updated_since, "limit": limit},
        }
        return self._read_pages(BOOKINGS, query)

    async def change_booking(
        self,
        booking: int | str,
        change: models.BookingChange,
        *,
        if_match: str | None = None,
        idempotency_key: str | None = None,
    ) -> Answer[models.Booking]:
        """Move, change, confirm or cancel a booking: send what changes.

        :param booking: its id or code
        :param if_match: the ``etag`` of the booking as you know it
        :param idempotency_key: else a new one
        """
        path = _get_path(BOOKINGS, booking)
        return await self._write("PATCH", path, change, idempotency_key, if_match)

    async def read_me(self) -> Answer[models.Me]:
        """Read the name of the token's client, its rights, defaults and limits."""
        return await self.send("GET", "/api/v1/me")

    async def read_lists(self) -> Answer[models.ReferenceLists]:
        """Read the names of the reference lists."""
        return await self.send("GET", "/api/v1/ref")

    def read_list(
        self,
        list_name: str,
        *,
        q: str | None = None,
        country_id: int | None = None,
        state_id: int | None = None,
        category_source_id: int | None = None,
        company_id: int | None = None,
        price_list_id: int | None = None,
        limit: int | None = None,
    ) -> AsyncIterator[models.ReferenceItem]:
        """Read the records of a reference list, page by page.

        :param q: a part of a code or name
        :param limit: the number of records on a page
        """
        query = {
            **{"q": q, "country_id": country_id, "state_id": state_id},
            **{"category_source_id": category_source_id, "company_id": company_id},
            **{"price_list_id": price_list_id, "limit": limit},
        }
        return self._read_pages(f"/api/v1/ref/{quote(list_name)}", query)

    async def _read_pages(self, path, query) -> AsyncIterator[Any]:
        cursor = None
        while True:
            query = {**query, "cursor": cursor}
            answer = await self.send("GET", path, query=query)
            for item in answer.data["items"]:
                yield item
            if not (cursor := answer.data.get("next_cursor")):
                return

    async def _write(
        self, method, path, body, key, if_match=None, dry_run=False, query=None
    ) -> Answer[Any]:
        return await self.send(
            *(method, path),
            query={**(query or {}), "dry_run": "1" if dry_run else None},
            body=body,
            headers={"Idempotency-Key": key or make_key(), "If-Match": if_match},
        )


def _get_path(root, *names):
    return "/".join([root, *(quote(str(name), safe="") for name in names)])
