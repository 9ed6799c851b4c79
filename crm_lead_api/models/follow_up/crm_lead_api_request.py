# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.fields import Domain


class CrmLeadApiRequest(models.Model):
    """Show the failed follow-up of a request, and try it again."""

    _name = "crm.lead.api.request"
    _inherit = "crm.lead.api.request"

    follow_up_error = fields.Text(
        compute="_compute_follow_up_error",
        help="The reason why notes, notices or the score of the lead are still "
        "missing.",
    )

    @api.depends("lead_id", "partner_id")
    def _compute_follow_up_error(self):
        for entry in self:
            errors = entry._get_failed_follow_ups().mapped("error")
            entry.follow_up_error = "\n".join(dict.fromkeys(errors))

    def _get_failed_follow_ups(self):
        """Return the pending work on lead and contact that failed at least once."""
        self.ensure_one()
        # sudo: users may not read the queue; its errors are for administrators
        follow_ups = self.env["crm.lead.api.follow.up"].sudo()
        if not (self.lead_id or self.partner_id):
            return follow_ups
        is_of_request = Domain("lead_id", "in", self.lead_id.ids) | Domain(
            "partner_id", "in", self.partner_id.ids
        )
        return follow_ups.search(is_of_request & Domain("attempts", ">", 0))

    def action_follow_up_again(self):
        """Retry the failed follow-up at once."""
        self.check_access("read")
        self.client_id.check_access("write")
        for entry in self:
            entry._get_failed_follow_ups()._retry()
