# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Test two servers on a primary database and a replica that is 5 seconds behind.

``CRM_LEAD_API_PAIRS`` says how many leads are written, and read at once.
"""

import itertools
import json
import os
from contextlib import ExitStack, closing
from dataclasses import dataclass
from urllib.parse import quote

import pytest
from odoo_database import Database
from odoo_server import Server
from postgresql_cluster import Cluster, find_programs, run_cluster
from waiting import wait_until

PAIRS = int(os.environ.get("CRM_LEAD_API_PAIRS", "200"))
# Leads that a client writes and reads at once, while others read so often
ROUNDS, READS = 10, 20
BASE = 10**6  # of the tickets of the other tests
STATISTICS = (
    *("shared_preload_libraries=pg_stat_statements", "fsync=off"),
    "pg_stat_statements.track_utility=off",
)
MAKE_CLIENTS = """
writer = env.ref("crm_lead_api.demo_client")
reader = env["crm.lead.api.client"].create({
    "name": "Reader", "company_ids": writer.company_ids.ids,
    "reads_all_leads": True, "looks_up_customers": True, "reads_metrics": True,
    "books_appointments": True,
})
env["ir.config_parameter"].set_param("crm_lead_api.wrong_tokens", 10**6)
tokens = {}
for name, client in [("writer", writer), ("reader", reader)]:
    client.requests_per_minute = 10**6  # there, as always, but not to be reached
    day = datetime.now() + timedelta(days=1)
    tokens[name] = client._generate_token(name, day)
print(">>" + json.dumps(tokens))
"""
LOOK_UP = "/customers?phone=0900000303&agent_email=lan@example.com"
NOW = "write_date = now() AT TIME ZONE 'utc'"
CLIENT = f"UPDATE crm_lead_api_client SET {{}}, {NOW} WHERE name = 'Reader'"
CHANGE = f"UPDATE crm_lead SET {{}}, {NOW} WHERE id = %s"
NOW_AS_TEXT = """
SELECT to_char(clock_timestamp() AT TIME ZONE 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.USZ')
"""
COUNT = """
SELECT coalesce(sum(calls), 0) FROM pg_stat_statements JOIN pg_roles
    ON pg_roles.oid = userid WHERE rolname = 'reader'
"""
pytestmark = pytest.mark.skipif(
    not find_programs(), reason="PostgreSQL's programs are not here"
)


@dataclass
class Scene:
    """The databases, and two servers: who writes at one reads at the other."""

    primary: Database
    copy: Database  # of it, on the replica
    replica: Cluster
    first: Server
    second: Server  # whose statements have the name ``reader``
    tokens: dict[str, str]  # of the clients ``writer``, and ``reader``, who reads all
    payload: dict

    def send(self, server, client, method, path, payload=None, **headers):
        """Send a request, and return the answer."""
        lines = [(name.replace("_", "-"), value) for name, value in headers.items()]
        token = self.tokens[client]
        return server.call(token, method, path, payload, *lines)

    def read(self, client, path):
        """Read at the second server, and return the data."""
        return self.send(self.second, client, "GET", path).data

    def write(self, number, is_there=False):
        """Make a lead at the first server, and return its id.

        :param is_there: wait until the replica has it
        """
        phone = {"phone_no1": f"09{number:08}", "ticket_id": number}
        payload = {**self.payload, **phone}
        lead_id = self.send(self.first, "writer", "POST", "/lead", payload).lead_id
        if is_there:
            self.catch_up()
        return lead_id

    def catch_up(self):
        """Wait until the replica has all that the primary has now, and shows it."""
        [[now]] = self.primary.query("SELECT clock_timestamp() AT TIME ZONE 'utc'")

        def has_arrived():
            self.read("reader", "/me")  # writes the horizon
            return self.copy.count("crm_lead_api_horizon", "horizon > %s", now)

        wait_until(has_arrived, "The replica does not follow")

    def count(self, before=(0, 0)):
        """Return how many statements of the second server primary and copy have run,
        since an earlier count."""
        counts = [each.query(COUNT)[0][0] for each in (self.primary, self.copy)]
        return [now - then for now, then in zip(counts, before, strict=True)]


@pytest.fixture(scope="module")
def scene(addons, payload, tmp_path_factory):
    logs = tmp_path_factory.mktemp("servers")
    with ExitStack() as stack:
        primary = stack.enter_context(run_cluster(*STATISTICS))
        database = primary.copy(addons)
        tokens = json.loads(database.run(MAKE_CLIENTS))
        database.change("CREATE EXTENSION pg_stat_statements")
        database.change("CREATE ROLE reader SUPERUSER LOGIN")
        late = ("recovery_min_apply_delay=5s", "hot_standby_feedback=on")
        replica = run_cluster(*STATISTICS, *late, primary=primary)
        replica = stack.enter_context(replica)
        options = (f"--db_replica_host={replica.host}", "--db-filter=")
        own = ("--db_user=reader", "--max-cron-threads=0")
        first, second = (
            stack.enter_context(database.serve(logs / name, *options, *others))
            for name, others in [("first.log", ()), ("second.log", own)]
        )
        copy = Database(database.name, database.addons, replica.host)
        yield Scene(database, copy, replica, first, second, tokens, payload)


@pytest.fixture(autouse=True)
def begin(scene):
    """The replica has all that the primary has."""
    scene.catch_up()


def test_write_then_read(scene):
    """Who writes at one server reads it at once at the other."""
    for number in range(1, PAIRS + 1):
        lead_id = scene.write(number)
        page = scene.read("writer", f"/lead?ticket_id={number}")
        assert [lead["id_lead"] for lead in page["items"]] == [lead_id]
    assert not scene.copy.count("crm_lead", "id = %s", lead_id)


def test_share(scene):
    """The replica runs four of five statements of all reads, also while a client reads
    at once what it wrote."""
    [[lead_id, ticket]] = scene.primary.query(
        "SELECT id, ticket_ref FROM crm_lead WHERE ticket_ref IS NOT NULL LIMIT 1"
    )
    others = itertools.cycle(
        [f"/lead/{lead_id}", f"/lead?ticket_id={ticket}", "/leads?limit=20", LOOK_UP]
    )
    before = scene.count()
    for number in range(10**5, 10**5 + ROUNDS):
        scene.write(number)
        scene.read("writer", f"/lead?ticket_id={number}")
        for path in itertools.islice(others, READS):
            scene.read("reader", path)
    on_primary, on_replica = scene.count(before)
    share = on_replica / (on_primary + on_replica)
    print(f"statements: {on_primary} primary, {on_replica} replica: {share:.1%}")
    assert share >= 0.8


def test_routes(scene):
    """Each route that reads asks the primary for the token and counts there, and keeps
    its look-up, and does the rest on the replica."""
    paths = [
        *("/me", "/ref", "/ref/services", "/leads", LOOK_UP, "/lead?ticket_id=1"),
        *("/metrics", "/openapi.json", "/docs", "/bookings", "/bookings/x", "/slots"),
        *("/quote", "/phone-calls?ticket_id=1", "/phone-calls/x", "/lead/1"),
        "/phone-calls/x/recording",
    ]
    headers = [("Authorization", f"Bearer {scene.tokens['reader']}")]
    for path in paths * 2:  # the first time fills Odoo's caches
        before = scene.count()
        status = scene.second.send("GET", f"/api/v1{path}", headers)[0]
        on_primary, on_replica = scene.count(before)
        # Besides, the horizon is written once a second.
        most = 5 if path == LOOK_UP else 3
        found = (status < 500, on_primary <= most, on_replica >= 2)
        assert found == (True, True, True), (path, on_primary, on_replica)


def test_changes_and_conflicts(scene):
    """A client also reads what it changed, and why a change was refused."""
    lead_id = scene.write(BASE, is_there=True)
    path = f"/lead/{lead_id}"
    change = {"street": "1 Hai Bà Trưng"}
    status, _head, _data = scene.send(scene.first, "writer", "PATCH", path, change)
    assert (status, scene.read("writer", path)["street"]) == (200, "1 Hai Bà Trưng")
    scene.catch_up()
    etag = scene.send(scene.second, "writer", "GET", path).get_header("ETag")
    scene.primary.change(CHANGE.format("street = '2 Hai Bà Trưng'"), lead_id)
    # The replica lacks what staff did: the reader still reads the old address there.
    assert scene.read("reader", path)["street"] == "1 Hai Bà Trưng"
    request = ("PATCH", path, {"city": "Huế"})
    status, _head, _data = scene.send(scene.first, "writer", *request, if_match=etag)
    assert (status, scene.read("writer", path)["street"]) == (412, "2 Hai Bà Trưng")


def test_event(scene):
    """A client that gets an event reads what the event is about."""
    lead_id = scene.write(BASE + 1, is_there=True)
    scene.primary.change(
        """
        WITH changed AS (
               UPDATE crm_lead SET street = 'Vinh' WHERE id = %s
            RETURNING lead_api_client_id
        )
        INSERT INTO crm_lead_api_event
                    (client_id, date, type, message_ref, state)
             SELECT lead_api_client_id, now() AT TIME ZONE 'utc', 'lead.won', 'x',
                    'cancelled'
               FROM changed
        """,
        lead_id,
    )
    assert scene.read("writer", f"/lead/{lead_id}")["street"] == "Vinh"


def test_no_change_is_left_out(scene):
    """Pages of changes wait for transactions that the replica has not got yet."""
    first, second = (scene.write(BASE + number) for number in (2, 3))
    scene.catch_up()
    [[since]] = scene.primary.query(NOW_AS_TEXT)
    seen = []

    def poll():
        nonlocal since
        path = f"/leads?updated_since={quote(since)}"
        for lead in scene.read("reader", path)["items"]:
            seen.append(lead["id_lead"])
            since = lead["updated_at"]
        return seen

    change = CHANGE.format("city = 'Huế'")
    with closing(scene.primary.connect()) as slow:
        slow.cursor().execute(change, (first,))  # and stays open
        scene.primary.change(change, second)
        has_changed = "id = %s AND city = 'Huế'"
        wait_until(lambda: scene.copy.count("crm_lead", has_changed, second))
        assert poll() == []
        slow.commit()
    wait_until(lambda: second in poll())
    assert list(dict.fromkeys(seen)) == [first, second]


def test_own_changes_are_in_a_page(scene):
    [[since]] = scene.primary.query(NOW_AS_TEXT)
    lead_id = scene.write(BASE + 4)
    page = scene.read("writer", f"/leads?updated_since={quote(since)}")["items"]
    assert lead_id in [lead["id_lead"] for lead in page]


def test_rights_count_at_once(scene):
    """The primary says what a token opens."""
    token = f"UPDATE crm_lead_api_token SET date_revoked = {{}}, {NOW}"
    token += " WHERE name = 'reader'"
    for statement, undo, status in [
        (token.format("now()"), token.format("NULL"), 401),
        (CLIENT.format("is_paused = true"), CLIENT.format("is_paused = false"), 403),
    ]:
        scene.primary.change(statement)
        answer = scene.send(scene.second, "reader", "GET", LOOK_UP)
        scene.primary.change(undo)
        assert answer[0] == status
    assert scene.send(scene.second, "reader", "GET", LOOK_UP)[0] == 200


def test_look_ups_are_kept(scene):
    """No look-up is answered before the primary has kept it."""
    before = scene.primary.count("crm_lead_api_look_up")
    lead_id = scene.write(BASE + 5, is_there=True)
    number = f"/customers?phone=09{BASE + 5:08}&agent_email=lan@example.com"
    [customer] = scene.read("reader", number)["customers"]
    assert scene.primary.count("crm_lead_api_look_up") == before + 1
    table = "ALTER TABLE crm_lead_api_look_up"
    scene.primary.change(f"{table} ADD CONSTRAINT refused CHECK (false) NOT VALID")
    status, _head, answer = scene.send(scene.second, "reader", "GET", number)
    scene.primary.change(f"{table} DROP CONSTRAINT refused")
    assert (status, "data" in answer) == (422, False)
    # The replica shows a contact that staff have just deleted.
    contact = customer["account_id"]
    scene.primary.change("DELETE FROM crm_lead WHERE id = %s", lead_id)
    scene.primary.change("DELETE FROM res_partner WHERE id = %s", contact)
    assert scene.read("reader", number)["customers"] == []
    assert scene.primary.count("crm_lead_api_look_up") == before + 2


def test_far_behind(scene):
    """A replica that is more than a minute behind serves nobody."""
    lead_id = scene.write(BASE + 6, is_there=True)
    old = "UPDATE crm_lead_api_horizon SET date = date - interval '2 minutes'"
    scene.primary.change(old)
    is_old = "date < now() AT TIME ZONE 'utc' - interval '90 seconds'"
    wait_until(lambda: scene.copy.count("crm_lead_api_horizon", is_old))
    scene.primary.change(CHANGE.format("street = 'Vinh'"), lead_id)
    assert scene.read("reader", f"/lead/{lead_id}")["street"] == "Vinh"


def test_replica_away(scene):
    """Without the replica the primary serves all, and health asks the primary."""
    lead_id = scene.write(BASE + 7)
    requests = [
        ("GET", f"/lead/{lead_id}"),
        ("GET", "/health"),
        ("PATCH", f"/lead/{lead_id}", {"street": "3 Hai Bà Trưng"}),
    ]
    scene.replica.stop()
    for request, server in itertools.product(requests, (scene.first, scene.second)):
        # Odoo finds each connection that it had to the replica dead once: 503.
        wait_until(lambda s=server, r=request: scene.send(s, "writer", *r)[0] == 200)
    assert scene.read("writer", f"/lead/{lead_id}")["street"] == "3 Hai Bà Trưng"
