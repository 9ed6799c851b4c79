# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import threading

from odoo import http
from odoo.http import request
from odoo.tools.translate import LazyTranslate

from odoo.addons.crm_lead_api.http.outcome import Outcome
from odoo.addons.crm_lead_api.http.routes import api_route

from ..tools.access_log import hide_keys

_lt = LazyTranslate(__name__, default_lang="en_US")


class ConnectionController(http.Controller):
    """Take messages; not in the OpenAPI document, for each platform has its own."""

    @api_route(
        "/connections/<key>", "POST", _lt("Send a message"), auth="lead_api_none"
    )
    def receive_message(self, key) -> Outcome:
        return self._get_connections()._receive(key, request.httprequest)

    @api_route(
        "/connections/<key>",
        "GET",
        _lt("Check the address"),
        auth="lead_api_none",
        on_primary=True,
    )
    def verify_address(self, key) -> http.Response:
        return self._get_connections()._verify(key, request.httprequest.args)

    def _get_connections(self):
        # Odoo writes this address to its log when it lists what its threads do.
        thread = threading.current_thread()
        thread.url = hide_keys(request.httprequest.url)
        # A platform's query is its own; and a 404 is to look like any other.
        request.dispatcher.ignored_fields = []
        return self.env["crm.lead.api.connection"]
