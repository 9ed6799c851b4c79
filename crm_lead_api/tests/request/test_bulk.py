# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Test many leads in one request: each is served as by a request of its own."""

import json
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import BULK, DISPATCHER, REASON, BulkCase


@tagged("post_install", "-at_install")
class TestBulk(BulkCase):
    def test_each_as_by_a_call_of_its_own(self):
        leads = [self._lead(number) for number in (1, 2, 3)]
        results = self.assertResults(self.send(*leads), [200] * 3)
        made = self._get_leads(results)
        self.assertEqual(made.mapped("ticket_ref"), ["1", "2", "3"])
        self.assertEqual(made.user_id, self.agent)
        self.assertEqual(len(made.partner_id), 3)
        self.assertEqual(len(made.portrait_id), 3)
        self.assertEqual(set(made.mapped("match_method")), {"none"})
        for lead, result in zip(leads, results, strict=True):
            self.assertIs(result["replayed"], False)
            # Sent singly it is the same lead, with the very same answer.
            single = self.post(lead, headers={"Idempotency-Key": ""})
            self.assertEqual(single.headers["Idempotency-Replayed"], "true")
            self.assertEqual(single.json(), result["body"])

    def test_it_leaves_what_single_calls_leave(self):
        single = self.assertSuccess(self.post(self._lead(1)))
        [result] = self.assertResults(self.send(self._lead(2)), [200])
        lead = self._get_leads([result])
        for record, other in (
            (lead, single),
            (lead.partner_id, single.partner_id),
        ):
            self.assertEqual(
                record.message_ids.mapped("subtype_id"),
                other.message_ids.mapped("subtype_id"),
            )
            self.assertEqual(
                record.message_follower_ids.partner_id,
                other.message_follower_ids.partner_id,
            )
        self.assertEqual(lead.service_amount, single.service_amount)

    def test_own_words(self):
        refs = ["row-17", 17, "", None, " x "]
        leads = [{**self._lead(n), "ref": ref} for n, ref in enumerate(refs, 1)]
        results = self.assertResults(self.send(*leads), [200] * 5)
        found = [each["ref"] for each in results]
        self.assertEqual(found, ["row-17", 17, None, None, " x "])
        wrong = {"ref": "x" * 256}, {"ref": True}, {"idempotency_key": "a b"}
        wrong += ({"idempotency_key": 5},)
        leads = [{**self._lead(n), **each} for n, each in enumerate(wrong, 1)]
        results = self.assertResults(self.send(*leads), [422] * 4)
        self.assertEqual(
            [
                (error["field"], error["code"])
                for each in results
                for error in each["body"]["errors"]
            ],
            [
                *(("ref", "too_long"), ("ref", "type")),
                *(("idempotency_key", "format"), ("idempotency_key", "type")),
            ],
        )

    def test_a_wrong_one_harms_no_other(self):
        leads = [
            self._lead(1),
            self._lead(2, gender="x", crm_line_ids=[self.archived_service.id]),
            "lead",
            self._lead(4),
            {},
        ]
        results = self.assertResults(self.send(*leads), [200, 422, 400, 200, 422])
        errors = results[1]["body"]["errors"]
        self.assertEqual(
            [(error["field"], error["code"]) for error in errors],
            [("gender", "choice"), ("crm_line_ids.0", "archived")],
        )
        single = self.post(leads[1])
        self.assertEqual(single.json(), results[1]["body"])
        self.assertEqual(self.post(leads[2]).json(), results[2]["body"])

    def test_what_many_have_in_common_hides_nobody(self):
        shared = {"email": "khongco@example.com", "company_id": self.company.id}
        partners = self.env["res.partner"]
        partners.create([{"name": f"Cũ {number}", **shared} for number in range(5)])
        lan = partners.create({"name": "Lan", "email": "lan@example.com"})
        with patch("odoo.addons.crm_lead_api.models.intake.res_partner.MAX_MATCHES", 2):
            response = self.send(
                self._lead(1, email_from=shared["email"]),
                self._lead(2, email_from=lan.email, contact_name="Lan"),
            )
        _first, second = self.assertResults(response, [200, 200])
        lead = self.env["crm.lead"].browse(second["body"]["data"]["id_lead"])
        self.assertEqual(lead.partner_id, lan)

    def test_codes_are_not_looked_for_without_end(self):
        """After the limit one statement tells which codes are known and to be found."""
        self.client.takes_codes = True
        good = {"country_id": "VN"}
        codes = "odoo.addons.crm_lead_api.models.access.crm_lead_api_code"
        with patch(f"{codes}.MAX_MISSED_TOGETHER", 2):
            response = self.send(
                self._lead(1, **good),
                *(self._lead(n, campaign_id=f"none {n}", **good) for n in (2, 3, 4)),
                self._lead(5, **good),
                self._lead(6, campaign_id=self.campaign.name, **good),
            )
        self.assertResults(response, [200, 422, 422, 422, 200, 200])

    def test_label_is_not_in_the_log(self):
        self.assertResults(self.send(self._lead(1, ref="x" * 300)), [422])
        self.assertNotIn("ref", json.loads(self._get_entry().payload))

    @mute_logger(DISPATCHER, BULK)
    def test_what_odoo_refuses_of_one_harms_no_other(self):
        partners = type(self.env["res.partner"])
        create = partners.create

        def refuse(partner, vals_list):
            for values in vals_list:
                if values["name"] == "Khách 3":
                    raise UserError(REASON)
                if values["name"] == "Khách 5":
                    raise ZeroDivisionError
            return create(partner, vals_list)

        leads = [self._lead(number) for number in range(1, 8)]
        statuses = [200, 200, 422, 200, 500, 200, 200]
        with patch.object(partners, "create", refuse):
            results = self.assertResults(self.send(*leads), statuses)
        self.assertEqual(results[2]["body"]["type"], "refused")
        self.assertIn("Quota", results[2]["body"]["message"])
        self.assertTrue(results[4]["body"]["reference"])
        made = self._get_leads(each for each in results if each["status"] == 200)
        self.assertEqual(made.mapped("ticket_ref"), ["1", "2", "4", "6", "7"])
        # A failed lead has no kept answer: it can be sent again.
        results = self.assertResults(self.send(*leads), [200] * 7)
        replayed = [each["replayed"] for each in results]
        self.assertEqual(replayed, [True, True, False, True, False, True, True])

    @mute_logger("odoo.sql_db")
    def test_what_the_database_refuses_of_one_harms_no_other(self):
        self.env.cr.execute(
            "ALTER TABLE crm_lead ADD CONSTRAINT crm_lead_quota CHECK (street != 'x')"
        )
        leads = [self._lead(1), self._lead(2, street="x"), self._lead(3)]
        results = self.assertResults(self.send(*leads), [200, 422, 200])
        self.assertEqual(results[1]["body"]["type"], "refused")
        message = results[1]["body"]["message"]
        self.assertIn("The operation cannot be completed", message)
        self.assertNotIn("Traceback", message)

    def test_languages(self):
        response = self.send({}, headers={"Accept-Language": "vi"})
        [result] = self.assertResults(response, [422])
        single = self.post({}, headers={"Accept-Language": "vi"})
        self.assertEqual(result["body"], single.json())

    def test_errors_as_before(self):
        self.client.has_legacy_errors = True
        [result] = self.assertResults(self.send({}), [401])
        self.assertEqual(list(result["body"]), ["type", "message"])

    def test_ignored_attributes(self):
        response = self.send(self._lead(1), self._lead(2, màu="đỏ"), note="x")
        self.assertResults(response, [200, 200])
        self.assertEqual(response.headers["X-Ignored-Fields"], "note, leads.1.m%C3%A0u")

    def test_several_companies(self):
        self.client.company_ids += self.other_company
        other = {
            "company_id": self.other_company.id,
            "price_list_id": self.other_pricelist.id,
            "crm_line_ids": [self.service_2.id],
        }
        leads = [self._lead(1), self._lead(2, **other), self._lead(3)]
        results = self.assertResults(self.send(*leads), [200] * 3)
        made = self._get_leads(results)
        self.assertEqual(made.mapped("ticket_ref"), ["1", "2", "3"])
        self.assertEqual(
            [lead.company_id for lead in made],
            [self.company, self.other_company, self.company],
        )

    def test_codes(self):
        self.client.takes_own_codes = True
        codes = self.env["crm.lead.api.code"]
        codes.create(
            {
                "client_id": self.client.id,
                "attribute": "campaign_id",
                "code": "beauty",
                "res_id": self.campaign.id,
            }
        )
        leads = [self._lead(1, campaign_id="beauty"), self._lead(2, campaign_id="?")]
        results = self.assertResults(self.send(*leads), [200, 422])
        self.assertEqual(self._get_leads(results[:1]).campaign_id, self.campaign)
        self.assertEqual(codes.search([("is_mapped", "=", False)]).code, "?")
