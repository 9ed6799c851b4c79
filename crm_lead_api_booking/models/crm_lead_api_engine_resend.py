# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models

from odoo.addons.crm_lead_api.exceptions import PayloadError

from ..schemas import BookingChange, BookingRequest
from .crm_lead_api_engine import KINDS

SCHEMAS = {"booking": BookingRequest, "booking_change": BookingChange}


class CrmLeadApiEngine(models.AbstractModel):
    """Serve requests about bookings that an administrator sends again."""

    _inherit = "crm.lead.api.engine"

    @api.model
    def _parse_by_kind(self, client, kind, data, unknown_codes=None):
        if kind not in KINDS:
            return super()._parse_by_kind(client, kind, data, unknown_codes)
        return client._parse(client._get_schema(SCHEMAS[kind]), data, unknown_codes)

    @api.model
    def _check_by_kind(self, received):
        if received.kind not in KINDS:
            return super()._check_by_kind(received)
        payload = received.payload
        if received.kind == "booking":
            self._check_booking(payload)
            return None
        self.env["crm.booking.reader"]._get(_get_name(received.route))
        _records, errors = self.env["crm.booking"]._find_records(payload)
        errors += payload.get_errors()
        if errors:
            raise PayloadError(payload.sort_errors(errors))
        return None

    @api.model
    def _get_nesting(self, kind):
        # The lead is an object in the object.
        return 1 if kind == "booking" else super()._get_nesting(kind)

    @api.model
    def _serve_by_kind(self, received):
        match received.kind:
            case "booking":
                return self._serve_booking(received)
            case "booking_change":
                return self._serve_booking_change(received, _get_name(received.route))
        return super()._serve_by_kind(received)


def _get_name(route):
    """Return the id or code of the booking in a route, ``PATCH /bookings/12``."""
    return route.partition("?")[0].rpartition("/")[2]
