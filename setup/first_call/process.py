# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Do in a process of Odoo what a step of the simulation says, by its clock."""

import json
from contextlib import suppress
from datetime import datetime, timedelta
from multiprocessing.connection import Client

from first_call.plan import (
    CLOSED_DAY,
    LANGUAGES,
    MINUTES,
    PEOPLE,
    RECALLS,
    SHIFTS,
    START,
    TEAM,
)
from freezegun import freeze_time
from psycopg2 import OperationalError
from scenery import make_user, set_hours

from odoo.exceptions import ConcurrencyError
from odoo.fields import Command
from odoo.sql_db import Cursor

ADDRESS = "localhost"


def prepare(env, customers: int) -> None:
    """Make the team, its members and the customers, and print their ids."""
    demo = env.ref("crm_lead_api.demo_company")
    other = env["res.company"].create(
        {"name": "Chi nhánh 2", "country_id": demo.country_id.id}
    )
    branches = demo | other
    client = env.ref("crm_lead_api.demo_client")
    client.company_ids |= other
    languages = env["res.lang"].search([("active", "=", True)]) | env[
        "res.lang"
    ]._activate_and_install_lang("vi_VN")
    languages = languages[: len(LANGUAGES)]
    categories = env["product.category"].create([{"name": "Da"}, {"name": "Răng"}])
    services = env["product.product"].create(
        [{"name": each.name, "type": "service", "categ_id": each.id}
         for each in categories]
    )  # fmt: skip
    calendars = {}
    for name, hours in {**SHIFTS, "team": TEAM}.items():
        values = {"name": name, "tz": "Asia/Ho_Chi_Minh", "company_id": False}
        calendars[name] = env["resource.calendar"].create(values)
        set_hours(calendars[name], *hours)
        _make_leave(calendars[name], CLOSED_DAY, 1)
    own = {"tz": "Asia/Ho_Chi_Minh", "notification_type": "inbox"}
    leader = make_user(env, "leader", branches, **own)
    team = env["crm.team"].create(
        {
            "name": "Tư vấn",
            "company_id": False,
            "user_id": leader.id,
            "gives_leads_out": True,
            "resource_calendar_id": calendars["team"].id,
            "first_call_minutes": MINUTES,
            "recalls_max": RECALLS,
        }
    )
    members = env["crm.team.member"]
    for number, person in enumerate(PEOPLE):
        user = make_user(env, f"{person.shift}-{number}", branches, **own)
        resource = env["resource.resource"].create(
            {
                "name": user.name,
                "user_id": user.id,
                "company_id": demo.id,
                "calendar_id": calendars[person.shift].id,
            }
        )
        if person.is_on_leave:
            _make_leave(calendars[person.shift], 0, 3, resource)
        members |= members.create(
            {
                "crm_team_id": team.id,
                "user_id": user.id,
                "first_call_weight": person.weight,
                "first_calls_max": person.limit,
                "skill_company_ids": [
                    Command.set([branches[each].id for each in person.branches])
                ],
                "skill_lang_ids": [
                    Command.set([languages[each].id for each in person.languages])
                ],
                "skill_category_ids": [
                    Command.set([categories[each].id for each in person.categories])
                ],
            }
        )
    partners = env["res.partner"].create(
        [
            {"name": f"Khách {number}", "phone": f"0977{number:06}"}
            for number in range(customers)
        ]
    )
    env.cr.commit()
    ids = {
        "team": team,
        "leader": leader,
        "members": members,
        "users": members.user_id,
        "branches": branches,
        "languages": languages,
        "services": services,
        "partners": partners,
        "client": client,
    }
    print(">>" + json.dumps({name: records.ids for name, records in ids.items()}))


def _make_leave(calendar, day, days, resource=None):
    start = START + timedelta(days=day)
    calendar.env["resource.calendar.leaves"].create(
        {
            "name": "Nghỉ",
            "calendar_id": calendar.id,
            "company_id": resource.company_id.id if resource else False,
            "resource_id": resource.id if resource else False,
            "date_from": start,
            "date_to": start + timedelta(days=days, seconds=-1),
        }
    )


def work(env, port: int, key: str, ids: dict) -> None:
    """Do the tasks that come by a connection, each at its time, until none comes."""
    # Odoo takes the moments of records from PostgreSQL.
    Cursor.now = lambda _self: datetime.now()
    with freeze_time(START) as clock, Client((ADDRESS, port), authkey=key) as tasks:
        process = Process(env, ids)
        while task := tasks.recv():
            now, name, arguments = task
            clock.move_to(now)
            tasks.send(process.attempt(name, arguments))


class Process:
    """A process of Odoo that makes leads, serves members, gives leads out."""

    def __init__(self, env, ids):
        self.env, self.ids = env, ids
        client = env["crm.lead.api.client"].browse(ids["client"])
        self.context = client._get_request_context(is_test=False)

    def attempt(self, name, arguments):
        """Do a task in a transaction, once more if it meets another one."""
        while True:
            self.env.cr.rollback()
            self.env.invalidate_all()
            with suppress(OperationalError, ConcurrencyError):
                result = getattr(self, name)(*arguments)
                self.env.cr.commit()
                return result

    def make_leads(self, arrivals):
        """Make leads as requests do, and return their ids."""
        ids = self.ids
        leads = self.env["crm.lead"].with_context(**self.context)
        return leads.create(
            [
                {
                    "name": f"Khách {each.customer}",
                    "type": "opportunity",
                    "lead_api_client_id": ids["client"][0],
                    "team_id": ids["team"][0],
                    "partner_id": ids["partners"][each.customer],
                    "company_id": ids["branches"][each.branch],
                    "lang_id": ids["languages"][each.language],
                    "user_id": each.agent is not None and ids["users"][each.agent],
                    "service_ids": [
                        Command.create({"product_id": ids["services"][each.category]})
                    ],
                }
                for each in arrivals
            ]
        ).ids

    def go_on_duty(self, numbers):
        members = self.env["crm.team.member"].browse(self.ids["members"])
        for number in numbers:
            members[number].is_on_duty = True

    def call(self, calls):
        """Tell the results of calls: some customers do not want anything.

        :param calls: (lead, number of the member, whether the lead is lost)
        """
        results = self.env["crm.lead.call.result"]
        for lead, number, is_lost in calls:
            own = results.with_user(self.ids["users"][number])
            own = own.with_context(allowed_company_ids=self.ids["branches"])
            call = own.env["crm.lead"].browse(lead)._get_next_call()
            result = "not_interested" if is_lost else "done"
            own.create(
                {"lead_id": lead, "activity_id": call.id, "result": result}
            ).action_save()

    def give_out(self):
        """Run the scheduled action."""
        self.env["crm.first.call"]._cron_give_out()
