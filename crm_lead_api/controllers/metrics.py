# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import http
from odoo.http import request
from odoo.tools.translate import LazyTranslate

from ..exceptions import ClientRefusedError
from ..http.routes import api_route
from ..models.request.received_request import ReceivedRequest

_lt = LazyTranslate(__name__, default_lang="en_US")

# Of Prometheus' text format
CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


class MetricsController(http.Controller):
    @api_route("/metrics", "GET", _lt("Read the figures, for Prometheus"))
    def read_metrics(self, received: ReceivedRequest):
        if not received.client.reads_metrics:
            raise ClientRefusedError(
                _lt("An administrator has to let this client read the figures.")
            )
        # sudo: only administrators of the lead API may read the log
        metrics = self.env["crm.lead.api.metrics"].sudo()
        return request.make_response(
            metrics._render().encode(),
            {"Content-Type": CONTENT_TYPE, "Cache-Control": "no-store"},
        )
