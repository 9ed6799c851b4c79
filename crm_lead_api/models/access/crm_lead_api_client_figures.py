# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections import Counter
from datetime import timedelta
from http import HTTPStatus

from odoo import api, fields, models
from odoo.fields import Domain

from .crm_lead_api_day import FIGURE_DAYS

# Without dry runs, tests and requests that an administrator sent again
OWN_REQUESTS = (
    Domain("sender_id", "=", False)
    & Domain("state", "!=", "dry_run")
    & Domain("is_test", "=", False)
)


class CrmLeadApiClient(models.Model):
    """Show the figures of a client, and open its records."""

    _inherit = "crm.lead.api.client"

    request_ids = fields.One2many("crm.lead.api.request", "client_id")
    call_count = fields.Integer("Requests", compute="_compute_figures")
    refused_rate = fields.Float("Refused", compute="_compute_figures")
    last_call_date = fields.Datetime("Last Request", compute="_compute_figures")
    last_error = fields.Char(compute="_compute_figures")
    used_token_warning = fields.Char(compute="_compute_used_token_warning")
    unknown_code_count = fields.Integer(compute="_compute_unknown_code_count")

    def _compute_figures(self):
        days = self.env["crm.lead.api.day"]
        requests = self.env["crm.lead.api.request"]
        is_own = Domain("client_id", "in", self.ids)
        is_refused = Domain("status", ">=", HTTPStatus.BAD_REQUEST)
        calls, refused = Counter(), Counter()
        past = is_own & Domain("date", ">=", days._get_oldest())
        for client, *counts in days._read_group(
            past, ["client_id"], ["calls:sum", "refused:sum"]
        ):
            calls[client], refused[client] = counts
        new = is_own & Domain("date", ">=", days._get_next()) & OWN_REQUESTS
        for client, status, count in requests._read_group(
            new, ["client_id", "status"], ["__count"]
        ):
            calls[client] += count
            refused[client] += count if status >= HTTPStatus.BAD_REQUEST else 0
        since = fields.Datetime.now() - timedelta(days=FIGURE_DAYS)
        recent = Domain("date", ">=", since) & OWN_REQUESTS
        last = requests._find_last("client_id", self, recent)
        last_refused = requests._find_last("client_id", self, recent & is_refused)
        for client in self:
            count = calls[client]
            client.call_count = count
            client.refused_rate = refused[client] / count if count else 0
            client.last_call_date = last.get(client, requests).date
            client.last_error = last_refused.get(client, requests)._get_summary()

    @api.depends("token_ids.state")
    def _compute_used_token_warning(self):
        for client in self:
            tokens = client.token_ids.filtered("is_used_though_replaced")
            client.used_token_warning = ", ".join(tokens.mapped("display_name"))

    @api.depends("code_ids.res_id")
    def _compute_unknown_code_count(self):
        counts = dict(
            self.env["crm.lead.api.code"]._read_group(
                Domain("client_id", "in", self.ids) & Domain("is_mapped", "=", False),
                ["client_id"],
                ["__count"],
            )
        )
        for client in self:
            client.unknown_code_count = counts.get(client, 0)

    def action_open_requests(self):
        """Open the client's requests."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_lead_api.crm_lead_api_request_action"
        )
        return {
            **action,
            "domain": [("client_id", "=", self.id)],
            "context": {"search_default_live": 1},
        }

    def action_open_documentation(self):
        """Open the documentation for integrators."""
        return {"type": "ir.actions.act_url", "url": "/api/v1/docs", "target": "new"}

    def action_open_codes(self):
        """Open the client's codes."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_lead_api.crm_lead_api_code_action"
        )
        return {
            **action,
            "domain": [("client_id", "=", self.id)],
            "context": {"default_client_id": self.id},
        }
