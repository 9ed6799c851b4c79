# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Test the form by which administrators correct the wrong attributes of a request."""

import json

from odoo.tests import Form, tagged

from ...schemas.record_list import BY_ATTRIBUTE
from .common import CorrectionCase


@tagged("post_install", "-at_install")
class TestCorrections(CorrectionCase):
    def _correct(self, form, **changes):
        """Set values of corrections, ``{path: {…}}``, as the widget does it."""
        form.corrections = [
            {**each, **changes.get(each["path"], {})} for each in form.corrections
        ]

    def _send(self, form):
        action = form.save().action_send()
        return self.env[action["res_model"]].browse(action["res_id"])

    def test_more_companies_than_the_client_has(self):
        """The administrator may have chosen other companies, too."""
        self.client.takes_codes = True
        self.manager.company_ids += self.other_company
        chosen = {"allowed_company_ids": (self.company + self.other_company).ids}
        entry = self._fail(gender="nữ", crm_line_ids=[self.service_2.name])
        wizard = self._open(entry, **chosen).create({})
        self.assertEqual([each["path"] for each in wizard.corrections], ["gender"])
        entry = self._fail(company_id="", user_id=99_999_999)
        self.assertTrue(self._open(entry, **chosen).create({}).corrections)

    def test_what_is_left_out_narrows_nothing(self):
        entry = self._fail(state_id=0, district_id=0)
        form = Form(self._open(entry))

        def find_domain():
            paths = {each["path"]: each for each in form.corrections}
            return str(paths["district_id"]["domain"])

        self._correct(form, state_id={"value": self.other_state.id})
        self.assertIn(str(self.other_state.id), find_domain())
        self._correct(form, state_id={"is_left_out": True})
        self.assertNotIn(str(self.other_state.id), find_domain())

    def test_chosen_values_make_the_lead(self):
        entry = self._fail(
            gender="nữ",
            street="",
            agent_email="",
            state_id=99999999,
            district_id=self.other_district.id,
            crm_line_ids=[99999999, self.service.id],
            email_from="anh",
        )
        with Form(self._open(entry)) as form:
            self._correct(
                form,
                gender={"value": "female"},
                street={"value": "14 Lê Lợi"},
                agent_email={"value": self.agent.id},
                state_id={"value": self.other_state.id},
                email_from={"is_left_out": True},
                **{"crm_line_ids.0": {"value": self.service_2.id}},
            )
            lead = self._send(form)
        self.assertRecordValues(
            lead,
            [
                {
                    "gender": "female",
                    "street": "14 Lê Lợi",
                    "user_id": self.agent.id,
                    "state_id": self.other_state.id,
                    "district_id": self.other_district.id,
                    "email_from": False,
                }
            ],
        )
        self.assertEqual(lead.service_ids.product_id, self.service | self.service_2)

    def test_an_item_left_out_and_a_list_that_is_missing(self):
        entry = self._fail(crm_line_ids=[99999999, self.service.id, 99999998])
        with Form(self._open(entry)) as form:
            self._correct(
                form,
                **{f"crm_line_ids.{item}": {"is_left_out": True} for item in (0, 2)},
            )
            lead = self._send(form)
        self.assertEqual(lead.service_ids.product_id, self.service)
        entry = self._fail(crm_line_ids=[], ticket_id=2)
        with Form(self._open(entry)) as form:
            self._correct(form, crm_line_ids={"value": self.service_2.id})
            lead = self._send(form)
        self.assertEqual(lead.service_ids.product_id, self.service_2)

    def test_what_is_still_wrong_stays_in_the_form(self):
        entry = self._fail(gender="nữ", email_from="anh")
        with Form(self._open(entry)) as form:
            self._correct(form, gender={"value": "female"})
        wizard = form.record
        with self.assertNothingMade():
            wizard.action_send()
        [left] = wizard.corrections
        self.assertEqual(left["path"], "email_from")
        self.assertEqual(json.loads(wizard.payload)["gender"], "female")
        wizard.corrections = [{**left, "value": "thao.tran@example.com"}]
        wizard.action_check()
        self.assertTrue(wizard.is_right)
        self.assertFalse(wizard.corrections)

    def test_records_of_the_chosen_parent(self):
        entry = self._fail(state_id="", district_id=99999999)
        districts = self.env["res.country.district"]
        with Form(self._open(entry)) as form:
            for state, district, other in (
                (self.state, self.district, self.other_district),
                (self.other_state, self.other_district, self.district),
            ):
                self._correct(form, state_id={"value": state.id})
                domains = {each["path"]: each["domain"] for each in form.corrections}
                offered = districts.search(domains["district_id"])
                self.assertIn(district, offered)
                self.assertNotIn(other, offered)
            self._correct(form, district_id={"value": self.other_district.id})
            lead = self._send(form)
        self.assertEqual(lead.district_id, self.other_district)

    def test_records_that_the_client_may_use(self):
        wrong = dict.fromkeys(BY_ATTRIBUTE, 99999999)
        right = {name: self.payload[name] for name in ("company_id", "country_id")}
        entry = self._fail(**wrong | right | {"crm_line_ids": [99999999]})
        other = {
            "user_id": self.portal_user | self.caller,
            "price_list_id": self.other_pricelist | self.archived_pricelist,
            "crm_line_ids.0": self.other_service | self.archived_service,
            "category_source_id": self.archived_group,
        }
        for each in self._open(entry).create({}).corrections:
            with self.subTest(each["path"]):
                records = self.env[each["model"]].search(each["domain"])
                self.assertTrue(records)
                self.assertFalse(records & other.get(each["path"], records.browse()))
        entry = self._fail(company_id=self.other_company.id)
        correction = self._open(entry).create({}).corrections[0]
        companies = self.env["res.company"].search(correction["domain"])
        self.assertEqual(companies, self.company)

    def test_one_of_several_records_with_the_same_name(self):
        self.client.takes_codes = True
        twin = self.env["product.product"].create({"name": "KHÁM"})
        entry = self._fail(crm_line_ids=["khám"])
        [correction] = self._open(entry).create({}).corrections
        offered = self.env["product.product"].search(correction["domain"])
        self.assertEqual(offered, self.service_2 | twin)

    def test_in_the_browser(self):
        entry = self._fail(gender="nữ", street="", state_id=99999999, email_from="anh")
        self.start_tour(
            f"/odoo/lead-api-requests/{entry.id}",
            "crm_lead_api_corrections_tour",
            login=self.manager.login,
        )
        self.assertRecordValues(
            entry.lead_id,
            [
                {
                    "gender": "female",
                    "street": "14 Lê Lợi",
                    "state_id": self.state.id,
                    "email_from": False,
                }
            ],
        )
