# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from werkzeug.exceptions import ServiceUnavailable

from odoo import http
from odoo.tools.translate import LazyTranslate

from ..http.routes import api_route
from ..schemas import HealthResponse

_lt = LazyTranslate(__name__, default_lang="en_US")


class HealthController(http.Controller):
    @api_route(
        "/health",
        "GET",
        _lt("Read whether the API works"),
        auth="lead_api_optional",
        on_primary=True,
    )
    def read_health(self) -> HealthResponse:
        """Check that the database can be written to.

        If Odoo cannot reach the database, it answers earlier: see http/patches.
        """
        self.env.cr.execute("SELECT pg_is_in_recovery()")
        [is_read_only] = self.env.cr.fetchone()
        if is_read_only:
            raise ServiceUnavailable()
        # sudo: anybody may read the health, which tells nothing about a lead
        return HealthResponse.from_health(self.env["crm.lead.api.health"].sudo())
