# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models


class MailActivity(models.Model):
    """Let a call that staff have made count for the missed calls of the customer."""

    _inherit = "mail.activity"

    call_reason = fields.Selection(
        selection_add=[("missed", "Missed call")], ondelete={"missed": "set null"}
    )

    @api.model
    def _get_timed_reasons(self):
        return super()._get_timed_reasons() | {"missed"}

    def _action_done(self, feedback=False, attachment_ids=None):
        calls = self.filtered(lambda each: each.activity_category == "phonecall")
        result = super()._action_done(feedback, attachment_ids)
        if calls := calls.exists():  # of a lead that is gone Odoo deletes them
            self.env["crm.lead.phone.call"]._mark_calls_of(calls)
        return result
