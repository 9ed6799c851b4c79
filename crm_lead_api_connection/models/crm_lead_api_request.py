# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.crm_lead_api.models.test_mode.crm_lead_api_request import GC_LIMIT


class CrmLeadApiRequest(models.Model):
    """Log the leads that are made of messages, and forget both together."""

    _inherit = "crm.lead.api.request"

    kind = fields.Selection(
        selection_add=[("message", "Message")], ondelete={"message": "cascade"}
    )
    message_ids = fields.One2many("crm.lead.api.message", "request_id")

    @api.ondelete(at_uninstall=False)
    def _erase_messages(self):
        """Erase the content of messages whose entries Privacy Lookup deletes."""
        # sudo: no user may write messages
        self.sudo().message_ids._anonymize()

    def _anonymize(self):
        # sudo: as above
        self.sudo().message_ids._forget_body()
        return super()._anonymize()

    @api.model
    def _cron_forget_payloads(self):
        result = super()._cron_forget_payloads()
        self.env["crm.lead.api.message"]._cron_forget_bodies()
        return result

    @api.autovacuum
    def _gc_tests(self):
        """Delete the messages of tests, too."""
        count, is_more = super()._gc_tests()
        days = self.env["ir.config_parameter"]._get_lead_api_int("test_days")
        oldest = fields.Datetime.now() - timedelta(days=days)
        is_old = Domain("is_test", "=", True) & Domain("date", "<", oldest)
        messages = self.env["crm.lead.api.message"].search(is_old, limit=GC_LIMIT)
        messages.unlink()
        return count + len(messages), is_more or len(messages) == GC_LIMIT
