# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import re
import secrets
from datetime import datetime, time, timedelta

import pytz

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.modules import Manifest
from odoo.tools import SQL, py_to_js_locale
from odoo.tools.translate import LazyTranslate

from odoo.addons.crm_lead_api.tools.day import to_local, to_stored

_lt = LazyTranslate(__name__, default_lang="en_US")

DAYS = timedelta(days=14)  # whose working hours are read at once
PATH = "/lead-wallboard"
TOKEN = re.compile(r"[\w-]{43}", re.ASCII)
MAX_LAST = 8  # leads
TEXTS = {
    "title": _lt("First Call"),
    "waiting": _lt("First Calls Waiting"),
    "unassigned": _lt("%s unassigned"),
    "oldest": _lt("Longest Wait"),
    "median": _lt("Median Today"),
    "working": _lt("working minutes"),
    "in_time": _lt("In Time Today"),
    "within": _lt("≤ %s min"),
    "leads": _lt("%s leads"),
    "minutes": _lt("min"),
    "hours": _lt("h"),
    "on_duty": _lt("On Duty: Leads to Call (Given Out)"),
    "nobody": _lt("Nobody is on duty"),
    "more": _lt("and %s more"),
    "last": _lt("Last Leads"),
    "nobody_yet": _lt("waiting"),
    "no_source": _lt("No source"),
    "lost": _lt("Connection lost"),
    "since": _lt("Figures of %s"),
}


class CrmTeam(models.Model):
    """Give the leads of a team to its members on duty, and show its first calls on a
    television, which has no login.

    The link of this wallboard is the right to see the figures. They have no customer,
    and of staff the given names.
    """

    _inherit = "crm.team"

    gives_leads_out = fields.Boolean(
        help="Each new lead of the API goes at once to a member on duty.",
    )
    gives_all_leads_out = fields.Boolean(
        "Also Leads without the API",
        help="Leads made by hand, by e-mail, import or a website's form go to members "
        "on duty, too, unless they have a salesperson.",
    )
    first_call_minutes = fields.Integer(
        "Minutes to the First Call",
        default=15,
        help="Working minutes from the lead's arrival.",
    )
    resource_calendar_id = fields.Many2one(
        "resource.calendar",
        "Working Hours",
        help="Of the team, and of members without hours of their own; else the "
        "company's.",
    )
    agents_need_duty = fields.Boolean(
        "Agents Keep Their Leads Only on Duty",
        help="A lead whose request names an agent goes to the agent only on duty.",
    )
    owner_months = fields.Integer(
        "Months That a Customer Is Known",
        default=12,
        help="A new lead goes to the salesperson of the customer's last lead, if that "
        "lead is not older.",
    )
    waits_for_owner = fields.Boolean(
        "Wait for Who Knows the Customer",
        help="A lead waits until the salesperson of the customer's last lead is on "
        "duty.",
    )
    recalls_max = fields.Integer(
        "Recalls at Most",
        default=2,
        help="How often a lead that nobody called in time goes to the next member, "
        "before it goes to the team leader.",
    )
    waiting_minutes = fields.Integer(
        "Tell the Leader of Waiting Leads After",
        default=30,
        help="Working minutes that a lead waits because nobody is on duty.",
    )
    ends_duty = fields.Boolean(
        "Duty Ends with the Shift",
        default=True,
        help="A member's switch goes off after the last working hour of the day.",
    )
    next_tries = fields.Char(
        default="30, 180, 0",
        help="After a call that nobody answered: working minutes to the next call, and "
        "to those after it, with commas between; 0 is the next morning.",
    )

    wallboard_token = fields.Char(
        copy=False, readonly=True, groups="sales_team.group_sale_manager"
    )

    _first_call_numbers = models.Constraint(
        "CHECK(first_call_minutes > 0 AND owner_months >= 0 AND recalls_max >= 0"
        " AND waiting_minutes >= 0)",
        "The minutes to the first call are 1 or more, the other numbers 0 or more.",
    )

    _wallboard_token_unique = models.UniqueIndex(
        "(wallboard_token) WHERE wallboard_token IS NOT NULL"
    )

    @api.constrains("gives_leads_out", "assignment_optout")
    def _check_gives_leads_out(self):
        for team in self.filtered("gives_leads_out"):
            if team.assignment_enabled and not team.assignment_optout:
                raise ValidationError(
                    self.env._(
                        "Odoo's rule-based assignment gives out the leads of %s. Tick "
                        "“Skip auto assignment” of the team first, or turn the rules "
                        "off in the settings.",
                        team.name,
                    )
                )

    @api.constrains("next_tries")
    def _check_next_tries(self):
        for team in self:
            try:
                team._get_next_tries()
            except ValueError:
                raise ValidationError(
                    self.env._("Next tries: write minutes, such as 30, 180, 0.")
                ) from None

    def write(self, vals):
        result = super().write(vals)
        if {"gives_leads_out", "resource_calendar_id"} & vals.keys():
            self.env["crm.first.call"]._run_soon()
        if {"gives_leads_out", "active"} & vals.keys():
            self.crm_team_member_ids._show_duty()
        return result

    def action_open_wallboard(self):
        """Open the wallboard, whose link is made the first time."""
        self.ensure_one()
        if not self.wallboard_token:
            self.action_replace_wallboard_link()
        url = f"{PATH}/{self.wallboard_token}"
        return {"type": "ir.actions.act_url", "url": url, "target": "new"}

    def action_replace_wallboard_link(self):
        """Make a new link of the wallboard; a former one is void."""
        for team in self:
            team.wallboard_token = secrets.token_urlsafe(32)

    def _get_next_tries(self) -> list[int]:
        """Return the working minutes before each further try; 0: the next morning."""
        texts = (self.next_tries or "").split(",")
        minutes = [int(text) for text in texts if text.strip()]
        if any(each < 0 for each in minutes):
            raise ValueError(self.next_tries)
        return minutes

    def _get_hours(self, company=None):
        """Return the working hours of the team, which may be none, and the company
        whose holidays count."""
        company = self.company_id or company or self.env.company
        return self.resource_calendar_id or company.resource_calendar_id, company

    def _add_minutes(self, start, minutes, company=None):
        """Return the end of some working minutes of the team, in naive UTC."""
        calendar, company = self._get_hours(company)
        return calendar._add_working_minutes(company, start, minutes)

    def _add_minutes_to_each(self, starts, minutes, company=None):
        """Return the end of some working minutes of the team after each of some times,
        in naive UTC; the hours are read once, for Odoo takes milliseconds for each."""
        first = pytz.utc.localize(min(starts))
        hours = [
            [each.astimezone(pytz.utc).replace(tzinfo=None) for each in times]
            for *times, _ in self._get_intervals(first, first + DAYS, company) or ()
        ]

        def add(start):
            left = timedelta(minutes=minutes)
            for begin, end in hours:
                begin = max(begin, start)
                if begin + left <= end:
                    return begin + left
                left -= max(end - begin, timedelta())
            return self._add_minutes(start, minutes, company)  # too far away

        return {start: add(start) for start in set(starts)}

    def _count_minutes(self, start, end, company=None):
        """Return the working minutes of the team between two times."""
        calendar, company = self._get_hours(company)
        return calendar._count_working_minutes(company, start, end)

    def _get_next_morning(self, start, company=None):
        """Return when the team opens on the next day that it works, in naive UTC."""
        zone = pytz.timezone(self._get_hours(company)[0].tz or "UTC")
        day = to_local(start, zone).date() + timedelta(days=1)
        morning = to_stored(zone.localize(datetime.combine(day, time.min)))
        return self._add_minutes(morning, 0, company)

    def _is_open(self, now, company=None):
        """Tell whether the team works now."""
        start = pytz.utc.localize(now)
        found = self._get_intervals(start, start.replace(microsecond=1), company)
        return found is None or bool(found)

    def _get_intervals(self, start, end, company):
        """Return the working hours of the team between two times of pytz; ``None`` if
        nobody has set any."""
        calendar, company = self._get_hours(company)
        if not calendar:
            return None
        domain = calendar._get_leave_domain(company)
        return calendar._work_intervals_batch(start, end, domain=domain)[False]

    # ------------------------------------------------------------ the wallboard

    @api.model
    def _read_wallboard(self, token, lang=None):
        """Return the figures of a wallboard, in few statements, or ``None`` if no team
        has the token. Times are in UTC, and the page counts on from them.

        :param lang: code of a language; else that of the team's company or leader
        """
        if not TOKEN.fullmatch(token):
            return None
        now = fields.Datetime.now()
        rows = self.env.execute_query_dict(
            SQL(
                """
                SELECT team.id,
                       team.name,
                       team.first_call_minutes AS minutes,
                       COALESCE(partner.lang, leader.lang, 'en_US') AS lang,
                       COALESCE(own_hours.tz, hours.tz, leader.tz, 'UTC') AS tz
                  FROM crm_team AS team
                  LEFT JOIN res_company AS company ON company.id = team.company_id
                  LEFT JOIN res_partner AS partner ON partner.id = company.partner_id
                  LEFT JOIN res_users AS users ON users.id = team.user_id
                  LEFT JOIN res_partner AS leader ON leader.id = users.partner_id
                  LEFT JOIN resource_calendar AS own_hours
                         ON own_hours.id = team.resource_calendar_id
                  LEFT JOIN resource_calendar AS hours
                         ON hours.id = company.resource_calendar_id
                 WHERE team.wallboard_token = %s AND team.active
                """,
                token,
            )
        )
        if not rows:
            return None
        [team] = rows
        lang, is_family_first = lang or team["lang"], team["lang"] == "vi_VN"
        zone = pytz.timezone(team["tz"])
        midnight = datetime.combine(to_local(now, zone).date(), time.min)
        today = to_stored(zone.localize(midnight))
        [[figures]] = self.env.execute_query(
            self._get_wallboard_query(team, now, today)
        )
        for row in (*figures["members"], *figures["last"]):
            row["name"] = row["name"] and shorten_name(row["name"], is_family_first)
        names = team["name"]
        return {
            # With another version the page loads itself anew.
            "version": Manifest.for_addon("crm_lead_api_first_call")["version"],
            "lang": py_to_js_locale(lang),
            "tz": team["tz"],
            "today": today.isoformat(),
            "team": names.get(lang) or names["en_US"],
            "within": team["minutes"],
            "texts": {name: text._translate(lang) for name, text in TEXTS.items()},
            **figures,
        }

    @api.model
    def _get_wallboard_query(self, team, now, today):
        """Return the query for the figures of a team, as a JSON object.

        The leads of today are those that have to be called by today.
        """
        return SQL(
            """
            WITH call AS (
                SELECT *
                  FROM crm_first_call
                 WHERE team_id = %(team)s AND state != 'ended'
            ), today AS (
                SELECT minutes_to_try AS minutes,
                       first_try_date IS NOT NULL AS is_tried,
                       deadline
                  FROM crm_first_call
                 WHERE team_id = %(team)s AND deadline >= %(today)s
            ), done AS (
                SELECT COUNT(*) AS count,
                       COUNT(*) FILTER (WHERE is_tried AND minutes <= %(minutes)s)
                           AS in_time,
                       PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY minutes)
                           FILTER (WHERE is_tried) AS median
                  FROM today
                 WHERE is_tried OR deadline <= %(now)s
            ), member AS (
                SELECT partner.name, users.id, COUNT(call.id) AS count
                  FROM crm_team_member AS member
                  JOIN res_users AS users ON users.id = member.user_id AND users.active
                  JOIN res_partner AS partner ON partner.id = users.partner_id
                  LEFT JOIN call ON call.user_id = users.id AND call.state = 'given'
                 WHERE member.crm_team_id = %(team)s
                   AND member.active AND member.is_on_duty
                   AND member.assignment_optout IS NOT TRUE
                 GROUP BY users.id, partner.name
            ), last AS (
                SELECT call.date, source.name AS source, partner.name,
                       call.id, call.state
                  FROM crm_first_call AS call
                  JOIN crm_lead AS lead ON lead.id = call.lead_id
                  LEFT JOIN utm_source AS source ON source.id = lead.source_id
                  LEFT JOIN res_users AS users ON users.id = lead.user_id
                  LEFT JOIN res_partner AS partner ON partner.id = users.partner_id
                 WHERE call.team_id = %(team)s
                 ORDER BY call.date DESC, call.id DESC
                 LIMIT %(max_last)s
            )
            SELECT json_build_object(
                'waiting', (SELECT COUNT(*) FROM call),
                'unassigned', (SELECT COUNT(*) FROM call WHERE state = 'waiting'),
                'oldest', (SELECT MIN(date) FROM call),
                'deadline', (SELECT MIN(deadline) FROM call WHERE state = 'given'),
                'count', done.count,
                'in_time', done.in_time,
                'median', done.median,
                'members', (
                    SELECT COALESCE(json_agg(json_build_object(
                               'name', name, 'count', count
                           ) ORDER BY count DESC, name, id), '[]')
                      FROM member
                ),
                'last', (
                    SELECT COALESCE(json_agg(json_build_object(
                               'date', date, 'source', source, 'name', name,
                               'state', state
                           ) ORDER BY date DESC, id DESC), '[]')
                      FROM last
                )
            )
            FROM done
            """,
            team=team["id"],
            minutes=team["minutes"],
            now=now,
            today=today,
            max_last=MAX_LAST,
        )


def shorten_name(name: str, is_family_first: bool) -> str:
    """Return the given name and the initial of the family name.

    >>> shorten_name("Nguyễn Thị Lan", True)
    'Lan N.'
    >>> shorten_name("Mary Smith", False)
    'Mary S.'
    """
    words = name.split() or [name]
    given, family = words[0], words[-1]
    if is_family_first:
        given, family = family, given
    return f"{given} {family[0]}." if len(words) > 1 else given
