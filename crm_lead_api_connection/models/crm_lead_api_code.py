# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.crm_lead_api.models.access.crm_lead_api_code import MAX_WAITING
from odoo.addons.crm_lead_api.tools.action import get_action
from odoo.addons.crm_lead_api.tools.json_body import to_json


class CrmLeadApiCode(models.Model):
    """Let the leads whose messages have a word get its meaning as soon as somebody has
    entered it."""

    _inherit = "crm.lead.api.code"

    message_ids = fields.Many2many(
        "crm.lead.api.message",
        "crm_lead_api_code_message_rel",
        string="Messages",
        readonly=True,
        help="Messages that had the code when somebody entered its meaning.",
    )
    lead_count = fields.Integer(
        "Leads Filled In",
        compute="_compute_lead_count",
        help="Leads that had come with the code, and got its meaning within a minute, "
        "unless they were closed.",
    )

    @api.depends("message_ids.lead_id")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_lead_count(self):
        for code in self:
            code.lead_count = len(code._get_filled_leads())

    @api.model_create_multi
    def create(self, vals_list):
        codes = super().create(vals_list)
        codes._trigger_healing()
        codes.filtered("res_id")._keep_messages()
        return codes

    def write(self, vals):
        result = super().write(vals)
        self._trigger_healing()
        if vals.get("res_id"):
            self._keep_messages()
        return result

    def action_open_requests(self):
        """Open also the requests of messages whose leads were made without the code."""

        def to_sql(_model, alias, _query):
            unknown = to_json([[self.attribute, self.code]])
            return SQL("%s @> %s::jsonb", SQL.identifier(alias, "unknown"), unknown)

        action = super().action_open_requests()
        messages = self.env["crm.lead.api.message"].search(
            Domain("connection_id.client_id", "=", self.client_id.id)
            & Domain.custom(to_sql=to_sql),
            limit=MAX_WAITING,
        )
        domain = ["|", ("message_ids", "in", messages.ids), *action["domain"]]
        return {**action, "domain": domain}

    def action_open_leads(self):
        """Open the leads that got the meaning of the code."""
        domain = [("id", "in", self._get_filled_leads().ids)]
        context = {"active_test": False}
        action = "crm_lead_search_action"
        return get_action(self.env, action, domain=domain, context=context)

    def _find_waiting_requests(self):
        """Leave out the requests of messages that somebody has discarded."""
        entries = super()._find_waiting_requests()
        # sudo: messages and attempts at a request that the user finds
        origins = (entries | entries.origin_id).sudo()
        messages = (origins | origins.repetition_ids).message_ids
        messages = messages.filtered(lambda message: message.state == "discarded")
        discarded = {each.origin_id or each for each in messages.request_id}
        return entries.filtered(lambda e: (e.origin_id or e) not in discarded)

    def _trigger_healing(self):
        if any(code.res_id for code in self):
            self.env["crm.lead.api.message"]._trigger("ir_cron_heal_leads")

    def _get_filled_leads(self):
        return self.message_ids.lead_id._filtered_access("read")

    def _keep_messages(self):
        """Keep which messages have waited for the meanings of the codes, of each code
        the newest."""
        if self.env.context.get("import_file"):
            return  # a search for each code
        self.flush_recordset()
        messages = self.env["crm.lead.api.message"]
        for code in self:
            waiting = messages._get_healing_domain(code)
            code.message_ids |= messages.search(
                waiting, order="id desc", limit=MAX_WAITING
            )
