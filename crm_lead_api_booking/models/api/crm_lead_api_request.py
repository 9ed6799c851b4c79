# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from dataclasses import replace

from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.crm_lead_api.schemas.value import to_whole
from odoo.addons.crm_lead_api.tools.json_body import parse_leniently

from ...schemas import LEAD

KINDS = ("booking", "booking_change")


class CrmLeadApiRequest(models.Model):
    """Log the requests about bookings."""

    _inherit = "crm.lead.api.request"
    _making_kinds = ["booking"]

    kind = fields.Selection(
        selection_add=[
            ("booking", "Booking"),
            ("booking_change", "Change of a Booking"),
        ],
        ondelete={"booking": "cascade", "booking_change": "cascade"},
    )

    @api.model
    def _prepare_payload_values(self, received, with_phones=True):
        values = super()._prepare_payload_values(received, with_phones)
        lead = received.data.get(LEAD) if received.kind == "booking" else None
        if not isinstance(lead, dict):
            return values
        payload = getattr(received.payload, LEAD, None)
        of_lead = super()._prepare_payload_values(
            replace(received, data=lead, payload=payload), with_phones
        )
        return {**values, **{name: each for name, each in of_lead.items() if each}}

    @api.model
    def _anonymize_bookings(self, bookings):
        """Erase the refused requests about bookings: without a contact, Odoo's Privacy
        Lookup does not find them."""
        names = {name for each in bookings for name in (str(each.id), each.code)}
        leads = bookings.lead_id
        domain = Domain("kind", "in", KINDS) & Domain("payload", "!=", False)
        entries = self.search(domain & Domain("partner_id", "=", False))
        of_tickets = entries.filtered_domain(self._get_ticket_domain(leads))
        entries.filtered(
            lambda entry: (
                (entry.route or "").rpartition("/")[2].partition("?")[0] in names
                or to_whole(parse_leniently(entry.payload).get("id_lead")) in leads.ids
                or entry in of_tickets
            )
        )._anonymize()
