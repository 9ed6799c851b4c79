# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Outside systems: their users, tokens, defaults, and from where they may call."""

from datetime import date, datetime, timedelta
from unittest.mock import patch

from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.http import HTTPRequest
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ...models.access.crm_lead_api_client import parse_address
from ..common import CALLER_GROUP, MANAGER_GROUP, LeadApiCase, LeadApiHttpCase

DEFAULTS = {
    "company_id": "company_id",
    "price_list_id": "pricelist_id",
    "category_source_id": "source_group_id",
    "source_id": "source_id",
    "campaign_id": "campaign_id",
    "country_id": "country_id",
}


@tagged("post_install", "-at_install")
class TestClients(LeadApiCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls._new_user("manager", MANAGER_GROUP)
        cls.clients = cls.env["crm.lead.api.client"].with_user(cls.manager)

    def test_new_client_gets_a_user_that_can_only_call(self):
        with Form(self.clients) as form:
            form.name = "Chatbot Zalo"
        client = form.record
        self.assertEqual(client.owner_id, self.manager)
        user = client.user_id.sudo()
        self.assertEqual(user.name, "Chatbot Zalo")
        self.assertEqual(user.login, "lead-api-chatbot-zalo")
        self.assertEqual(user.company_ids, self.company)
        self.assertEqual(user.group_ids, self.env.ref(CALLER_GROUP))
        self.assertFalse(user.has_group("sales_team.group_sale_salesman"))
        self.env.cr.execute("SELECT password FROM res_users WHERE id = %s", [user.id])
        self.assertFalse(self.env.cr.fetchone()[0])
        client.name = "Chatbot"
        self.assertEqual(user.name, "Chatbot")

    def test_second_client_of_a_name_gets_a_login_of_its_own(self):
        one, two = self.clients.create([{"name": "Web"}, {"name": "Web"}])
        self.assertNotEqual(one.user_id.login, two.user_id.login)

    def test_nobody_gives_rights_in_companies_that_he_has_none_in(self):
        both = [Command.set((self.company + self.other_company).ids)]
        with self.assertRaises(AccessError):
            self.clients.create({"name": "Web", "company_ids": both})
        client = self.clients.create({"name": "Web"})
        with self.assertRaises(AccessError):
            client.company_ids = both

    def test_what_is_done_to_a_client_is_for_those_of_all_its_companies(self):
        client = self.env["crm.lead.api.client"].create({"name": "Chung"})
        client.company_ids = self.company + self.other_company
        self._new_token(client)
        client = client.with_user(self.manager)
        self.assertEqual(client.name, "Chung")
        for case, change in {
            "write": lambda: client.write({"is_paused": True}),
            "companies": lambda: client.write({"company_ids": self.company.ids}),
            "unlink": client.unlink,
            "token": lambda: client._generate_token(
                "x", datetime.now() + timedelta(days=1)
            ),
            "revoke": client.token_ids.action_revoke,
        }.items():
            with self.subTest(case), self.assertRaises(AccessError):
                change()

    def test_a_token_stays_what_it_is(self):
        token = self.client.token_ids.with_user(self.manager)
        token.action_revoke()
        for values in (
            {"date_revoked": False},
            {"expiration_date": "2999-01-01"},
            {"client_id": self.clients.create({"name": "Web"}).id},
        ):
            with self.subTest(values), self.assertRaises(AccessError):
                token.write(values)

    def test_a_client_keeps_its_user(self):
        other = self._new_user("khac", CALLER_GROUP)
        with self.assertRaises(ValidationError):
            self.client.user_id = other
        other.write(
            {
                "company_ids": [Command.set(self.other_company.ids)],
                "company_id": self.other_company.id,
            }
        )
        for values in ({}, {"company_ids": self.company.ids}):
            with self.subTest(values), self.assertRaises(AccessError):
                self.clients.create({"name": "x", "user_id": other.id, **values})

    def test_an_owner_can_do_something(self):
        with self.assertRaises(ValidationError):
            self.client.owner_id = self.agent

    def test_the_last_day_of_a_token_is_one_where_the_user_is(self):
        self.manager.tz = "Asia/Ho_Chi_Minh"
        wizards = self.env["crm.lead.api.token.wizard"].with_user(self.manager)
        end = wizards._get_end_of_day(date(2026, 3, 2))
        self.assertEqual(end, datetime(2026, 3, 2, 16, 59, 59))

    def test_only_a_token_of_the_client_is_replaced(self):
        wizards = self.env["crm.lead.api.token.wizard"].with_user(self.manager)
        token = self.client.token_ids
        other = self.clients.create({"name": "Web"})
        with self.assertRaises(ValidationError):
            wizards.create({"client_id": other.id, "replaced_id": token.id})
        with self.assertRaises(ValidationError):
            wizards.create(
                {
                    "client_id": self.client.id,
                    "replaced_id": token.id,
                    "replaced_expiration_date": False,
                }
            )

    def test_companies_are_those_of_the_user(self):
        client = self.env["crm.lead.api.client"].create(
            {"name": "Web", "company_ids": [Command.set(self.other_company.ids)]}
        )
        self.assertEqual(client.user_id.company_id, self.other_company)
        client.company_ids = self.company
        self.assertEqual(client.user_id.company_ids, self.company)
        self.assertEqual(client.user_id.company_id, self.company)

    def test_a_user_is_that_of_one_client_and_a_caller(self):
        with self.assertRaises(ValidationError):
            self.clients.create({"name": "x", "user_id": self.agent.id})
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self.env["crm.lead.api.client"].create(
                {"name": "x", "user_id": self.caller.id}
            )

    def test_what_makes_no_sense_is_not_saved(self):
        for values in (
            {"networks": "203.0.113.7, all"},
            {"networks": "203.0.113.0/33"},
            {"ticket_url": "tickets.example.com/{ticket_id}"},
            {"ticket_url": "javascript:alert({ticket_id})"},
            {"ticket_url": "https://tickets.example.com/"},
            {"source_id": self.source.id, "source_group_id": self.other_group.id},
            {"company_id": self.other_company.id},
            {"pricelist_id": self.other_pricelist.id},
        ):
            with self.subTest(values), self.assertRaises(ValidationError):
                self.client.write(values)
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self.client.requests_per_minute = -1

    def test_addresses(self):
        for address, text in (
            ("203.0.113.7", "203.0.113.7"),
            ("::ffff:203.0.113.7", "203.0.113.7"),
            ("2001:db8::1", "2001:db8::1"),
            ("203.0.113.7:5678", "203.0.113.7"),
            ("[2001:db8::1]:5678", "2001:db8::1"),
            ("unknown", "None"),
            ("[", "None"),
            ("[::1", "None"),
            ("", "None"),
            (None, "None"),
        ):
            self.assertEqual(str(parse_address(address)), text)

    def test_the_clients_team_gets_what_no_team_of_the_agent_does(self):
        team = self.env["crm.team"].create(
            {"name": "Web", "company_id": self.company.id, "sequence": 99}
        )
        self.client.team_id = team
        self.assertEqual(self.create_lead().team_id, self.team)
        lead = self.create_lead(agent_email="ai@example.com")
        self.assertEqual(lead.team_id, team)
        team.active = False
        lead = self.create_lead(agent_email="ai@example.com")
        self.assertNotEqual(lead.team_id, team)


@tagged("post_install", "-at_install")
class TestClientCalls(LeadApiHttpCase):
    def test_what_is_left_out_is_taken_from_the_client(self):
        payload = {k: v for k, v in self.payload.items() if k not in DEFAULTS}
        response = self.post(payload)
        self.assertErrors(
            response,
            [(name, "required") for name in self.payload if name in DEFAULTS],
        )
        self.client.write(
            {field: self.payload[name] for name, field in DEFAULTS.items()}
        )
        lead = self.assertSuccess(self.post({**payload, "country_id": " "}))
        for name, field in DEFAULTS.items():
            self.assertEqual(lead[field].id, self.payload[name])

    def test_what_is_sent_wins_over_the_client(self):
        self.client.write(
            {"source_group_id": self.other_group.id, "source_id": self.other_source.id}
        )
        lead = self.assertSuccess(self.post())
        self.assertEqual(lead.source_id, self.source)
        self.assertErrors(
            self.post({**self.payload, "source_id": None}), [("source_id", "mismatch")]
        )

    def test_paused(self):
        self.client.is_paused = True
        with self.assertNothingMade():
            self.assertError(self.post(), 403, "forbidden")
        self.client.is_paused = False
        self.assertSuccess(self.post())

    def test_networks(self):
        for networks, status in (
            ("203.0.113.7", 403),
            ("2001:db8::/32", 403),
            ("203.0.113.7\n127.0.0.0/8", 200),
            ("::1, 127.0.0.1", 200),
            ("", 200),
        ):
            self.client.networks = networks
            with self.subTest(networks):
                self.assertEqual(self.post().status_code, status)
        self.client.networks = "203.0.113.7"
        body = self.assertError(self.post(), 403, "forbidden")
        self.assertIn("127.0.0.1", body["message"])

    def test_who_may_not_call_uses_nothing_up(self):
        self.client.write({"networks": "203.0.113.7", "requests_per_minute": 1})
        for _number in range(3):
            self.assertError(self.post(), 403, "forbidden")
        self.client.networks = False
        self.assertSuccess(self.post())

    def test_who_may_not_call_fills_no_disk(self):
        self.client.is_paused = True
        response = self.post({**self.payload, "note": "x" * 300_000})
        self.assertError(response, 403, "forbidden")
        entry = self.env["crm.lead.api.request"].search([], limit=1)
        self.assertEqual((entry.status, entry.payload), (403, False))

    def test_an_address_that_is_none(self):
        """Some proxies say "unknown"."""
        with patch.object(HTTPRequest, "remote_addr", "unknown", create=True):
            self.assertEqual(self.post(token="x").status_code, 401)
            self.assertSuccess(self.post())
            self.client.networks = "0.0.0.0/0"
            self.assertError(self.post(), 403, "forbidden")
        refusals = self.env["crm.lead.api.refusal"].search([])
        self.assertEqual(refusals.mapped("address"), ["unknown"])

    def test_a_token_is_made_shown_once_replaced_and_revoked(self):
        manager = self._new_user("manager", MANAGER_GROUP)
        client = self.client.with_user(manager)
        client.token_ids.action_revoke()

        def make(action):
            wizards = self.env[action["res_model"]].with_user(manager)
            wizard = Form(wizards.with_context(**action["context"])).save()
            make_token = type(wizard).action_make_token.__wrapped__
            return make_token(wizard)["context"]["default_key"]

        old = make(client.action_new_token())
        old_token = client.token_ids[:1]
        self.assertSuccess(self.post(token=old))
        new = make(old_token.action_rotate())
        new_token = client.token_ids[:1]
        self.assertNotEqual(old, new)
        self.assertEqual((old_token.state, new_token.state), ("replaced", "valid"))
        days = (old_token.expiration_date - fields.Datetime.now()).days
        self.assertIn(days, (6, 7))
        self.assertSuccess(self.post(token=old))
        self.assertSuccess(self.post(token=new))
        client.invalidate_recordset()
        self.assertEqual(new_token.last_used_address, "127.0.0.1")
        self.assertTrue(new_token.last_used_date)
        self.env.cr.execute(
            "UPDATE crm_lead_api_token SET create_date = create_date - interval '1 min'"
            " WHERE id = %s",
            [new_token.id],
        )
        client.token_ids.invalidate_recordset()
        self.assertTrue(old_token.is_used_though_replaced)
        self.assertEqual(client.used_token_warning, old_token.display_name)
        old_token.action_revoke()
        self.assertEqual(self.post(token=old).status_code, 401)
        self.assertSuccess(self.post(token=new))
        new_token.action_revoke()
        self.assertEqual(self.post(token=new).status_code, 401)

    def test_a_token_whose_successor_was_revoked_is_not_replaced(self):
        self._new_token()
        old, new = self.client.token_ids.sorted("id")
        old._replace(new, old.expiration_date)
        self.assertEqual(old.state, "replaced")
        new.action_revoke()
        self.assertEqual(old.state, "valid")

    def test_a_token_that_has_ended_already_is_not_made(self):
        with self.assertRaises(ValidationError):
            self.env["crm.lead.api.token.wizard"].create(
                {"client_id": self.client.id, "expiration_date": "2020-01-01"}
            )

    def test_figures(self):
        for _number in range(3):
            self.assertSuccess(self.post())
        self.post({**self.payload, "gender": "x", "street": ""})
        self.client.invalidate_recordset()
        self.assertEqual(self.client.call_count, 4)
        self.assertEqual(self.client.refused_rate, 0.25)
        self.assertEqual(self.client.last_error, "422 gender, street")
        self.assertEqual(self.client.last_call_date.date(), date.today())

    def test_the_lead_leads_to_the_ticket(self):
        lead = self.assertSuccess(self.post())
        self.assertFalse(lead.ticket_links)
        self.client.ticket_url = "https://tickets.example.com/{ticket_id}/view"
        lead.invalidate_recordset()
        link = 'href="https://tickets.example.com/4711/view"'
        self.assertIn(link, lead.with_user(self.agent).ticket_links)
        other = self.assertSuccess(self.post({**self.payload, "ticket_id": 4712}))
        (lead | other)._merge_opportunity()
        merged = (lead | other).exists()
        merged.invalidate_recordset()
        for _when in ("now", "when the log has forgotten"):
            for ticket in (4711, 4712):
                self.assertIn(f">{ticket}</a>", merged.ticket_links)
            merged.lead_api_request_ids._forget_payload()
            self.env.invalidate_all()

    def test_merged_tickets_of_two_systems_lead_each_to_its_own(self):
        self.client.ticket_url = "https://a.example.com/{ticket_id}"
        other = self._new_client("khac", ticket_url="https://b.example.com/{ticket_id}")
        first = self.assertSuccess(self.post())
        second = self.assertSuccess(
            self.post({**self.payload, "ticket_id": 4712}, self._new_token(other))
        )
        (first | second)._merge_opportunity()
        merged = (first | second).exists()
        merged.invalidate_recordset()
        self.assertIn('href="https://a.example.com/4711"', merged.ticket_links)
        self.assertIn('href="https://b.example.com/4712"', merged.ticket_links)
        merged.lead_api_request_ids._forget_payload()
        self.env.invalidate_all()
        self.assertFalse(merged.ticket_links, "Nobody knows any more which is whose")

    def test_callers_may_not_look_at_clients(self):
        for model in ("client", "token", "request", "refusal"):
            records = self.env[f"crm.lead.api.{model}"].with_user(self.caller)
            self.assertFalse(records.has_access("read"), model)


@tagged("post_install", "-at_install")
class TestClientButtons(LeadApiCase):
    """A button of a client opens the records of that client alone."""

    def _assert_opens(self, action, record, other):
        found = self.env[action["res_model"]].search(action["domain"])
        self.assertIn(record, found)
        self.assertNotIn(other, found)

    def test_requests(self):
        requests = self.env["crm.lead.api.request"].create(
            [
                {"client_id": client.id, "date": fields.Datetime.now(), "state": "done"}
                for client in (self.client, self._new_client("khac"))
            ]
        )
        self._assert_opens(self.client.action_open_requests(), *requests)

    def test_codes(self):
        codes = self.env["crm.lead.api.code"].create(
            [
                {"client_id": client.id, "attribute": "country_id", "code": "84"}
                for client in (self.client, self._new_client("khac"))
            ]
        )
        action = self.client.action_open_codes()
        self._assert_opens(action, *codes)
        self.assertEqual(action["context"], {"default_client_id": self.client.id})

    def test_events(self):
        events = self.env["crm.lead.api.event"].create(
            [
                {
                    "client_id": client.id,
                    "date": fields.Datetime.now(),
                    "type": "lead.won",
                    "message_ref": client.name,
                    "state": "waiting",
                }
                for client in (self.client, self._new_client("khac"))
            ]
        )
        self._assert_opens(self.client.action_open_events(), *events)

    def test_requests_of_a_lead(self):
        lead, other = self.create_lead(), self.create_lead(ticket_id=2)
        requests = self.env["crm.lead.api.request"].create(
            [
                {
                    "client_id": self.client.id,
                    "date": fields.Datetime.now(),
                    "state": "done",
                    "lead_id": each.id,
                }
                for each in (lead, other)
            ]
        )
        self._assert_opens(lead.action_open_lead_api_requests(), *requests)
