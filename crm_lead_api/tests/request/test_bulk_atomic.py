# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Test requests for all leads or none, and dry runs of many leads."""

from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import BULK, DISPATCHER, REASON, URL, BulkCase


@tagged("post_install", "-at_install")
class TestBulkAtomic(BulkCase):
    def test_all(self):
        leads = [self._lead(1), self._lead(2)]
        results = self.assertResults(self.send(*leads, atomic=True), [200] * 2)
        self.assertEqual(len(self._get_leads(results)), 2)
        results = self.assertResults(self.send(*leads, atomic=True), [200] * 2)
        self.assertEqual([each["replayed"] for each in results], [True, True])

    @mute_logger(DISPATCHER, BULK)
    def test_none(self):
        self.assertSuccess(self.post(self._lead(9), headers={"Idempotency-Key": "k"}))
        partners = type(self.env["res.partner"])
        create = partners.create

        def refuse(partner, vals_list):
            if any(values["name"] == "Khách 5" for values in vals_list):
                raise UserError(REASON)
            return create(partner, vals_list)

        leads = [
            self._lead(1),
            self._lead(2, gender="x", crm_line_ids=[self.archived_service.id]),
            self._lead(3, idempotency_key="k"),
            7,
            self._lead(5),
        ]
        with self.assertNothingMade(), patch.object(partners, "create", refuse):
            response = self.send(*leads, atomic=True)
        body = self.assertErrors(
            response,
            [
                ("leads.1.gender", "choice"),
                ("leads.1.crm_line_ids.0", "archived"),
                ("leads.2.idempotency_key", "conflict"),
                ("leads.3", "malformed"),
                ("leads.4", "refused"),
            ],
        )
        self.assertIn("Quota", body["errors"][-1]["message"])
        entry = self._get_entries()[0]
        self.assertEqual((entry.status, entry.lead_id.id), (422, False))
        self.assertFalse(entry.payload)  # nobody would find a person in it
        self.assertResults(self.send(leads[0], atomic=True), [200])

    @mute_logger(DISPATCHER, BULK)
    def test_fault_of_ours(self):
        partners = type(self.env["res.partner"])
        with (
            self.assertNothingMade(),
            patch.object(partners, "create", side_effect=KeyError("x")),
        ):
            response = self.send(self._lead(1), self._lead(2), atomic=True)
        self.assertError(response, 500, "server")


@tagged("post_install", "-at_install")
class TestBulkDryRun(BulkCase):
    def test_nothing_is_made(self):
        known = self._lead(1)
        self.assertSuccess(self.post(known))
        leads = [known, self._lead(2), self._lead(3, phone_no1="0968 000002"), {}]
        for options in (
            {"headers": {"Prefer": "dry-run"}},
            {"url": f"{URL}?dry_run=1"},
        ):
            with self.subTest(options), self.assertNothingMade():
                response = self.send(*leads, **options)
                results = self.assertResults(response, [200, 200, 200, 422])
                applied = response.headers["Preference-Applied"]
                self.assertEqual(applied, "dry-run")
                self.assertEqual([each["replayed"] for each in results], [False] * 4)
                contacts = [each["body"]["data"]["contact"] for each in results[:3]]
                self.assertEqual(
                    [each["found_by"] for each in contacts], ["phone", "none", "phone"]
                )
                # The third would be about the contact of the second.
                self.assertTrue(contacts[0]["account_id"])
                ids = [each["account_id"] for each in contacts[1:]]
                self.assertEqual(ids, [None, None])
        entries = self._get_entries()[:4]
        self.assertEqual(set(entries.mapped("state")), {"dry_run"})
        single = self.post(leads[0], headers={"Prefer": "dry-run"})
        self.assertEqual(results[0]["body"], single.json())
        # No key is used up; the first lead was made before.
        results = self.assertResults(self.send(*leads), [200, 200, 200, 422])
        replayed = [each["replayed"] for each in results]
        self.assertEqual(replayed, [True, False, False, False])

    def test_atomic(self):
        with self.assertNothingMade():
            response = self.send(
                self._lead(1), {}, atomic=True, url=f"{URL}?dry_run=true"
            )
        body = self.assertError(response, 422, "validation")
        self.assertEqual(body["errors"][0]["field"], "leads.1.phone_no1")
