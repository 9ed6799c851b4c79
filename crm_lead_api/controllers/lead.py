# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import http

from ..schemas import LeadRequest, LeadResponse
from .dispatcher import LeadApiDispatcher


class LeadController(http.Controller):
    @http.route(
        "/api/v1/lead",
        type=LeadApiDispatcher.routing_type,
        auth="lead_api",
        methods=["POST"],
        save_session=False,
    )
    def create_lead(self, payload: LeadRequest):
        lead = self.env["crm.lead"]._create_from_payload(payload)
        return LeadResponse.from_lead(lead)
