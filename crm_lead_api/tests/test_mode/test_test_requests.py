# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Test requests with a test token, as their integrator sees them."""

from odoo.tests import tagged

from ..common import URL
from .common import TestTokenCase

LOOK_UP = "customers?phone={}&agent_email=lan@example.com"


@tagged("post_install", "-at_install")
class TestTestRequests(TestTokenCase):
    def test_the_token_tells_its_mode(self):
        self.assertTrue(self.test_token.startswith("crmlead_test_"))
        response = self.get("me", token=self.test_token)
        self.assertEqual(response.headers["X-Mode"], "test")
        self.assertEqual(response.json()["data"]["mode"], "test")
        self.assertEqual(self.post_test({}).headers["X-Mode"], "test")
        live = self.get("me")
        self.assertNotIn("X-Mode", live.headers)
        self.assertEqual(live.json()["data"]["mode"], "live")

    def test_all_that_a_request_makes_is_marked(self):
        response = self.post_test()
        self.assertEqual(response.headers["X-Mode"], "test")
        lead = self.assertSuccess(response)
        self.assertTrue(lead.is_lead_api_test)
        self.assertTrue(lead.partner_id.is_lead_api_test)
        self.assertTrue(lead.portrait_id.is_lead_api_test)
        tags = lead.portrait_id.item_ids.tag_id
        self.assertTrue(tags)
        self.assertTrue(all(tag.is_lead_api_test for tag in tags))
        live = self.assertSuccess(self.post())
        self.assertFalse(live.is_lead_api_test or live.partner_id.is_lead_api_test)

    def test_live_customers_and_test_customers_do_not_match(self):
        test = self.make_test_lead()
        live = self.assertSuccess(self.post())
        self.assertEqual(live.match_method, "none")
        self.assertNotEqual(live.partner_id, test.partner_id)
        self.assertFalse(live.match_candidate_ids)
        again = self.make_test_lead(ticket_id=7)
        self.assertEqual(again.partner_id, test.partner_id)
        self.assertFalse(again.match_candidate_ids)

    def test_a_live_account_is_unknown_to_tests_and_the_reverse(self):
        test, live = self.make_test_lead(), self.assertSuccess(self.post())
        wrong = {**self.payload, "account_id": live.partner_id.id}
        self.assertErrors(self.post_test(wrong), [("account_id", "unknown")])
        wrong = {**self.payload, "account_id": test.partner_id.id}
        self.assertErrors(self.post(wrong), [("account_id", "unknown")])

    def test_equal_requests_are_no_repetitions_across_modes(self):
        for headers in ({"Idempotency-Key": "k1"}, {"Idempotency-Key": ""}):
            test = self.assertSuccess(self.post_test(headers=headers))
            live = self.assertSuccess(self.post(headers=headers))
            self.assertNotEqual(live, test)
            again = self.post_test(headers=headers)
            self.assertEqual(again.headers["Idempotency-Replayed"], "true")
            self.assertEqual(self.assertSuccess(again), test)

    def test_a_client_reads_the_leads_of_its_mode(self):
        test = self.make_test_lead(ticket_id=11)
        live = self.assertSuccess(self.post({**self.payload, "ticket_id": 12}))
        for token, own, other in (
            (self.test_token, test, live),
            (self.token, live, test),
        ):
            data = self.read_data(f"lead/{own.id}", token=token)
            self.assertEqual(data["id_lead"], own.id)
            self.assertJson(self.get(f"lead/{other.id}", token=token), 404)
            found = self.read_data("leads", token=token)["items"]
            self.assertEqual([each["id_lead"] for each in found], [own.id])
            path = LOOK_UP.format(self.payload["phone_no1"])
            [customer] = self.read_data(path, token=token)["customers"]
            self.assertEqual(customer["account_id"], own.partner_id.id)
            self.assertEqual([each["id_lead"] for each in customer["leads"]], [own.id])
            self.assertTrue(customer["portrait"])

    def test_a_lead_changes_within_its_mode(self):
        test = self.make_test_lead(ticket_id=11)
        change = {"demand": "Niềng răng"}
        url = f"{URL}?ticket_id=11"
        self.assertJson(self.post(change, url=url, method="PATCH"), 404)
        self.assertJson(self.post_test(change, url=url, method="PATCH"), 200)
        note = {"text": "Gọi lại", "agent_email": "lan@example.com"}
        url = f"{URL}/{test.id}/notes"
        self.assertJson(self.post(note, url=url), 404)
        self.assertJson(self.post_test(note, url=url), 200)
        payload = {**self.payload, "ticket_id": 11}
        body = self.assertJson(self.post(payload, method="PUT"), 200)
        self.assertTrue(body["data"]["created"])
        body = self.assertJson(self.post_test(payload, method="PUT"), 200)
        self.assertFalse(body["data"]["created"])

    def test_many_leads_and_dry_runs(self):
        leads = [{**self.payload, "ticket_id": number} for number in (1, 2)]
        response = self.post_test(
            {"leads": leads}, url="/api/v1/leads", headers={"Idempotency-Key": ""}
        )
        self.assertEqual(response.headers["X-Mode"], "test")
        ids = [
            each["body"]["data"]["id_lead"]
            for each in response.json()["data"]["results"]
        ]
        made = self.env["crm.lead"].browse(ids)
        self.assertTrue(all(lead.is_lead_api_test for lead in made))
        response = self.post_test(url=f"{URL}?dry_run=1")
        self.assertEqual(response.headers["X-Mode"], "test")
