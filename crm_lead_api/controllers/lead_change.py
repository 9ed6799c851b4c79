# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import http
from odoo.tools.translate import LazyTranslate

from ..http.routes import ID, api_route
from ..models.request.lead_address import LeadAddress
from ..models.request.outcome import Outcome
from ..models.request.received_request import ReceivedRequest
from ..schemas import (
    ChangedLeadResponse,
    LeadChange,
    LeadRequest,
    NoteRequest,
    NoteResponse,
    TicketOptions,
    UpsertedLeadResponse,
)
from ..schemas.query import Id
from .lead import DRY_RUN, IF_MATCH, LEADS

_lt = LazyTranslate(__name__, default_lang="en_US")

CHANGE = _lt(
    "**What changes:** the attributes that you send; null empties an attribute. A "
    "value that staff have changed since you last wrote it stays: your value becomes a "
    "proposal, which staff accept or refuse, and so does a value that differs from the "
    "customer's contact. The list proposed in the answer has these values."
)
UPSERT = _lt(
    "**New or changed:** your client's open lead of the ticket is changed as by PATCH; "
    "without such a lead a lead is made. created in the answer says which."
)
AGENT = _lt(
    "**The salesperson:** agent_email makes the agent the salesperson, unless staff "
    "have chosen one. Leave agent_email out to keep the salesperson."
)
RETRIES_OF_CHANGE = _lt(
    "**Retries:** a change without an Idempotency-Key is made each time: "
    "add_crm_line_ids, sent twice, adds twice. With a key, a repeated request gets the "
    "answer to the first request, and changes nothing."
)
RETRIES_OF_UPSERT = _lt(
    "**Retries:** the same request, sent again, makes no second lead. With an "
    "Idempotency-Key a repeated request gets the answer to the first request."
)
NOTE = _lt(
    "**The note** is an internal note in the lead's chatter, also of a closed lead. "
    "Its author is the user with agent_email as login or e-mail; without such a user "
    "the author is your client, and the note ends with agent_email."
)
RETRIES_OF_NOTE = _lt(
    "**Retries:** send an Idempotency-Key that comes from your own data, such as the "
    "id of the phone call. Without a key, equal content within 24 hours counts as a "
    "repetition: it makes no second note."
)
CHANGE_DETAILS = (CHANGE, AGENT, IF_MATCH, RETRIES_OF_CHANGE, DRY_RUN)
NOTE_DETAILS = (NOTE, RETRIES_OF_NOTE, DRY_RUN)
CHANGE_ERRORS = (400, 404, 409, 412, 413, 415, 422)
NOTE_ERRORS = (400, 404, 409, 413, 415, 422)

NOTE_KEY = _lt(
    "Your own key for each note: a repeated request then makes no second note."
)


class LeadChangeController(http.Controller):
    @api_route(
        f"/lead/<{ID}:lead_id>",
        "PATCH",
        _lt("Change a lead"),
        tag=LEADS,
        details=CHANGE_DETAILS,
        errors=CHANGE_ERRORS,
        kind="change",
    )
    def change_lead(
        self, lead_id: Id, received: ReceivedRequest[LeadChange]
    ) -> Outcome[ChangedLeadResponse]:
        return self.env["crm.lead.api.engine"]._serve_change(
            received, LeadAddress(lead_id=lead_id)
        )

    @api_route(
        "/lead",
        "PATCH",
        _lt("Change the open lead of a ticket"),
        tag=LEADS,
        details=CHANGE_DETAILS,
        errors=CHANGE_ERRORS,
        kind="change",
    )
    def change_lead_of_ticket(
        self, received: ReceivedRequest[LeadChange], query: TicketOptions
    ) -> Outcome[ChangedLeadResponse]:
        return self.env["crm.lead.api.engine"]._serve_change(
            received, LeadAddress(ticket_id=query.ticket_id)
        )

    @api_route(
        "/lead",
        "PUT",
        _lt("Change the open lead of a ticket, or make a lead"),
        tag=LEADS,
        details=(UPSERT, CHANGE, IF_MATCH, RETRIES_OF_UPSERT, DRY_RUN),
        errors=(400, 409, 412, 413, 415, 422),
        kind="upsert",
    )
    def put_lead(
        self, received: ReceivedRequest[LeadRequest]
    ) -> Outcome[UpsertedLeadResponse]:
        return self.env["crm.lead.api.engine"]._serve_upsert(received)

    @api_route(
        f"/lead/<{ID}:lead_id>/notes",
        "POST",
        _lt("Note something on a lead"),
        tag=LEADS,
        details=NOTE_DETAILS,
        errors=NOTE_ERRORS,
        kind="note",
        key=NOTE_KEY,
    )
    def create_note(
        self, lead_id: Id, received: ReceivedRequest[NoteRequest]
    ) -> Outcome[NoteResponse]:
        return self.env["crm.lead.api.engine"]._serve_note(
            received, LeadAddress(lead_id=lead_id)
        )

    @api_route(
        "/lead/notes",
        "POST",
        _lt("Note something on the lead of a ticket"),
        tag=LEADS,
        details=NOTE_DETAILS,
        errors=NOTE_ERRORS,
        kind="note",
        key=NOTE_KEY,
    )
    def create_note_of_ticket(
        self, received: ReceivedRequest[NoteRequest], query: TicketOptions
    ) -> Outcome[NoteResponse]:
        return self.env["crm.lead.api.engine"]._serve_note(
            received, LeadAddress(ticket_id=query.ticket_id)
        )
