# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Test who the customer is: by account, then phone, then e-mail with the name."""

import json
from contextlib import contextmanager
from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import SQL

from ...schemas import LeadRequest
from ..common import LeadApiCase

NO_PHONES = dict.fromkeys(("phone_no1", "phone_no2", "phone_no3"))


@tagged("post_install", "-at_install")
class TestMatching(LeadApiCase):
    def _create_partner(self, **values):
        return self.env["res.partner"].create(
            {"name": "Bà Ánh", "country_id": self.country.id, **values}
        )

    def assertMatch(self, lead, method, value, partner, candidates=()):
        self.assertEqual(lead.match_method, method)
        self.assertEqual(lead.match_value, value)
        self.assertEqual(lead.partner_id, partner)
        self.assertEqual(set(lead.match_candidate_ids), set(candidates))
        self.assertEqual(lead.is_match_doubtful, bool(candidates))

    def test_account(self):
        partner = self._create_partner(phone="0900 000 202")
        lead = self.create_lead(account_id=partner.id)
        self.assertMatch(lead, "account", str(partner.id), partner)

    def test_account_and_phone_of_different_customers(self):
        account = self._create_partner()
        by_phone = self._create_partner(phone="0900 000 202")
        lead = self.create_lead(account_id=account.id)
        self.assertMatch(lead, "account", str(account.id), account, by_phone)

    def test_phone(self):
        partner = self._create_partner(phone2="0900 000 203")
        lead = self.create_lead()
        self.assertMatch(lead, "phone", "+84900000203", partner)

    def test_find_by_phone(self):
        """Another addon finds the customer who calls."""
        partner = self._create_partner(phone2="0900 000 203")
        partners = self.env["res.partner"]
        for phone, country, company, found in (
            ("+84 900 000 203", partners.country_id, self.company, partner),
            ("0900.000.203", self.country, self.company, partner),
            ("0900000299", self.country, self.company, partners),
            ("ẩn số", self.country, self.company, partners),
            ("", self.country, self.company, partners),
        ):
            with self.subTest(phone):
                self.assertEqual(
                    partners._find_by_phone(phone, country, company), found
                )
        partner.company_id = self.other_company
        self.assertFalse(
            partners._find_by_phone("0900 000 203", self.country, self.company)
        )

    def test_the_foremost_phone_decides(self):
        """The third is that of the family, and its contact is older."""
        family = self._create_partner(phone="028 3822 0000")
        customer = self._create_partner(phone3="0900 000 202")
        lead = self.create_lead()
        self.assertMatch(lead, "phone", "+84900000202", customer, family)

    def test_the_oldest_of_equals(self):
        first = self._create_partner(phone="0900 000 202")
        others = self._create_partner(phone="+84900000202")
        others += self._create_partner(phone2="0900000202")
        lead = self.create_lead()
        self.assertMatch(lead, "phone", "+84900000202", first, others)

    def test_a_contact_before_an_address(self):
        """Odoo keeps addresses as contacts below the one whose they are."""
        partner = self._create_partner()
        address = self._create_partner(
            parent_id=partner.id, type="delivery", phone="0900 000 202"
        )
        partner.phone = "0900 000 202"
        other = self._create_partner(phone="0900 000 202")
        self.assertLess(partner.id, address.id)
        phone = NO_PHONES | {"phone_no1": "0900 000 202"}
        lead = self.create_lead(**phone)
        self.assertMatch(lead, "phone", "+84900000202", partner, other)
        partner.phone = False
        lead = self.create_lead(ticket_id=2, **phone)
        self.assertMatch(lead, "phone", "+84900000202", other, address)

    def test_email_together_with_the_name(self):
        partner = self._create_partner(
            name="Trần Thị Thanh Thảo", email="thao.tran@example.com"
        )
        for name in (
            "Trần Thị Thanh Thảo",
            "TRẦN THỊ THANH  THẢO",
            "Tran Thi Thanh Thao",
        ):
            with self.subTest(name):
                lead = self.create_lead(
                    contact_name=name, email_from="Thao.Tran@Example.com"
                )
                self.assertMatch(lead, "email", "Thao.Tran@Example.com", partner)
            # Else the next is found by the phones that this one filled in.
            partner.write({"phone": False, "phone2": False, "phone3": False})

    def test_a_contact_before_an_address_with_the_same_email(self):
        values = {"name": "Trần Thị Thanh Thảo", "email": "thao.tran@example.com"}
        parent = self._create_partner()
        address = self._create_partner(parent_id=parent.id, type="delivery", **values)
        partner = self._create_partner(**values)
        self.assertMatch(
            self.create_lead(), "email", "thao.tran@example.com", partner, address
        )

    def test_email_of_somebody_else(self):
        """Couples and offices share one."""
        partner = self._create_partner(
            name="Trần Văn Đức", email="thao.tran@example.com"
        )
        lead = self.create_lead()
        self.assertNotEqual(lead.partner_id, partner)
        self.assertMatch(lead, "none", False, lead.partner_id)
        partner = self._create_partner(name="Đỗ Đức", email="duc@example.com")
        found = self.create_lead(
            **NO_PHONES | {"phone_no1": "0911 222 333"},
            contact_name="do duc",
            email_from="duc@example.com",
        )
        self.assertEqual(found.partner_id, partner)

    def test_email_counts_only_when_the_phone_finds_nobody(self):
        self._create_partner(name="Trần Thị Thanh Thảo", email="thao.tran@example.com")
        by_phone = self._create_partner(phone="0900 000 202")
        lead = self.create_lead()
        self.assertMatch(lead, "phone", "+84900000202", by_phone)

    def test_only_contacts_that_the_company_may_use(self):
        foreign = self._create_partner(
            phone="0900 000 202", company_id=self.other_company.id
        )
        archived = self._create_partner(phone="0900 000 202", active=False)
        shared = self._create_partner(phone="0900 000 202", company_id=False)
        own = self._create_partner(phone="0900 000 202", company_id=self.company.id)
        lead = self.create_lead()
        self.assertMatch(lead, "phone", "+84900000202", shared, own)
        shared.active = own.active = False
        lead = self.create_lead(ticket_id=2)
        self.assertNotIn(lead.partner_id, foreign + archived + shared + own)

    def test_number_that_is_none_is_kept_and_matched_as_sent(self):
        partner = self._create_partner(phone2="3822-1290")
        lead = self.create_lead(**NO_PHONES | {"phone_no1": "3822 1290"})
        self.assertMatch(lead, "phone", "38221290", partner)
        self.assertEqual(lead.phone, "3822 1290")

    def test_lead_says_which_phones_look_wrong(self):
        lead = self.create_lead(phone_no2="máy lẻ 1290", phone_no3="0000000000")
        self.assertEqual(lead.wrong_phones, "máy lẻ 1290, 0000000000")
        self.assertFalse(self.create_lead(ticket_id=2).wrong_phones)

    def test_many_contacts_with_one_phone(self):
        """The hotline that somebody typed into each contact."""
        partners = self.env["res.partner"].create(
            [{"name": str(n), "phone": "+84900000202"} for n in range(120)]
        )
        self.assertEqual(self.create_lead().partner_id, partners[0])

    def test_matching_does_not_slow_down_with_the_number_of_contacts(self):
        def count_statements(ticket):
            partner = self._create_partner(phone=f"0911 222 00{ticket}")
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            lead = self.create_lead(
                ticket_id=ticket, **NO_PHONES | {"phone_no1": partner.phone}
            )
            self.assertEqual(lead.partner_id, partner)
            return self.env.cr.sql_log_count - before

        count_statements(1)  # the first also fills caches
        with_few = count_statements(2)
        # Other addons have columns that must be filled, too.
        self.env.cr.execute(
            """
            INSERT INTO res_partner
            SELECT contact.*
              FROM generate_series(1, 100000) AS number, res_partner AS template,
                   jsonb_populate_record(template, jsonb_build_object(
                       'id', nextval('res_partner_id_seq'),
                       'name', number, 'complete_name', number, 'phone', number,
                       'phone_key', '+8498' || lpad(number::text, 7, '0'),
                       'phone2_key', NULL, 'phone3_key', NULL, 'commercial_partner_id',
                       NULL, 'email_normalized', number || '@example.com')) AS contact
             WHERE template.id = %s
            """,
            [self._create_partner(phone="0911 222 009").id],
        )
        self.env.cr.execute("ANALYZE res_partner")
        self.assertLessEqual(count_statements(3), with_few)
        partners = self.env["res.partner"].with_user(self.caller)
        with self._capture_plans() as plans:
            by_phone, by_email = self._find(
                partners,
                {"phone_no1": "0980000007", "phone_no2": "0980000009"},
                {"phone_no1": "0981234567", "email_from": "70000@example.com"},
            )
        self.assertEqual(by_phone.candidates.mapped("phone"), ["7", "9"])
        self.assertEqual(by_email.partner.phone, "70000")
        [plan] = plans
        self.assertNotIn('"Seq Scan"', plan)
        for name in ("phone_key", "phone2_key", "phone3_key"):
            self.assertIn(f"res_partner__{name}_index", plan)
        self.assertIn("res_partner_email_normalized_index", plan)

    def _find(self, partners, *requests):
        """Return whom requests of a customer whose name is 70000 are about."""
        nobody = partners.browse()
        payloads = [
            LeadRequest.parse(
                {**self.payload, **NO_PHONES, "contact_name": "70000", **each}
            )
            for each in requests
        ]
        identities = [partners._get_identity(each, nobody) for each in payloads]
        directory = partners._load_candidates(identities)
        return [directory.find(each) for each in identities]

    @contextmanager
    def _capture_plans(self):
        """Collect PostgreSQL's plans, as JSON, of the searches for contacts."""
        plans, cr = [], self.env.cr
        execute = cr.execute

        def explain_and_execute(query, *args, **kwargs):
            if isinstance(query, SQL) and 'FROM "res_partner"' in query.code:
                execute(SQL("EXPLAIN (FORMAT JSON) %s", query))
                plans.append(json.dumps(cr.fetchall()))
            return execute(query, *args, **kwargs)

        with patch.object(cr, "execute", explain_and_execute):
            yield plans
