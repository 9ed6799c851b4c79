# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Test the events that changes of leads queue."""

import json
from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import SQL

from ...models.event import (
    crm_lead_api_event_watch,
)
from ..common import MANAGER_GROUP, LeadApiCase
from .common import COMMENT, URL, EventData


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
