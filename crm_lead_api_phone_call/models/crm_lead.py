# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.crm_lead_api.tools.mode import ALL, MODE


class CrmLead(models.Model):
    """Show the phone calls of a lead, and let earlier calls of its ticket join it."""

    _inherit = "crm.lead"

    phone_call_ids = fields.One2many(
        "crm.lead.phone.call", "lead_id", context={MODE: ALL}
    )
    phone_call_count = fields.Integer(
        "Number of Phone Calls", compute="_compute_phone_call_count"
    )

    @api.depends("phone_call_ids")
    def _compute_phone_call_count(self):
        calls = self.env["crm.lead.phone.call"]
        for lead, count in calls._count_of(self, "lead_id").items():
            lead.phone_call_count = count

    @api.model_create_multi
    def create(self, vals_list):
        leads = super().create(vals_list)
        leads._join_phone_calls()
        return leads

    def action_view_phone_calls(self):
        """Open the phone calls of the lead."""
        self.ensure_one()
        calls = self.env["crm.lead.phone.call"]
        return calls._get_list_action([("lead_id", "=", self.id)])

    def _join_phone_calls(self):
        """Let the calls of the leads' tickets that had no lead join the leads."""
        # sudo: a client's user may not read clients
        leads = self.sudo().filtered("lead_api_client_id").filtered("ticket_ref")
        by_ticket = {(lead.lead_api_client_id, lead.ticket_ref): lead for lead in leads}
        if not by_ticket:
            return
        calls = self.env["crm.lead.phone.call"].sudo()
        # The keys of all tickets at once, to avoid a deadlock
        self.env["crm.lead.api.lock"]._lock(
            [calls._get_ticket_key(*ticket) for ticket in by_ticket]
        )
        domain = Domain("client_id", "in", leads.lead_api_client_id.ids)
        domain &= Domain("ticket_ref", "in", leads.mapped("ticket_ref"))
        for call in calls.search(domain & Domain("lead_id", "=", False), order="id"):
            if lead := by_ticket.get((call.client_id, call.ticket_ref)):
                company = lead.company_id or call.company_id
                values = {"lead_id": lead.id, "partner_id": lead.partner_id.id}
                call.write({**values, "company_id": company.id})
                call._process_changes({*values, "company_id"})

    def _update_after_customer_change(self):
        result = super()._update_after_customer_change()
        # sudo: no user may write calls, or read a lead that was given away at once
        lead = self.sudo()
        lead.phone_call_ids.partner_id = lead.partner_id
        return result

    def _merge_dependences_history(self, opportunities):
        result = super()._merge_dependences_history(opportunities)
        # sudo: no user may write calls
        calls = opportunities.sudo().phone_call_ids
        calls.write({"lead_id": self.id, "partner_id": self.partner_id.id})
        return result
