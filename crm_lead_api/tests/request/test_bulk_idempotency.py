# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Test repetitions of many leads in one request."""

from odoo.tests import tagged

from .common import BulkCase


@tagged("post_install", "-at_install")
class TestBulkIdempotency(BulkCase):
    def test_sent_again(self):
        leads = [
            self._lead(1, idempotency_key="one", ref="a"),
            self._lead(2),
        ]
        first = self.assertResults(self.send(*leads), [200] * 2)
        with self.assertNothingMade():
            # In another call, with another word for it, at another place
            leads[0]["ref"] = "b"
            again = self.assertResults(self.send(*reversed(leads)), [200] * 2)
        self.assertEqual([each["replayed"] for each in again], [True, True])
        self.assertEqual([each["ref"] for each in again], [None, "b"])
        self.assertEqual(
            [each["body"] for each in again], [each["body"] for each in first[::-1]]
        )

    def test_sent_singly_before(self):
        lead = self._lead(1)
        for header in ("", "one"):
            lead["ticket_id"] += 1
            single = self.post(lead, headers={"Idempotency-Key": header})
            self.assertSuccess(single)
            with self.subTest(header), self.assertNothingMade():
                [result] = self.assertResults(
                    self.send({**lead, "idempotency_key": header, "ref": 1}), [200]
                )
                self.assertTrue(result["replayed"])
                self.assertEqual(result["body"], single.json())

    def test_twice_in_one_call(self):
        lead = self._lead(1)
        keyed = self._lead(2, idempotency_key="two")
        other = self._lead(3, idempotency_key="two")
        results = self.assertResults(
            self.send(lead, keyed, {**lead, "ref": "x"}, keyed, other),
            [200, 200, 200, 200, 409],
        )
        replayed = [each["replayed"] for each in results]
        self.assertEqual(replayed, [False, False, True, True, False])
        self.assertEqual(results[0]["body"], results[2]["body"])
        self.assertEqual(results[1]["body"], results[3]["body"])
        self.assertEqual(results[4]["body"]["type"], "conflict")
        self.assertEqual(len(self._get_leads(results[:4])), 2)

    def test_key_of_one_that_failed_is_free(self):
        results = self.assertResults(
            self.send(
                self._lead(1, idempotency_key="k", gender="x"),
                self._lead(1, idempotency_key="k", gender="x"),
                self._lead(1, idempotency_key="k"),
                self._lead(2, idempotency_key="k"),
            ),
            [422, 422, 200, 409],
        )
        self.assertEqual([each["replayed"] for each in results], [False] * 4)
        mended = self.post(self._lead(1), headers={"Idempotency-Key": "k"})
        self.assertEqual(mended.json(), results[2]["body"])

    def test_content_with_a_key_and_without(self):
        """As with requests one after the other."""
        lead = self._lead(1)
        keyed, other = ({**lead, "idempotency_key": key} for key in "ab")
        results = self.assertResults(
            self.send(keyed, lead, other, {**other, "street": "x"}, lead, keyed),
            [200, 200, 200, 409, 200, 200],
        )
        ids = [each["body"].get("data", {}).get("id_lead") for each in results]
        first, second = self._get_leads(results[:3]).ids
        self.assertEqual(ids, [first, first, second, None, first, first])
        # Neither the conflict nor the repetitions took anything from others.
        changed = {**lead, "street": "x"}
        [free] = self.assertResults(self.send(changed), [200])
        self.assertFalse(free["replayed"])
        results = self.assertResults(
            self.send(changed, {**changed, "idempotency_key": "c"}, keyed, other, lead),
            [200] * 5,
        )
        self.assertEqual([each["replayed"] for each in results], [True] * 5)
        leads = [each["body"]["data"]["id_lead"] for each in results]
        free_id = free["body"]["data"]["id_lead"]
        self.assertEqual(leads, [free_id, free_id, first, second, first])
        response = self.post({**lead, "street": "y"}, headers={"Idempotency-Key": "c"})
        self.assertError(response, 409, "conflict")

    def test_a_lead_without_a_key_lends_its_answer(self):
        lead = self._lead(1)
        keyed = {**lead, "idempotency_key": "a"}
        results = self.assertResults(
            self.send(lead, keyed, {**keyed, "street": "x"}), [200, 200, 409]
        )
        self.assertEqual(results[0]["body"], results[1]["body"])
        again = self.post(lead, headers={"Idempotency-Key": "a"})
        self.assertEqual(again.json(), results[0]["body"])

    def test_client_that_does_not_want_it(self):
        self.client.replay_content = False
        lead = self._lead(1)
        results = self.assertResults(self.send(lead, lead), [200, 200])
        self.assertEqual(len(self._get_leads(results)), 2)
