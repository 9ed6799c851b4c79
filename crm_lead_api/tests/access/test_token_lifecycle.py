# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A token is made, replaced and revoked, and stays what it is."""

from datetime import date, datetime, timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, tagged

from ..common import LeadApiHttpCase
from ..data import MANAGER_GROUP
from .common import ClientCase


@tagged("post_install", "-at_install")
class TestTokenRecords(ClientCase):
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

    def test_the_last_day_of_a_token_is_one_where_the_user_is(self):
        self.manager.tz = "Asia/Ho_Chi_Minh"
        wizards = self.env["crm.lead.api.token.wizard"].with_user(self.manager)
        wizard = wizards.create(
            {"client_id": self.client.id, "expiration_date": date(2999, 3, 2)}
        )
        type(wizard).action_make_token.__wrapped__(wizard)
        token = self.client.token_ids.sorted("id")[-1]
        self.assertEqual(token.expiration_date, datetime(2999, 3, 2, 16, 59, 59))

    def test_a_test_token_says_so(self):
        """Unless somebody has described the purpose."""
        wizards = self.env["crm.lead.api.token.wizard"].with_user(self.manager)
        form = Form(wizards.with_context(default_client_id=self.client.id))
        self.assertEqual(form.name, "Production")
        form.is_test = True
        self.assertEqual(form.name, "Test")
        form.name = "Chatbot"
        form.is_test = False
        self.assertEqual(form.name, "Chatbot")

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


@tagged("post_install", "-at_install")
class TestTokenLifecycle(LeadApiHttpCase):
    def test_a_token_is_made_shown_once_replaced_and_revoked(self):
        manager = self._new_user("manager", MANAGER_GROUP)
        client = self.client.with_user(manager)
        client.token_ids.action_revoke()

        def make(action):
            wizards = self.env[action["res_model"]].with_user(manager)
            wizard = Form(wizards.with_context(**action["context"])).save()
            make_token = type(wizard).action_make_token.__wrapped__
            shown = self.assertDialog(make_token(wizard), "Lead API Token Ready")
            view = self.env["ir.ui.view"].browse(shown["views"][0][0])
            self.assertEqual(view.model, shown["res_model"])
            return shown["context"]["default_key"]

        old = make(client.action_new_token())
        old_token = client.token_ids[:1]
        old_token.sudo().name = "Tổng đài"
        self.assertSuccess(self.post(token=old))
        replace = old_token.action_rotate()
        self.assertEqual((replace["name"], replace["target"]), ("Replace Token", "new"))
        new = make(replace)
        new_token = client.token_ids[:1]
        self.assertNotEqual(old, new)
        self.assertEqual((old_token.state, new_token.state), ("replaced", "valid"))
        self.assertEqual(new_token.name, old_token.name)
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

    def test_the_client_tells_that_an_ended_token_was_used(self):
        client, used = self.client, self.client.token_ids
        self.env.user.tz = "Asia/Bangkok"
        for start in ("2998-03-02 15:05:00", "2999-03-02 15:05:00"):
            with self.subTest(start), freeze_time(start) as clock:
                self.assertFalse(client.refused_token_warning)
                for _number in range(2):
                    self.assertEqual(self.post().status_code, 401)
                    self.assertEqual(self.post(token="x").status_code, 401)
                    clock.tick(30)
                self.env.invalidate_all()
                self.assertIn(", Mar 2, 10:05 PM", client.refused_token_warning)
                self.assertEqual(used.refused_date, datetime.fromisoformat(start))
                clock.tick(timedelta(days=7))
                self.env.invalidate_all()
                self.assertFalse(client.refused_token_warning)
            used.action_revoke()

    def test_a_token_whose_successor_was_revoked_is_not_replaced(self):
        self._new_token()
        old, new = self.client.token_ids.sorted("id")
        old._replace(new, old.expiration_date)
        self.assertEqual(old.state, "replaced")
        new.action_revoke()
        self.assertEqual(old.state, "valid")

    def test_a_look_up_uses_the_token(self):
        self._new_token()
        old, new = self.client.token_ids.sorted("id")
        old._replace(new, old.expiration_date)
        self.assertFalse(old.is_used_though_replaced)
        own = {"client_id": self.client.id, "token_id": old.id}
        date = new.create_date.replace(microsecond=0) + timedelta(minutes=1)
        self.env["crm.lead.api.look.up"].create(
            {**own, "date": date, "agent_email": "a", "method": "phone"}
        )
        self.client.token_ids.invalidate_recordset()
        self.assertTrue(old.is_used_though_replaced)
        self.assertEqual((old.last_used_date, old.last_used_address), (date, False))

    def test_a_token_that_has_ended_already_is_not_made(self):
        with self.assertRaises(ValidationError):
            self.env["crm.lead.api.token.wizard"].create(
                {"client_id": self.client.id, "expiration_date": "2020-01-01"}
            )
