# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta
from http import HTTPStatus

from odoo import api, fields, models
from odoo.fields import Domain

FIGURE_DAYS = 30
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
        since = fields.Datetime.now() - timedelta(days=FIGURE_DAYS)
        requests = self.env["crm.lead.api.request"]
        recent = (
            Domain("client_id", "in", self.ids)
            & Domain("date", ">=", since)
            & OWN_REQUESTS
        )
        failed = recent & Domain("status", ">=", HTTPStatus.BAD_REQUEST)
        sent = {
            client: figures
            for client, *figures in requests._read_group(
                recent, ["client_id"], ["__count", "date:max"]
            )
        }
        failures = {
            client: figures
            for client, *figures in requests._read_group(
                failed, ["client_id"], ["__count", "id:max"]
            )
        }
        for client in self:
            count, last_date = sent.get(client, (0, False))
            failed_count, failed_id = failures.get(client, (0, False))
            client.call_count = count
            client.refused_rate = failed_count / count if count else 0
            client.last_call_date = last_date
            client.last_error = requests.browse(failed_id)._get_summary()

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
