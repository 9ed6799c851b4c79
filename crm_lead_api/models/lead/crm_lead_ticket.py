# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from markupsafe import Markup

from odoo import api, fields, models

from ...schemas.ticket import find_numbers, find_texts

LINK = Markup('<a href="%s" target="_blank" rel="noopener noreferrer">%s</a>')


class CrmLead(models.Model):
    """Keep the numbers that outside systems have for a lead."""

    _inherit = "crm.lead"

    ticket_ref = fields.Char(
        "Ticket",
        index="trigram",
        copy=False,
        help="The ticket's number in the system that sent the lead; after a merge the "
        "numbers of all leads, with commas between them.",
    )
    has_text_ticket = fields.Boolean(
        copy=False,
        readonly=True,
        help="A client has sent the ticket, or one of them, as a text.",
    )
    ticket_links = fields.Html(
        "Tickets", compute="_compute_ticket_links", compute_sudo=True
    )

    @api.depends("ticket_ref", "lead_api_client_id", "lead_api_request_ids.ticket_ref")
    def _compute_ticket_links(self):
        for lead in self:
            tickets = (lead.ticket_ref or "").split(", ")
            client, clients = lead.lead_api_client_id, {}
            if len(tickets) > 1:  # tickets of merged leads
                entries = lead.lead_api_request_ids
                clients = {entry.ticket_ref: entry.client_id for entry in entries}
                if entries.client_id - client:
                    client = client.browse()  # unknown for tickets not in the log
            links = [
                LINK % (url, ticket)
                for ticket in tickets
                if (url := clients.get(ticket, client)._get_ticket_url(ticket))
            ]
            lead.ticket_links = Markup(", ").join(links)

    def _get_ticket_ids(self, client):
        """Return the tickets of a lead, with superuser rights, that a client may know.

        :param client: ``crm.lead.api.client``; if leads of several clients were merged,
            the result has only the tickets of this client
        :return: as the client sends tickets; other tickets are left out
        :rtype: list[int] | list[str]
        """
        if client.has_text_tickets:
            tickets = find_texts(self.ticket_ref)
        else:
            tickets = find_numbers(self.ticket_ref, self.has_text_ticket)
        if client.reads_all_leads or len(self.lead_api_merged_client_ids) < 2:
            return tickets
        requests = self.lead_api_request_ids
        own = requests.filtered(lambda request: request.client_id == client)
        return [ticket for ticket in tickets if str(ticket) in own.mapped("ticket_ref")]

    def _get_first_ticket(self):
        """Return the lead's first ticket, without the tickets of merged leads."""
        return (self.ticket_ref or "").split(", ")[0]
