# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The OpenAPI document and the API agree."""

import re

from jsonschema import Draft202012Validator
from openapi_spec_validator import validate

from odoo.tests import tagged

from ...http.body import FORMS, JSON
from ...http.routes import api_route
from ...openapi.operation import CHARSET
from ...schemas import CustomerPortrait, LeadRequest
from ..common import LeadApiHttpCase

# Of JSON Schema: what a schema demands, and what it tells
KEYWORDS = {
    *Draft202012Validator.VALIDATORS,
    *("title", "description", "examples", "default", "contentMediaType"),
}


def find_schemas(node):
    """Yield the schemas of parameters, headers and bodies in a part of a document."""
    for name, value in node.items() if isinstance(node, dict) else enumerate(node):
        if name == "schema":
            yield value
        elif isinstance(value, dict | list):
            yield from find_schemas(value)


@tagged("post_install", "-at_install")
class TestOpenApi(LeadApiHttpCase):
    def _get_document(self, **kwargs):
        return self.post(url="/api/v1/openapi.json", method="GET", **kwargs).json()

    def _get_attributes(self, name, document):
        schema = document["components"]["schemas"][name]
        return schema["properties"], set(schema.get("required", ()))

    def test_document_is_valid(self):
        document = self._get_document()
        validate(document)
        self.assertEqual(document["openapi"], "3.1.0")
        # The validator lets unknown keywords of a schema pass.
        for schema in find_schemas(document["paths"]):
            self.assertLessEqual(schema.keys(), KEYWORDS)
            self.assertTrue(schema.keys() & {"type", "$ref", "anyOf"}, schema)

    def test_document_without_a_token(self):
        response = self.url_open("/api/v1/openapi.json")
        self.assertEqual(response.status_code, 200)
        validate(response.json())
        self.assertNotIn(self.company.name, response.text)
        response = self.post(url="/api/v1/openapi.json", method="GET", token="x")
        self.assertEqual(response.status_code, 401)

    def test_a_route_has_no_unknown_options(self):
        with self.assertRaisesRegex(TypeError, "detail"):
            api_route("/x", "GET", "", detail=())

    def test_every_route_is_described(self):
        http = self.env["ir.http"]
        routes = {
            (path, method)
            for path, endpoint in http._generate_routing_rules(
                ["crm_lead_api"], converters=http._get_converters()
            )
            if endpoint.routing["type"] == "lead_api"
            for method in endpoint.routing["methods"]
            if method != "HEAD"
        }
        paths = {
            (path, method.upper())
            for path, methods in self._get_document()["paths"].items()
            for method in methods
        }
        described = {(re.sub(r"\{.*", "", path), method) for path, method in paths}
        not_for_integrators = {
            (f"/api/v1/{name}", "GET")
            for name in ("docs", "health", "metrics", "openapi.json")
        }
        self.assertEqual(
            described | not_for_integrators,
            {(re.sub(r"<.*", "", path), method) for path, method in routes},
        )

    def test_one_lead_may_be_a_form_and_has_a_key(self):
        """Many leads in one request are JSON, and have a key each."""
        paths = self._get_document()["paths"]
        one, many = (paths[f"/api/v1/{name}"]["post"] for name in ("lead", "leads"))
        for operation, forms, is_one in (
            (one, {*FORMS, CHARSET}, True),
            (many, set(), False),
        ):
            content = operation["requestBody"]["content"]
            self.assertEqual(set(content), {JSON, *forms})
            names = [each.get("name") for each in operation["parameters"]]
            self.assertEqual("Idempotency-Key" in names, is_one)
            headers = operation["responses"]["200"]["headers"]
            self.assertEqual("Idempotency-Replayed" in headers, is_one)

    def test_events_are_described(self):
        document = self._get_document()
        event = document["webhooks"]["event"]["post"]["requestBody"]
        reference = event["content"]["application/json"]["schema"]["$ref"]
        schema = document["components"]["schemas"][reference.rpartition("/")[2]]
        types = dict(self.env["crm.lead.api.event"]._fields["type"].selection)
        self.assertEqual(set(schema["properties"]["type"]["enum"]), set(types))

    def test_document_and_validator_agree(self):
        document = self._get_document()
        for name, schema in (
            ("LeadRequest", LeadRequest),
            ("CustomerPortrait-Input", CustomerPortrait),
        ):
            attributes, required = self._get_attributes(name, document)
            self.assertEqual(list(attributes), list(schema.model_fields))
            choices = schema.get_choices()
            for attribute, described in attributes.items():
                with self.subTest(attribute):
                    is_required = schema.get_about(attribute).required
                    self.assertEqual(attribute in required, is_required)
                    self.assertEqual(
                        self._get_choices(described), choices.get(attribute, ())
                    )

    def _get_choices(self, described):
        # Without the schema of what counts as not sent
        (wanted,) = [
            each
            for each in described.get("anyOf", [described])
            if each.get("pattern") != r"^\s*$"
        ]
        return tuple(wanted.get("enum", ()))

    def test_what_is_said_is_in_both_languages(self):
        document = self._get_document()
        for name in ("LeadRequest", "CustomerPortrait-Input", "StoredLead"):
            for attribute, described in self._get_attributes(name, document)[0].items():
                with self.subTest(attribute):
                    english, _blank, vietnamese = described["description"].split("\n")
                    self.assertTrue(english and vietnamese)

    def test_what_the_client_has_a_default_for_is_not_required(self):
        def is_required():
            return (
                "campaign_id"
                in self._get_attributes("LeadRequest", self._get_document())[1]
            )

        self.assertTrue(is_required())
        self.client.campaign_id = self.campaign
        self.assertFalse(is_required())

    def test_example_makes_a_lead(self):
        create = self._get_document()["paths"]["/api/v1/lead"]["post"]
        example = create["requestBody"]["content"]["application/json"]["example"]
        lead = self.assertSuccess(self.post(example))
        self.assertEqual(lead.company_id, self.company)
        self.assertTrue(lead.user_id)
        # All that a new customer can have is shown, as far as there is any.
        self.assertLessEqual(
            set(LeadRequest.model_fields) - set(example), {"account_id", "district_id"}
        )

    def test_example_of_a_422_is_a_real_answer(self):
        headers = {"Accept-Language": "vi"}
        operation = self._get_document(headers=headers)["paths"]["/api/v1/lead"]["post"]
        example, body = (
            part["content"]["application/json"]["example"]
            for part in (operation["responses"]["422"], operation["requestBody"])
        )
        self.assertEqual(
            [(each["field"], each["code"]) for each in example["errors"]],
            [("gender", "choice"), ("street", "required"), ("birth_date", "format")],
        )
        wrong = {**body, "gender": "femal", "birth_date": "20/10/1992", "street": ""}
        self.assertEqual(self.post(wrong, headers=headers).json(), example)

    def test_example_of_a_422_without_leads(self):
        operation = self._get_document()["paths"]["/api/v1/leads"]["post"]
        answer = operation["responses"]["422"]["content"]["application/json"]
        headers = {"Idempotency-Key": ""}
        response = self.post({"leads": []}, url="/api/v1/leads", headers=headers)
        self.assertEqual(self.assertJson(response, 422), answer["example"])

    def test_operations_explain_retries_matching_and_dry_runs(self):
        paths = self._get_document()["paths"]
        for path in ("/api/v1/lead", "/api/v1/leads"):
            text = paths[path]["post"]["description"]
            for word in ("ticket-100234", "account_id", "dry_run=1"):
                self.assertIn(word, text)
        for described in (
            paths["/api/v1/leads"]["get"]["description"],
            *(
                each["description"]
                for each in paths["/api/v1/leads"]["get"]["parameters"]
                if each["name"] == "updated_since"
            ),
        ):
            self.assertIn("this very time", described)

    def test_documentation(self):
        response = self.url_open("/x/api/v1/docs")
        self.assertEqual(response.status_code, 200)
        self.assertIn("text/html", response.headers["Content-Type"])
        self.assertIn("default-src 'none'", response.headers["Content-Security-Policy"])
        addresses = re.findall(r'(?:src|href)="([^"]*)"', response.text)
        self.assertEqual([url for url in addresses if "//" in url], [])
        for address in addresses:
            if address.startswith("/"):
                self.assertEqual(self.url_open(address).status_code, 200, address)
