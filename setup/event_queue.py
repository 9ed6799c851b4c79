# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The events that wait in a database, until they are delivered."""

from waiting import wait_until

WAKE_UP = """
UPDATE crm_lead_api_event SET next_date = now() AT TIME ZONE 'utc' - interval '1 second'
 WHERE state = 'waiting' AND next_date > now() AT TIME ZONE 'utc';
INSERT INTO ir_cron_trigger (cron_id, call_at)
SELECT res_id, now() AT TIME ZONE 'utc' - interval '1 second'
  FROM ir_model_data
 WHERE module = 'crm_lead_api' AND name = 'ir_cron_send_events';
"""
END_CLAIMS = """
UPDATE crm_lead_api_event SET claimed_until = now() AT TIME ZONE 'utc'
 WHERE claimed_until IS NOT NULL
"""


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
