# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import datetime, time, timedelta

import pytz

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.crm_lead_api.tools.day import to_local, to_stored

DAYS = timedelta(days=14)  # whose working hours are read at once


class CrmTeam(models.Model):
    """Give the leads of a team to its members on duty."""

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

    _first_call_numbers = models.Constraint(
        "CHECK(first_call_minutes > 0 AND owner_months >= 0 AND recalls_max >= 0"
        " AND waiting_minutes >= 0)",
        "The minutes to the first call are 1 or more, the other numbers 0 or more.",
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
