# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import date, datetime
from unittest.mock import patch

from odoo.tests import tagged

from ...models.access import crm_lead_api_refusal
from ...models.event import crm_lead_api_event
from ...models.intake import crm_lead_api_lock
from ...models.reading import crm_lead_api_look_up
from ...models.request import crm_lead_api_answer
from ..common import LeadApiCase
from ..data import MANAGER_GROUP

OLD = datetime(2020, 1, 2)


@tagged("post_install", "-at_install")
class TestCleanUp(LeadApiCase):
    """Odoo's daily clean-up goes on, part by part, until nothing old is left."""

    def assertCleanedInParts(self, module, method, vals_list):
        name = module.__name__.rpartition(".")[2].replace("_", ".")
        clean_up = getattr(self.env[name], method)
        clean_up()
        self.env[name].create(vals_list)
        self.env.flush_all()
        with self.subTest(name), patch.object(module, "GC_LIMIT", 2):
            self.assertEqual(clean_up(), (2, True))
            self.assertEqual(clean_up(), (1, False))

    def test_clean_up(self):
        client = {"client_id": self.client.id, "date": OLD}
        user = {"user_id": self.caller.id}
        self.assertCleanedInParts(
            crm_lead_api_look_up,
            "_gc_old",
            [{**client, "agent_email": "a", "method": "phone"}] * 3,
        )
        self.assertCleanedInParts(
            crm_lead_api_event,
            "_gc_bodies",
            [
                {**client, "type": "ping", "body": "{}", "message_ref": each}
                for each in "abc"
            ],
        )
        self.assertCleanedInParts(
            crm_lead_api_refusal,
            "_gc_old",
            [
                {"hour": OLD, "address": each, "calls": 1, "wrong_tokens": 0}
                for each in "abc"
            ],
        )
        self.assertCleanedInParts(
            crm_lead_api_lock,
            "_gc_released",
            [{"date": OLD, "key": each} for each in "abc"],
        )
        self.assertCleanedInParts(
            crm_lead_api_answer,
            "_gc_expired",
            [
                {**user, "key": each, "fingerprints": "x", "expiration_date": OLD}
                for each in "abc"
            ],
        )

    def test_whoever_reads_an_entry_knows_how_long_it_is_kept(self):
        manager = self._new_user("reads-the-log", MANAGER_GROUP)
        own = {"client_id": self.client.id, "date": OLD}
        vals = {
            "crm.lead.api.request": {"status": 200, "state": "done"},
            "crm.lead.api.look.up": {"agent_email": "a", "method": "phone"},
            "crm.lead.api.event": {"type": "ping", "message_ref": "a"},
        }
        self.env["ir.config_parameter"].set_param("crm_lead_api.payload_days", 30)
        for name, values in vals.items():
            for is_test, day in ((False, date(2020, 2, 1)), (True, date(2020, 1, 9))):
                with self.subTest(name, is_test=is_test):
                    entry = self.env[name].create({**own, **values, "is_test": is_test})
                    self.assertEqual(entry.with_user(manager).kept_until, day)
