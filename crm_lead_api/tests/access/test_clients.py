# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Outside systems: their users, owners, companies and settings."""

from datetime import datetime, timedelta

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ...models.access.crm_lead_api_client import parse_address
from ..data import CLIENT_GROUP, MANAGER_GROUP
from .common import ClientCase


@tagged("post_install", "-at_install")
class TestClients(ClientCase):
    def test_new_client_gets_a_user_that_can_only_call(self):
        with Form(self.clients) as form:
            form.name = "Chatbot Zalo"
        client = form.record
        self.assertEqual(client.owner_id, self.manager)
        user = client.user_id.sudo()
        self.assertEqual(user.name, "Chatbot Zalo")
        self.assertEqual(user.login, "lead-api-chatbot-zalo")
        self.assertEqual(user.company_ids, self.company)
        self.assertEqual(user.group_ids, self.env.ref(CLIENT_GROUP))
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

    def test_an_archived_company_needs_no_administrators(self):
        """Leave a client to those of its other companies, and show what belongs to an
        archived company alone to nobody."""
        branch = self.env["res.company"].create({"name": "Chi nhánh cũ"})
        shared, former = self.env["crm.lead.api.client"].create(
            [
                {"name": "Chung", "company_ids": (self.company + branch).ids},
                {"name": "Cũ", "company_ids": branch.ids},
            ]
        )
        left = [self._leave_records(client) for client in (shared, former)]
        kinds = [each._name for each in left[0]]
        self.assertEqual(self._see(*left, self.manager), [])
        former.active = former.user_id.active = False
        self.manager.company_ids += branch
        branch.active = False
        self.env.invalidate_all()
        for user in (self.manager, self._new_user("manager-2", MANAGER_GROUP)):
            with self.subTest(user.login):
                own = shared.with_user(user)
                own.is_paused = not own.is_paused
                own.code_ids.code = own.attribute_ids.name = f"x{user.id}"
                self.assertEqual(self._see(*left, user), kinds)

    def _leave_records(self, client):
        """Make what a client has, and what requests without a company leave."""
        field = self.env["ir.model.fields"]._get("crm.lead", "function")
        code = {"attribute": "country_id", "code": "x"}
        client.write(
            {
                "code_ids": [Command.create(code)],
                "attribute_ids": [Command.create({"field_id": field.id, "name": "x"})],
            }
        )
        shown = [Command.create({"method": "phone"})]
        own = {"client_id": client.id, "date": datetime.now()}
        request, event, day, look_up = (
            self.env[f"crm.lead.api.{name}"].create({**own, **values})
            for name, values in {
                "request": {"status": 422, "state": "refused"},
                "event": {"type": "ping", "message_ref": client.name},
                "day": {"calls": 1, "refused": 1},
                "look.up": {
                    **{"agent_email": "lan@example.com", "method": "phone"},
                    "contact_ids": shown,
                },
            }.items()
        )
        return [request, event, day, look_up, look_up.contact_ids]

    def _see(self, shared, former, user):
        """Return the models whose records of a shared client a user sees, and none of
        those of a former one."""
        self.env.flush_all()
        seen = []
        for each, hidden in zip(shared, former, strict=True):
            found = each.with_user(user).search([("id", "in", (each + hidden).ids)])
            self.assertNotIn(hidden, found)
            seen += [each._name] if each in found else []
        return seen

    def test_all_companies_of_a_client_are_shown(self):
        """Show companies that are not chosen in the menu, or that the reader lacks."""
        client = self.clients.create({"name": "Chung"})
        both = self.company + self.other_company
        client.sudo().user_id.company_ids |= self.other_company
        client = client.with_context(allowed_company_ids=self.company.ids)
        for own in (self.company, both):
            for is_active in (True, False):
                self.manager.sudo().company_ids = own
                client.sudo().active = is_active
                self.env.invalidate_all()
                with self.subTest(own=own.mapped("name"), is_active=is_active):
                    [shown] = client.web_read(
                        {"company_ids": {"fields": {"display_name": {}}}}
                    )
                    names = {each["display_name"] for each in shown["company_ids"]}
                    self.assertEqual(names, set(both.mapped("name")))

    def test_a_client_keeps_its_user(self):
        other = self._new_user("khac", CLIENT_GROUP)
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
