# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models


class ResUsers(models.Model):
    _inherit = "res.users"

    is_lead_api_caller = fields.Boolean(compute="_compute_is_lead_api_caller")
    lead_api_replay_content = fields.Boolean(
        "Recognize Repeated Content",
        default=True,
        help="A call without an Idempotency-Key that has the same content as one of "
        "the last 24 hours gets that one's answer, and makes no second lead.",
    )

    @api.depends("all_group_ids")
    def _compute_is_lead_api_caller(self):
        group = self.env.ref("crm_lead_api.crm_lead_api_group_user")
        for user in self:
            user.is_lead_api_caller = group in user.all_group_ids
