# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Outside systems are told what becomes of their leads."""

import itertools
import json
import socket
from contextlib import closing, contextmanager
from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, RecordCapturer, tagged
from odoo.tools import SQL

from ...models.event import (
    crm_lead_api_event_outcome,
    crm_lead_api_event_sending,
    crm_lead_api_event_watch,
)
from ...models.event.crm_lead_api_event_outcome import Outcome
from ...schemas import Event
from ...tools.webhook import Answer, sign
from ..common import MANAGER_GROUP, LeadApiCase, LeadApiHttpCase
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


@tagged("post_install", "-at_install")
class TestQueue(EventData, LeadApiCase):
    def test_what_happens_to_a_lead(self):
        self.assertHappens(["lead.assigned"], self.create_lead)
        lead = self.env["crm.lead"].search([], limit=1, order="id desc")
        staff = lead.with_user(self.agent)
        for case, expected, change in (
            ("same salesperson", [], lambda: staff.write({"user_id": self.agent.id})),
            ("nobody's", [], lambda: staff.write({"user_id": False})),
            (
                "another one",
                ["lead.assigned"],
                lambda: staff.write({"user_id": self.colleague.id}),
            ),
            ("note", [], lambda: staff.message_post(body="x")),
            ("contact", ["lead.contacted"], lambda: staff.message_post(**COMMENT)),
            ("again", [], lambda: staff.message_post(**COMMENT)),
            ("qualified", [], lambda: staff.write({"stage_id": self.appointed.id})),
            (
                "back",
                ["lead.contacted"],
                lambda: staff.write({"stage_id": self.new.id}),
            ),
            ("won", ["lead.won"], staff.action_set_won),
            ("won again", [], staff.action_set_won),
            (
                "not won",
                ["lead.contacted"],
                lambda: staff.write({"stage_id": self.new.id}),
            ),
            ("lost", ["lead.lost"], lambda: self.lose(staff)),
            ("restored", ["lead.contacted"], staff.action_restore),
            ("lost again", ["lead.lost"], lambda: self.lose(staff)),
            ("deleted", [], lead.unlink),
        ):
            with self.subTest(case):
                self.assertHappens(expected, change)

    def test_a_lead_that_nobody_has(self):
        lead = None

        def create():
            nonlocal lead
            lead = self.create_lead(agent_email="ai@example.com")

        self.team.member_ids = False
        self.assertHappens([], create)
        self.assertFalse(lead.user_id)
        self.assertHappens(
            ["lead.assigned"], lead.write, {"user_id": self.colleague.id}
        )

    def test_a_lead_that_is_won_from_the_start(self):
        values = {
            "name": "x",
            "lead_api_client_id": self.client.id,
            "team_id": self.team.id,
            "stage_id": self.done.id,
            "user_id": False,
        }
        self.assertHappens(["lead.won"], self.env["crm.lead"].create, values)

    def test_a_lead_is_saved_without_the_scheduled_action(self):
        self.env.ref("crm_lead_api.ir_cron_send_events").unlink()
        self.assertHappens(["lead.assigned"], self.create_lead)

    def test_once_for_all_that_a_transaction_does(self):
        lead = self.create_lead()

        def change():
            for user in (self.colleague, self.agent, self.colleague):
                lead.user_id = user
            lead.action_set_won()
            lead.stage_id = self.new
            self.lose(lead)

        body = self.assertHappens(["lead.assigned", "lead.lost"], change)
        self.assertEqual(body["data"]["lost_reason"], "Giá cao")

        def change_nothing():
            lead.user_id = self.agent
            lead.user_id = self.colleague
            lead.action_restore()
            lead.action_set_lost()

        self.assertHappens([], change_nothing)

    def test_a_stage_that_becomes_won(self):
        lead = self.create_lead()
        self.assertHappens([], lead.write, {"stage_id": self.appointed.id})
        self.assertHappens(["lead.won"], self.appointed.write, {"is_won": True})

    def test_a_rollback_leaves_none(self):
        lead = self.create_lead()

        def fail():
            with self.assertRaises(ZeroDivisionError), self.env.cr.savepoint():
                lead.action_set_won()
                self.create_lead(ticket_id=4712)
                raise ZeroDivisionError

        self.assertHappens([], fail)
        self.assertHappens(["lead.won"], lead.action_set_won)

    def test_body(self):
        lead = self.create_lead()
        event = self.happen(self.lose, lead)
        body = json.loads(event.body)
        self.assertEqual(
            body,
            {
                "id": event.message_ref,
                "type": "lead.lost",
                "timestamp": f"{event.date.isoformat()}Z",
                "data": {
                    "id_lead": lead.id,
                    "ticket_id": 4711,
                    "state": "lost",
                    "owner": {
                        "id": self.agent.id,
                        "name": "Lê Thu Hương",
                        "email": "huong@example.com",
                    },
                    "lost_reason": "Giá cao",
                    "link_lead_detail": lead._get_staff_url(),
                },
            },
        )
        self.assertRegex(event.message_ref, r"^msg_[0-9a-f-]{36}$")
        self.assertRecordValues(
            event,
            [
                {
                    "state": "waiting",
                    "ticket_ref": "4711",
                    "lead_id": lead.id,
                    "company_id": self.company.id,
                }
            ],
        )
        lead.user_id = False
        # Odoo keeps the reason.
        won = {"stage_id": self.done.id}
        data = self.assertHappens(["lead.won"], lead.write, won)["data"]
        self.assertEqual((data["owner"], data["lost_reason"]), (None, None))

    def test_a_reason_is_in_the_language_of_the_client(self):
        self.env["res.lang"]._activate_lang("vi_VN")
        self.reason.with_context(lang="en_US").name = "Too expensive"
        self.reason.with_context(lang="vi_VN").name = "Giá cao"
        self.caller.lang = "vi_VN"
        lead = self.create_lead().with_context(lang="en_US")
        data = self.assertHappens(["lead.lost"], self.lose, lead)["data"]
        self.assertEqual(data["lost_reason"], "Giá cao")

    def test_nothing_about_the_customer(self):
        lead = self.create_lead()
        lead.with_user(self.agent).message_post(**COMMENT)
        self.env.cr.flush()
        lead.action_set_won()
        self.env.cr.flush()
        texts = " ".join(self.events.search([]).mapped("body"))
        self.assertIn("lead.won", texts)
        values = (
            *("Ánh", "Nguyễn", "011 111", "968011111", "12 Lê Lợi", "anh@"),
            *("anh.nguyen", "1990-05-20", "Nâng mũi", "âm nhạc", "Chào chị"),
        )
        for value in values:
            self.assertNotIn(value, texts)

    def test_tickets_that_are_no_number(self):
        for ticket, told in {"4711": 4711, "T-1": "T-1", "٤": "٤", "": None}.items():
            self.assertEqual(crm_lead_api_event_watch.to_ticket_id(ticket), told)

    def test_merged_leads(self):
        survivor, *others = (
            self.create_lead(ticket_id=ticket) for ticket in (30, 10, 20)
        )
        survivor.probability = 90
        leads = survivor.concat(*others)
        self.env.cr.flush()
        waiting = self.events.search([("lead_id", "=", others[0].id)])
        events = self.happen(leads.with_user(self.agent).merge_opportunity)
        self.assertEqual(events.mapped("type"), ["lead.merged"] * 2)
        self.env.invalidate_all()
        for event in waiting + events:
            self.assertEqual(event.lead_id, survivor)
        told = {json.loads(event.body)["data"]["ticket_id"]: event for event in events}
        self.assertEqual(set(told), {10, 20})
        data = json.loads(told[10].body)["data"]
        self.assertEqual(data["id_lead"], others[0].id)
        self.assertEqual(data["merged_into"], {"id_lead": survivor.id, "ticket_id": 30})
        self.assertEqual(data["link_lead_detail"], survivor._get_staff_url())
        # What happens to it later is told by its own ticket.
        data = self.assertHappens(["lead.won"], survivor.action_set_won)["data"]
        self.assertEqual((data["id_lead"], data["ticket_id"]), (survivor.id, 30))

    def test_merged_twice_at_once(self):
        first, second, third = (
            self.create_lead(ticket_id=ticket) for ticket in (10, 20, 30)
        )

        def merge():
            second.probability = 80
            (first + second).merge_opportunity()
            third.probability = 90
            (second + third).merge_opportunity()

        events = self.happen(merge).filtered(lambda e: e.type == "lead.merged")
        for event, ticket in zip(events, (10, 20), strict=True):
            data = json.loads(event.body)["data"]
            self.assertEqual(data["ticket_id"], ticket)
            self.assertEqual(data["merged_into"]["id_lead"], third.id)

    def test_merged_with_leads_of_others(self):
        """The number of a ticket is for the system that it is of."""
        other = self._new_client("khac", webhook_url=URL)
        mine, others, by_hand = (
            self.create_lead(ticket_id=ticket) for ticket in (10, 20, 30)
        )
        others.lead_api_client_id = other
        by_hand.write({"lead_api_client_id": False, "ticket_ref": False})
        others.probability = 90
        event = self.happen((mine + others + by_hand).merge_opportunity)
        self.assertEqual(event.client_id, self.client)
        merged_into = json.loads(event.body)["data"]["merged_into"]
        self.assertEqual(merged_into, {"id_lead": others.id, "ticket_id": None})

    def test_clients_that_are_not_told(self):
        lead = self.create_lead()
        for case, values in {
            "type": {"webhook_won": False},
            "no address": {"webhook_url": False},
            "archived": {"active": False},
        }.items():
            with self.subTest(case):
                kept = {name: self.client[name] for name in values}
                self.client.write(values)
                self.assertHappens([], lead.action_set_won)
                self.client.write(kept)
                lead.stage_id = self.new
                self.assertHappens(["lead.won"], lead.action_set_won)
                lead.stage_id = self.new

    def test_what_it_costs_where_nobody_is_told(self):
        self.client.webhook_url = False
        lead, by_hand = self.create_lead(), self.env["crm.lead"].create({"name": "x"})
        self.env.flush_all()
        self.env.invalidate_all()
        for leads, count in ((by_hand, 0), (lead, 1), (lead, 0)):
            leads.mapped("name")
            with self.assertQueryCount(count):
                self.events._watch(leads)

    def test_settings_of_a_client_count_at_once(self):
        """Also those that another process, or no Odoo at all, has changed."""
        lead = self.create_lead()
        self.assertHappens(["lead.won"], lead.action_set_won)
        for column, value, kept in (
            ("webhook_won", False, True),
            ("webhook_url", None, URL),
            ("active", False, True),
        ):
            for new_value, expected in ((value, []), (kept, ["lead.won"])):
                with self.subTest(column, value=new_value):
                    lead.stage_id = self.new
                    self.env.cr.flush()
                    self.env.cr.execute(
                        SQL(
                            "UPDATE crm_lead_api_client SET %s = %s WHERE id = %s",
                            SQL.identifier(column),
                            new_value,
                            self.client.id,
                        )
                    )
                    self.env.invalidate_all()
                    self.assertHappens(expected, lead.action_set_won)

    def test_who_sees_the_secret(self):
        secret = self.client.webhook_secret
        self.assertTrue(secret)
        manager = self._new_user("manager", MANAGER_GROUP)
        self.assertEqual(self.client.with_user(manager).webhook_secret, secret)
        clients = self.client.with_user(self.agent)
        self.assertNotIn("webhook_secret", clients.fields_get())
        with self.assertRaises(AccessError):
            clients.read(["webhook_secret"])
        with self.assertRaises(AccessError):
            self.assertFalse(clients.webhook_secret)
        self.client.with_user(manager).action_new_webhook_secret()
        self.assertNotEqual(self.client.webhook_secret, secret)
        self.client.webhook_secret = False
        self.assertTrue(self.client.webhook_secret)
        self.env.cr.flush()
        self.env.cr.execute("SELECT string_agg(m::text, '') FROM mail_message AS m")
        self.assertNotIn("whsec_", self.env.cr.fetchone()[0])
        self.assertFalse(self.client.copy().webhook_secret)

    def test_a_secret_of_somebody_elses_making(self):
        secret = self.client.webhook_secret
        other = self._new_client("khac", webhook_url=URL, webhook_secret=secret)
        third = self._new_client("nua", webhook_url=URL)
        self.env.invalidate_all()
        self.assertEqual(other.webhook_secret, secret)
        self.assertNotEqual(third.webhook_secret, secret)
        with Form(other.with_user(self._new_user("manager", MANAGER_GROUP))) as form:
            self.assertEqual(form.webhook_secret, secret)
            form.webhook_won = False
        self.assertEqual(other.webhook_secret, secret)
        other.webhook_secret = third.webhook_secret
        self.env.invalidate_all()
        self.assertEqual(other.webhook_secret, third.webhook_secret)
        self.assertEqual(self.client.webhook_secret, secret)

    def test_addresses_and_secrets_that_are_wrong(self):
        for values in (
            {"webhook_url": "tickets.example.com"},
            {"webhook_url": "http://127.0.0.1/"},
            {"webhook_url": "http://localhost:8080/"},
            {"webhook_url": "http://ñ..example.com/"},
            {"webhook_secret": "bí mật"},
            {"webhook_secret": "whsec_YWJj"},
        ):
            with self.subTest(values), self.assertRaises(ValidationError):
                self.client.write(values)
        self.client.webhook_allow_private = True
        self.client.webhook_url = "http://10.1.2.3/"
        for url in ("http://127.0.0.1/", "http://169.254.169.254/latest/"):
            with self.subTest(url), self.assertRaises(ValidationError):
                self.client.webhook_url = url

    def test_who_reads_the_log(self):
        event = self.queue()
        manager = self._new_user("manager", MANAGER_GROUP)
        self.assertTrue(event.with_user(manager).has_access("read"))
        for access in ("write", "create", "unlink"):
            self.assertFalse(event.with_user(manager).has_access(access))
        for user in (self.agent, self.caller):
            self.assertFalse(event.with_user(user).has_access("read"))
        event.company_id = self.other_company
        self.assertFalse(event.with_user(manager).has_access("read"))

    def test_an_address_that_is_removed(self):
        event = self.queue()
        self.client.webhook_url = False
        self.assertEqual(event.state, "cancelled")

    def test_bodies_are_forgotten_and_figures_stay(self):
        self.env["ir.config_parameter"].set_param("crm_lead_api.payload_days", 30)
        old, waiting, new = (self.queue() for _number in range(3))
        old.write({"state": "delivered", "ticket_ref": "1", "status": 200})
        (old + waiting).date = fields.Datetime.now() - timedelta(days=31)
        self.events._gc_bodies()
        self.assertRecordValues(
            old + waiting + new,
            [
                {"state": "delivered", "ticket_ref": False, "status": 200},
                {"state": "cancelled", "ticket_ref": False, "status": 0},
                {"state": "waiting", "ticket_ref": False, "status": 0},
            ],
        )
        self.assertEqual((old + waiting + new).mapped("body"), [False] * 2 + [new.body])
        with self.assertRaises(UserError):
            old.action_send_again()

    def test_a_deleted_lead(self):
        lead = self.create_lead()
        event = self.happen(lead.action_set_won)
        lead.unlink()
        self.assertTrue(event.exists())
        self.assertFalse(event.lead_id)


@tagged("post_install", "-at_install")
class TestSending(EventData, LeadApiCase):
    def setUp(self):
        super().setUp()
        self.receiver = self.enterContext(Receiver.run())
        self.listen(self.client, self.receiver)

    def listen(self, client, receiver):
        client.write({"webhook_allow_private": True, "webhook_url": receiver.url})

    def make_due(self):
        """Let the pauses be over."""
        waiting = self.events.search([("state", "=", "waiting")])
        waiting.next_date = fields.Datetime.now()

    def get_triggers(self):
        cron = self.env.ref("crm_lead_api.ir_cron_send_events")
        return (
            self.env["ir.cron.trigger"]
            .search([("cron_id", "=", cron.id)])
            .mapped("call_at")
        )

    def test_delivered(self):
        self.create_lead()
        self.send()
        event = self.events.search([])
        [(path, headers, body)] = self.receiver.calls
        self.assertEqual((path, body), ("/events?from=crm", event.body))
        self.assertEqual(headers["webhook-id"], event.message_ref)
        self.assertEqual(
            headers["webhook-signature"],
            sign(
                self.client.webhook_secret,
                event.message_ref,
                headers["webhook-timestamp"],
                body,
            ),
        )
        self.assertRecordValues(
            event,
            [{"state": "delivered", "status": 204, "attempts": 1, "error": False}],
        )
        self.assertTrue(event.date_delivered)
        self.send()
        self.assertEqual(len(self.receiver.calls), 1)

    def test_it_is_sent_at_once(self):
        before = len(self.get_triggers())
        self.happen(self.create_lead)
        now = fields.Datetime.now()
        self.assertEqual(len(self.get_triggers()), before + 1)
        self.assertLessEqual(self.get_triggers()[-1], now)
        lead = self.events.search([], limit=1).lead_id
        self.happen(lead.write, {"stage_id": self.appointed.id})
        self.assertEqual(len(self.get_triggers()), before + 1, "Nothing to send")

    def test_private_addresses_are_refused(self):
        # The constraint cannot know where this leads to.
        url = f"http://127.1:{self.receiver.port}/"
        self.client.write({"webhook_url": url, "webhook_allow_private": False})
        event = self.queue()
        self.send()
        self.assertEqual(self.receiver.calls, [])
        self.assertRecordValues(event, [{"state": "waiting", "status": 0}])
        self.assertIn("127.0.0.1 is not on the public internet", event.error)

    def test_redirects_are_not_followed(self):
        self.receiver.answers = [(302, {"Location": self.receiver.url})]
        event = self.queue()
        self.send()
        self.assertEqual(len(self.receiver.calls), 1)
        self.assertRecordValues(event, [{"state": "waiting", "status": 302}])
        self.assertIn("leads to another one", event.error)

    def test_pauses_grow_until_it_has_failed(self):
        with closing(socket.create_server(("127.0.0.1", 0))) as server:
            port = server.getsockname()[1]
        self.client.webhook_url = f"http://127.0.0.1:{port}/"
        event, other = self.queue(), self.queue()
        other.next_date += timedelta(days=2)
        pauses = []
        while True:
            event.next_date = fields.Datetime.now()
            self.send()
            if event.state == "failed":
                break
            pauses.append((event.next_date - fields.Datetime.now()).total_seconds())
            self.assertIn(event.next_date, self.get_triggers())
        for pause, longer in itertools.pairwise(pauses):
            self.assertLess(pause * 0.95, longer)
        self.assertAlmostEqual(pauses[0], 10, delta=3)
        self.assertAlmostEqual(sum(pauses), DAY, delta=0.05 * DAY)
        self.assertEqual(event.attempts, len(pauses) + 1)
        self.assertIn("Connection refused", event.error)
        self.assertTrue(self.client.is_webhook_paused)
        activity = self.client.activity_ids
        self.assertEqual(activity.user_id, self.client.owner_id)
        self.assertIn("events are paused", activity.summary)
        self.assertIn("Connection refused", activity.summary)
        self.assertEqual(other.state, "waiting")

    @contextmanager
    def passing_time(self):
        """Return a function that lets time pass: fields know of no other."""
        now = fields.Datetime.now()

        def wait(**duration):
            nonlocal now
            now += timedelta(**duration)

        with patch.object(fields.Datetime, "now", lambda: now):
            yield wait

    def test_it_has_failed_after_a_day_however_often_it_was_tried(self):
        self.receiver.answers = [(503, {"Retry-After": str(DAY)})] * 9
        event = self.queue()
        with self.passing_time() as wait:
            for _third in range(3):
                self.send()
                self.assertEqual(event.state, "waiting")
                wait(hours=8)
            self.send()
        self.assertRecordValues(event, [{"state": "failed", "attempts": 4}])
        self.assertTrue(self.client.is_webhook_paused)
        self.assertIn("answer 503 for a day", self.client.activity_ids.summary)
        event.action_send_again()
        self.assertFalse(event.date_tried)

    def test_the_owner_hears_in_time_where_many_wait(self):
        """Only one of them is tried in each run."""
        self.receiver.answers = [(500, {})] * 99
        pauses = (timedelta(minutes=2),) * 10
        events = self.events.union(*(self.queue() for _number in range(30)))
        with (
            patch.object(crm_lead_api_event_outcome, "PAUSES", pauses),
            self.passing_time() as wait,
        ):
            for _minute in range(20):
                self.send()
                wait(minutes=1)
            self.assertFalse(self.client.is_webhook_paused)
            self.send()
            self.assertTrue(self.client.is_webhook_paused)
            self.assertTrue(self.client.activity_ids)
            self.assertEqual(set(events.mapped("state")), {"waiting"})
            # It begins anew.
            self.client.is_webhook_paused = False
            wait(minutes=1)
            self.send()
            self.assertFalse(self.client.is_webhook_paused)
            self.receiver.answers.clear()
            wait(minutes=3)
            self.send()
        self.assertEqual(set(events.mapped("state")), {"delivered"})

    def test_no_event_holds_up_those_of_others(self):
        other = self._new_client("khac")
        self.listen(other, self.receiver)
        date = "Mon, 01 Jan 2026 00:00:00 +99999999999999"
        self.receiver.answers = [(503, {"Retry-After": date})]
        event, others = self.queue(), self.queue(other)
        self.send()
        self.assertRecordValues(
            event + others,
            [
                {"state": "waiting", "attempts": 1, "status": 503},
                {"state": "delivered", "attempts": 1, "status": 204},
            ],
        )
        self.assertGreater(event.next_date, fields.Datetime.now())

    def test_what_nobody_has_thought_of_is_a_failed_attempt(self):
        other = self._new_client("khac")
        self.listen(other, self.receiver)
        event, others = self.queue(), self.queue(other)
        post = crm_lead_api_event_outcome.post
        # Read here: events are posted by threads, which must not use this cursor.
        wrong_secret = self.client.webhook_secret

        def fail(url, secret, *args):
            if secret == wrong_secret:
                raise ZeroDivisionError(secret)
            return post(url, secret, *args)

        with (
            patch.object(crm_lead_api_event_outcome, "post", fail),
            self.assertLogs(crm_lead_api_event_outcome.__name__, "ERROR") as logs,
        ):
            self.send()
        self.assertRecordValues(
            event + others,
            [
                {"state": "waiting", "attempts": 1, "status": 0},
                {"state": "delivered", "attempts": 1, "status": 204},
            ],
        )
        self.assertEqual(event.error, "It could not be sent: ZeroDivisionError")
        self.assertGreater(event.next_date, fields.Datetime.now())
        [line] = logs.output
        self.assertIn("ZeroDivisionError", line)
        self.assertNotIn("whsec_", line)

    def test_an_outcome_that_another_addon_refuses(self):
        """The events of others go on, and it is not sent again and again."""
        other = self._new_client("khac")
        self.listen(other, self.receiver)
        event, others = self.queue(), self.queue(other)
        write = self.registry[event._name].write

        def refuse(records, values):
            if event in records:
                raise ZeroDivisionError
            return write(records, values)

        with (
            self.passing_time() as wait,
            patch.object(self.registry[event._name], "write", refuse),
            self.assertLogs(crm_lead_api_event_outcome.__name__, "ERROR"),
        ):
            for _minute in range(60):
                self.send()
                wait(minutes=1)
        self.assertEqual(others.state, "delivered")
        refs = [body["id"] for body in self.receiver.bodies]
        self.assertEqual(refs.count(others.message_ref), 1)
        self.assertIn(refs.count(event.message_ref), range(3, 7))
        with self.passing_time() as wait:
            wait(hours=3)
            self.send()
        self.assertEqual(event.state, "delivered")

    def claim(self, event):
        """Claim an event as another server does, and return the claim."""
        claim = self.events._claim_next(set(), set())
        self.assertEqual(claim.event_id, event.id)
        self.env.flush_all()
        self.env.invalidate_all()
        return claim

    def test_the_claim_of_a_server_that_died(self):
        other = self._new_client("khac")
        self.listen(other, self.receiver)
        event = self.queue()
        with self.passing_time() as wait:
            self.claim(event)
            later, others = self.queue(), self.queue(other)
            self.send()
            self.assertEqual(self.get_refs(), [others.message_ref])
            self.receiver.calls.clear()
            wait(minutes=1)
            self.send()
        self.assertEqual(self.get_refs(), [later.message_ref, event.message_ref])
        self.assertRecordValues(
            event, [{"state": "delivered", "attempts": 2, "claimed_until": False}]
        )

    def get_refs(self):
        return [body["id"] for body in self.receiver.bodies]

    def test_what_happens_to_an_event_while_it_is_sent(self):
        good, bad = Answer(204), Answer(500)
        body = {"state": "cancelled", "body": False, "error": False}
        lead, survivor = self.create_lead(), self.create_lead(ticket_id=4712)
        self.events.search([]).unlink()
        for case, change, answer, expected in (
            ("nothing", lambda e: None, bad, {"state": "waiting", "status": 500}),
            ("cancelled", lambda e: e._cancel(), bad, {"state": "cancelled"}),
            (
                "cancelled, but there",
                lambda e: e._cancel(),
                good,
                {"state": "delivered"},
            ),
            ("erased", lambda e: e.write(body), bad, {**body, "status": 500}),
            (
                "merged",
                lambda e: e.write({"lead_id": survivor.id}),
                good,
                {"state": "delivered", "lead_id": survivor.id},
            ),
            (
                "paused",
                lambda e: self.client.write({"is_webhook_paused": True}),
                bad,
                {"state": "waiting", "status": 500},
            ),
        ):
            with self.subTest(case):
                event = self.queue(lead=lead)
                claim = self.claim(event)
                change(event)
                outcome = Outcome(answer, crm_lead_api_event_outcome.REDIRECTED, 5)
                self.events._write_outcome(claim, outcome)
                self.env.invalidate_all()
                self.assertRecordValues(
                    event, [{**expected, "claimed_until": False, "duration": 5}]
                )
                event.unlink()
                self.client.is_webhook_paused = False
                # It may be gone altogether, or another run's.
                self.events._write_outcome(claim, outcome)

    def test_a_claim_that_is_over(self):
        """A server that was asked to send it meanwhile says what came of it."""
        event = self.queue()
        with self.passing_time() as wait:
            late = self.claim(event)
            wait(minutes=2)
            claim = self.claim(event)
        self.events._write_outcome(late, Outcome(Answer(500), None, 5))
        self.assertEqual(event.status, 0)
        self.events._write_outcome(claim, Outcome(Answer(204), None, 5))
        self.assertRecordValues(event, [{"state": "delivered", "attempts": 2}])

    def test_paused(self):
        self.client.is_webhook_paused = True
        lead = self.create_lead()
        lead.action_set_won()
        self.send()
        self.assertEqual(self.receiver.calls, [])
        self.client.is_webhook_paused = False
        self.send()
        self.assertEqual(self.receiver.types, ["lead.assigned", "lead.won"])

    def test_gone(self):
        self.receiver.answers = [(410, {})]
        event = self.queue()
        self.send()
        self.assertTrue(self.client.is_webhook_paused)
        self.assertIn("410", self.client.activity_ids.summary)
        self.assertEqual(event.state, "waiting")
        self.client.is_webhook_paused = False
        self.send()
        self.assertEqual(event.state, "delivered")

    def test_the_receiver_asks_for_a_pause(self):
        for seconds, pause in {"1": 10, "600": 600, "999999": 8 * 60 * 60}.items():
            self.receiver.answers = [(429, {"Retry-After": seconds})]
            event = self.queue()
            self.send()
            left = event.next_date - fields.Datetime.now()
            self.assertAlmostEqual(left.total_seconds(), pause, delta=5)

    def test_those_of_a_lead_go_out_in_their_order(self):
        lead, other = self.create_lead(), self.create_lead(ticket_id=4712)
        self.send()
        self.receiver.calls.clear()
        self.receiver.answers = [(500, {})]
        first, second = self.queue(lead=lead), self.queue(lead=lead)
        self.queue(lead=other)
        refs = []
        for _run in range(4):
            self.send()
            refs += [body["id"] for body in self.receiver.bodies]
            self.receiver.calls.clear()
            if _run == 1:
                self.assertEqual(second.attempts, 0, "It waits for the first")
                self.make_due()
        self.assertEqual(refs.count(first.message_ref), 2)
        self.assertLess(
            len(refs) - refs[::-1].index(first.message_ref),
            refs.index(second.message_ref) + 1,
        )
        self.assertEqual(set(self.events.search([]).mapped("state")), {"delivered"})

    def test_who_does_not_answer_waits_for_the_next_run(self):
        other = self._new_client("khac")
        receiver = self.enterContext(Receiver.run())
        self.listen(other, receiver)
        for _number in range(3):
            self.queue()
            self.queue(other)
        self.receiver.answers = [(500, {})] * 9
        self.send()
        self.assertEqual(len(self.receiver.calls), 1)
        self.assertEqual(len(receiver.calls), 3)

    def test_who_takes_long_lets_others_go_first(self):
        other = self._new_client("khac")
        self.listen(other, self.receiver)
        slow = [self.queue() for _number in range(3)]
        quick = self.queue(other)
        with patch.object(crm_lead_api_event_sending, "CLIENT_SECONDS", 0):
            self.send()
        refs = [body["id"] for body in self.receiver.bodies]
        # In this order or, for they are sent at the same time, in the other one
        self.assertCountEqual(refs, [slow[0].message_ref, quick.message_ref])
        # The rest is not left to the next minute.
        self.assertTrue(
            any(date <= fields.Datetime.now() for date in self.get_triggers())
        )
        self.send()
        self.assertEqual(len(self.receiver.calls), 4)

    def test_sent_again(self):
        manager = self._new_user("manager", MANAGER_GROUP)
        event, waiting = self.queue(), self.queue()
        waiting.next_date += timedelta(days=1)
        self.send()
        event.write({"state": "failed", "attempts": 11})
        with self.assertRaises(AccessError):
            event.with_user(self.agent).action_send_again()
        (event + waiting).with_user(manager).action_send_again()
        self.assertGreater(waiting.next_date, fields.Datetime.now())
        self.send()
        self.assertEqual(
            [body["id"] for body in self.receiver.bodies], [event.message_ref] * 2
        )
        self.assertRecordValues(event, [{"state": "delivered", "attempts": 1}])
        with self.assertRaises(UserError):
            waiting.with_user(manager).action_send_again()
        self.client.webhook_url = False
        with self.assertRaises(UserError):
            event.with_user(manager).action_send_again()

    def test_sent_again_by_those_of_all_companies(self):
        event = self.queue()
        event.write({"state": "failed", "company_id": self.company.id})
        self.client.company_ids += self.other_company
        event = event.with_user(self._new_user("manager", MANAGER_GROUP))
        self.assertTrue(event.has_access("read"))
        with self.assertRaises(AccessError):
            event.action_send_again()

    def test_a_test(self):
        manager = self._new_user("manager", MANAGER_GROUP)
        client = self.client.with_user(manager)
        client.is_webhook_paused = True
        event = self.events.browse(client.action_send_test_event()["res_id"])
        self.send()
        self.assertEqual(event.state, "delivered")
        self.assertEqual(self.receiver.types, ["ping"])
        self.assertEqual(self.receiver.bodies[0]["data"], {})
        self.receiver.answers = [(500, {})]
        event = self.events.browse(client.action_send_test_event()["res_id"])
        self.send()
        self.assertRecordValues(event, [{"state": "failed", "status": 500}])
        self.assertFalse(client.activity_ids)

    def test_a_test_that_would_go_nowhere(self):
        for login, values in {
            "moi": {"webhook_url": False},
            "xua": {"active": False},
        }.items():
            client = self._new_client(login)
            self.listen(client, self.receiver)
            client.write(values)
            with (
                self.subTest(values),
                RecordCapturer(self.events, []) as capture,
                self.assertRaisesRegex(UserError, "Write an address"),
            ):
                client.action_send_test_event()
            self.assertFalse(capture.records)

    def test_an_event_that_was_being_sent_while_its_client_was_archived(self):
        other = self._new_client("khac")
        for client, values in (
            (self.client, {"active": False}),
            (other, {"webhook_url": False}),
        ):
            self.listen(client, self.receiver)
            events = self.queue(client) + self.queue(client)
            # Its row is locked, and left as it is.
            with patch.object(
                self.registry[events._name],
                "try_lock_for_update",
                lambda self, **kwargs: self.browse(),
            ):
                client.write(values)
            self.assertEqual(set(events.mapped("state")), {"waiting"})
            self.send()
            with self.subTest(values):
                self.assertEqual(set(events.mapped("state")), {"cancelled"})
                self.assertEqual(self.receiver.calls, [])

    def test_texts_are_in_the_language_of_the_owner(self):
        self.receiver.answers = [(302, {})]
        event = self.queue()
        with patch.object(
            type(crm_lead_api_event_outcome.REDIRECTED),
            "_translate",
            lambda text, lang: lang,
        ):
            self.send()
        self.assertEqual(event.error, self.client.owner_id.lang)


@tagged("post_install", "-at_install")
class TestCalls(EventData, LeadApiHttpCase):
    def test_a_call_tells_of_its_lead_and_one_that_failed_of_nothing(self):
        with RecordCapturer(self.events, []) as capture:
            self.assertErrors(
                self.post({**self.payload, "gender": "x"}), [("gender", "choice")]
            )
        self.assertFalse(capture.records)
        with RecordCapturer(self.events, []) as capture:
            lead = self.assertSuccess(self.post())
        self.assertEqual(capture.records.lead_id, lead)
        self.assertEqual(capture.records.type, "lead.assigned")
