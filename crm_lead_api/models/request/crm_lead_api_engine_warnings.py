# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.tools.translate import LazyTranslate

from ...exceptions import FieldError
from .crm_lead_api_engine import CLOSED
from .errors import describe_warnings

_lt = LazyTranslate(__name__, default_lang="en_US")


class CrmLeadApiEngine(models.AbstractModel):
    """Find the warnings about a request, and describe them for its answer."""

    _inherit = "crm.lead.api.engine"

    @api.model
    def _find_warnings(self, received, lead):
        """Return the warnings about a request's payload, if the answer has warnings.

        :param lead: made or changed by the payload
        :rtype: list[FieldError]
        """
        if self._tells_warnings(received):
            return lead._get_payload_warnings(received.payload)
        return []

    @api.model
    def _tells_warnings(self, received):
        return received.is_dry_run or received.client.has_warnings

    @api.model
    def _find_leads_of_tickets(self, requests):
        """Return the leads of the tickets of requests, the new leads among them, by
        ticket; none of requests whose answers have no warnings.

        :rtype: dict
        """
        return self.env["crm.lead.api.reader"]._find_own_by_tickets(
            received.payload.ticket_id
            for received in requests
            if self._tells_warnings(received)
        )

    @api.model
    def _find_ticket_warnings(self, received, lead, of_tickets):
        """Return the warning that a new lead's ticket has other open leads.

        :param dict of_tickets: see :meth:`_find_leads_of_tickets`
        :rtype: list[FieldError]
        """
        ids = [
            each.id
            for each in of_tickets.get(received.payload.ticket_id, ())
            if each != lead and each._get_lead_api_state() not in CLOSED
        ]
        if not ids:
            return []
        message = _lt(
            "The ticket already has an open lead: %(ids)s. PUT /api/v1/lead changes "
            "the open lead of a ticket, and makes no other.",
            ids=", ".join(map(str, ids)),
        )
        return [FieldError("ticket_id", "ambiguous", message)]

    @api.model
    def _describe_warnings(self, received, warnings):
        """Return warnings for an answer; ``None`` if the client wants no warnings."""
        if received.client.has_warnings:
            return describe_warnings(warnings, received.lang)
        return None
