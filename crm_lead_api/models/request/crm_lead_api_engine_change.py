# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models

from ...exceptions import (
    AmbiguousTicketError,
    ClosedLeadError,
    DryRunDone,
    StaleLeadError,
    UnknownLeadError,
)
from ...schemas import (
    ChangedLeadResponse,
    LeadChange,
    NoteResponse,
    StoredLeadResponse,
    UpsertedLeadResponse,
)
from ...schemas.note import NoteData
from .crm_lead_api_engine import CLOSED

# Kept apart from the attributes in the log's entry of a change
NO_ATTRIBUTES = {
    *("updated_at", "ticket_ids", "id_lead", "link_lead_detail", "proposed"),
    "warnings",
}


class CrmLeadApiEngine(models.AbstractModel):
    """Serve requests that change a lead, change or make a lead, or note something."""

    _inherit = "crm.lead.api.engine"

    @api.model
    def _serve_change(self, received, address):
        """Change a lead, or repeat the answer to an earlier request.

        :param ReceivedRequest received: with a payload of the schema ``LeadChange``
        :param LeadAddress address: the lead, or its ticket
        :rtype: Outcome[ChangedLeadResponse]
        :raise UnknownLeadError: the client may change no such lead
        :raise ClosedLeadError: the lead is won or lost
        :raise AmbiguousTicketError: the ticket has several open leads
        :raise StaleLeadError: the lead has another ETag than ``If-Match``
        :raise PayloadError: the payload has errors
        :raise DryRunDone: the request was a dry run
        """

        def change(received):
            lead = self._find_open_lead(address)
            return self._change_lead(received, lead, received.payload)

        return self._serve_one(received, change)

    @api.model
    def _serve_upsert(self, received):
        """Change the open lead of a ticket, or make a lead.

        :param ReceivedRequest received: with a payload of the schema ``LeadRequest``
        :rtype: Outcome[UpsertedLeadResponse]
        :raise: as :meth:`_serve_change`
        """
        return self._serve_one(received, self._upsert_lead)

    @api.model
    def _serve_note(self, received, address):
        """Post a note on a lead, also on a closed one.

        :param ReceivedRequest received: with a payload of the schema ``NoteRequest``
        :param LeadAddress address: the lead, or its ticket
        :rtype: Outcome[NoteResponse]
        :raise UnknownLeadError: the client may change no such lead
        :raise AmbiguousTicketError: the ticket has several open leads
        :raise PayloadError: the payload has errors
        :raise DryRunDone: the request was a dry run
        """

        def post(received):
            lead = self._find_lead(address)
            received.payload.check()
            note = self._with_rights(lead)._post_note(received.payload)
            note_id = None if received.is_dry_run else note.id
            answer = NoteResponse(data=NoteData(id_note=note_id, id_lead=lead.id))
            return self._describe_changed(received, lead, answer)

        return self._serve_one(received, post)

    # ------------------------------------------------------------ leads

    @api.model
    def _find_lead(self, address):
        """Return a lead of the client: the only open lead of a ticket, or else the
        newest closed lead.

        :raise UnknownLeadError: there is none
        :raise AmbiguousTicketError: the ticket has several open leads
        """
        reader = self.env["crm.lead.api.reader"]
        if address.lead_id:
            return reader._get_own_lead(address.lead_id)
        lead = self._find_open_of_ticket(address.ticket_id)
        lead = lead or reader._find_own_by_ticket(address.ticket_id)[:1]
        if not lead:
            raise UnknownLeadError()
        return lead

    @api.model
    def _find_open_lead(self, address):
        """Return the lead as :meth:`_find_lead`, if it is open.

        :raise ClosedLeadError: the lead is won or lost
        """
        lead = self._find_lead(address)
        state = lead._get_lead_api_state()
        if state in CLOSED:
            raise ClosedLeadError(state)
        return lead

    @api.model
    def _with_rights(self, lead):
        """Return the lead with the rights to change it, in the language of the client's
        user: the language of the request is for the answer alone.

        :param lead: of the reader, with superuser rights
        """
        lang = self.env.user.lang
        lead = lead.with_company(lead.company_id).with_context(lang=lang)
        if lead.create_uid == self.env.user:
            return lead.sudo(False)
        # The superuser's rights stay for a lead of staff that a lead of the client was
        # merged into: the client's user has no rights on leads of staff.
        return lead

    @api.model
    def _change_lead(
        self, received, lead, payload, schema=ChangedLeadResponse, **values
    ):
        """Change an open lead.

        :param schema: of the answer
        :param values: attributes of the answer, besides the lead's
        :rtype: Outcome
        :raise StaleLeadError: the lead has another ETag than ``If-Match``
        """
        before = StoredLeadResponse.from_lead(lead)
        if not received.matches(before.data.get_etag()):
            raise StaleLeadError()
        proposed = self._with_rights(lead)._change_from_payload(payload)
        lead.invalidate_recordset(["write_date"])
        # About the payload as it was sent, as for a new lead
        warnings = self._find_warnings(received, lead)
        told = self._describe_warnings(received, warnings)
        answer = schema.from_change(lead, proposed, warnings=told, **values)
        return self._describe_changed(received, lead, answer, warnings, before)

    @api.model
    def _upsert_lead(self, received):
        """Change the open lead of a request's ticket, or make a lead.

        :rtype: Outcome[UpsertedLeadResponse]
        :raise: as :meth:`_serve_change`
        """
        payload = received.payload
        lead = self._find_open_of_ticket(payload.ticket_id)
        if not lead and payload.ticket_id is not None:
            # Another request for the ticket has to wait, and sees the lead of this one
            # when Odoo runs it again.
            key = f"ticket {received.client.id} {payload.ticket_id}"
            self.env["crm.lead.api.lock"]._lock([key])
        if lead:
            change = self._to_change(received)
            return self._change_lead(
                received, lead, change, UpsertedLeadResponse, created=False
            )
        if not received.matches(None):
            raise StaleLeadError()
        leads = self.env["crm.lead"].with_context(lang=self.env.user.lang)
        lead = leads._create_from_payload(payload).with_env(self.env)
        warnings = self._find_warnings(received, lead)
        told = self._describe_warnings(received, warnings)
        pending = lead.proposal_ids
        proposed = pending and lead._list_proposed(self._to_change(received), pending)
        answer = UpsertedLeadResponse.from_change(
            lead.sudo(), list(proposed), warnings=told, created=True
        )
        return self._describe_changed(received, lead, answer, warnings)

    @api.model
    def _find_open_of_ticket(self, ticket_id):
        """Return the client's open lead of a ticket, if there is one.

        :raise AmbiguousTicketError: the ticket has several open leads
        """
        if ticket_id is None:  # an error of the payload
            return self.env["crm.lead"]
        leads = self.env["crm.lead.api.reader"]._find_own_by_ticket(ticket_id)
        leads = leads.filtered(lambda lead: lead._get_lead_api_state() not in CLOSED)
        if len(leads) > 1:
            raise AmbiguousTicketError(leads.ids)
        return leads

    @api.model
    def _to_change(self, received):
        """Return the payload of a new lead as a change: attributes that are left out
        stay as they are, and the client's defaults do not count."""
        client, schema = received.client, type(received.payload)
        data = {
            name: value
            for name, value in received.data.items()
            if name in schema.model_fields
            # As for a new lead, null is "not sent" where an attribute is required.
            and not (value is None and schema.get_about(name).required)
        }
        change = client._parse(client._get_schema(LeadChange), data)
        known = {(error.field, error.code) for error in change.get_errors()}
        change.add_errors(
            [
                error
                for error in received.payload.get_errors()
                if (error.field, error.code) not in known
            ]
        )
        return change

    @api.model
    def _describe_changed(self, received, lead, answer, warnings=(), before=None):
        """Describe a served request as an outcome.

        :param answer: the schema of the answer
        :param warnings: for the answer to a dry run
        :param before: the :class:`StoredLeadResponse` before a change
        :rtype: Outcome
        :raise DryRunDone: the request was a dry run
        """
        if received.is_dry_run:
            raise DryRunDone(answer, list(warnings))
        return self._make_outcome(
            answer,
            lead,
            ticket_ref=self._get_ticket_ref(received, lead),
            changes=before and compare(before, answer, NO_ATTRIBUTES),
        )

    @api.model
    def _get_ticket_ref(self, received, lead):
        """Return a lead's ticket for the log's entry, ``""`` if there is none."""
        # sudo: the method reads the clients of merged leads
        tickets = lead.sudo()._get_ticket_ids(received.client)
        return str(tickets[0]) if tickets else ""


def compare(before, after, ignored=()):
    """Return the values before and after a change, by attribute.

    :param before: the schema of the answer before the change
    :param ignored: attributes to leave out
    """
    old, new = before.to_body()["data"], after.to_body()["data"]
    return {
        name: [value, new[name]]
        for name, value in old.items()
        if name not in ignored and value != new[name]
    }
