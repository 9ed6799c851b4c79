# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

from ..tools.day import format_moment


class CrmMergeOpportunity(models.TransientModel):
    """Show what becomes of merged leads before they are merged."""

    _inherit = "crm.merge.opportunity"

    outcome_text = fields.Char(
        compute="_compute_outcome_text",
        help="Which lead remains, and its salesperson.",
    )

    @api.depends("opportunity_ids", "user_id")
    @api.depends_context("lang", "uid")
    def _compute_outcome_text(self):
        for wizard in self:
            wizard.outcome_text = False
            # As Odoo's _merge_opportunity
            leads = wizard.opportunity_ids._origin
            leads = leads._sort_by_confidence_level(reverse=True)
            if len(leads) < 2:
                continue
            user = wizard.user_id or wizard.user_id.browse(
                leads._merge_data(["user_id"])["user_id"]
            )
            names = {
                "lead": leads[0].name,
                "time": format_moment(self.env, leads[0].create_date),
                "user": user.name,
            }
            wizard.outcome_text = (
                self.env._("“%(lead)s” of %(time)s remains, with %(user)s.", **names)
                if user
                else self.env._(
                    "“%(lead)s” of %(time)s remains, without a salesperson.", **names
                )
            )
