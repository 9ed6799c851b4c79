# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""An outside system that gets the events of real servers, and those that wait for it in
a database."""

import threading
from collections import Counter
from contextlib import contextmanager
from http.server import ThreadingHTTPServer

from pages import find
from standardwebhooks import Webhook
from waiting import PATIENCE, PostHandler, serving, wait_until

LISTEN = """
client = env.ref("crm_lead_api.demo_client")
client.write({"webhook_url": URL, "webhook_allow_private": True})
print(">>" + client.webhook_secret)
"""
WAKE_UP = """
UPDATE crm_lead_api_event SET next_date = now() AT TIME ZONE 'utc' - interval '1 second'
 WHERE state = 'waiting' AND next_date > now() AT TIME ZONE 'utc';
INSERT INTO ir_cron_trigger (cron_id, call_at)
SELECT res_id, now() AT TIME ZONE 'utc' - interval '1 second' FROM ir_model_data
 WHERE module = 'crm_lead_api' AND name = 'ir_cron_send_events';
"""


def read_sample():
    """Return the function that receivers copy from the documentation."""
    (code,) = find("docs/integrators.rst", "python")
    assert len([line for line in code.splitlines() if line]) <= 20
    names = {}
    exec(code, names)  # noqa: S102
    return names["verify"]


class Receiver(ThreadingHTTPServer):
    """Refuses each event some times, and keeps a log of those that it accepted.

    :ivar came: how often each event came, by its id
    :ivar accepted: the tickets of those that it accepted, by their id
    :ivar events: those that it accepted, as the library of Standard Webhooks read them
    :ivar is_open: lets it answer
    """

    daemon_threads = True

    def __init__(self, failures=0):
        super().__init__(("127.0.0.1", 0), PostHandler)
        self.failures, self.secret, self.verify = failures, "", read_sample()
        self.came, self.accepted, self.running = Counter(), {}, set()
        self.events = []
        self.is_never_twice_at_once = True
        self.is_open = threading.Event()
        self.is_open.set()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_address[1]}/events"

    def get_accepted(self):
        """Return (id, ticket) of what it accepted, in the order of the tickets."""
        return sorted(self.accepted.items(), key=lambda event: event[1])

    def receive(self, headers, body):
        """Return the answer to an event, which has only a status."""
        reference = headers["webhook-id"]
        self.is_never_twice_at_once &= reference not in self.running
        self.running.add(reference)
        status = self.judge(headers, body)
        self.is_open.wait(PATIENCE)
        self.running.discard(reference)
        return status, b""

    def judge(self, headers, body):
        """Return the status of the answer to an event."""
        is_genuine = self.verify(self.secret, headers, body)
        if not is_genuine or self.verify(self.secret, headers, body + b" "):
            return 401
        event = Webhook(self.secret).verify(body, headers)
        self.came[event["id"]] += 1
        if self.came[event["id"]] <= self.failures:
            return 503
        self.accepted[event["id"]] = event["data"].get("ticket_id")
        self.events.append(event)
        return 200

    def handle_error(self, request, client_address):
        """A server that was killed is no error of the receiver."""


@contextmanager
def receiving(database, failures=0):
    """Let the client's events go to a receiver."""
    with serving(Receiver(failures)) as receiver:
        receiver.secret = database.run(LISTEN.replace("URL", repr(receiver.url)))
        yield receiver


def wake_up(database):
    """End the pauses, and wake up the scheduled actions as servers do."""
    database.change(WAKE_UP)
    database.wake_servers_up()


def get_events(database, tickets, state="delivered"):
    """Return (id, ticket) of the events of some tickets that are in a state."""
    return database.query(
        "SELECT message_ref, ticket_ref::int FROM crm_lead_api_event"
        " WHERE state = %s AND ticket_ref::int = ANY(%s) ORDER BY ticket_ref",
        state,
        list(tickets),
    )


def wait_for_delivery(database, tickets):
    """Wait until all events have arrived, and return (id, ticket) of them."""

    def is_delivered():
        wake_up(database)
        return len(get_events(database, tickets)) == len(tickets)

    wait_until(is_delivered, "not delivered")
    return get_events(database, tickets)
