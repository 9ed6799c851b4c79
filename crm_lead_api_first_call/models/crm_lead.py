# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

from .crm_first_call import GIVING


class CrmLead(models.Model):
    """Let new leads go to somebody on duty."""

    _inherit = "crm.lead"

    first_call_ids = fields.One2many("crm.first.call", "lead_id")

    @api.model_create_multi
    def create(self, vals_list):
        agents = [self._take_absent_agent(vals) for vals in vals_list]
        leads = super().create(vals_list)
        leads._begin_first_calls(dict(zip(leads, agents, strict=True)))
        return leads

    @api.model
    def _take_absent_agent(self, vals):
        """Take the agent of a request out of a lead's values if the team gives leads to
        agents only on duty; return the user's id."""
        team = self.env["crm.team"].browse(vals.get("team_id"))
        if (
            vals.get("lead_api_client_id")
            and vals.get("user_id")
            # sudo: a client's user may not read teams
            and team.sudo().gives_leads_out
            and team.sudo().agents_need_duty
        ):
            return vals.pop("user_id")
        return None

    def write(self, vals):
        result = super().write(vals)
        if "user_id" in vals and not self.env.context.get(GIVING):
            self._end_first_calls_by_hand()
        if "team_id" in vals:
            self._begin_first_calls({})
        return result

    def _begin_first_calls(self, agents):
        """Let leads wait for somebody on duty, if their team gives leads out."""
        # sudo: who makes leads may not write their first calls
        leads = self.sudo().filtered(lambda lead: lead._may_be_given_out())
        if leads:
            calls = self.env["crm.first.call"].sudo()
            calls.create(
                [{"lead_id": lead.id, "agent_id": agents.get(lead)} for lead in leads]
            )
            calls._run_soon()

    def _may_be_given_out(self):
        team = self.team_id
        is_of_client = bool(self.lead_api_client_id)
        return (
            team.gives_leads_out
            and not self.is_lead_api_test
            and (is_of_client or (team.gives_all_leads_out and not self.user_id))
            and not self.first_call_ids
        )

    def _end_first_calls_by_hand(self):
        """Leave leads with whom staff have chosen."""
        # sudo: who assigns leads may not write their first calls
        calls = self.sudo().first_call_ids.filtered(lambda call: call.state != "ended")
        calls.state = "ended"
        self.env["crm.first.call.decision"].sudo().create(
            [
                {
                    "first_call_id": call.id,
                    "date": fields.Datetime.now(),
                    "user_id": call.lead_id.user_id.id,
                    "reason": "hand",
                }
                for call in calls
            ]
        )

    def _get_first_call_date(self, start):
        # sudo: see ``_begin_first_calls``
        lead = self.sudo()
        if call := lead.first_call_ids.filtered(lambda each: each.state != "ended"):
            return call.deadline or lead.team_id._add_minutes(
                start, lead.team_id.first_call_minutes, lead.company_id
            )
        return super()._get_first_call_date(start)

    def _has_first_call(self):
        return super()._has_first_call() or bool(self.sudo().first_call_ids)
