# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Test that nobody feeds a neutralized copy of a database, and that it tells nobody."""

import json
import sys

import pytest
from customers import AGENT
from event_receiver import LISTEN, receiving
from google_form import make_form
from odoo_database import (
    CONFIG,
    CONNECT,
    MAKE_KEY,
    ODOO,
    PREFIX,
    Database,
    run_odoo,
)
from odoo_server import JSON

SEND = "crm_lead_api.ir_cron_send_events"
REMIND = "crm_lead_api_booking.ir_cron_remind"
MAKE_LEADS = "crm_lead_api_connection.ir_cron_make_leads"
# A token for tests, and a reminder that is due, at noon
FILL = """
client = env.ref("crm_lead_api.demo_client")
client.write({"webhook_test_url": client.webhook_url, "webhook_reminders": True})
now = datetime.now()
booking = env["crm.booking"].search(
    [("start", ">", now), ("state", "in", ("booked", "confirmed"))], limit=1
)
booking.company_id.resource_calendar_id.tz = f"Etc/GMT{now.hour - 12:+}"
booking.lead_id.lead_api_client_id = client
booking.write({"reminder_date": now, "reminder_hours": 24})
print(">>" + client._generate_token("test", now + timedelta(days=1), is_test=True))
"""
ANSWERS = {"FULL_NAME": "Vũ Hải Yến", "PHONE_NUMBER": "0901 777 303"}
MESSAGE = make_form(ANSWERS.items(), lead_id="1")
READ = """
client = env.ref("crm_lead_api.demo_client")
print(">>", client.webhook_url, client.webhook_test_url, client.webhook_secret)
"""


def neutralize(original):
    copy = original.copy("neutral")
    copy.odoo("neutralize")
    return copy


def duplicate(original):
    copy = Database(f"{PREFIX}_duplicate")
    options = ("--neutralize", "--force", original.name, copy.name)
    command = [sys.executable, ODOO, "db", f"--config={CONFIG}", "duplicate", *options]
    status, output = run_odoo(command)
    assert status == 0, output
    return copy


@pytest.mark.parametrize("make_copy", [neutralize, duplicate])
def test_a_copy(monkeypatch, addons, start_server, payload, tmp_path, make_copy):
    monkeypatch.setenv("CRM_LEAD_API_OWN_ADDRESSES", "1")
    original = addons.copy("original")
    data = {**payload, "agent_email": AGENT}
    with receiving(original) as receiver:
        tokens = [original.run(MAKE_KEY), original.run(FILL)]
        path = f"/api/v1/connections/{original.run(CONNECT)}"
        message = ("POST", path, [JSON], json.dumps(MESSAGE))
        with original.serve(tmp_path / "original.log") as server:
            for token in tokens:
                assert server.post(token, data, "1")[0] == 200
            assert server.send(*message)[0] == 200
        assert original.count("crm_lead_api_connection_secret") == 1
        copy = make_copy(original)
        assert copy.run(READ).split() == ["False"] * 3
        server = start_server(copy)
        for token in tokens:
            assert server.post(token, data, "1")[0] == 401
        assert server.send(*message)[0] == 404
        assert not copy.count("crm_lead_api_connection_secret")
        # Somebody tries events in the copy: nothing of the original goes out.
        receiver.secret = copy.run(LISTEN.replace("URL", repr(receiver.url)))
        copy.run_actions(REMIND, SEND, MAKE_LEADS)
        assert not receiver.came
        messages = "SELECT state, lead_id FROM crm_lead_api_message"
        assert copy.query(messages) == [("discarded", None)]
        made = server.post(copy.run(MAKE_KEY), data, "1")
        assert made.data and "Idempotency-Replayed" not in made.head
        copy.run_actions(SEND)
        assert [event["type"] for event in receiver.events] == ["lead.assigned"]
