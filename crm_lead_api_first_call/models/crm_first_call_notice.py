# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.fields import Domain

from odoo.addons.crm_lead_api.tools.day import format_moment

NOTICE = "crm_lead_api_first_call/notice"
SINGLE_MAX = 3  # leads that are told one by one


class CrmFirstCall(models.Model):
    """Tell people in Odoo of their leads, as it happens."""

    _inherit = "crm.first.call"

    def _tell_given(self):
        """Tell a user which leads are the user's now."""
        user = self.user_id
        if len(self) > SINGLE_MAX:
            env = self.with_context(lang=user.lang).env
            title = env._("%s new leads for you", len(self))
            self._tell(user, title, "")
            return
        for call in self:
            env, name, time = call._get_words(user, call.deadline)
            title = env._("New lead: %s", name) if name else env._("New lead")
            call._tell(user, title, env._("Call by %s", time) if time else "")

    def _tell_recalled(self, former, deadline):
        """Tell the former user that a lead is somebody else's now."""
        env, name, time = self._get_words(former, deadline)
        title = (
            env._("Given to somebody else: %s", name)
            if name
            else env._("Lead recalled")
        )
        message = env._("Nobody called by %s.", time)
        self._tell(former, title, message, "warning")

    def _tell_late(self):
        """Tell the user once that the call is late, and that nobody else takes it."""
        if self.is_late_told:
            return
        self.is_late_told = True
        user = self.user_id
        env, name, time = self._get_words(user, self.deadline)
        title = env._("Late: call %s", name) if name else env._("A call is late")
        self._tell(user, title, env._("It was due by %s.", time), "danger")

    def _tell(self, user, title, message, kind="info"):
        user._bus_send(
            NOTICE,
            {
                "title": title,
                "message": message,
                "type": kind,
                "sticky": kind != "warning",
                "lead_ids": self.lead_id.ids if self._is_seen_by(user) else [],
            },
        )

    def _is_seen_by(self, user):
        return self.lead_id.with_user(user).sudo(False).has_access("read")

    def _get_words(self, user, time):
        """Return an environment in a user's language, the customer's name if the user
        may see the lead, and a time as the user's clock and language show it."""
        env = self.with_context(lang=user.lang).env
        name = self._is_seen_by(user) and self.lead_id.call_name
        return env, name, format_moment(env, time, user.tz)

    @api.model
    def _check_long_wait(self, domain, team, now):
        """Tell the team leader once that leads of a team wait for long: not again while
        one of those waits.

        :param domain: of the team's waiting leads
        """
        if not team.waiting_minutes:
            return
        oldest = self.search(domain, limit=1, order="waiting_date, id")
        if not oldest:
            return
        company = oldest.lead_id.company_id
        waited = team._count_minutes(oldest.waiting_date, now, company)
        told = domain & Domain("is_leader_told", "=", True)
        if waited >= team.waiting_minutes and not self.search_count(told, limit=1):
            self.search(domain).is_leader_told = True
            oldest._tell_leader()

    def _tell_leader(self):
        """Tell the team leader, else a sales manager of the branch, that a lead waits
        for long. It is no activity: whoever does one on a lead has contacted the
        customer."""
        team, lead = self.team_id, self.lead_id
        managers = self.env.ref("sales_team.group_sale_manager").all_user_ids
        company = lead.company_id or team.company_id
        leader = (
            self._filter_of_branch(team.user_id)
            or managers.filtered(
                lambda user: (
                    user.active and (not company or company in user.company_ids)
                )
            ).sorted("id")[:1]
        )
        env = self.with_context(lang=leader.lang).env
        lead.with_context(mail_notify_force_send=False).message_notify(
            partner_ids=leader.partner_id.ids,
            subject=env._("%s: leads wait", team.name),
            body=env._(
                "Nobody on duty takes the leads of %(team)s; the first has waited for "
                "%(minutes)s working minutes.",
                team=team.name,
                minutes=team.waiting_minutes,
            ),
        )
