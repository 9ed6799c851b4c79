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
    def _find_first_stages(self) -> dict[int, int]:
        """Return the ids of the first stages, in the order by which Odoo finds the
        stage of a new lead, by the ids of teams with stages of their own, archived
        teams, too; under ``False`` that of the other teams. ``False``: there is none.
        """
        # sudo: a stage's state is the same for all, whatever teams they may read
        stages = self.sudo().with_context(active_test=False)
        names = ["lead_api_state", "team_ids"]
        stages = stages.search_fetch([], names, order="fold, sequence, id")
        firsts = {}
        for team_id in {False, *stages.team_ids.ids}:
            own = (s.id for s in stages if not s.team_ids or team_id in s.team_ids.ids)
            firsts[team_id] = next(own, False)
        return firsts

    @contextmanager
    def _noting_states(self):
        """Note the leads in stages that become the first stage of a team, or cease to
        be it: their state for clients changes."""
        before = self._find_first_stages()
        yield
        after, stage_ids = self._find_first_stages(), set()
        for team_id in before.keys() | after.keys():
            firsts = {each.get(team_id, each[False]) for each in (before, after)}
            stage_ids |= firsts if len(firsts) > 1 else set()
        self.env["crm.lead"]._note_change("stage_id", stage_ids - {False})
