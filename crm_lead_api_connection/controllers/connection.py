# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import http
from odoo.http import request
from odoo.tools.translate import LazyTranslate

from odoo.addons.crm_lead_api.http.outcome import Outcome
from odoo.addons.crm_lead_api.http.routes import api_route

_lt = LazyTranslate(__name__, default_lang="en_US")


class ConnectionController(http.Controller):
    """Take messages; not in the OpenAPI document, for each platform has its own."""

    @api_route(
        "/connections/<key>", "POST", _lt("Send a message"), auth="lead_api_none"
    )
    def receive_message(self, key) -> Outcome:
        connections = self.env["crm.lead.api.connection"]
        return connections._receive(key, request.httprequest)

    @api_route(
        "/connections/<key>",
        "GET",
        _lt("Check the address"),
        auth="lead_api_none",
        on_primary=True,
    )
    def verify_address(self, key) -> http.Response:
        connections = self.env["crm.lead.api.connection"]
        return connections._verify(key, request.httprequest.args)
