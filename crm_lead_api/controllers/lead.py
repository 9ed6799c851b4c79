# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import http
from odoo.http import request
from odoo.tools.translate import LazyTranslate

from ..http.routes import ID, api_route
from ..models.request.outcome import Outcome
from ..schemas import (
    DryRunResponse,
    LeadOptions,
    LeadRequest,
    LeadResponse,
    LeadsQuery,
    LeadsRequest,
    LeadsResponse,
    StoredLeadResponse,
    StoredLeadsResponse,
    TicketQuery,
)
from ..schemas.query import Id

_lt = LazyTranslate(__name__, default_lang="en_US")

LEADS = _lt("Leads")


class LeadController(http.Controller):
    @api_route(
        "/lead",
        "POST",
        _lt("Make a lead, with its customer, services and portrait"),
        tag=LEADS,
        answers=(DryRunResponse,),
        errors=(400, 409, 413, 415, 422),
    )
    def create_lead(
        self, payload: LeadRequest, query: LeadOptions
    ) -> Outcome[LeadResponse]:
        return self.env["crm.lead.api.engine"]._serve(request.dispatcher.received)

    @api_route(
        "/leads",
        "POST",
        _lt("Make many leads, each as by a request of its own"),
        tag=LEADS,
        errors=(400, 413, 415, 422),
        max_body_factor=16,
        takes_forms=False,
        nesting=2,  # a lead is in a list, in an object
    )
    def create_leads(
        self, payload: LeadsRequest, query: LeadOptions
    ) -> Outcome[LeadsResponse]:
        return self.env["crm.lead.api.engine"]._serve_many(request.dispatcher.received)

    @api_route(
        "/lead", "GET", _lt("Read the leads of a ticket"), tag=LEADS, errors=(422,)
    )
    def read_ticket(self, query: TicketQuery) -> StoredLeadsResponse:
        leads = self.env["crm.lead.api.reader"]._find_by_ticket(query.ticket_id)
        return StoredLeadsResponse.from_leads(leads)

    @api_route(
        f"/lead/<{ID}:lead_id>", "GET", _lt("Read a lead"), tag=LEADS, errors=(404,)
    )
    def read_lead(self, lead_id: Id) -> StoredLeadResponse:
        lead = self.env["crm.lead.api.reader"]._get_lead(lead_id)
        return StoredLeadResponse.from_lead(lead)

    @api_route(
        "/leads",
        "GET",
        _lt("Read the leads that have changed"),
        tag=LEADS,
        errors=(422,),
    )
    def read_leads(self, query: LeadsQuery) -> StoredLeadsResponse:
        reader = self.env["crm.lead.api.reader"]
        leads, cursor = reader._get_page(query, reader._find_horizon())
        return StoredLeadsResponse.from_leads(leads, cursor)
