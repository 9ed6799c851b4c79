# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models


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

    @api.model
    def _get_test_logs(self):
        return ["crm.lead.api.message", *super()._get_test_logs()]
