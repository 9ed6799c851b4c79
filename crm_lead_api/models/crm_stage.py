# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.tools import ormcache

# What outside systems are told of a lead that is neither won nor lost
STAGE_STATES = [
    ("new", "New"),
    ("contacted", "Contacted"),
    ("qualified", "Qualified"),
]


class CrmStage(models.Model):
    _name = "crm.stage"
    _inherit = ["crm.stage", "crm.lead.api.cached"]

    lead_api_state = fields.Selection(
        STAGE_STATES,
        string="State for Callers",
        help="What outside systems are told of the leads in this stage. Empty: New in "
        "a team's first stage, Qualified in any later one.",
    )

    def _get_lead_api_state(self, team):
        """Return what outside systems are told of the leads of a team in this stage.

        :param team: ``crm.team``, or none; its stages are its own and those of all
        :return: ``new``, ``contacted`` or ``qualified``
        """
        stages = self._get_lead_api_stages()
        _team_ids, state = stages.get(self.id, (None, None))
        first_id = next(
            (
                stage_id
                for stage_id, (team_ids, _state) in stages.items()
                if not team_ids or team.id in team_ids
            ),
            False,
        )
        return state or ("new" if self.id in (False, first_id) else "qualified")

    @api.model
    @ormcache()
    def _get_lead_api_stages(self):
        """Return (ids of its teams, state) of each stage by its id, in their order."""
        # sudo: the same for all, who may see teams or not
        return {
            stage.id: (frozenset(stage.team_ids.ids), stage.lead_api_state)
            for stage in self.sudo().search([])
        }
