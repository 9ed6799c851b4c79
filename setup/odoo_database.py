# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Real databases of Odoo, for tests and measurements.

The environment gives the configuration, ``CRM_LEAD_API_CONFIG``, and the first part of
the names of databases, ``CRM_LEAD_API_DATABASES``. Each worker of pytest-xdist adds a
part of its own.
"""

import json
import os
import re
import subprocess
import sys
from collections import namedtuple
from collections.abc import Iterable, Iterator
from configparser import ConfigParser
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psycopg2
from odoo_server import Server, get_free_port
from psycopg2.errors import ObjectInUse
from psycopg2.extensions import cursor as Cursor
from psycopg2.extras import NamedTupleCursor
from psycopg2.sql import SQL, Identifier, Literal
from waiting import wait_until

ODOO = Path(__file__).with_name("odoo_command.py")
CONFIG = os.environ.get("CRM_LEAD_API_CONFIG")
SHARED_PREFIX = os.environ.get("CRM_LEAD_API_DATABASES", "")
PREFIX = SHARED_PREFIX + os.environ.get("PYTEST_XDIST_WORKER", "")

# A script knows ``env``, and these names.
SHELL = f"""
import json, sys
from datetime import datetime, timedelta, timezone
from odoo.fields import Command
sys.path.append({str(ODOO.parent)!r})
from scenery import make_giving_team, make_key, make_user, set_hours
{{}}
env.cr.commit()
"""
MAKE_KEY = """
client = env.ref("crm_lead_api.demo_client")
client.requests_per_minute = 0
print(">>" + client._generate_token("test", datetime.now() + timedelta(days=1)))
"""
MAKE_PAYLOAD = """
demo = lambda name: env.ref(f"crm_lead_api.demo_{name}").id
print(">>" + json.dumps({
    "phone_no1": "0900 000 303", "ticket_id": 1, "agent_email": "lan@example.com",
    "user_id": demo("agent"), "contact_name": "Vũ Hải Yến", "gender": "female",
    "country_id": env.ref("base.vn").id, "state_id": env.ref("base.state_vn_VN-SG").id,
    "street": "12 Lê Lợi", "company_id": demo("company"),
    "price_list_id": demo("pricelist"),
    "category_source_id": demo("source_group_social"),
    "source_id": demo("source_zalo"), "campaign_id": demo("campaign_beauty"),
    "crm_line_ids": [demo("service_kham")],
}))
"""
# The demo clinic is open from eight to eight, and has no seats
OPEN_ALL_DAYS = """
company = env.ref("crm_lead_api.demo_company")
calendar = company.resource_calendar_id
calendar.tz = "Asia/Ho_Chi_Minh"
set_hours(calendar, (8, 20))
env["resource.resource"].search([("is_seat", "=", True)]).is_seat = False
"""
# A connection for Google's forms, with the secret "secret"
CONNECT = """
connection = env["crm.lead.api.connection"].create({
    "name": "Form",
    "platform_id": env.ref("crm_lead_api_connection.platform_google").id,
    "client_id": env.ref("crm_lead_api.demo_client").id,
    "is_live": True,
    "field_ids": [
        (0, 0, {"attribute": "contact_name", "place": "answers.FULL_NAME"}),
        (0, 0, {"attribute": "phone_no1", "place": "answers.PHONE_NUMBER"}),
        (0, 0, {"attribute": "company_id",
                "res_id": env.ref("crm_lead_api.demo_company").id}),
    ],
})
connection.secret = "secret"
print(">>" + connection._generate_key())
"""
# A connection of each platform; prints their ids and keys by platform
SECRET, APP = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "360846524940903967"
CONNECT_ALL = f"""
keys = {{}}
for platform in env["crm.lead.api.platform"].search([]):
    places = {{"attribute": "company_id",
               "res_id": env.ref("crm_lead_api.demo_company").id}}
    connection = env["crm.lead.api.connection"].create({{
        "name": platform.name, "platform_id": platform.id, "app_ref": "{APP}",
        "client_id": env.ref("crm_lead_api.demo_client").id,
        "is_live": bool(platform.mapping),
        "field_ids": [(0, 0, places)] + [
            (0, 0, {{"attribute": attribute, "place": place}})
            for attribute, place in platform.mapping.items()],
    }})
    connection.write({{"secret": "{SECRET}", "verify_token": "tu-dat"}})
    keys[platform.code] = [connection.id, connection._generate_key()]
print(">>" + json.dumps(keys))
"""
# A team of the client, who are always at work, gives leads out.
GIVE_LEADS_OUT = """
company = env.ref("crm_lead_api.demo_company")
set_hours(company.resource_calendar_id, (0, 24))
users = [make_user(env, f"truc.{{number}}", company) for number in range({members})]
team = make_giving_team(env, users, name="Trực", company_id=company.id,
                        first_call_minutes=600, recalls_max=99)
env.ref("crm_lead_api.demo_client").team_id = team
keys = {{user.id: make_key(user) for user in users}}
stages = env["crm.stage"].search([("is_won", "=", False)], order="sequence")
print(">>" + json.dumps({{"team": team.id, "keys": keys, "stage": stages[-1].id}}))
"""
# Leads with their first calls: who has each lead, who is to call, from whom and to whom
# the lead went, which calls are planned
READ_FIRST_CALLS = """
    SELECT lead.id, lead.ticket_ref, lead.phone, lead.user_id, lead.stage_id,
           lead.first_contact_date, lead.partner_name, call.state,
           call.user_id AS caller, call.deadline, call.check_date,
           coalesce(call.recall_count, 0) AS recall_count,
           ARRAY(SELECT ARRAY[former_user_id, user_id] FROM crm_first_call_decision
                  WHERE first_call_id = call.id ORDER BY id) AS decisions,
           (SELECT coalesce(json_agg(json_build_array(user_id, planned_date)), '[]')
              FROM mail_activity
             WHERE res_model = 'crm.lead' AND res_id = lead.id AND active) AS planned
      FROM crm_lead lead LEFT JOIN crm_first_call call ON call.lead_id = lead.id
     WHERE lead.id"""
# Who got a lead, from whom, and why
Decision = namedtuple("Decision", "id lead date user former reason")
READ_DECISIONS = """
    SELECT line.id, call.lead_id, line.date, line.user_id, line.former_user_id,
           line.reason
      FROM crm_first_call_decision line
      JOIN crm_first_call call ON call.id = line.first_call_id
     WHERE line.id > %s ORDER BY line.id
"""
MAKE_LATE = """
    UPDATE crm_first_call SET check_date = now() AT TIME ZONE 'utc' - interval '1 hour'
     WHERE lead_id = %s
"""
# Finds a person as an administrator does, and erases all that is found.
ERASE = """
wizard = env["privacy.lookup.wizard"].create(
    {"name": "Vũ Hải Yến", "email": "yen.vu@example.com"})
wizard.action_lookup()
print(">>" + ",".join(sorted(set(wizard.line_ids.mapped("res_model")))))
wizard.line_ids.action_unlink_all()
"""
# Odoo's dialog itself is forgotten within a day.
ERASING = {"privacy_lookup_wizard", "privacy_lookup_wizard_line"}
SET_CLIENT = """
env.ref("crm_lead_api.demo_client").write({values})
"""
UNINSTALL = """
env["ir.module.module"].search([("name", "in", {names})]).button_immediate_uninstall()
"""
COLUMNS = """
    SELECT columns.table_name, columns.column_name, columns.data_type
      FROM information_schema.columns
      JOIN information_schema.tables USING (table_schema, table_name)
     WHERE table_schema = 'public' AND table_type = 'BASE TABLE'
     ORDER BY 1, columns.ordinal_position
"""
NEWEST = """
    SELECT regexp_replace(sequencename, '_id_seq$', ''), coalesce(last_value, 0)
      FROM pg_sequences
"""
# Also for a server whose clock is slow
TRIGGER = """
INSERT INTO ir_cron_trigger (cron_id, call_at)
     SELECT res_id, now() AT TIME ZONE 'utc' - interval '2 hours' FROM ir_model_data
      WHERE model = 'ir.cron' AND name = %s
"""
RUN_ACTIONS = """
for name in {names}:
    env.ref(name).method_direct_trigger()
"""


@dataclass
class Database:
    """A database with Odoo in it.

    :param addons: a folder of addons, which come before those of the configuration
    :param host: of its PostgreSQL server; else that of the environment
    :param config: Odoo's configuration
    :param python: the Python that runs Odoo
    """

    name: str
    addons: Path | None = None
    host: str | None = None
    config: str | Path | None = CONFIG
    python: str | Path = sys.executable

    def odoo(self, *arguments: str, stdin: str = "") -> str:
        """Run Odoo's command line on it, and return its log.

        :raise AssertionError: it failed, or logged an error
        """
        status, output = run_odoo(self.get_command(*arguments), stdin)
        assert status == 0, output
        assert not find_errors(output), output
        return output

    def get_command(self, *arguments: str) -> list[str | Path]:
        options = [f"--config={self.config}", f"--database={self.name}"]
        if arguments[0] != "i18n":
            options.append(f"--db-filter=^{self.name}$")
        if self.addons:
            addons = read_config()["options"]["addons_path"]
            options.append(f"--addons-path={self.addons},{addons}")
        if self.host:
            options.append(f"--db_host={self.host}")
        if arguments[0].startswith("-"):  # of a server, which may have others of these
            return [self.python, ODOO, "server", *options, *arguments]
        return [self.python, ODOO, *arguments, *options]

    def run(self, script: str) -> str:
        """Run a script in ``odoo shell``, commit, and return what it printed after
        ``>>``."""
        output = self.odoo("shell", "--no-http", stdin=SHELL.format(script))
        return "\n".join(find_printed(output))

    def run_anyway(self, script: str, *options: str) -> str:
        """Run a script in ``odoo shell``, whatever it logs, commit, and return the
        whole output."""
        command = self.get_command("shell", "--no-http", *options)
        status, output = run_odoo(command, SHELL.format(script))
        assert status == 0, output
        return output

    def set_client(self, **values) -> None:
        """Change the client of the demo data."""
        self.run(SET_CLIENT.format(values=values))

    def uninstall(self, *names: str) -> None:
        """Uninstall addons as administrators do."""
        self.run(UNINSTALL.format(names=names))

    def run_actions(self, *names: str) -> None:
        """Run scheduled actions by their XML ids, whatever they log."""
        self.run_anyway(RUN_ACTIONS.format(names=names))

    def connect(self):
        """Open a connection of its own, to be closed by the caller."""
        return connect(self.name, self.host)

    @contextmanager
    def open(self) -> Iterator[Cursor]:
        """Have a cursor that commits each statement, for the block."""
        with closing(self.connect()) as connection:
            connection.autocommit = True
            yield connection.cursor()

    def query(self, statement: str, *values, kind=None) -> list[tuple]:
        """Run an SQL query, and return its rows.

        :param kind: of the cursor
        """
        with closing(self.connect()) as connection:
            cursor = connection.cursor(cursor_factory=kind)
            cursor.execute(statement, values)
            return cursor.fetchall()

    def read(self, statement: str, *values) -> list:
        """Run an SQL query, and return its rows, with the columns as attributes."""
        return self.query(statement, *values, kind=NamedTupleCursor)

    def read_newest(self) -> dict[str, int]:
        """Return the highest id that each table ever had."""
        return dict(self.query(NEWEST))

    def read_kinds(self) -> dict[tuple[str, str], str]:
        """Return the data type of each column, by table and name."""
        return {row[:2]: row[2] for row in self.query(COLUMNS)}

    def read_rows(self) -> dict[str, dict]:
        """Return all rows of all tables, ``{table: {key: {column: value}}}``."""
        with closing(self.connect()) as connection:
            cursor, rows = connection.cursor(), {}
            for table in dict.fromkeys(table for table, _name in self.read_kinds()):
                query = SQL("SELECT to_jsonb(t) FROM {} AS t").format(Identifier(table))
                cursor.execute(query)
                rows[table] = {
                    # Tables of relations have no ids.
                    row.get("id") or json.dumps(row): row
                    for (row,) in cursor.fetchall()
                }
        return rows

    def find_text(self, text: str) -> list[str]:
        """Return the tables that have a text in any of their columns, apart from the
        dialog that erases a person."""
        tables = {table for table, _name in self.read_kinds()} - ERASING
        query = SQL("SELECT 1 FROM {} t WHERE t::text LIKE {} LIMIT 1")
        with closing(self.connect()) as connection:
            cursor, found = connection.cursor(), []
            for table in tables:
                cursor.execute(query.format(Identifier(table), Literal(f"%{text}%")))
                found += [table] if cursor.fetchone() else []
        return found

    def change(self, statement: str, *values) -> None:
        """Run an SQL statement, and commit it."""
        with closing(self.connect()) as connection, connection:
            connection.cursor().execute(statement, values)

    def trigger(self, action: str) -> None:
        """Let servers run a scheduled action, by the second part of its XML id."""
        self.change(TRIGGER, action)
        self.wake_servers_up()

    def wake_servers_up(self) -> None:
        """Let servers look for scheduled actions that are due, as they tell each
        other."""
        postgres = Database("postgres", host=self.host)
        postgres.change("SELECT pg_notify('cron_trigger', %s)", self.name)

    @contextmanager
    def locked(self, statement: str, *values) -> Iterator[None]:
        """Hold the locks of a statement for the block."""
        with closing(self.connect()) as connection:
            connection.cursor().execute(statement, values)
            yield

    def count_reads(self, tables: Iterable[str]) -> int:
        """Return how many rows of tables were read. Other connections are ended before,
        for PostgreSQL counts what they have done at the latest then."""
        self.change(
            "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        statement = (
            "SELECT sum(seq_tup_read + coalesce(idx_tup_fetch, 0))::bigint"
            " FROM pg_stat_user_tables WHERE relname = ANY(%s)"
        )
        return self.query(statement, [*tables])[0][0]

    def count_locked(self) -> int:
        """Return how many transactions wait for others."""
        waiting = "wait_event_type = 'Lock' AND datname = current_database()"
        return self.count("pg_stat_activity", waiting)

    def count(self, table: str, condition: str = "true", *values) -> int:
        """Return how many rows of a table meet a condition in SQL."""
        query = f"SELECT count(*) FROM {table} WHERE {condition}"  # noqa: S608
        return self.query(query, *values)[0][0]

    def copy(
        self, name: str, addons: Path | None = None, prefix: str = PREFIX
    ) -> "Database":
        """Make a copy with another name, on the same server, as soon as nobody, such as
        ``pg_dump``, reads the database."""
        copy = Database(f"{prefix}_{name}", addons, self.host)
        execute("DROP DATABASE IF EXISTS {}", copy.name, host=self.host)

        def is_made():
            with suppress(ObjectInUse):
                names = copy.name, self.name
                execute("CREATE DATABASE {} TEMPLATE {}", *names, host=self.host)
                return True

        wait_until(is_made, f"{self.name} is in use")
        return copy

    def make_access(self, make_key: str = MAKE_KEY) -> tuple[str, dict]:
        """Return a token of the demo data's client, which then has no limit, and a
        payload that makes a lead."""
        token, payload = self.run(make_key + MAKE_PAYLOAD).splitlines()
        return token, json.loads(payload)

    @contextmanager
    def serve(
        self, log: Path, *options: str, port: int | None = None
    ) -> Iterator[Server]:
        """Run a server on it.

        :param log: the file for its output
        :param options: of Odoo's command line
        :param port: to listen at; else a free one
        """
        port, gevent_port = port or get_free_port(), get_free_port()
        command = self.get_command(
            f"--http-port={port}", f"--gevent-port={gevent_port}", *options
        )
        server = Server(port, gevent_port, log, command)
        try:
            server.start()
            yield server
        finally:
            server.stop()


def run_odoo(command: list[str | Path], stdin: str = "") -> tuple[int, str]:
    """Run a command of Odoo, and return its exit status and its output."""
    output = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    process = subprocess.run(command, input=stdin, **output)
    return process.returncode, process.stdout


def connect(name: str, host: str | None = None):
    """Open a connection to a database by its name."""
    return psycopg2.connect(dbname=name, **({"host": host} if host else {}))


def find_printed(output: str) -> list[str]:
    """Return the lines that a script in ``odoo shell`` has printed after ``>>``."""
    return re.findall(r"^>>(.*)", output, re.MULTILINE)


def takes_connections(host: str) -> bool:
    """Tell whether a PostgreSQL server, or PgBouncer, takes connections."""
    with suppress(psycopg2.OperationalError):
        connect("postgres", host).close()
        return True
    return False


def execute(statement: str, *names: str, host: str | None = None) -> None:
    """Run a statement, with names of databases in it, on the server itself."""
    with Database("postgres", host=host).open() as cursor:
        cursor.execute(SQL(statement).format(*map(Identifier, names)))


def read_config(*others: Path) -> ConfigParser:
    """Return the configuration; what it lacks is taken from others."""
    config = ConfigParser(interpolation=None)
    config.read([*others, CONFIG])
    return config


def write_config(config: ConfigParser, path: Path) -> Path:
    path.touch(mode=0o600)  # it may hold a password
    with path.open("w") as file:
        config.write(file)
    return path


def find_errors(log: str) -> list[str]:
    """Return the lines of an Odoo log that nobody wants to see."""
    # Odoo only warns when demo data cannot be loaded.
    pattern = r"^\S+ \S+ \d+ (?:ERROR|CRITICAL|WARNING .* demo data failed) .*"
    return re.findall(pattern, log, re.MULTILINE)
