# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import http
from odoo.http import request
from odoo.tools.translate import LazyTranslate

from ..http.routes import ID, api_route
from ..models.request.lead_address import LeadAddress
from ..models.request.outcome import Outcome
from ..schemas import (
    ChangedLeadResponse,
    LeadChange,
    LeadOptions,
    LeadRequest,
    NoteRequest,
    NoteResponse,
    TicketOptions,
    UpsertedLeadResponse,
)
from ..schemas.query import Id
from .lead import LEADS

_lt = LazyTranslate(__name__, default_lang="en_US")

CHANGE_ERRORS = (400, 404, 409, 412, 413, 415, 422)
NOTE_ERRORS = (400, 404, 409, 413, 415, 422)


class LeadChangeController(http.Controller):
    @api_route(
        f"/lead/<{ID}:lead_id>",
        "PATCH",
        _lt("Change a lead"),
        tag=LEADS,
        errors=CHANGE_ERRORS,
        kind="change",
    )
    def change_lead(
        self, lead_id: Id, payload: LeadChange, query: LeadOptions
    ) -> Outcome[ChangedLeadResponse]:
        return self.env["crm.lead.api.engine"]._serve_change(
            request.dispatcher.received, LeadAddress(lead_id=lead_id)
        )

    @api_route(
        "/lead",
        "PATCH",
        _lt("Change the open lead of a ticket"),
        tag=LEADS,
        errors=CHANGE_ERRORS,
        kind="change",
    )
    def change_lead_of_ticket(
        self, payload: LeadChange, query: TicketOptions
    ) -> Outcome[ChangedLeadResponse]:
        return self.env["crm.lead.api.engine"]._serve_change(
            request.dispatcher.received, LeadAddress(ticket_id=query.ticket_id)
        )

    @api_route(
        "/lead",
        "PUT",
        _lt("Change the open lead of a ticket, or make a lead"),
        tag=LEADS,
        errors=(400, 409, 412, 413, 415, 422),
        kind="upsert",
    )
    def put_lead(
        self, payload: LeadRequest, query: LeadOptions
    ) -> Outcome[UpsertedLeadResponse]:
        return self.env["crm.lead.api.engine"]._serve_upsert(
            request.dispatcher.received
        )

    @api_route(
        f"/lead/<{ID}:lead_id>/notes",
        "POST",
        _lt("Note something on a lead"),
        tag=LEADS,
        errors=NOTE_ERRORS,
        kind="note",
    )
    def create_note(
        self, lead_id: Id, payload: NoteRequest, query: LeadOptions
    ) -> Outcome[NoteResponse]:
        return self.env["crm.lead.api.engine"]._serve_note(
            request.dispatcher.received, LeadAddress(lead_id=lead_id)
        )

    @api_route(
        "/lead/notes",
        "POST",
        _lt("Note something on the lead of a ticket"),
        tag=LEADS,
        errors=NOTE_ERRORS,
        kind="note",
    )
    def create_note_of_ticket(
        self, payload: NoteRequest, query: TicketOptions
    ) -> Outcome[NoteResponse]:
        return self.env["crm.lead.api.engine"]._serve_note(
            request.dispatcher.received, LeadAddress(ticket_id=query.ticket_id)
        )
