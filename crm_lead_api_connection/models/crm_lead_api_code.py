# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.crm_lead_api.models.access.crm_lead_api_code import MAX_WAITING
from odoo.addons.crm_lead_api.tools.json_body import to_json


class CrmLeadApiCode(models.Model):
    """Let the leads whose messages have a word get its meaning as soon as somebody has
    entered it."""

    _inherit = "crm.lead.api.code"

    @api.model_create_multi
    def create(self, vals_list):
        codes = super().create(vals_list)
        codes._trigger_healing()
        return codes

    def write(self, vals):
        result = super().write(vals)
        self._trigger_healing()
        if vals.get("res_id") and not self.env.context.get("import_file"):
            self._notify_of_messages()
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

    def _trigger_healing(self):
        if any(code.res_id for code in self):
            self.env["crm.lead.api.message"]._trigger("ir_cron_heal_leads")

    def _notify_of_messages(self):
        """Tell the user which leads get what their messages said, of many the first,
        until the user has read the names."""
        self.flush_recordset()
        messages = self.env["crm.lead.api.message"]
        waiting = messages._get_healing_domain(self)
        if count := messages.search_count(waiting):
            leads = messages.search(waiting, limit=20).lead_id._filtered_access("read")
            text = self.env._(
                "Messages with this code: %(count)s. Their leads are filled in now: "
                "%(leads)s",
                count=count,
                leads="; ".join(dict.fromkeys(leads.mapped("display_name"))),
            )
            notice = {"type": "info", "message": text, "sticky": True}
            self.env.user._bus_send("simple_notification", notice)
