# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Test the values of custom attributes: sent, stored, answered, refused."""

from odoo.fields import Command
from odoo.tests import tagged

from .common import CHOICES, NAMES, RIGHT, WRONG, CustomAttributesCase


@tagged("post_install", "-at_install")
class TestCustomValues(CustomAttributesCase):
    def test_tables_know_every_attribute(self):
        self.assertEqual(set(WRONG), set(NAMES.values()))
        self.assertEqual(set(RIGHT) | {"pricelist_id"}, set(NAMES.values()))

    def test_sent_is_stored_and_answered(self):
        for name, cases in RIGHT.items():
            for sent, stored, answered in cases:
                with self.subTest(name, sent=str(sent)[:40]):
                    response = self.post_with(**{name: sent})
                    lead = self.assertSuccess(response)
                    self.assertNotIn("X-Ignored-Fields", response.headers)
                    value = lead[f"x_{name}"]
                    if name == "product_ids":
                        value = value.ids
                    self.assertEqual(value, stored)
                    self.assertEqual(self.read_lead(lead)[name], answered)

    def test_relations_are_stored_and_answered(self):
        ids = [self.service_2.id, str(self.service.id), self.service.id]
        lead = self.assertSuccess(
            self.post_with(pricelist_id=f" {self.pricelist.id} ", product_ids=ids)
        )
        self.assertEqual(lead.x_pricelist_id, self.pricelist)
        self.assertEqual(lead.x_product_ids, self.service + self.service_2)
        data = self.read_lead(lead)
        self.assertEqual(data["pricelist_id"], self.pricelist.id)
        self.assertCountEqual(data["product_ids"], (self.service + self.service_2).ids)

    def test_wrong_value(self):
        for name, cases in WRONG.items():
            for value, code in cases:
                codes = code if isinstance(code, dict) else {"": code}
                expected = [
                    (f"{name}.{below}" if below else name, code)
                    for below, code in codes.items()
                ]
                with (
                    self.subTest(name, value=str(value)[:40]),
                    self.assertNothingMade(),
                ):
                    self.assertErrors(self.post_with(**{name: value}), expected)

    def test_wrong_value_is_explained(self):
        response = self.post_with(
            float="x", boolean="x", selection="Its", integer=2**31
        )
        messages = {
            error["field"]: error["message"] for error in response.json()["errors"]
        }
        self.assertEqual(messages["float"], 'Send a number, such as 1.5 or "1.5".')
        self.assertEqual(messages["boolean"], "Send true or false.")
        self.assertEqual(messages["integer"], "Send a number of at most 2147483647.")
        (error,) = (e for e in response.json()["errors"] if e["field"] == "selection")
        self.assertEqual(error["allowed"], list(CHOICES))
        self.assertEqual(error["did_you_mean"], "it's")

    def test_not_sent(self):
        lead = self.assertSuccess(self.post())
        for name in NAMES.values():
            for variant in (None, "", "  "):
                with self.subTest(name, variant=variant):
                    lead = self.assertSuccess(self.post_with(**{name: variant}))
                    self.assertFalse(lead[f"x_{name}"])
        data = self.read_lead(lead)
        self.assertEqual(
            {name: data[name] for name in NAMES.values()},
            {
                **dict.fromkeys(NAMES.values()),
                **{"integer": 0, "float": 0, "monetary": 0, "boolean": False},
                "product_ids": [],
            },
        )

    def test_required(self):
        self.attributes.is_required = True
        right = {name: cases[0][0] for name, cases in RIGHT.items()}
        right |= {"boolean": False, "integer": 0, "pricelist_id": self.pricelist.id}
        self.assertSuccess(self.post_with(**right))
        for variant in ({}, dict.fromkeys(right), dict.fromkeys(right, " ")):
            with self.subTest(variant), self.assertNothingMade():
                self.assertErrors(
                    self.post_with(**variant),
                    [(name, "required") for name in NAMES.values()],
                )

    def test_errors_come_after_those_of_the_contract_in_the_order_of_the_list(self):
        wrong = dict.fromkeys(NAMES.values(), {})
        wrong |= {"customer_portrait": {"transport": "plane"}, "product_ids": 5}
        for sequence, attribute in enumerate(reversed(self.attributes)):
            attribute.sequence = sequence
        response = self.post_with(gender="x", **wrong)
        found = [error["field"] for error in response.json()["errors"]]
        self.assertEqual(
            found,
            ["gender", "customer_portrait.transport", *reversed(NAMES.values())],
        )

    def test_archived_record(self):
        with self.assertNothingMade():
            self.assertErrors(
                self.post_with(
                    pricelist_id=self.archived_pricelist.id,
                    product_ids=[self.service.id, self.archived_service.id],
                ),
                [("pricelist_id", "archived"), ("product_ids.1", "archived")],
            )

    def test_record_of_another_company(self):
        other = {
            "pricelist_id": self.other_pricelist.id,
            "product_ids": [self.service.id, self.other_service.id],
        }
        for code in ("unknown", "mismatch"):
            with self.subTest(code), self.assertNothingMade():
                self.assertErrors(
                    self.post_with(**other),
                    [("pricelist_id", code), ("product_ids.1", code)],
                )
            self.caller.company_ids += self.other_company
        lead = self.assertSuccess(
            self.post_with(
                company_id=self.other_company.id,
                price_list_id=self.other_pricelist.id,
                crm_line_ids=[self.other_service.id],
                pricelist_id=self.other_pricelist.id,
            )
        )
        self.assertEqual(lead.x_pricelist_id, self.other_pricelist)

    def test_codes_are_for_the_lists_of_the_contract(self):
        self.client.write({"takes_codes": True, "takes_own_codes": True})
        lead = self.assertSuccess(
            self.post_with(pricelist_id=str(self.pricelist.id), country_id="VN")
        )
        self.assertEqual(lead.x_pricelist_id, self.pricelist)
        self.assertErrors(
            self.post_with(pricelist_id="Khuyến mãi", product_ids=["x"]),
            [("pricelist_id", "type"), ("product_ids.0", "type")],
        )

    def test_sent_as_a_form(self):
        form = {**self.payload, "customer_portrait": "", "boolean": "True"}
        form |= {"product_ids": f"[{self.service.id}]", "integer": "12"}
        lead = self.assertSuccess(self.post(data=form))
        self.assertEqual((lead.x_boolean, lead.x_integer), (True, 12))
        self.assertEqual(lead.x_product_ids, self.service)

    def test_another_client_does_not_have_them(self):
        client = self._new_client("web", reads_all_leads=True)
        token = self._new_token(client)
        self._add("x_integer", client=client, name="char")
        response = self.post({**self.payload, "char": 5, "integer": "x"}, token=token)
        lead = self.assertSuccess(response)
        self.assertEqual(response.headers["X-Ignored-Fields"], "integer")
        self.assertEqual((lead.x_integer, lead.x_char), (5, False))
        self.assertEqual(lead.lead_api_request_ids.ignored_fields, "integer")
        # Each reads by the names that it knows.
        self.client.reads_all_leads = True
        self.assertEqual(self.read_lead(lead, token)["char"], 5)
        self.assertNotIn("integer", self.read_lead(lead, token))
        data = self.read_lead(lead)
        self.assertEqual((data["char"], data["integer"]), (None, 5))

    def test_lists_of_leads_have_them(self):
        lead = self.assertSuccess(self.post_with(integer=5))
        response = self.post(url="/api/v1/lead?ticket_id=4711", method="GET", data=None)
        (item,) = response.json()["data"]["items"]
        self.assertEqual((item["id_lead"], item["integer"]), (lead.id, 5))

    def test_whoever_reads_in_odoo_knows_those_of_the_sender(self):
        lead = self.assertSuccess(self.post_with(integer=5))
        self.assertEqual(lead._get_custom_values()["integer"], 5)
        values = lead.with_user(self.agent)._get_custom_values()
        self.assertEqual(values["integer"], 5)
        self.assertEqual(
            self.env["crm.lead"].create({"name": "x"})._get_custom_values(), {}
        )

    def test_reading_costs_no_more_queries_for_many_leads(self):
        few = self.create_lead()
        many = few + self.create_lead(ticket_id=2) + self.create_lead(ticket_id=3)

        def count(client, leads):
            leads = leads.with_user(client.user_id).sudo()
            client._get_schema()
            self.env.invalidate_all()
            leads.mapped("name")
            leads.env.user._get_lead_api_client().mapped("reads_all_leads")
            before = self.cr.sql_log_count
            for lead in leads:
                lead._get_custom_values()
            return self.cr.sql_log_count - before

        # Its attributes are read anew for each request.
        self.assertLessEqual(count(self._new_client("web"), few), 1)
        self.assertEqual(count(self.client, many), count(self.client, few))

    def test_what_is_sent_counts_more_than_the_contact(self):
        partner = self.env["res.partner"].create(
            {
                "name": "Khách",
                "street": "1 Tràng Tiền",
                "zip": "10000",
                "city": "Hà Nội",
                "function": "Giáo viên",
            }
        )
        self._add("zip", "function")
        lead = self.assertSuccess(
            self.post_with(account_id=partner.id, zip="70000", function="Bác sĩ")
        )
        self.assertEqual((lead.zip, lead.function), ("70000", "Bác sĩ"))
        self.assertEqual((partner.zip, partner.function), ("10000", "Giáo viên"))

    def test_list_of_choices_names_them(self):
        # The name of a field that is something else must not matter.
        self.attributes.filtered(lambda a: a.name == "selection").name = "function"
        url = "/api/v1/ref/choices?q=function"
        items = self.post(url=url, method="GET", data=None).json()["data"]["items"]
        self.assertEqual({item["code"]: item["name"] for item in items}, CHOICES)

    def test_dry_run(self):
        url = "/api/v1/lead?dry_run=1"
        with self.assertNothingMade():
            wrong = self.post({**self.payload, "integer": "x"}, url=url)
            self.assertErrors(wrong, [("integer", "type")])
            response = self.post({**self.payload, "integer": 5, "foo": 1}, url=url)
        warnings = self.assertJson(response, 200)["data"]["warnings"]
        self.assertEqual([each["field"] for each in warnings], ["foo"])

    def test_correction_offers_records_of_the_company(self):
        companies = self.company + self.other_company
        (self.caller + self.manager).company_ids = companies
        wizards = self.env["crm.lead.api.resend"].with_user(self.manager)
        wizards = wizards.with_context(allowed_company_ids=companies.ids)
        wrong = {"pricelist_id": 2_000_000_000, "product_ids": ["x"]}
        for company_id, has_own, has_others in (
            (self.company.id, True, False),
            (self.other_company.id, False, True),
            ("", True, True),
        ):
            self.post_with(company_id=company_id, **wrong)
            entry = self._get_entries()[:1]
            wizard = wizards.create({"request_ids": [Command.set(entry.ids)]})
            found = {each["path"]: each for each in wizard.corrections}
            with self.subTest(company_id):
                for path, model, own, other in (
                    (
                        *("pricelist_id", "product.pricelist"),
                        *(self.pricelist, self.other_pricelist),
                    ),
                    (
                        *("product_ids.0", "product.product"),
                        *(self.service, self.other_service),
                    ),
                ):
                    self.assertEqual(found[path]["model"], model)
                    offered = self.env[model].search(found[path]["domain"])
                    self.assertEqual(own in offered, has_own)
                    self.assertEqual(other in offered, has_others)

    def test_sent_again(self):
        self.assertErrors(self.post_with(integer="x"), [("integer", "type")])
        wizard = (
            self.env["crm.lead.api.resend"]
            .with_user(self.manager)
            .create({"request_ids": [Command.set(self._get_entries()[:1].ids)]})
        )
        self.assertIn("integer", wizard.problems)
        wizard.action_check()
        self.assertIn("integer", wizard.problems)
        wizard.payload = wizard.payload.replace('"integer": "x"', '"integer": 5')
        action = wizard.action_send()
        self.assertEqual(self.env["crm.lead"].browse(action["res_id"]).x_integer, 5)
