# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from contextlib import contextmanager

from odoo import api, fields, models

# The states, for clients, of leads that are neither won nor lost
STAGE_STATES = [("new", "New"), ("contacted", "Contacted"), ("qualified", "Qualified")]


class CrmStage(models.Model):
    _inherit = "crm.stage"

    lead_api_state = fields.Selection(
        STAGE_STATES,
        string="State for Clients",
        help="The state that outside systems read for leads in this stage. Empty: New "
        "in a team's first stage, Qualified in any later stage.",
    )

    lead_api_after = fields.Selection(
        [("contact", "The first contact")],
        string="Leads Come Here After",
        help="What moves open leads of earlier stages here. Empty: staff move them.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        with self._noting_states():
            return super().create(vals_list)

    def write(self, vals):
        if vals.keys().isdisjoint({"fold", "sequence", "team_ids"}):
            return super().write(vals)
        with self._noting_states():
            return super().write(vals)

    def unlink(self):
        with self._noting_states():
            return super().unlink()

    @api.model
    def _move_after(self, what, leads):
        """Move open leads that are in an earlier stage to their team's stage after
        something, a choice of ``lead_api_after``, if there is one."""
        # sudo: who speaks with customers need not have rights on stages and leads
        stages = self.sudo().search(
            [("lead_api_after", "=", what), ("is_won", "=", False)]
        )
        if not stages:
            return
        pending = leads.sudo().filtered(lambda lead: lead.won_status == "pending")
        for team, of_team in pending.grouped("team_id").items():
            stage = stages.filtered(
                lambda each, team=team: not each.team_ids or team in each.team_ids
            )[:1]
            of_team.filtered(
                lambda lead, stage=stage: lead.stage_id.sequence < stage.sequence
            ).stage_id = stage

    @api.model
    def _get_lead_api_states(self, leads):
        """Return ``new``, ``contacted`` or ``qualified``, the state for clients, by
        lead. A team has its own stages and the stages of all teams. Fields computed
        with superuser rights call this method: the states must be the same for users
        who may and who may not read teams."""
        stages = self._read_stages()
        firsts = {
            team: _find_first(stages, team.id)
            for team in [*leads.team_id, leads.team_id.browse()]
        }
        states = {}
        for lead in leads:
            stage_id = lead.stage_id.id
            state, _team_ids = stages.get(stage_id, (None, ()))
            is_first = stage_id in (False, firsts[lead.team_id])
            states[lead] = state or ("new" if is_first else "qualified")
        return states

    @api.model
    def _read_stages(self) -> dict[int, tuple[str | None, list[int]]]:
        """Read state and teams' ids of each stage, archived teams, too, in the order by
        which Odoo finds the stage of a new lead."""
        # sudo: a stage's state is the same for all, whatever teams they may read
        stages = self.sudo().with_context(active_test=False)
        names = ["lead_api_state", "team_ids"]
        stages = stages.search_fetch([], names, order="fold, sequence, id")
        return {each.id: (each.lead_api_state, each.team_ids.ids) for each in stages}

    @contextmanager
    def _noting_states(self):
        """Note the leads in stages that become the first stage of a team, or cease to
        be it: their state for clients changes."""
        before = self._read_stages()
        yield
        after = self._read_stages()
        all_team_ids = (ids for _state, ids in (*before.values(), *after.values()))
        firsts = [
            {_find_first(before, team_id), _find_first(after, team_id)}
            for team_id in {False}.union(*all_team_ids)
        ]
        stage_ids = set().union(*(each for each in firsts if len(each) > 1)) - {False}
        self.env["crm.lead"]._note_change("stage_id", stage_ids)


def _find_first(stages, team_id):
    """Return the id of a team's first stage, ``False`` if there is none."""
    own = (
        stage_id
        for stage_id, (_state, team_ids) in stages.items()
        if not team_ids or team_id in team_ids
    )
    return next(own, False)
