# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.tools import ormcache


class CrmTeam(models.Model):
    _name = "crm.team"
    _inherit = ["crm.team", "crm.lead.api.cached"]

    # The same for each lead of an agent. The cache is emptied, in all of Odoo's
    # processes, when a team, one of its members, a user or a stage changes.
    @api.model
    @ormcache(
        *("agent_id", "use_leads", "default_id"),
        *("self.env.uid", "self.env.company.id", "tuple(self.env.companies.ids)"),
    )
    def _find_for_payload(self, agent_id, use_leads, default_id):
        """Return the team of an agent's leads in the current company, and their stage.

        :param int agent_id: ``res.users``
        :param bool use_leads: the leads are none of the pipeline yet
        :param int default_id: the team of agents who are in none
        :return: ids, of which either may be ``False``
        """
        team = self.with_context(default_team_id=default_id)._get_default_team_id(
            user_id=agent_id,
            domain=[("use_leads" if use_leads else "use_opportunities", "=", True)],
        )
        stage = self.env["crm.lead"]._stage_find(team.id, [("fold", "=", False)])
        return team.id, stage.id
