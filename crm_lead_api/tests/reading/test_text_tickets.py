# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Test the requests of clients whose tickets are texts, beside clients with numbers."""

import json
from urllib.parse import quote

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openapi_spec_validator import validate

from odoo.tests import tagged

from ...schemas.ticket import MAX_TEXT
from ..common import URL
from .common import ReadCase

UUID = "550e8400-e29b-41d4-a716-446655440000"
ODD = [
    *("TCK-100", UUID, "a b", "#1/2?x=1&y=+", "100%", "a_c", "\\", "x\\", '"', "'"),
    *("Phiếu số 7", "🎫", "\u202eabc", "a\tb", "a\nb", "(^|$)", ".*", "0100", "null"),
    *("Ã©", "%41", "-5", "ﬁ", "e\u0301", "x" * MAX_TEXT),
]
TICKETS = st.one_of(
    st.text(st.sampled_from("aA%_\\.*'\"+;: 01é"), min_size=1, max_size=6),
    st.text(st.characters(codec="utf-8", exclude_characters="\0,"), max_size=MAX_TEXT),
).filter(lambda text: text == text.strip() != "")


@tagged("post_install", "-at_install")
class TestTextTickets(ReadCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.client.has_text_tickets = True

    def send(self, ticket, token=None, **changes):
        payload = {**self.payload, **changes, "ticket_id": ticket}
        return self.assertSuccess(self.post(payload, token))

    def find(self, ticket, **kwargs):
        """Return the items that are read by a ticket."""
        path = f"lead?ticket_id={quote(ticket, safe='')}"
        return self.read_data(path, **kwargs)["items"]

    def find_ids(self, ticket, **kwargs):
        return [item["id_lead"] for item in self.find(ticket, **kwargs)]

    def merge(self, *leads):
        leads = self.env["crm.lead"].concat(*leads)
        leads.with_user(self.agent).merge_opportunity()
        return leads.exists()

    # ------------------------------------------------------------ one client

    def test_ticket_comes_back_as_it_was_sent(self):
        for ticket in ODD:
            with self.subTest(ticket):
                lead = self.send(ticket)
                self.assertEqual(lead.ticket_ref, ticket)
                (item,) = self.find(ticket)
                self.assertEqual(item["id_lead"], lead.id)
                self.assertEqual(item["ticket_id"], ticket)
                self.assertEqual(item["ticket_ids"], [ticket])

    @settings(
        max_examples=20,
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(st.lists(TICKETS, min_size=2, max_size=6, unique=True))
    def test_ticket_finds_its_own_lead_alone(self, tickets):
        # Hypothesis repeats the very same requests.
        self.client.replay_content = False
        self.env["crm.lead"].search([("ticket_ref", "!=", False)]).ticket_ref = False
        leads = [{**self.payload, "ticket_id": ticket} for ticket in tickets]
        response = self.post(
            {"leads": leads}, url="/api/v1/leads", headers={"Idempotency-Key": ""}
        )
        results = self.assertJson(response, 200)["data"]["results"]
        for ticket, result in zip(tickets, results, strict=True):
            self.assertEqual(result["status"], 200, result)
            (item,) = self.find(ticket)
            self.assertEqual(item["id_lead"], result["body"]["data"]["id_lead"])
            self.assertEqual(item["ticket_ids"], [ticket])

    def test_spaces_at_the_ends_are_cut_off(self):
        lead = self.send(" \u00a0TCK  100\n")
        self.assertEqual(lead.ticket_ref, "TCK  100")
        self.assertEqual(self.find("\tTCK  100 ")[0]["ticket_id"], "TCK  100")
        self.assertEqual(self.send(f"  {'x' * 64} ").ticket_ref, "x" * 64)

    def test_case_counts(self):
        small, large = self.send("tck-1"), self.send("TCK-1")
        self.assertEqual(self.find_ids("tck-1"), small.ids)
        self.assertEqual(self.find_ids("TCK-1"), large.ids)
        self.assertEqual(self.find_ids("Tck-1"), [])

    def test_number_is_taken_as_its_digits(self):
        self.client.has_text_tickets = False
        older = self.send(4711)
        self.client.has_text_tickets = True
        number, digits, zero = self.send(4711), self.send("4711"), self.send("04711")
        ids = [digits.id, number.id, older.id]
        self.assertEqual(self.find_ids("4711"), ids)
        for item in self.find("4711"):
            self.assertEqual(
                (item["ticket_id"], item["ticket_ids"]), ("4711", ["4711"])
            )
        self.assertEqual(self.find_ids("04711"), zero.ids)
        whole = self.send(4712.0)
        self.assertEqual(self.find_ids("4712"), whole.ids)

    def test_wrong_tickets(self):
        for ticket, code in (
            *(("a,b", "characters"), (",", "characters"), ("a\0", "characters")),
            *(("x" * 65, "too_long"), (10**64, "too_long"), (1.5, "type")),
            *((True, "type"), ([1], "type"), ({}, "type")),
            *(("", "required"), ("  ", "required"), (None, "required")),
        ):
            with self.subTest(ticket), self.assertNothingMade():
                response = self.post({**self.payload, "ticket_id": ticket})
                self.assertErrors(response, [("ticket_id", code)])
        for query, code in (
            *(("?ticket_id=a%2Cb", "characters"), ("?ticket_id=a%00", "characters")),
            *((f"?ticket_id={'x' * 65}", "too_long"), ("?ticket_id=", "required")),
            *(("?ticket_id=%20", "required"), ("", "required")),
            ("?ticket_id=a&ticket_id=b", "too_many"),
        ):
            with self.subTest(query):
                self.assertErrors(self.get(f"lead{query}"), [("ticket_id", code)])

    def test_comma_is_explained(self):
        response = self.post({**self.payload, "ticket_id": "a,b"})
        (error,) = response.json()["errors"]
        self.assertEqual(error["message"], "Send the text without commas.")

    def test_text_in_a_form_in_a_dry_run_and_among_many(self):
        form = {**self.payload, "ticket_id": " F-1 "}
        for name in ("crm_line_ids", "customer_portrait"):
            form[name] = json.dumps(form[name])
        self.assertEqual(self.assertSuccess(self.post(data=form)).ticket_ref, "F-1")
        with self.assertNothingMade():
            response = self.post(
                {**self.payload, "ticket_id": "D-1"}, url=f"{URL}?dry_run=1"
            )
            self.assertTrue(self.assertJson(response, 200)["data"]["dry_run"])
        leads = [{**self.payload, "ticket_id": each} for each in ("B-1", "B,1", 7)]
        response = self.post(
            {"leads": leads}, url="/api/v1/leads", headers={"Idempotency-Key": ""}
        )
        results = response.json()["data"]["results"]
        self.assertEqual([each["status"] for each in results], [200, 422, 200])
        self.assertEqual(self.find_ids("7"), [results[2]["body"]["data"]["id_lead"]])

    # ------------------------------------------------------------ staff and merges

    def test_tickets_that_staff_write(self):
        lead = self.send("TCK-1")
        lead.ticket_ref = f"TCK-1,A-17 , 8/9,, {'x' * 65}"
        tickets = ["TCK-1", "A-17", "8/9"]
        for ticket in tickets:
            (item,) = self.find(ticket)
            self.assertEqual(
                (item["ticket_id"], item["ticket_ids"]), ("TCK-1", tickets)
            )
        lead.ticket_ref = False
        data = self.read_data(f"lead/{lead.id}")
        self.assertEqual((data["ticket_id"], data["ticket_ids"]), (None, []))

    def test_merged_leads(self):
        lead = self.merge(self.send("TCK-1"), self.send("TCK-10"), self.send("K 1"))
        for ticket in ("TCK-1", "TCK-10", "K 1"):
            (item,) = self.find(ticket)
            self.assertEqual(item["id_lead"], lead.id)
            self.assertCountEqual(item["ticket_ids"], ["TCK-1", "TCK-10", "K 1"])
        self.assertEqual(self.find("TCK"), [])

    def test_merged_with_a_lead_of_a_client_with_numbers(self):
        token = self._new_token(self._new_client("web-form"))
        lead = self.merge(self.send(" TCK-815 "), self.send(" 0815 ", token))
        (item,) = self.find("TCK-815")
        self.assertEqual(
            (item["ticket_id"], item["ticket_ids"]), ("TCK-815", ["TCK-815"])
        )
        (item,) = self.find("815", token=token)
        self.assertEqual((item["id_lead"], item["ticket_ids"]), (lead.id, [815]))
        lead = self.merge(self.send("TCK-4711"), self.send(4711, token))
        (item,) = self.find("4711", token=token)
        self.assertEqual(item["id_lead"], lead.id)
        self.assertEqual((item["ticket_id"], item["ticket_ids"]), (4711, [4711]))
        self.assertEqual(self.find("4711"), [])
        self.assertEqual(self.find_ids("815"), [])

    def test_same_ticket_of_two_clients(self):
        token = self._new_token(self._new_client("web-form"))
        lead = self.merge(self.send("4711"), self.send(4711, token))
        self.assertEqual(self.find("4711")[0]["ticket_ids"], ["4711"])
        (item,) = self.find("4711", token=token)
        self.assertEqual((item["id_lead"], item["ticket_ids"]), (lead.id, [4711]))

    def test_client_with_numbers_sees_no_digits_of_a_text(self):
        reader = self._new_client("kho", reads_all_leads=True)
        token = self._new_token(reader)
        for ticket in ("TCK-100", UUID, "0100", "2024-001"):
            lead = self.send(ticket)
            data = self.read_data(f"lead/{lead.id}", token=token)
            self.assertEqual(
                (data["ticket_id"], data["ticket_ids"]), (None, []), ticket
            )
        for number in ("100", "8400", "1", "2024"):
            self.assertEqual(self.find(number, token=token), [], number)
        lead = self.send("4711")
        self.assertEqual(self.find("4711", token=token)[0]["ticket_ids"], [4711])
        merged = self.merge(lead, self.send("TCK-7"))
        self.assertEqual(self.find("4711", token=token)[0]["ticket_ids"], [4711])
        reader.has_text_tickets = True
        (item,) = self.find("TCK-7", token=token)
        self.assertEqual(item["id_lead"], merged.id)

    def test_client_that_goes_back_to_numbers(self):
        text, number = self.send("TCK-100"), self.send("100")
        self.client.has_text_tickets = False
        self.assertEqual(self.find_ids("100"), number.ids)
        self.assertErrors(self.get("lead?ticket_id=TCK-100"), [("ticket_id", "type")])
        text.lead_api_request_ids._anonymize()
        data = self.read_data(f"lead/{text.id}")
        self.assertEqual((data["ticket_id"], data["ticket_ids"]), (None, []))
        response = self.post({**self.payload, "ticket_id": "TCK-100"})
        self.assertErrors(response, [("ticket_id", "type")])
        self.client.has_text_tickets = True
        self.assertEqual(self.find_ids("TCK-100"), text.ids)

    # ------------------------------------------------------------ besides

    def test_me_and_the_document_say_so(self):
        for has_texts in (True, False):
            self.client.has_text_tickets = has_texts
            rights = self.read_data("me")["rights"]
            self.assertIs(rights["has_text_tickets"], has_texts)
            document = self.get("openapi.json").json()
            validate(document)
            schemas = document["components"]["schemas"]
            kind = "string" if has_texts else "integer"
            sent = [
                *(schemas[name]["properties"] for name in ("LeadRequest", "LeadItem")),
                {
                    each["name"]: each["schema"]
                    for each in document["paths"]["/api/v1/lead"]["get"]["parameters"]
                },
            ]
            for attributes in sent:
                types = attributes["ticket_id"]["type"]
                self.assertIn(kind, types)
                self.assertEqual("integer" in types, not has_texts)
            stored = schemas["StoredLead"]["properties"]
            self.assertEqual(stored["ticket_ids"]["items"], {"type": kind})
            types = [{"type": kind}, {"type": "null"}]
            self.assertEqual(stored["ticket_id"]["anyOf"], types)
            create = document["paths"]["/api/v1/lead"]["post"]
            example = create["requestBody"]["content"]["application/json"]["example"]
            self.assertIs(isinstance(example["ticket_id"], str), has_texts)
            self.assertSuccess(
                self.post({**self.payload, "ticket_id": example["ticket_id"]})
            )

    def test_custom_attributes_and_answers_in_order(self):
        lead = self.send("TCK-1")
        names = list(self.read_data(f"lead/{lead.id}"))
        self.client.has_text_tickets = False
        self.assertEqual(list(self.read_data(f"lead/{lead.id}")), names)

    def test_link_to_a_ticket(self):
        self.client.ticket_url = "https://tickets.example.com/{ticket_id}"
        lead = self.send('A/b ?&"<é')
        link = 'href="https://tickets.example.com/A%2Fb%20%3F%26%22%3C%C3%A9"'
        self.assertIn(link, lead.with_user(self.agent).ticket_links)
        self.assertIn('>A/b ?&amp;"&lt;é</a>', lead.ticket_links)
