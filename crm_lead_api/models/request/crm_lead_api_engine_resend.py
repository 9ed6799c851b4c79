# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models

from ...schemas import LeadChange, LeadRequest, NoteRequest, TicketQuery
from .lead_address import LeadAddress

# The schema of the payload, by kind of the request
SCHEMAS = {
    "create": LeadRequest,
    "change": LeadChange,
    "upsert": LeadRequest,
    "note": NoteRequest,
}


class CrmLeadApiEngine(models.AbstractModel):
    """Serve requests that an administrator sends again, of any kind."""

    _inherit = "crm.lead.api.engine"

    @api.model
    def _parse_by_kind(self, client, kind, data, unknown_codes=None):
        """Parse a payload by the schema of its kind of request.

        :param client: ``crm.lead.api.client``, with superuser rights
        """
        schema = client._get_schema(SCHEMAS[kind])
        return client._parse(schema, data, unknown_codes)

    @api.model
    def _get_nesting(self, kind):
        """Return how many levels deeper than usual a request of a kind may be nested,
        as its route says."""
        return 0

    @api.model
    def _check_by_kind(self, received):
        """Check a payload against the database, and save nothing.

        :param ReceivedRequest received: with payload, data, kind and route
        :raise PayloadError: the payload has errors
        :raise UserError: the lead cannot be changed
        """
        payload, lead = received.payload, None
        match received.kind:
            case "change":
                lead = self._find_open_lead(self._parse_address(received.route))
            case "upsert":
                lead = self._find_open_of_ticket(payload.ticket_id)
                payload = self._to_change(received) if lead else payload
            case "note":
                return payload.check()
        if lead:
            self._with_rights(lead)._find_change_records(payload)
        else:
            self.env["crm.lead"]._find_payload_records(payload)
        return None

    @api.model
    def _serve_by_kind(self, received):
        """Serve a request as its route would.

        :param ReceivedRequest received: with payload, kind and route
        :rtype: Outcome
        """
        match received.kind:
            case "change":
                return self._serve_change(received, self._parse_address(received.route))
            case "note":
                return self._serve_note(received, self._parse_address(received.route))
            case "upsert":
                return self._serve_upsert(received)
        return self._serve(received)

    @api.model
    def _parse_address(self, route):
        schema = self.env.user._get_lead_api_client()._get_schema(TicketQuery)
        return LeadAddress.parse(route, schema)
