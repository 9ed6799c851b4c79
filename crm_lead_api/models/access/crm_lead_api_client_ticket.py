# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import re
from urllib.parse import quote

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...schemas import LeadRequest
from ...schemas.ticket import ATTRIBUTE, take_text_tickets

TICKET_PLACEHOLDER = "{ticket_id}"


class CrmLeadApiClient(models.Model):
    """Read the tickets of a client, numbers or texts, and link leads to them."""

    _inherit = "crm.lead.api.client"

    has_text_tickets = fields.Boolean(
        "Tickets Are Texts",
        tracking=True,
        help="The client sends tickets as texts of up to 64 characters, such as "
        "TCK-100 or a UUID, and gets them back as texts. Otherwise tickets are "
        "numbers.",
    )
    ticket_url = fields.Char(
        "Ticket Address",
        help="The address of a ticket in the client's system, such as "
        "https://tickets.example.com/{ticket_id}: staff get there from the lead.",
    )

    @api.constrains("ticket_url")
    def _check_ticket_url(self):
        for client in self.filtered("ticket_url"):
            is_web = re.match(r"https?://[^/]", client.ticket_url)
            if not is_web or TICKET_PLACEHOLDER not in client.ticket_url:
                raise ValidationError(
                    self.env._(
                        "Write the ticket address with https:// in front, and "
                        "%(placeholder)s where the ticket's number belongs.",
                        placeholder=TICKET_PLACEHOLDER,
                    )
                )

    def _get_schema(self, schema=LeadRequest):
        # sudo: only administrators may read clients, but a client may know how its own
        # tickets are read
        if ATTRIBUTE in schema.model_fields and self.sudo().has_text_tickets:
            schema = take_text_tickets(schema)
        return super()._get_schema(schema)

    def _get_ticket_url(self, ticket_ref):
        """Return the address of a ticket in the client's system, or ``""``."""
        # sudo: not all users may read clients, but the ticket address is no secret
        template = self.sudo().ticket_url
        if not (template and ticket_ref):
            return ""
        return template.replace(TICKET_PLACEHOLDER, quote(ticket_ref, safe=""))
