# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Many leads in one call: each as by a call of its own."""

import json
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ...schemas.bulk import MAX_LEADS
from ..common import MANAGER_GROUP
from .test_request_log import LeadApiLogCase

URL = "/api/v1/leads"
REASON = "Quota"  # of another addon's rule
DISPATCHER = "odoo.addons.crm_lead_api.http.dispatcher"
BULK = "odoo.addons.crm_lead_api.models.request.crm_lead_api_engine_bulk"
NO_PHONES = {"phone_no2": None, "phone_no3": None, "email_from": None}


class BulkCase(LeadApiLogCase):
    def _lead(self, number, **changes):
        """Return the payload of a customer whom nobody else is like."""
        return {
            **self.payload,
            **NO_PHONES,
            "ticket_id": number,
            "phone_no1": f"0968 {number:06}",
            "contact_name": f"Khách {number}",
            **changes,
        }

    def send(self, *leads, headers=None, url=URL, **options):
        headers = {"Idempotency-Key": "", **(headers or {})}
        return self.post({"leads": leads, **options}, url=url, headers=headers)

    def assertResults(self, response, statuses):
        """Check the envelope of a 200, and return the results."""
        body = self.assertJson(response, 200)
        self.assertEqual((body["error"], body["message"]), (0, "Success"))
        self.assertEqual(list(body["data"]), ["results"])
        results = body["data"]["results"]
        self.assertEqual([each["index"] for each in results], [*range(len(results))])
        for each in results:
            names = ["index", "ref", "status", "body", "replayed"]
            self.assertEqual(list(each), names)
        self.assertEqual([each["status"] for each in results], statuses, results)
        return results

    def _get_leads(self, results):
        leads = self.env["crm.lead"]
        ids = [each["body"]["data"]["id_lead"] for each in results]
        return leads.browse(dict.fromkeys(ids))


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
        pending = self.env["crm.lead.api.follow.up"].search([])
        self.assertEqual(pending.lead_id, lead | single)
        self.assertEqual(pending.partner_id, (lead | single).partner_id)
        pending._process()
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
        leads = [{**self._lead(n), **each} for n, each in enumerate(wrong, 1)]
        results = self.assertResults(self.send(*leads), [422] * 3)
        self.assertEqual(
            [
                (error["field"], error["code"])
                for each in results
                for error in each["body"]["errors"]
            ],
            [("ref", "too_long"), ("ref", "type"), ("idempotency_key", "format")],
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
        """What was found before the end is found after it, too."""
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
        results = self.assertResults(response, [200, 422, 422, 422, 200, 422])
        errors = results[-1]["body"]["errors"]
        self.assertEqual(
            [(error["field"], error["code"]) for error in errors],
            [("campaign_id", "unknown")],
        )

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
        # What failed was not kept: it can be sent again.
        results = self.assertResults(self.send(*leads), [200] * 7)
        replayed = [each["replayed"] for each in results]
        self.assertEqual(replayed, [True, True, False, True, False, True, True])

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


@tagged("post_install", "-at_install")
class TestBulkRequest(BulkCase):
    """What is refused as a whole."""

    def test_how_many(self):
        lead = self._lead(1)
        for leads, code in (([], "too_few"), ([lead] * (MAX_LEADS + 1), "too_many")):
            with self.subTest(code), self.assertNothingMade():
                self.assertErrors(self.send(*leads), [("leads", code)])
        for body, code in (({}, "required"), ({"leads": lead}, "type")):
            with self.subTest(code), self.assertNothingMade():
                response = self.post(body, url=URL, headers={"Idempotency-Key": ""})
                self.assertErrors(response, [("leads", code)])
        self.assertErrors(self.send(lead, atomic="x"), [("atomic", "type")])
        entries = self._get_entries()
        self.assertEqual(entries.mapped("status"), [422] * 5)

    def test_the_header_is_for_single_calls(self):
        response = self.send(self._lead(1), headers={"Idempotency-Key": "k"})
        body = self.assertError(response, 400, "malformed")
        self.assertIn("idempotency_key", body["message"])

    def test_only_json(self):
        for media_type in ("application/x-www-form-urlencoded", "text/xml"):
            with self.subTest(media_type):
                headers = {"Content-Type": media_type, "Idempotency-Key": ""}
                response = self.post(data="a=b", url=URL, headers=headers)
                self.assertError(response, 415, "unsupported_media_type")
                self.assertEqual(response.headers["Accept"], "application/json")

    def test_malformed(self):
        for data in (b"{", b"[]", b"\xff"):
            with self.subTest(data):
                headers = {"Content-Type": "application/json", "Idempotency-Key": ""}
                response = self.post(data=data, url=URL, headers=headers)
                self.assertError(response, 400, "malformed")

    def test_nesting_of_a_lead_is_that_of_a_single_call(self):
        def nest(depth):
            value = []
            for _level in range(depth - 1):
                value = [value]
            return value

        # A lead is one level, what is in it are the others.
        for depth, status in ((31, 200), (32, 400)):
            with self.subTest(depth):
                lead = self._lead(depth, note=nest(depth))
                self.assertEqual(self.post(lead).status_code, status)
                lead["ticket_id"] += 100
                self.assertEqual(self.send(lead).status_code, status)

    def test_a_body_may_be_longer(self):
        self.env["ir.config_parameter"].set_param("crm_lead_api.max_body", 5)  # KiB
        lead = self._lead(1, note="x" * 2000)
        self.assertResults(self.send(*[lead] * 20), [200] * 20)
        self.assertError(self.send(*[lead] * 40), 413, "too_large")
        self.assertError(self.post(self._lead(2, note="x" * 5000)), 413, "too_large")

    def test_it_counts_as_one_call(self):
        self.client.requests_per_minute = 2
        response = self.send(*(self._lead(number) for number in range(1, 6)))
        self.assertResults(response, [200] * 5)
        self.assertEqual(response.headers["RateLimit-Remaining"], "1")

    @mute_logger("odoo.http")
    def test_who_may_not(self):
        self.assertEqual(self.post({}, url=URL, token="x").status_code, 401)
        self.client.is_paused = True
        self.assertError(self.send(self._lead(1)), 403, "forbidden")
        self.client.is_paused = False
        self.caller.group_ids = self.env.ref("base.group_user")
        self.assertError(self.send(self._lead(1)), 403, "forbidden")


@tagged("post_install", "-at_install")
class TestBulkMatching(BulkCase):
    """Leads of one call are as if they had been sent one after the other."""

    def _make(self, *leads):
        results = self.assertResults(self.send(*leads), [200] * len(leads))
        return self._get_leads(results)

    def test_one_phone_is_one_contact(self):
        phone = {"phone_no1": "0977 000 001"}
        leads = self._make(
            self._lead(1, **phone, contact_name="Ánh", birth_date=None),
            self._lead(2),
            self._lead(3, phone_no1="+84 977000001", phone_no2="0977 000 009"),
            self._lead(4, **phone, contact_name="Anh Ánh", birth_date="1990-05-20"),
        )
        partner = leads[0].partner_id
        self.assertEqual(leads.mapped("match_method"), ["none", "none"] + ["phone"] * 2)
        self.assertEqual([each.partner_id for each in leads[2:]], [partner] * 2)
        self.assertNotEqual(leads[1].partner_id, partner)
        # The later ones fill up what is empty, and propose the rest.
        self.assertEqual(partner.name, "Ánh")
        self.assertEqual(partner.phone2, "0977 000 009")
        self.assertEqual(str(partner.birthdate_date), "1990-05-20")
        proposals = leads.proposal_ids
        self.assertEqual(
            [(each.lead_id, each.subject, each.new_text) for each in proposals],
            [(leads[2], "name", "Khách 3"), (leads[3], "name", "Anh Ánh")],
        )

    def test_a_phone_that_an_earlier_one_fills_in(self):
        """The second names a phone, which the contact has only since the first."""
        partner = self.env["res.partner"].create(
            {"name": "Ánh", "phone": "0977000001", "country_id": self.country.id}
        )
        leads = self._make(
            self._lead(1, phone_no1="0977 000 001", phone_no2="0977 000 002"),
            self._lead(2, phone_no1="0977 000 002"),
        )
        self.assertEqual(leads.partner_id, partner)
        self.assertEqual(leads.mapped("match_value"), ["+84977000001", "+84977000002"])

    def test_an_email_that_an_earlier_one_fills_in(self):
        """On a contact whose name is another than the one that was sent."""
        partner = self.env["res.partner"].create({"name": "Lan", "phone": "0911000009"})
        email = {"email_from": "lan@example.com"}
        leads = self._make(
            self._lead(1, **email, phone_no1="0911000009", contact_name="Nguyễn Lan"),
            self._lead(2, **email, contact_name="Lan"),
        )
        self.assertEqual(leads.mapped("match_method"), ["phone", "email"])
        self.assertEqual(leads.partner_id, partner)

    def test_email_and_name(self):
        email = {"email_from": "anh@example.com"}
        leads = self._make(
            self._lead(1, **email, contact_name="Nguyễn Ánh"),
            self._lead(2, **email, contact_name="nguyen anh"),
            self._lead(3, **email, contact_name="Trần Đức"),
        )
        self.assertEqual(leads.mapped("match_method"), ["none", "email", "none"])
        self.assertEqual(leads[0].partner_id, leads[1].partner_id)
        self.assertNotEqual(leads[0].partner_id, leads[2].partner_id)

    def test_account(self):
        partner = self.env["res.partner"].create({"name": "Ánh"})
        account = {"account_id": partner.id}
        leads = self._make(
            self._lead(1, **account, phone_no1="0977 000 001"),
            self._lead(2, **account, phone_no2="0977 000 002"),
            self._lead(3, phone_no1="0977 000 002"),
        )
        self.assertEqual(leads.partner_id, partner)
        self.assertEqual(partner.phone2, "0977 000 002")
        methods = ["account", "account", "phone"]
        self.assertEqual(leads.mapped("match_method"), methods)

    def test_other_company(self):
        """A new contact is of no company: leads of another one find it."""
        self.client.company_ids += self.other_company
        other = {
            "company_id": self.other_company.id,
            "price_list_id": self.other_pricelist.id,
            "crm_line_ids": [self.service_2.id],
        }
        lead = self._lead(1)
        leads = self._make(lead, {**lead, **other, "ticket_id": 2})
        self.assertEqual(len(leads.partner_id), 1)

    def test_as_one_after_the_other(self):
        """Whatever they share: the same customers, found by the same, with the same
        proposals."""
        numbers = ("0977 100 001", "0977 100 002", "0977 100 003")
        pairs = [(0, 1), (2, None), (1, 2), (None, 0), (1, None), (2, 0)]

        def make_leads(prefix):
            phones = [number.replace("0977", prefix) for number in numbers]
            for ticket, (first, second) in enumerate(pairs, 1):
                own = f"{prefix} 555 00{ticket}"
                yield self._lead(
                    ticket,
                    phone_no1=own if first is None else phones[first],
                    phone_no2=None if second is None else phones[second],
                    facebook_acc=f"fb{ticket % 2}",
                    birth_date=None if ticket == 1 else "1990-01-01",
                )

        def describe(leads):
            return [
                (
                    lead.match_method,
                    [*leads.partner_id].index(lead.partner_id),
                    len(lead.match_candidate_ids),
                    lead.proposal_ids.mapped("subject"),
                )
                for lead in leads
            ]

        together = self._make(*make_leads("0977"))
        singly = self.env["crm.lead"]
        for lead in make_leads("0966"):
            singly += self.assertSuccess(self.post(lead))
        self.assertEqual(describe(together), describe(singly))


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

    def test_client_that_does_not_want_it(self):
        self.client.replay_content = False
        lead = self._lead(1)
        results = self.assertResults(self.send(lead, lead), [200, 200])
        self.assertEqual(len(self._get_leads(results)), 2)


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
        # No key is used up.
        results = self.assertResults(self.send(*leads), [200, 200, 200, 422])
        self.assertEqual([each["replayed"] for each in results], [False] * 4)

    def test_atomic(self):
        with self.assertNothingMade():
            response = self.send(
                self._lead(1), {}, atomic=True, url=f"{URL}?dry_run=true"
            )
        body = self.assertError(response, 422, "validation")
        self.assertEqual(body["errors"][0]["field"], "leads.1.phone_no1")


@tagged("post_install", "-at_install")
class TestBulkLog(BulkCase):
    def test_an_entry_for_each(self):
        self.assertResults(
            self.send(
                self._lead(1, idempotency_key="k", ref="x", màu="đỏ"),
                self._lead(2, gender="x"),
                self._lead(1, idempotency_key="k", ref="y", màu="đỏ"),
                headers={"X-Request-Id": "import-1"},
            ),
            [200, 422, 200],
        )
        first, wrong, again = self._get_entries().sorted("id")
        lead = self.env["crm.lead"].search([("ticket_ref", "=", "1")])
        self.assertEqual(
            (first | wrong | again).mapped("request_ref"), ["import-1"] * 3
        )
        self.assertRecordValues(
            first | wrong | again,
            [
                {
                    "status": 200,
                    "state": "done",
                    "lead_id": lead.id,
                    "partner_id": lead.partner_id.id,
                    "is_replayed": False,
                    "idempotency_key": "k",
                    "ignored_fields": "màu",
                    "ticket_ref": "1",
                    "error_fields": False,
                },
                {
                    "status": 422,
                    "state": "refused",
                    "lead_id": False,
                    "partner_id": False,
                    "is_replayed": False,
                    "idempotency_key": False,
                    "ignored_fields": False,
                    "ticket_ref": "2",
                    "error_fields": "gender",
                },
                {
                    "status": 200,
                    "state": "done",
                    "lead_id": lead.id,
                    "partner_id": lead.partner_id.id,
                    "is_replayed": True,
                    "idempotency_key": "k",
                    "ignored_fields": "màu",
                    "ticket_ref": "1",
                    "error_fields": False,
                },
            ],
        )
        self.assertEqual(json.loads(wrong.payload), self._lead(2, gender="x"))
        self.assertEqual(wrong.phones, "+84968000002")

    def test_one_that_failed_is_sent_again(self):
        wrong = self._lead(2, gender="x")
        results = self.send(self._lead(1), {**wrong, "idempotency_key": "k", "ref": 7})
        self.assertResults(results, [200, 422])
        entry = self._get_entries().filtered("is_failed")
        manager = self._new_user("manager", MANAGER_GROUP)
        wizards = self.env["crm.lead.api.resend"].with_user(manager)
        wizard = wizards.with_context(default_request_ids=entry.ids).create({})
        wizard.payload = json.dumps(self._lead(2))
        action = wizard.action_send()
        lead = self.env[action["res_model"]].browse(action["res_id"])
        self.assertEqual((lead.ticket_ref, entry.state), ("2", "resent"))
        # The caller's own retry gets that lead, be it as before or mended.
        for again in (wrong, self._lead(2)):
            [result] = self.assertResults(
                self.send({**again, "idempotency_key": "k", "ref": 7}), [200]
            )
            self.assertTrue(result["replayed"])
            self.assertEqual(self._get_leads([result]), lead)

    def test_what_is_refused_as_a_whole_is_one_entry(self):
        self.send(self._lead(1), self._lead(2), headers={"Idempotency-Key": "k"})
        entry = self._get_entry()
        self.assertEqual((entry.status, entry.ticket_ref), (400, False))
