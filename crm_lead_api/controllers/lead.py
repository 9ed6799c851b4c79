# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from functools import partial

from odoo import http

from .. import schemas
from ..http.outcome import Outcome
from ..http.received_request import ReceivedRequest
from ..http.routes import api_route
from ..models.request.crm_lead_api_engine import LeadAddress
from ..schemas.query import Id
from ..translate import _lt

lead_route = partial(api_route, tag=_lt("Leads"))
RETRIES = _lt(
    "**Retries:** send an Idempotency-Key that comes from your own data, such as "
    "ticket-100234, and the same key with each retry. A repeated request gets the "
    "answer to the first request, and makes no second lead. Odoo keeps a key for some "
    "days: limits.answer_days in GET /api/v1/me. Without a key, equal content within "
    "24 hours counts as a repetition. Another request for the same ticket makes "
    "another lead: PUT /api/v1/lead changes the ticket's open lead instead."
)
RETRIES_OF_MANY = _lt(
    "**Retries:** give each lead an idempotency_key that comes from your own data, "
    "such as ticket-100234. A wrong lead harms no other lead, unless atomic is true."
)
CUSTOMER = _lt(
    "**The customer** is the contact with the id account_id; otherwise a contact with "
    "any of the phones; otherwise a contact with the same e-mail and the same name; "
    "otherwise a new contact. A known contact's data are never overwritten: the "
    "request fills empty fields, and staff decide about the differences."
)
DRY_RUN = _lt(
    "**Dry runs:** with dry_run=1, or with the header Prefer: dry-run, nothing is "
    "saved. The answer has the errors of a real request, or describes the records that "
    "a real request would make, with warnings."
)
IF_MATCH = _lt(
    "**If-Match:** send the ETag of the lead with a change, and the change is made "
    "only if the lead is still as you read it. Otherwise the answer is a 412, and "
    "nothing is written: read the lead again, and decide anew. The ETag is that of GET "
    "/api/v1/lead/{lead_id}, or of GET /api/v1/lead?ticket_id= if the ticket has a "
    "single lead."
)
CHANGES = _lt(
    "**Following changes:** keep the last updated_at, and send it as updated_since the "
    "next time. Leads that changed at this very time come again; no change is left out."
)

KEY = _lt("Your own key for each lead: a repeated request then makes no second lead.")
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
# Options of the routes to a lead by its id, and by a ticket
OF_CHANGE = {
    "details": (CHANGE, AGENT, IF_MATCH, RETRIES_OF_CHANGE, DRY_RUN),
    "errors": (400, 404, 409, 412, 413, 415, 422),
    "kind": "change",
}
OF_NOTE = {
    "details": (NOTE, RETRIES_OF_NOTE, DRY_RUN),
    "errors": (400, 404, 409, 413, 415, 422),
    "kind": "note",
    "key": _lt(
        "Your own key for each note: a repeated request then makes no second note."
    ),
}


class LeadController(http.Controller):
    @lead_route(
        "/lead",
        "POST",
        _lt("Make a lead, with its customer, services and portrait"),
        details=(RETRIES, CUSTOMER, DRY_RUN),
        answers=(schemas.DryRunResponse,),
        errors=(400, 409, 413, 415, 422),
        kind="create",
        key=KEY,
    )
    def create_lead(
        self, received: ReceivedRequest[schemas.LeadRequest]
    ) -> Outcome[schemas.LeadResponse]:
        return self.env["crm.lead.api.engine"]._serve(received)

    @lead_route(
        "/leads",
        "POST",
        _lt("Make many leads, each as by a request of its own"),
        details=(RETRIES_OF_MANY, CUSTOMER, DRY_RUN),
        errors=(400, 413, 415, 422),
        max_body_factor=16,
        takes_forms=False,
        nesting=2,  # a lead is in a list, in an object
        kind="create",
    )
    def create_leads(
        self, received: ReceivedRequest[schemas.LeadsRequest]
    ) -> Outcome[schemas.LeadsResponse]:
        return self.env["crm.lead.api.engine"]._serve_many(received)

    @lead_route(
        "/lead",
        "GET",
        _lt("Read the leads of a ticket"),
        details=(IF_MATCH,),
        errors=(422,),
    )
    def read_ticket(self, query: schemas.TicketQuery) -> schemas.StoredLeadsResponse:
        leads = self.env["crm.lead.api.reader"]._find_by_ticket(query.ticket_id)
        return schemas.TicketLeadsResponse.from_records(leads)

    @lead_route(
        "/lead/<int:lead_id>",
        "GET",
        _lt("Read a lead"),
        details=(IF_MATCH,),
        errors=(404,),
    )
    def read_lead(self, lead_id: Id) -> schemas.StoredLeadResponse:
        lead = self.env["crm.lead.api.reader"]._get_lead(lead_id)
        return schemas.StoredLeadResponse.from_record(lead)

    @lead_route(
        "/leads",
        "GET",
        _lt("Read the leads that have changed"),
        details=(CHANGES,),
        errors=(422,),
    )
    def read_leads(self, query: schemas.LeadsQuery) -> schemas.StoredLeadsResponse:
        reader = self.env["crm.lead.api.reader"]
        horizon = reader._find_horizon()
        leads, cursor = reader._get_page_of(*reader._get_leads(), query, horizon)
        return schemas.StoredLeadsResponse.from_records(leads, cursor)


class LeadChangeController(http.Controller):
    @lead_route("/lead/<int:lead_id>", "PATCH", _lt("Change a lead"), **OF_CHANGE)
    def change_lead(
        self, lead_id: Id, received: ReceivedRequest[schemas.LeadChange]
    ) -> Outcome[schemas.ChangedLeadResponse]:
        address = LeadAddress(lead_id=lead_id)
        return self.env["crm.lead.api.engine"]._serve_change(received, address)

    @lead_route("/lead", "PATCH", _lt("Change the open lead of a ticket"), **OF_CHANGE)
    def change_lead_of_ticket(
        self,
        received: ReceivedRequest[schemas.LeadChange],
        query: schemas.TicketOptions,
    ) -> Outcome[schemas.ChangedLeadResponse]:
        address = LeadAddress(ticket_id=query.ticket_id)
        return self.env["crm.lead.api.engine"]._serve_change(received, address)

    @lead_route(
        "/lead",
        "PUT",
        _lt("Change the open lead of a ticket, or make a lead"),
        details=(UPSERT, CHANGE, IF_MATCH, RETRIES_OF_UPSERT, DRY_RUN),
        errors=(400, 409, 412, 413, 415, 422),
        kind="upsert",
    )
    def put_lead(
        self, received: ReceivedRequest[schemas.LeadRequest]
    ) -> Outcome[schemas.UpsertedLeadResponse]:
        return self.env["crm.lead.api.engine"]._serve_upsert(received)

    @lead_route(
        "/lead/<int:lead_id>/notes", "POST", _lt("Note something on a lead"), **OF_NOTE
    )
    def create_note(
        self, lead_id: Id, received: ReceivedRequest[schemas.NoteRequest]
    ) -> Outcome[schemas.NoteResponse]:
        address = LeadAddress(lead_id=lead_id)
        return self.env["crm.lead.api.engine"]._serve_note(received, address)

    @lead_route(
        "/lead/notes", "POST", _lt("Note something on the lead of a ticket"), **OF_NOTE
    )
    def create_note_of_ticket(
        self,
        received: ReceivedRequest[schemas.NoteRequest],
        query: schemas.TicketOptions,
    ) -> Outcome[schemas.NoteResponse]:
        address = LeadAddress(ticket_id=query.ticket_id)
        return self.env["crm.lead.api.engine"]._serve_note(received, address)
