# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from http import HTTPStatus

from odoo import api, fields, models
from odoo.fields import Domain

VALID_STATES = ("valid", "replaced")  # of tokens


class CrmLeadApiClient(models.Model):
    """Guide an administrator to the first request of a client."""

    _inherit = "crm.lead.api.client"

    has_requests = fields.Boolean(
        compute="_compute_has_requests", help="Odoo has taken a request of the client."
    )
    first_steps = fields.Json(compute="_compute_first_steps")

    @api.depends("request_ids")
    def _compute_has_requests(self):
        for client in self:
            taken = Domain("status", "<", HTTPStatus.BAD_REQUEST)
            client.has_requests = bool(client._find_last_request(taken))

    @api.depends("token_ids.state", "webhook_url")
    def _compute_first_steps(self):
        for client in self:
            client.first_steps = client._prepare_first_steps()

    def get_first_steps(self):
        """Return the state of each first step; see :meth:`_prepare_first_steps`.

        The page of a client without requests asks again and again.
        """
        self.ensure_one()
        self.check_access("read")
        return self._prepare_first_steps()

    def _prepare_first_steps(self):
        """Prepare for each of the first steps whether it is done.

        :return: by name of the step; under ``problem`` the result of the last request,
            ``422 gender``, if it was refused
        :rtype: dict[str, bool | str]
        """
        sources = self.env["utm.source"].search([("group_id", "!=", False)], limit=1)
        districts = self.env["res.country.district"].search([], limit=1)
        request = self._find_last_request()
        # A dry run may be refused, too.
        is_refused = request.status >= HTTPStatus.BAD_REQUEST
        return {
            "source_groups": bool(sources),
            "districts": bool(districts),
            "client": bool(self._origin),
            "token": any(token.state in VALID_STATES for token in self.token_ids),
            "request": bool(request),
            "problem": request._get_summary() if is_refused else "",
            "events": bool(self.webhook_url),
        }

    def _find_last_request(self, domain=Domain.TRUE):
        return self.env["crm.lead.api.request"].search(
            Domain("client_id", "in", self._origin.ids) & domain,
            order="date desc, id desc",
            limit=1,
        )
