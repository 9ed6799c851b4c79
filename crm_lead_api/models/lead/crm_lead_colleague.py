# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models
from odoo.exceptions import AccessError


class CrmLead(models.Model):
    """Tell a salesperson who opens the lead of a colleague whom to ask."""

    _inherit = "crm.lead"

    def web_save(self, vals, specification, next_id=None):
        """Save the form with Odoo's own errors: the lead is still the user's."""
        leads = self.with_context(lead_api_is_saving=True)
        return super(CrmLead, leads).web_save(vals, specification, next_id)

    def web_read(self, specification):
        try:
            return super().web_read(specification)
        except AccessError as error:
            # Odoo suggests another company by the same attribute.
            if getattr(error, "context", None) or self.env.context.get(
                "lead_api_is_saving"
            ):
                raise
            if colleague := self._get_colleague_in_charge():
                owner = colleague["owner"]
                refusal = AccessError(
                    self.env._("This lead belongs to %s.", owner)
                    if owner
                    else self.env._("This lead belongs to a colleague.")
                )
                refusal.context = {"lead_of_colleague": colleague}
                raise refusal from error
            raise

    def _get_colleague_in_charge(self):
        """Return who works on a lead that the user may not read: names of colleagues,
        nothing about the customer.

        :return: the names of salesperson, team and team leader, which may be ``False``;
            ``None`` if the user is not to know of the lead
        :rtype: dict[str, str | bool] | None
        """
        user = self.env.user
        if len(self) != 1 or not user.has_group("sales_team.group_sale_salesman"):
            return None
        if self.has_access("read"):
            return None  # what the user may not read is another record
        # sudo: the user may not read the lead; companies limit what the user learns
        lead = self.sudo().exists()
        if not lead or lead.company_id - user.company_ids:
            return None
        leader = lead.team_id.user_id - lead.user_id - user
        return {
            "owner": lead.user_id.name,
            "team": lead.team_id.name,
            "leader": leader.name,
        }
