# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections import defaultdict
from datetime import datetime, time, timedelta

import pytz

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.crm_lead_api.models.resource_calendar import (
    ALL_HOLIDAYS,
    EXACT_TIME_OFF,
)
from odoo.addons.crm_lead_api.tools.day import to_local

from ..choice import Member

DUTY = "crm_lead_api_first_call/duty"
OWN_LEAVES = [("time_type", "=", "leave"), ("resource_id", "!=", False)]


class CrmTeamMember(models.Model):
    """Let members of a team be on duty, and get leads by their share."""

    _inherit = "crm.team.member"

    gives_leads_out = fields.Boolean(related="crm_team_id.gives_leads_out")
    is_on_duty = fields.Boolean("On Duty", help="The member's own switch.", copy=False)
    pause_end = fields.Date(
        "Paused Until",
        compute="_compute_pause_end",
        store=True,
        readonly=False,
        copy=False,
        help="The last day of the pause; without a day the pause is ended by hand.",
    )
    takes_leads = fields.Boolean(
        compute="_compute_takes_leads",
        help="On duty, not paused, in working hours, not on leave, and with room for "
        "more calls.",
    )
    first_call_weight = fields.Integer(
        "Weight",
        default=1,
        help="1 to 10: who has 2 gets twice as many leads as who has 1.",
    )
    first_calls_max = fields.Integer(
        "Waiting First Calls at Most", help="0: without a limit."
    )
    first_call_count = fields.Integer(
        "Waiting First Calls", compute="_compute_first_call_count"
    )
    skill_company_ids = fields.Many2many(
        "res.company", string="Branches", help="None: leads of all branches."
    )
    skill_lang_ids = fields.Many2many(
        "res.lang", string="Languages", help="None: customers of all languages."
    )
    skill_category_ids = fields.Many2many(
        "product.category",
        string="Services",
        help="None: leads with all services; else with services of these categories.",
    )

    # Today's share; see ``choose``
    share_day = fields.Date(copy=False)
    share_due = fields.Float(copy=False, digits=0)
    share_given = fields.Integer(copy=False)
    share_date = fields.Datetime("Last Lead", copy=False)

    first_calls_today = fields.Integer(
        "Given Out Today",
        compute="_compute_first_calls_today",
        help="Leads that somebody else has by now count, too, unlike in the figure of "
        "30 days.",
    )

    @api.constrains("first_call_weight", "first_calls_max")
    def _check_first_call_weight(self):
        for member in self:
            if not 1 <= member.first_call_weight <= 10:
                raise ValidationError(self.env._("A weight is 1 to 10."))
            if member.first_calls_max < 0:
                raise ValidationError(self.env._("A limit is 0 or more."))

    @api.model_create_multi
    def create(self, vals_list):
        members = super().create(vals_list)
        members._show_duty()
        return members

    def write(self, vals):
        result = super().write(vals)
        is_back = not vals.get("assignment_optout", True)
        if vals.get("is_on_duty") or vals.get("active") or is_back:
            teams = self.crm_team_id
            self.env["crm.first.call"]._check_waiting_again(teams)
        if {"is_on_duty", "active", "crm_team_id", "user_id"} & vals.keys():
            self._show_duty()
        return result

    def _show_duty(self):
        """Let the members' screens show whether they are on duty."""
        for user in self.user_id:
            user._bus_send(DUTY, user._get_first_call_duty())

    @api.depends("assignment_optout")
    def _compute_pause_end(self):
        self.filtered(lambda each: not each.assignment_optout).pause_end = False

    @api.depends("is_on_duty", "assignment_optout", "first_calls_max")
    def _compute_takes_leads(self):
        present = self._get_present(fields.Datetime.now())
        for member in self:
            limit = member.first_calls_max
            has_room = not limit or member.first_call_count < limit
            member.takes_leads = member in present and has_room

    def _compute_first_calls_today(self):
        now = fields.Datetime.now()
        for member in self:
            is_of_today = member.share_day == member._get_day(now)
            member.first_calls_today = is_of_today and member.share_given

    def _compute_first_call_count(self):
        counts = self._count_first_calls()
        for member in self:
            member.first_call_count = counts[member.crm_team_id, member.user_id]

    def _count_first_calls(self):
        """Return how many leads wait for a first call, by team and user."""
        # sudo: a limit counts all leads of a member, whoever looks
        calls = self.env["crm.first.call"].sudo()
        domain = [
            ("state", "=", "given"),
            ("team_id", "in", self.crm_team_id.ids),
            ("user_id", "in", self.user_id.ids),
        ]
        groups = calls._read_group(domain, ["team_id", "user_id"], ["__count"])
        return defaultdict(int, {(team, user): count for team, user, count in groups})

    def _get_present(self, now):
        """Return the members with their switch on, and not paused, who work now."""
        on = self.filtered("is_on_duty").filtered("user_id.active")
        on = on.filtered(lambda each: not each.assignment_optout)
        start = pytz.utc.localize(now)
        intervals = on._get_intervals(start, start + timedelta(seconds=1))
        return on.filtered(lambda each: intervals[each] is None or intervals[each])

    def _get_late_for_duty(self, now):
        """Return who of members without duty should have come to work as many minutes
        ago as their team has for a first call, is paused, or has left."""
        end = pytz.utc.localize(now)
        start = end - timedelta(minutes=max(self.crm_team_id.first_call_minutes, 1))
        intervals = self._get_intervals(start, end)

        def is_late(member):
            times = intervals[member]
            is_gone = member.assignment_optout or not member.user_id.active
            if is_gone or times is None:
                return True
            worked = sum((stop - begin for begin, stop, _ in times), timedelta())
            return worked >= end - start

        return self.filtered(is_late)

    def _get_intervals(self, start, end):
        """Return the working hours of each member between two times of pytz, without
        leaves; ``None`` if nobody has set working hours."""
        # sudo: members may not read the working hours of others
        result, by_hours = {}, defaultdict(dict)
        for member in self.sudo():
            team = member.crm_team_id
            company = team.company_id or member.user_id.company_id
            resource = member.user_id.resource_ids.filtered_domain(
                [("company_id", "=", company.id)]
            )[:1]
            calendar = resource.calendar_id
            if not calendar or calendar.flexible_hours:  # it does not say when
                calendar, _company = team._get_hours(company)
            result[member.with_env(self.env)] = None
            if calendar:
                by_hours[calendar, company][member.with_env(self.env)] = resource
        for (calendar, company), resources in by_hours.items():
            own = calendar.env["resource.resource"].union(*resources.values())
            others = own.filtered(lambda each, used=calendar: each.calendar_id != used)
            closed = calendar.with_context(**{ALL_HOLIDAYS: True})
            found = closed._work_intervals_batch(
                start, end, own - others, calendar._get_leave_domain(company)
            )
            # Their leaves belong to their own hours.
            exact = calendar.browse().with_context(**{EXACT_TIME_OFF: True})
            leaves = others and exact._leave_intervals_batch(
                start, end, others, OWN_LEAVES
            )
            for member, resource in resources.items():
                result[member] = list(
                    found[False] - leaves[resource.id]
                    if resource in others
                    else found[resource.id]
                )
        return result

    @api.model
    def _end_duties(self, now):
        """Switch members off whose working day is over, and end pauses whose last day
        is over."""
        self.search([("is_on_duty", "=", True)])._get_over(now).is_on_duty = False
        paused = self.search([("pause_end", "!=", False)])
        paused.filtered(
            lambda each: each.pause_end < each._get_day(now)
        ).assignment_optout = False

    def _get_over(self, now):
        """Return the members whose duty ends with their shift, and who have no working
        hours left today."""
        start, over = pytz.utc.localize(now), self.browse()
        members = self.filtered("crm_team_id.ends_duty")
        by_zone = members.grouped(lambda each: each.user_id.tz or each._get_tz())
        for name, group in by_zone.items():
            zone = pytz.timezone(name)
            midnight = datetime.combine(start.astimezone(zone).date(), time.max)
            intervals = group._get_intervals(start, zone.localize(midnight))
            over += group.filtered(lambda each, found=intervals: found[each] == [])
        return over

    def _get_tz(self):
        calendar, _company = self.crm_team_id._get_hours(self.company_id)
        return calendar.tz or "UTC"

    # ------------------------------------------------------------ the choice

    def _to_plain(self, now):
        """Return the members as plain data, for ``choose``; see there."""
        present, counts = self._get_present(now), self._count_first_calls()
        late = self.browse()
        if self.crm_team_id.waits_for_owner:
            late = (self - present)._get_late_for_duty(now)
        children = {
            skill: skill.search([("id", "child_of", skill.ids)]).ids
            for skill in self.skill_category_ids
        }
        return [
            Member(
                user=member.user_id.id,
                is_on_duty=member in present,
                is_late_for_duty=member in late,
                weight=member.first_call_weight,
                room=(
                    member.first_calls_max - counts[member.crm_team_id, member.user_id]
                    if member.first_calls_max
                    else None
                ),
                branches=frozenset(member.user_id.company_ids.ids),
                companies=frozenset(member.skill_company_ids.ids),
                languages=frozenset(member.skill_lang_ids.ids),
                categories=frozenset().union(
                    *(children[each] for each in member.skill_category_ids)
                ),
                last_date=member.share_date or None,
                **(
                    {"due": member.share_due, "given": member.share_given}
                    if member.share_day == member._get_day(now)
                    else {}
                ),
            )
            for member in self
        ]

    def _get_day(self, now):
        """Return the date of a time for the team."""
        return to_local(now, pytz.timezone(self._get_tz())).date()

    def _keep_shares(self, plain, now):
        """Keep the shares of members after leads were given."""
        for member, data in zip(self, plain, strict=True):
            values = {
                "share_day": member._get_day(now),
                "share_due": data.due,
                "share_given": data.given,
                "share_date": data.last_date,
            }
            if any(member[name] != value for name, value in values.items()):
                member.write(values)
