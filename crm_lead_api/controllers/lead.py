# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from functools import partial

from odoo import http
from odoo.http import request
from odoo.tools.translate import LazyTranslate

from ..http.routes import ID, api_route
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
    def create_lead(self, payload: LeadRequest, query: LeadOptions) -> LeadResponse:
        lead = self.env["crm.lead"]._create_from_payload(payload)
        self._follow_up_after_answer()
        return lead

    @api_route(
        "/leads",
        "POST",
        _lt("Make many leads, each as by a call of its own"),
        tag=LEADS,
        errors=(400, 413, 415, 422),
        max_body_factor=16,
    )
    def create_leads(self, payload: LeadsRequest, query: LeadOptions) -> LeadsResponse:
        leads = self.env["crm.lead"]._create_each_from_payloads(payload.leads)
        self._follow_up_after_answer()
        return leads

    def _follow_up_after_answer(self):
        wake_up = self.env["crm.lead.api.follow.up"]._wake_up
        request.dispatcher.after_answer = partial(wake_up, self.env.cr.dbname)

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
