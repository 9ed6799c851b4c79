# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

# What outside systems are told of a lead that is neither won nor lost
STAGE_STATES = [
    ("new", "New"),
    ("contacted", "Contacted"),
    ("qualified", "Qualified"),
]


class CrmStage(models.Model):
    _inherit = "crm.stage"

    lead_api_state = fields.Selection(
        STAGE_STATES,
        string="State for Callers",
        help="What outside systems are told of the leads in this stage. Empty: New in "
        "a team's first stage, Qualified in any later one.",
    )

    @api.model
    def _get_lead_api_states(self, leads):
        """Return the states of leads that outside systems are told, by their stages.

        The stages of a team are its own and those of all teams.

        :return: ``new``, ``contacted`` or ``qualified``, by lead
        """
        # sudo: the stages are the same for all, who may see teams or not
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
