# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Share the data and the receiver of the tests of events."""

import json
from contextlib import contextmanager
from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.fields import Command
from odoo.tests import RecordCapturer

from ...schemas import Event
from ..common import LeadApiCase
from ..receiver import Receiver

URL = "https://tickets.example.com/events"
DAY = 24 * 60 * 60  # seconds
COMMENT = {"body": "Chào chị", "message_type": "comment"}
COMMENT |= {"subtype_xmlid": "mail.mt_comment"}


class EventData:
    """A client that is told of its leads, and two salespeople."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.client.webhook_url = URL
        cls.colleague = cls._new_user(
            "mai@example.com", "sales_team.group_sale_salesman_all_leads"
        )
        cls.team.member_ids += cls.colleague
        cls.events = cls.env["crm.lead.api.event"]
        cls.new, cls.appointed, cls.done = cls.env["crm.stage"].create(
            [
                {"name": name, "team_ids": [Command.set(cls.team.ids)], **values}
                for name, values in (
                    ("Mới", {"sequence": -3}),
                    ("Hẹn", {"sequence": -2}),
                    ("Xong", {"sequence": -1, "is_won": True}),
                )
            ]
        )
        cls.reason = cls.env["crm.lost.reason"].create({"name": "Giá cao"})

    def happen(self, change, *args, **kwargs):
        """Let a change happen in a transaction of its own; return its events."""
        self.env.cr.flush()
        with RecordCapturer(self.events, []) as capture:
            change(*args, **kwargs)
            self.env.cr.flush()
        return capture.records.sorted("id")

    def assertHappens(self, expected, change, *args, **kwargs):
        """Check which events a change has; return what the last one tells."""
        events = self.happen(change, *args, **kwargs)
        self.assertEqual(events.mapped("type"), expected)
        for event in events:
            Event.model_validate_json(event.body)  # as the OpenAPI document has it
        return json.loads(events[-1:].body or "null")

    def lose(self, lead):
        lead.env["crm.lead.lost"].create(
            {"lead_ids": lead.ids, "lost_reason_id": self.reason.id}
        ).action_lost_reason_apply()

    def send(self):
        """Run the scheduled action once."""
        cron = self.env.ref("crm_lead_api.ir_cron_send_events")
        self.env.cr.flush()
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.env.invalidate_all()

    def queue(self, client=None, lead=None, event_type="lead.won"):
        """Queue an event, with nothing in it."""
        return self.events.create(
            self.events._prepare_values(client or self.client, event_type, {}, lead)
        )


class SendingCase(EventData, LeadApiCase):
    """A client whose events go to a receiver on this machine."""

    def setUp(self):
        super().setUp()
        self.receiver = self.enterContext(Receiver.run())
        self.listen(self.client, self.receiver)

    def listen(self, client, receiver):
        client.write({"webhook_allow_private": True, "webhook_url": receiver.url})

    def get_triggers(self):
        cron = self.env.ref("crm_lead_api.ir_cron_send_events")
        return (
            self.env["ir.cron.trigger"]
            .search([("cron_id", "=", cron.id)])
            .mapped("call_at")
        )

    @contextmanager
    def passing_time(self):
        """Return a function that lets time pass: fields know of no other."""
        now = fields.Datetime.now()

        def wait(**duration):
            nonlocal now
            now += timedelta(**duration)

        with patch.object(fields.Datetime, "now", lambda: now):
            yield wait
