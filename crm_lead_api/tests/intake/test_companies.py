# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A caller of two companies: what is of the one does not get into the other."""

from odoo.fields import Command
from odoo.tests import tagged

from ..common import LeadApiHttpCase


@tagged("post_install", "-at_install")
class TestCompanies(LeadApiHttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.both_client = cls._new_client("tong-dai-chung")
        cls.both_client.company_ids = cls.company + cls.other_company
        cls.both_caller = cls.both_client.user_id
        cls.both_token = cls._new_token(cls.both_client)
        cls.payload_of_other = {
            **cls.payload,
            "company_id": cls.other_company.id,
            "price_list_id": cls.other_pricelist.id,
            "crm_line_ids": [cls.other_service.id, cls.service_2.id],
        }

    def _post(self, **changes):
        return self.post({**self.payload_of_other, **changes}, token=self.both_token)

    def test_all_that_is_made_is_of_the_company_that_was_sent(self):
        for company, payload in (
            (self.company, self.payload),
            (self.other_company, self.payload_of_other),
        ):
            with self.subTest(company.name):
                lead = self.assertSuccess(self.post(payload, token=self.both_token))
                self.assertEqual(lead.company_id, company)
                self.assertEqual(lead.portrait_id.company_id, company)
                self.assertEqual(lead.service_ids.company_id, company)
                self.assertEqual(lead.pricelist_id.company_id, company)
                self.assertIn(lead.partner_id.company_id, (company, company.browse()))
                self.assertIn(lead.team_id.company_id, (company, company.browse()))

    def test_records_of_the_wrong_one_of_two_companies(self):
        partner = self.env["res.partner"].create(
            {"name": "Khách", "company_id": self.company.id}
        )
        pricelist = self.pricelist.copy({"company_id": False})
        for changes, wrong in (
            ({"price_list_id": self.pricelist.id}, "price_list_id"),
            ({"account_id": partner.id}, "account_id"),
            (
                {"crm_line_ids": [self.service_2.id, self.service.id]},
                "crm_line_ids.1",
            ),
            (
                {"company_id": self.company.id, "price_list_id": pricelist.id},
                "crm_line_ids.0",
            ),
        ):
            with self.subTest(wrong), self.assertNothingMade():
                self.assertErrors(self._post(**changes), [(wrong, "mismatch")])

    def test_all_wrong_ones_at_once(self):
        partner = self.env["res.partner"].create(
            {"name": "Khách", "company_id": self.company.id}
        )
        with self.assertNothingMade():
            self.assertErrors(
                self._post(
                    account_id=partner.id,
                    price_list_id=self.pricelist.id,
                    crm_line_ids=[self.service.id, self.other_service.id],
                ),
                [
                    ("account_id", "mismatch"),
                    ("price_list_id", "mismatch"),
                    ("crm_line_ids.0", "mismatch"),
                ],
            )

    def test_contact_of_the_other_company_is_not_found_by_phone(self):
        phone = {"phone": "0900 000 202", "country_id": self.country.id}
        partner = self.env["res.partner"].create(
            {"name": "Khách", "company_id": self.company.id, **phone}
        )
        lead = self.assertSuccess(self._post())
        self.assertNotEqual(lead.partner_id, partner)
        lead = self.assertSuccess(self.post(token=self.both_token))
        self.assertEqual(lead.partner_id, partner)

    def test_contact_of_the_other_company_is_not_found_by_email(self):
        same = {"name": "Trần Thị Thanh Thảo", "email": "thao.tran@example.com"}
        partner = self.env["res.partner"].create(
            {"company_id": self.company.id, **same}
        )
        lead = self.assertSuccess(self._post())
        self.assertNotEqual(lead.partner_id, partner)
        self.assertFalse(lead.match_candidate_ids)
        lead.partner_id.active = False
        lead = self.assertSuccess(self.post(token=self.both_token))
        self.assertEqual(lead.partner_id, partner)

    def test_agent_of_the_other_company_is_no_salesperson(self):
        lead = self.assertSuccess(self._post())
        self.assertFalse(lead.user_id)
        self.assertEqual(lead.agent_email, self.agent.login)
        self.assertTrue(lead.team_id)
        self.assertNotEqual(lead.team_id, self.team)
        self.agent.company_ids = self.company + self.other_company
        lead = self.assertSuccess(self._post())
        self.assertEqual(lead.user_id, self.agent)

    def test_a_browsers_session_does_not_choose_the_company(self):
        self.authenticate(self.agent.login, self.agent.login)
        self.opener.cookies.set("cids", str(self.company.id))
        lead = self.assertSuccess(self._post())
        self.assertEqual(lead.company_id, self.other_company)
        self.assertEqual(lead.create_uid, self.both_caller)

    def test_taking_a_company_away_takes_its_records_away(self):
        self.both_caller.write(
            {
                "company_id": self.company.id,
                "company_ids": [Command.set(self.company.ids)],
            }
        )
        with self.assertNothingMade():
            self.assertErrors(
                self._post(),
                [
                    ("company_id", "unknown"),
                    ("price_list_id", "unknown"),
                    ("crm_line_ids.0", "unknown"),
                ],
            )
