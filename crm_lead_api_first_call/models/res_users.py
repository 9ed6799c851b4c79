# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

# In the context: whom a choice of a user begins with, who comes next, and who of teams
# that give leads out does not work now
ON_DUTY, OF_TEAM = "user_ids_on_duty", "user_ids_of_team"
OFF_DUTY = "user_ids_off_duty"


class ResUsers(models.Model):
    """Let users say whether they are on duty."""

    _inherit = "res.users"

    @api.depends_context(ON_DUTY, OF_TEAM, OFF_DUTY, "formatted_display_name")
    def _compute_display_name(self):
        result = super()._compute_display_name()
        if self.env.context.get("formatted_display_name"):
            marks, keys = {}, (OFF_DUTY, OF_TEAM, ON_DUTY)
            off, team, on = (set(self.env.context.get(key, ())) for key in keys)
            for ids, mark in (
                (off, self.env._("Not Working Now")),
                (team, self.env._("Of the Team")),
                (team & off, self.env._("Of the Team, Not Working Now")),
                (on, self.env._("On Duty")),
            ):
                marks |= dict.fromkeys(ids, mark)
            for user in self.filtered(lambda each: each.id in marks):
                user.display_name += f" --{marks[user.id]}--"
        return result

    @api.model
    def name_search(self, name="", domain=None, operator="ilike", limit=100):
        """Begin with those on duty, and then the team, where a manager gives a lead."""
        firsts = [self.env.context.get(key, ()) for key in (ON_DUTY, OF_TEAM)]
        most = None if any(firsts) else limit
        found = super().name_search(name, domain, operator, most)
        found.sort(key=lambda user: [user[0] not in ids for ids in firsts])
        return found[:limit]

    @api.model
    def switch_first_call_duty(self, is_on_duty):
        """Switch the user's own duty in all teams that give leads out, and return
        whether the user is on duty: nobody is whose working day is over."""
        members = self.env.user._get_first_call_members()
        if is_on_duty:
            members -= members._get_over(fields.Datetime.now())
        members.is_on_duty = bool(is_on_duty)
        return self.env.user._get_first_call_duty()["is_on_duty"]

    def _get_first_call_duty(self):
        """Return the state of the user's duty, for the user's screens."""
        members = self._get_first_call_members()
        return {
            "is_member": bool(members),
            "is_on_duty": any(member.is_on_duty for member in members),
        }

    def _get_first_call_members(self):
        """Return the user's memberships in teams that give leads out, with superuser
        rights."""
        domain = [
            ("user_id", "=", self.id),
            ("crm_team_id.active", "=", True),
            ("crm_team_id.gives_leads_out", "=", True),
        ]
        # sudo: only sales managers may write memberships
        return self.env["crm.team.member"].sudo().search(domain)
