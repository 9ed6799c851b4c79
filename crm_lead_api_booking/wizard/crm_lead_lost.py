# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models


class CrmLeadLost(models.TransientModel):
    """Ask what becomes of the bookings of a lead that is lost."""

    _inherit = "crm.lead.lost"

    booking_list = fields.Text("Bookings to Come", compute="_compute_booking_list")
    booking_choice = fields.Selection(
        [("cancel", "Cancel them, for this reason"), ("keep", "Keep them")],
        string="The Bookings",
        required=True,
        default="cancel",
    )

    @api.depends("lead_ids")
    def _compute_booking_list(self):
        for wizard in self:
            wizard.booking_list = wizard._find_bookings()._describe_for_staff()

    def _find_bookings(self):
        """Return the bookings to come of the leads, with superuser rights."""
        # sudo: who may lose a lead may free its chairs, in other branches, too
        bookings = self.lead_ids._origin.sudo().booking_ids
        return bookings.filtered(lambda booking: booking._is_expected())

    def action_lost_reason_apply(self):
        result = super().action_lost_reason_apply()
        if self.booking_choice == "cancel":
            reason = self.lost_reason_id
            self._find_bookings().write(
                {
                    "state": "cancelled",
                    "lost_reason_id": reason.id,
                    "cancel_reason": not reason and self.env._("The lead is lost"),
                }
            )
        return result
