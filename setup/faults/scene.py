# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Prepare the scene of a fault: server processes, a database, running requests, a
system that gets the events, bookings that are to be reminded of."""

import json
import os
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import patch

import psutil
from event_receiver import Receiver
from faults.client import Caller, chance
from faults.queries import WAITING
from faults.ticket import Template, Ticket
from google_form import connect
from odoo_database import TRIGGER, Database
from odoo_server import Server
from postgresql_cluster import Cluster
from psycopg2.sql import SQL, Identifier
from waiting import serving

PATIENCE = 180  # seconds for the queues, from the last time that they grew shorter
CATCHING = 2  # seconds in which a request is to be caught at work
AT_WORK = """
    SELECT count(*) FROM pg_stat_activity
     WHERE datname = current_database() AND application_name LIKE 'odoo-%%'
           AND CASE WHEN %s THEN query = 'COMMIT' AND state = 'active'
                    ELSE xact_start IS NOT NULL END
"""
LISTEN = """
    UPDATE crm_lead_api_client
       SET webhook_url = %s, webhook_allow_private = true
     WHERE webhook_url IS NOT NULL
"""
REMINDER = "booking.reminder_due"
AT_ONCE = 6  # reminders that become due before each strike
# The branch is open day and night, and it is about noon there now. A room of its own
# has the bookings that are to be reminded of; requests want the two rooms and a doctor
# who do the services of the payload. Those start three days from now.
PREPARE = """
payload = json.loads(PAYLOAD)
env["crm.booking"].search([]).reminder_date = False  # of the demo, due at some hour
company = env["res.company"].browse(payload["company_id"])
now = datetime.now(timezone.utc)
midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
company.resource_calendar_id.tz = f"Etc/GMT{now.hour - 12:+}"
set_hours(company.resource_calendar_id, (0, 24))
service = env.ref("crm_lead_api.demo_service_tri_nam").id
room = env["resource.resource"].create({
    "name": "Phòng nhắc", "company_id": company.id, "is_seat": True,
    "resource_type": "material", "calendar_id": False, "booking_service_ids": [service],
})
client = env.ref("crm_lead_api.demo_client")
client.write({"books_appointments": True, "requests_per_minute": 0})
for number in range(COUNT):
    start = midnight + timedelta(days=9, minutes=30 * number)
    lead = env["crm.lead"].create({
        "name": f"Nhắc {number}", "ticket_ref": str(900_000 + number),
        "partner_id": env["res.partner"].create({"name": f"Nhắc {number}"}).id,
        "company_id": company.id, "lead_api_client_id": client.id,
    })
    env["crm.booking"].create({
        "lead_id": lead.id, "company_id": company.id, "seat_id": room.id,
        "start": start.replace(tzinfo=None), "duration": 30,
        "service_ids": [Command.create({"product_id": service})],
    })
client.write({
    "webhook_url": "https://tickets.example.com/events",
    "webhook_bookings": True, "webhook_reminders": True,
})
starts = [midnight + timedelta(days=3, minutes=30 * number) for number in range(96)]
print(">>" + json.dumps([start.isoformat() for start in starts]))
"""
# As if the time had come; also for a server whose clock is slow
MAKE_DUE = """
    UPDATE crm_booking
       SET reminder_date = now() AT TIME ZONE 'utc' - interval '2 hours'
     WHERE id IN (
         SELECT booking.id FROM crm_booking booking
           JOIN resource_resource seat ON seat.id = booking.seat_id
          WHERE seat.name = 'Phòng nhắc' AND booking.id != ALL(%s)
          ORDER BY booking.id LIMIT %s
     )
    RETURNING id
"""
# A team of three who are always on duty, and a client whose leads it gives out; each
# lead is recalled once, when ``MAKE_LATE`` says so.
PREPARE_GIVING = """
company = env.ref("crm_lead_api.demo_company")
users = [make_user(env, f"truc.{number}", company) for number in range(3)]
team = make_giving_team(env, users, name="Chia khách", company_id=company.id,
                        first_call_minutes=24 * 60, recalls_max=9)
client = env["crm.lead.api.client"].create({
    "name": "Chia khách", "owner_id": env.ref("crm_lead_api.demo_agent").id,
    "company_id": company.id, "company_ids": company.ids, "team_id": team.id,
    "pricelist_id": env.ref("crm_lead_api.demo_pricelist").id,
    "country_id": env.ref("base.vn").id, "requests_per_minute": 0,
})
print(">>" + client._generate_token("test", datetime.now() + timedelta(days=1)))
"""
MAKE_LATE = """
    UPDATE crm_first_call
       SET deadline = now() AT TIME ZONE 'utc' - interval '2 hours',
           check_date = now() AT TIME ZONE 'utc' - interval '2 hours'
     WHERE state = 'given' AND coalesce(recall_count, 0) = 0
           AND check_date > now() AT TIME ZONE 'utc'
"""


# Leads that were won and lost, so that others get a score; and a lead like those of the
# requests, as a salesperson makes it.
MAKE_SCORE = """
payload = json.loads(PAYLOAD)
agent = env["res.users"].search([("email", "=", payload["agent_email"])])
Lead = env["crm.lead"].with_company(payload["company_id"])
names = ("company_id", "country_id", "state_id", "source_id", "campaign_id")
values = {name: payload[name] for name in names}
values |= {"name": "x", "phone": "0977 000 001", "user_id": agent.id}
for number in range(12):
    lead = Lead.create(values)
    lead.action_set_won() if number % 3 else lead.action_set_lost()
# Odoo's daily action would do so at any moment.
Lead._cron_update_automated_probabilities()
twin = Lead.create(values)
print(">>" + str(twin.automated_probability))
twin.unlink()
"""


def make_score(database: Database, payload: dict) -> float:
    """Make a history of leads that were won and lost.

    :return: the automated probability that Odoo gives then to a lead like that of the
        payload
    """
    script = MAKE_SCORE.replace("PAYLOAD", repr(json.dumps(payload)))
    return float(database.run(script))


def wait_for_queues(database: Database, mend: Callable[[], Any]) -> bool:
    """Wait until the work of all queues is done.

    :param mend: starts what has ended again, for queues that are still waiting
    :return: whether it is; not, when nothing of it was done for a long while
    """
    fewest, deadline = None, 0.0
    while True:
        mend()
        pending = len(database.query(WAITING))
        if not pending:
            return True
        if fewest is None or pending < fewest:
            fewest, deadline = pending, time.monotonic() + PATIENCE
        if time.monotonic() > deadline:
            return False
        time.sleep(0.2)


def prepare(database: Database, token: str, payload: dict, count: int) -> Template:
    """Make bookings that can be reminded of, and what tickets need: seats, a platform's
    connection, a team that gives its leads out.

    :param payload: of leads to come
    :param count: of bookings
    """
    script = PREPARE.replace("PAYLOAD", repr(json.dumps(payload)))
    starts = json.loads(database.run(script.replace("COUNT", str(count))))
    template = Template(payload, token, starts)
    template.address = connect(database, Ticket(template, 0, 0).form)
    template.giving_token = database.run(PREPARE_GIVING)
    return template


def make_due(database: Database, due: list[int]) -> list[int]:
    """Let further reminders become due, and the scheduled action begin.

    :param due: bookings whose reminders were
    :return: those whose reminders are now
    """
    with closing(database.connect()) as connection, connection:
        cursor = connection.cursor()
        cursor.execute(MAKE_DUE, [due, AT_ONCE])
        bookings = [booking for (booking,) in cursor.fetchall()]
        cursor.execute(TRIGGER, ["ir_cron_remind"])
    database.wake_servers_up()
    return bookings


def make_late(database: Database) -> None:
    """Let the time to call by be over for each lead that has been given out, and was
    not recalled, and the scheduled action begin."""
    with closing(database.connect()) as connection, connection:
        cursor = connection.cursor()
        cursor.execute(MAKE_LATE)
        if cursor.rowcount:
            cursor.execute(TRIGGER, ["ir_cron_give_out"])
    database.wake_servers_up()


class Listener(Receiver):
    """Accepts each event, also with the time of a clock that is wrong."""

    def judge(self, headers, body):
        self.came[headers["webhook-id"]] += 1
        return 200


@contextmanager
def listening(database: Database) -> Iterator[Listener]:
    """Let the client's events go to a receiver, by servers that are started then."""
    own = patch.dict(os.environ, {"CRM_LEAD_API_OWN_ADDRESSES": "1"})
    with own, serving(Listener()) as listener:
        database.change(LISTEN, listener.url)
        yield listener


@dataclass
class Scene:
    """The scene of a fault: servers on a database, and a client of theirs.

    :ivar due: the bookings whose reminders have become due
    """

    cluster: Cluster
    database: Database
    servers: list[Server]
    caller: Caller
    due: list[int] = field(default_factory=list)

    def catch_request(self) -> None:
        """Wait until a request is being worked on; each second time, until a commit is.

        A request that is cut off in its commit may have made its lead, without that
        anybody was told.
        """
        is_commit = chance.random() < 0.5
        if not is_commit:
            time.sleep(chance.uniform(0, 0.2))
        deadline = time.monotonic() + CATCHING
        with self.database.open() as cursor:
            while time.monotonic() < deadline:
                cursor.execute(AT_WORK, [is_commit])
                if cursor.fetchone() != (0,):
                    return
                time.sleep(0.001)

    def mend(self) -> None:
        """Start PostgreSQL again, if it has ended, as it does when it has no space for
        its log. Odoo's servers have a supervisor."""
        if self.cluster.process.poll() is not None:
            self.cluster.start()

    def mend_and_make_late(self) -> None:
        """Do as :meth:`mend`, and let the leads be recalled that were given since."""
        self.mend()
        make_late(self.database)

    def lock(self, table: str, seconds: float) -> None:
        """Let nobody else read or write a table for a while."""
        with closing(self.database.connect()) as connection:
            statement = SQL("LOCK TABLE {} IN ACCESS EXCLUSIVE MODE")
            connection.cursor().execute(statement.format(Identifier(table)))
            time.sleep(seconds)


def find_workers(servers: Iterable[Server]) -> set[int]:
    """Return the ids of the processes that serve requests."""
    workers = set()
    for server in servers:
        parent = psutil.Process(server.process.pid)
        for child in parent.children():
            with suppress(psutil.NoSuchProcess):  # it has ended meanwhile
                # The child for websockets is a program of its own; those for
                # scheduled actions let requests go first.
                is_web = "gevent" not in child.cmdline()
                if is_web and child.nice() <= parent.nice():
                    workers.add(child.pid)
    return workers
