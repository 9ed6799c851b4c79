# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Make what many scenes need: for scripts in ``odoo shell``, which know these names."""

from datetime import datetime, timedelta

from odoo.fields import Command


def set_hours(calendar, *hours):
    """Set the working hours of all days.

    :param hours: (start, end) of each part of a day
    """
    lines = [
        {
            **{"name": "Ca", "dayofweek": str(day), "hour_from": start, "hour_to": end},
            "day_period": "afternoon" if start >= 12 else "morning",
        }
        for day in range(7)
        for start, end in hours
    ]
    calendar.attendance_ids = [Command.clear(), *map(Command.create, lines)]


def make_user(env, login, companies, **values):
    """Make a salesperson of companies, the first of which is the main one.

    :rtype: res.users
    """
    return env["res.users"].create(
        {
            **{"name": login, "login": login, "email": f"{login}@example.com"},
            **{"company_id": companies[0].id, "company_ids": companies.ids},
            "group_ids": env.ref("sales_team.group_sale_salesman").ids,
            **values,
        }
    )


def make_key(user):
    """Return an API key of a user for a day."""
    keys = user.env["res.users.apikeys"].with_user(user).sudo()
    return keys._generate("rpc", "test", datetime.now() + timedelta(days=1))


def make_giving_team(env, users, **values):
    """Make a team that gives its leads out to users, who are on duty.

    :rtype: crm.team
    """
    team = env["crm.team"].create({"gives_leads_out": True, **values})
    env["crm.team.member"].create(
        [
            {"crm_team_id": team.id, "user_id": user.id, "is_on_duty": True}
            for user in users
        ]
    )
    return team
