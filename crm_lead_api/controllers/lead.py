# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import http
from odoo.tools.translate import LazyTranslate

from ..http.routes import ID, api_route
from ..models.request.outcome import Outcome
from ..models.request.received_request import ReceivedRequest
from ..schemas import (
    DryRunResponse,
    LeadRequest,
    LeadResponse,
    LeadsQuery,
    LeadsRequest,
    LeadsResponse,
    StoredLeadResponse,
    StoredLeadsResponse,
    TicketLeadsResponse,
    TicketQuery,
)
from ..schemas.query import Id

_lt = LazyTranslate(__name__, default_lang="en_US")

LEADS = _lt("Leads")
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


class LeadController(http.Controller):
    @api_route(
        "/lead",
        "POST",
        _lt("Make a lead, with its customer, services and portrait"),
        tag=LEADS,
        details=(RETRIES, CUSTOMER, DRY_RUN),
        answers=(DryRunResponse,),
        errors=(400, 409, 413, 415, 422),
        kind="create",
        key=KEY,
    )
    def create_lead(
        self, received: ReceivedRequest[LeadRequest]
    ) -> Outcome[LeadResponse]:
        return self.env["crm.lead.api.engine"]._serve(received)

    @api_route(
        "/leads",
        "POST",
        _lt("Make many leads, each as by a request of its own"),
        tag=LEADS,
        details=(RETRIES_OF_MANY, CUSTOMER, DRY_RUN),
        errors=(400, 413, 415, 422),
        max_body_factor=16,
        takes_forms=False,
        nesting=2,  # a lead is in a list, in an object
        kind="create",
    )
    def create_leads(
        self, received: ReceivedRequest[LeadsRequest]
    ) -> Outcome[LeadsResponse]:
        return self.env["crm.lead.api.engine"]._serve_many(received)

    @api_route(
        "/lead",
        "GET",
        _lt("Read the leads of a ticket"),
        tag=LEADS,
        details=(IF_MATCH,),
        errors=(422,),
    )
    def read_ticket(self, query: TicketQuery) -> StoredLeadsResponse:
        leads = self.env["crm.lead.api.reader"]._find_by_ticket(query.ticket_id)
        return TicketLeadsResponse.from_leads(leads)

    @api_route(
        f"/lead/<{ID}:lead_id>",
        "GET",
        _lt("Read a lead"),
        tag=LEADS,
        details=(IF_MATCH,),
        errors=(404,),
    )
    def read_lead(self, lead_id: Id) -> StoredLeadResponse:
        lead = self.env["crm.lead.api.reader"]._get_lead(lead_id)
        return StoredLeadResponse.from_lead(lead)

    @api_route(
        "/leads",
        "GET",
        _lt("Read the leads that have changed"),
        tag=LEADS,
        details=(CHANGES,),
        errors=(422,),
    )
    def read_leads(self, query: LeadsQuery) -> StoredLeadsResponse:
        reader = self.env["crm.lead.api.reader"]
        leads, cursor = reader._get_page(query, reader._find_horizon())
        return StoredLeadsResponse.from_leads(leads, cursor)
