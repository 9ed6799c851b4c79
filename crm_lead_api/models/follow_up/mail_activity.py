# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models


class MailActivity(models.Model):
    """Ask for the result of a phone call to the customer of a lead."""

    _inherit = "mail.activity"

    def action_done_with_result(self):
        """Mark the activity as done, or open the dialog that asks for the result if the
        activity is a call to the customer of a lead."""
        self.ensure_one()
        if not self._has_call_result():
            return self.action_done()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Result of the Call"),
            "res_model": "crm.lead.call.result",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_activity_id": self.id, "dialog_size": "medium"},
        }

    def _has_call_result(self):
        """Tell whether the activity is a call to the customer of a lead that the user
        may change. Odoo lets users do activities on records of others, too."""
        if self.res_model != "crm.lead" or self.activity_category != "phonecall":
            return False
        results = self.env["crm.lead.call.result"]
        lead = self.env["crm.lead"].browse(self.res_id)
        return results.has_access("create") and lead.has_access("write")
