# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Test that clients go on with the id of a contact that staff have merged."""

import json

from odoo.tests import Form, tagged

from ..data import MANAGER_GROUP
from .common import URL, ChangeCase

LONG_AGO = "2020-01-01 00:00:00"


@tagged("post_install", "-at_install")
class TestMergedAccounts(ChangeCase):
    def setUp(self):
        super().setUp()
        self.gone, self.next, self.stayed = self.env["res.partner"].create(
            [{"name": self.payload["contact_name"]} for _number in range(3)]
        )
        self.gone_id = self.gone.id
        self.sent = {**self.payload, "ticket_id": 5, "account_id": self.gone_id}

    def merge(self):
        """Merge the contact into the next one, and that into the last one."""
        self.env.flush_all()
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((self.gone | self.next).ids, self.next)
        wizard._merge((self.next | self.stayed).ids, self.stayed)
        self.env.cr.flush()
        self.env.invalidate_all()

    def test_a_new_lead(self):
        self.merge()
        dry = self.post(self.sent, url=f"{URL}?dry_run=1").json()["data"]
        self.assertEqual(dry["contact"]["account_id"], self.stayed.id)
        self.assertEqual(
            self.assertSuccess(self.post(self.sent)).partner_id, self.stayed
        )
        other = {**self.sent, "ticket_id": 6, "account_id": self.lead.partner_id.id}
        data = {"leads": [self.sent | {"street": "2 Lê Lợi"}, other]}
        answer = self.post(data, url=f"{URL}s", headers={"Idempotency-Key": ""})
        results = self.assertJson(answer, 200)["data"]["results"]
        leads = self.lead.browse(each["body"]["data"]["id_lead"] for each in results)
        self.assertEqual(leads.mapped("partner_id"), self.stayed | self.lead.partner_id)

    def test_the_lead_of_the_account(self):
        del self.sent["email_from"]  # of which Odoo computes something anew
        lead = self.assertSuccess(self.post(self.sent))
        self.env.cr.execute("UPDATE crm_lead SET write_date = %s", [LONG_AGO])
        self.merge()
        before = {each.id: each.write_date for each in self.lead | lead}
        self.assertEqual(str(before[self.lead.id]), LONG_AGO)
        self.assertGreater(str(before[lead.id]), "2026")
        read = self.assertJson(self.read_lead(lead), 200)["data"]
        self.assertEqual(read["account_id"], self.stayed.id)
        for account in (self.gone_id, self.stayed.id):
            sent = {**self.sent, "account_id": account, "work_online": "yes"}
            for method, url, payload in (
                ("PUT", f"{URL}?dry_run=1", sent),
                ("PUT", URL, sent),
                ("PATCH", f"{URL}/{lead.id}", {"account_id": account}),
            ):
                with self.subTest(method, url=url, account=account):
                    data = self.assertChanged(self.change(payload, url, method))
                    self.assertEqual(data["account_id"], self.stayed.id)
                    self.assertEqual(data["id_lead"], lead.id)
        self.assertErrors(
            self.change({"account_id": self.gone_id}), [("account_id", "immutable")]
        )

    def test_an_account_that_the_client_has_only_read(self):
        """The customer was found by phone."""
        self.gone = self.lead.partner_id
        self.assertEqual(self.read_lead().json()["data"]["account_id"], self.gone.id)
        account = {"account_id": self.gone.id}
        self.merge()
        data = self.assertChanged(self.change(account))
        self.assertEqual(data["account_id"], self.stayed.id)

    def test_a_look_up(self):
        self.client.looks_up_customers = True
        self.merge()
        url = f"/api/v1/customers?account_id={self.gone_id}&agent_email=lan@example.com"
        answer = self.post(url=url, method="GET", json=None)
        [customer] = self.assertJson(answer, 200)["data"]["customers"]
        self.assertEqual(customer["account_id"], self.stayed.id)

    def test_a_request_that_is_sent_again(self):
        self.merge()
        wrong = {**self.sent, "gender": "nữ"}
        self.assertErrors(self.post(wrong), [("gender", "choice")])
        wizards = self.env["crm.lead.api.resend"].with_user(
            self._new_user("manager", MANAGER_GROUP)
        )
        entry = self._get_entries()[:1]
        with Form(wizards.with_context(default_request_ids=entry.ids)) as form:
            form.payload = json.dumps(self.sent)
            self.assertTrue(form.is_right)
        form.record.action_send()
        lead = entry.repetition_ids.lead_id
        self.assertEqual(lead.partner_id, self.stayed)

    def test_a_contact_that_is_deleted_stays_unknown(self):
        self.assertSuccess(self.post(self.sent))
        self.merge()
        self.stayed.unlink()
        self.env.flush_all()
        self.assertErrors(self.post(self.sent), [("account_id", "unknown")])
        answer = self.change(self.sent, URL, "PUT")
        self.assertErrors(answer, [("account_id", "unknown")])

    def test_a_contact_that_the_client_does_not_see_stays_unknown(self):
        self.stayed.company_id = self.other_company
        self.merge()
        self.assertErrors(self.post(self.sent), [("account_id", "unknown")])
        self.stayed.write({"company_id": False, "active": False})
        self.env.flush_all()
        self.assertErrors(self.post(self.sent), [("account_id", "archived")])
