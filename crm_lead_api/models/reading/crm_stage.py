# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

# The states, for clients, of leads that are neither won nor lost
STAGE_STATES = [
    ("new", "New"),
    ("contacted", "Contacted"),
    ("qualified", "Qualified"),
]


class CrmStage(models.Model):
    _inherit = "crm.stage"

    lead_api_state = fields.Selection(
        STAGE_STATES,
        string="State for Clients",
        help="The state that outside systems read for leads in this stage. Empty: New "
        "in a team's first stage, Qualified in any later stage.",
    )

    @api.model
    def _get_lead_api_states(self, leads):
        """Return the states of leads for clients, derived from the leads' stages.

        A team has its own stages and the stages of all teams.

        :return: ``new``, ``contacted`` or ``qualified``, by lead
        """
        # sudo: states must be the same for users who may and who may not read teams
        stages = self.sudo().search_fetch([], ["team_ids", "lead_api_state"])
        no_stage, no_team = stages.browse(), leads.team_id.browse()
        firsts = {
            team: next(
                (each for each in stages if not each.team_ids or team in each.team_ids),
                no_stage,
            )
            for team in [*leads.team_id, no_team]
        }
        states = {}
        for lead in leads:
            stage = lead.stage_id.sudo()
            is_first = stage in (no_stage, firsts[lead.team_id])
            states[lead] = stage.lead_api_state or ("new" if is_first else "qualified")
        return states
