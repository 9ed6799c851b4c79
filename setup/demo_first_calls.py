# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Let two teams of the demo clinic, in shifts, give out the leads of a morning: two are
recalled, and those of the evening wait for somebody on duty."""

import random
from datetime import datetime, time, timedelta
from itertools import count

from demo_connections import CLOCK, NAMES
from demo_leads import CALLS, ZONE, to_utc
from freezegun import freeze_time
from scenery import make_giving_team, set_hours

from odoo.fields import Command

# Name, working hours of each day, logins; the evening's team has its switches off.
TEAMS = (
    ("Tổng đài ngày", ((7.5, 12), (13, 17.5)), ("minh", "trang", "vy")),
    ("Tổng đài tối", ((17.5, 21.5),), ("nam", "yen")),
)
NEW_USERS = {"vy": "Lê Thảo Vy", "nam": "Đỗ Hải Nam", "yen": "Ngô Hải Yến"}
OPENING = time(7, 30)
MINUTES = 120  # of the morning
# By lead of the morning: minutes after the opening, and from there to the call; nobody
# calls the customer who has none.
RUSH = (
    *((1, 4), (3, 9), (4, 2), (6, None), (7, 12), (9, 3), (10, 6), (12, 1)),
    *((13, 14), (15, 5), (18, None), (20, 8), (24, 4), (31, 11), (37, 2), (42, 6)),
    *((55, 3), (64, 9), (78, 5), (90, 4)),
)
WAITING = 3
NUMBERS = count(800)  # the ends of phones
SERVICES = ("nang_mui", "tri_nam", "tay_trang", "cat_mi")
SOURCES = ("facebook", "zalo", "google")


def make_first_calls(env):
    """Make the teams and the morning."""
    users = make_users(env)
    teams = [make_team(env, users, *values) for values in TEAMS]
    day_team, evening_team = teams
    choose = random.Random(33)  # noqa: S311  nothing is secret
    start = get_opening()
    morning = Morning(env, day_team, choose)
    with freeze_time(start, ignore=[CLOCK]) as clock:
        day_team.crm_team_member_ids.is_on_duty = True
        for minute in range(MINUTES):
            now = start + timedelta(minutes=minute)
            clock.move_to(now)
            env.cr._now = now  # as in demo_leads
            morning.let_pass(minute)
    env.flush_all()
    env.cr._now = None
    for _number in range(WAITING):
        make_lead(env, evening_team, choose)


def get_wallboard(env):
    """Return the path of the day team's wallboard; empty in a clinic of an earlier
    version, without the team."""
    name, _hours, _members = TEAMS[0]
    team = env["crm.team"].search([("name", "=", name)], limit=1)
    return team.action_open_wallboard()["url"] if team else ""


def get_opening():
    """Return when the last morning began that is over, in naive UTC."""
    now = datetime.now(ZONE)
    day = (now - timedelta(hours=OPENING.hour, minutes=OPENING.minute + MINUTES)).date()
    return to_utc(datetime.combine(day, OPENING))


def make_users(env):
    """Return the members by login; those that are new are copies of Minh."""
    minh = env.ref("crm_lead_api.demo_agent_2")
    for login, name in NEW_USERS.items():
        values = {"name": name, "login": login, "password": login}
        values |= {"email": f"{login}@example.com", "image_1920": False}
        minh.copy({**values, "crm_team_member_ids": False, "sale_team_id": False})
    logins = [login for *_others, members in TEAMS for login in members]
    users = env["res.users"].search([("login", "in", logins)])
    return {user.login: user for user in users}


def make_team(env, users, name, hours, logins):
    clinic = env.ref("crm_lead_api.demo_company")
    calendar = env["resource.calendar"].create(
        {"name": name, "tz": ZONE.zone, "company_id": clinic.id}
    )
    set_hours(calendar, *hours)
    agent = env.ref("crm_lead_api.demo_agent")
    values = {"name": name, "company_id": clinic.id, "user_id": agent.id}
    values["resource_calendar_id"] = calendar.id
    members = [users[login] for login in logins]
    team = make_giving_team(env, members, is_on_duty=False, **values)
    team.crm_team_member_ids.first_calls_max = 8
    for member in team.crm_team_member_ids:
        member.first_call_weight = 2 if member.user_id.login == "minh" else 1
    return team


def make_lead(env, team, choose):
    """Make a lead as a request of the client does."""
    client = env.ref("crm_lead_api.demo_client")
    name, number = choose.choice(NAMES), next(NUMBERS)
    service = env.ref(f"crm_lead_api.demo_service_{choose.choice(SERVICES)}")
    source = env.ref(f"crm_lead_api.demo_source_{choose.choice(SOURCES)}")
    phone = f"0900 000 {number}"
    partner = env["res.partner"].create(
        {"name": name, "phone": phone, "lang": "vi_VN", "company_id": False}
    )
    leads = env["crm.lead"].with_context(**client._get_request_context(is_test=False))
    return leads.create(
        {
            "name": f"{name} – {service.name}",
            "type": "opportunity",
            "partner_id": partner.id,
            "company_id": team.company_id.id,
            "team_id": team.id,
            "user_id": False,
            "source_id": source.id,
            "source_group_id": source.group_id.id,
            "lead_api_client_id": client.id,
            "service_ids": [Command.create({"product_id": service.id})],
        }
    )


class Morning:
    """A morning of a team, minute by minute."""

    def __init__(self, env, team, choose):
        self.env, self.team, self.choose = env, team, choose
        self.calls = {}  # minutes, by lead

    def let_pass(self, minute):
        """Let leads come, members call, and the scheduled action do its work."""
        for arrival, delay in RUSH:
            if arrival == minute:
                lead = make_lead(self.env, self.team, self.choose)
                if delay:
                    self.calls[lead] = minute + delay
        for lead in [each for each, end in self.calls.items() if end <= minute]:
            del self.calls[lead]
            self.call(lead)
        self.env["crm.first.call"]._give_out(self.team)
        late = [("team_id", "=", self.team.id), ("state", "=", "given")]
        late += [("check_date", "<=", datetime.now())]
        for call in self.env["crm.first.call"].search(late):
            call._recall()
            # Whoever has it now calls at once.
            if call.recall_count:
                self.calls[call.lead_id] = minute + 3
        self.env.cr.flush()  # what Odoo tells of changes has this time

    def call(self, lead):
        results = self.env["crm.lead.call.result"].with_user(lead.user_id)
        call = lead.with_user(lead.user_id)._get_next_call()
        answered = self.env.ref("crm_lead_api.call_outcome_answered")
        values = {"activity_id": call.id, "outcome_id": answered.id}
        results.create({**values, "note": self.choose.choice(CALLS)}).action_save()
