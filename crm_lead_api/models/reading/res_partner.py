# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models

from ..access.crm_lead_api_client import MANAGER_GROUP


class ResPartner(models.Model):
    """Show how often clients have looked a contact up."""

    _inherit = "res.partner"

    look_up_count = fields.Integer(
        "Looked Up",
        compute="_compute_look_up_count",
        groups=MANAGER_GROUP,
        help="How often an outside system was shown the contact.",
    )

    def _compute_look_up_count(self):
        counts = dict(
            self.env["crm.lead.api.look.up.contact"]._read_group(
                [("partner_id", "in", self.ids)], ["partner_id"], ["__count"]
            )
        )
        for partner in self:
            partner.look_up_count = counts.get(partner._origin, 0)

    def unlink(self):
        if not self._is_merging():
            # sudo: no user may write look-ups; who deletes a contact, erases it there
            self.env["crm.lead.api.look.up"].sudo()._forget_partners(self)
        return super().unlink()

    def action_view_look_ups(self):
        """Open the look-ups that showed the contact."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_lead_api.crm_lead_api_look_up_action"
        )
        domain = [("contact_ids.partner_id", "=", self.id)]
        return {**action, "domain": domain, "context": {}}

    def _get_staff_action(self):
        return "base.action_partner_form"
