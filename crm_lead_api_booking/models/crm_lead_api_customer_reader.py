# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.fields import Domain

from odoo.addons.crm_lead_api.tools.joint_search import search_newest

from ..schemas import Booking
from .crm_booking import OPEN_STATES
from .crm_lead_api_client import MAX_BOOKINGS

PART = "bookings"


class CrmLeadApiCustomerReader(models.AbstractModel):
    """Read the bookings of the customers that a client looks up."""

    _inherit = "crm.lead.api.customer.reader"

    @api.model
    def _read_parts(self, partners, words):
        parts = super()._read_parts(partners, words)
        client = self.env.user._get_lead_api_client()
        if PART in words and client.books_appointments:
            parts[PART] = {
                partner.id: [
                    Booking.from_booking(booking) for booking in bookings[:MAX_BOOKINGS]
                ]
                for partner, bookings in self._find_bookings(partners).items()
            }
        return parts

    @api.model
    def _find_bookings(self, partners):
        """Return the bookings of each customer: open ones first, then the newest."""
        bookings, domain = self.env["crm.booking.reader"]._get_bookings()
        is_open = Domain("state", "in", OPEN_STATES)
        found = bookings
        for each in (domain & is_open, domain & ~is_open):
            newest = search_newest(
                bookings, each, partners, MAX_BOOKINGS, bookings._order
            )
            found |= bookings.search(Domain("id", "in", newest))
        return found.grouped("partner_id")
