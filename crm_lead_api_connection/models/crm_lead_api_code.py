# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models


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
        return result

    def _trigger_healing(self):
        messages = self.env["crm.lead.api.message"]
        if not any(code.res_id for code in self):
            return
        messages._trigger("ir_cron_heal_leads")
        self.flush_recordset()
        if count := messages.search_count(messages._get_healing_domain(self)):
            text = self.env._(
                "Messages with this code: %s. Their leads are filled in now.", count
            )
            notice = {"type": "info", "message": text}
            self.env.user._bus_send("simple_notification", notice)
