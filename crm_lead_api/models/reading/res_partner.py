# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models

from ...tools.action import get_action
from ...tools.domain import count_of
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
        shown = self.env["crm.lead.api.look.up.contact"]
        for partner, count in count_of(shown, self, "partner_id").items():
            partner.look_up_count = count

    def unlink(self):
        if not self._is_merging():
            # sudo: no user may write look-ups; who deletes a contact, erases it there
            self.env["crm.lead.api.look.up"].sudo()._anonymize_partners(self)
        return super().unlink()

    def action_view_look_ups(self):
        domain = [("contact_ids.partner_id", "=", self.id)]
        return get_action(
            self.env, "crm_lead_api_look_up_action", domain=domain, context={}
        )

    def _get_staff_action(self):
        return "base.action_partner_form"
