# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models


class CrmTeam(models.Model):
    _inherit = "crm.team"

    @api.model
    def _find_for_payload(self, agent, use_leads, default_team):
        """Find the team of an agent's leads in the current company, and their stage.

        :param agent: ``res.users``, perhaps empty
        :param bool use_leads: the leads are not in the pipeline yet
        :param default_team: the team of agents without a team
        :return: team and stage, each perhaps empty
        """
        team = self.with_context(default_team_id=default_team.id)._get_default_team_id(
            user_id=agent.id,
            domain=[("use_leads" if use_leads else "use_opportunities", "=", True)],
        )
        stage = self.env["crm.lead"]._stage_find(team.id, [("fold", "=", False)])
        return team, stage
