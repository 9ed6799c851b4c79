# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import datetime

from ..common import URL
from .common import ChangeCase

TEXT = "Khách hẹn <b>17:00</b>\nở cơ sở 2"


class TestNotes(ChangeCase):
    def setUp(self):
        super().setUp()
        self.note = {"text": TEXT, "agent_email": self.agent.login}

    def send(self, payload, url=None, **kwargs):
        return self.change(payload, url or f"{self.url}/notes", "POST", **kwargs)

    def assertNoted(self, response):
        body = self.assertJson(response, 200)
        self.assertEqual(list(body["data"]), ["id_note", "id_lead"])
        self.assertEqual(body["data"]["id_lead"], self.lead.id)
        return self.env["mail.message"].browse(body["data"]["id_note"])

    def test_a_note_of_the_agent(self):
        self.note["occurred_at"] = "2026-11-20T08:00:00+07:00"
        note = self.assertNoted(self.send(self.note))
        self.assertEqual(note.author_id, self.agent.partner_id)
        self.assertEqual(note.date, datetime(2026, 11, 20, 1))
        self.assertTrue(note.is_internal or note.subtype_id.internal)
        self.assertIn("&lt;b&gt;17:00&lt;/b&gt;<br", note.body)
        self.assertNotIn(self.agent.email, note.body)
        self.assertIn(note, self.lead.message_ids)
        self.assertEqual(self.lead.lead_api_state, "new")
        self.assertEqual(self._get_entries()[0].kind, "note")

    def test_an_agent_without_a_user(self):
        self.note["agent_email"] = "ai@example.com"
        note = self.assertNoted(self.send(self.note))
        self.assertEqual(note.author_id, self.caller.partner_id)
        self.assertIn("<p>– ai@example.com</p>", note.body)

    def test_on_a_closed_lead_by_ticket(self):
        self.lead.with_user(self.agent).action_set_lost()
        url = f"{URL}/notes?ticket_id={self.payload['ticket_id']}"
        self.assertNoted(self.send(self.note, url=url))

    def test_required(self):
        self.assertErrors(
            self.send({"text": " ", "occurred_at": "2026-11-20"}),
            [
                ("text", "required"),
                ("agent_email", "required"),
                ("occurred_at", "format"),
            ],
        )
        self.assertErrors(
            self.send(
                {
                    **self.note,
                    "text": "x" * 10_001,
                    "occurred_at": "2999-01-01T00:00:00Z",
                }
            ),
            [("text", "too_long"), ("occurred_at", "range")],
        )

    def test_equal_content_is_one_note(self):
        self.client.replay_content = True
        first = self.assertNoted(self.send(self.note))
        response = self.send(self.note)
        self.assertEqual(response.headers["Idempotency-Replayed"], "true")
        self.assertEqual(self.assertNoted(response), first)
        second = self.assertSuccess(self.post({**self.payload, "ticket_id": 2}))
        response = self.send(self.note, url=f"{URL}/{second.id}/notes")
        self.assertEqual(response.json()["data"]["id_lead"], second.id)

    def test_dry_run(self):
        count = len(self.lead.message_ids)
        response = self.send(self.note, url=f"{self.url}/notes?dry_run=1")
        self.assertIsNone(self.assertJson(response, 200)["data"]["id_note"])
        self.env.invalidate_all()
        self.assertEqual(len(self.lead.message_ids), count)
