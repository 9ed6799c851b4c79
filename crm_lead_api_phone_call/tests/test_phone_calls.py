# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import json

from odoo.tests import tagged

from odoo.addons.crm_lead_api.tests.data import MANAGER_GROUP

from .common import KEY, NUMBER, PhoneCallCase


@tagged("post_install", "-at_install")
class TestPhoneCalls(PhoneCallCase):
    def test_a_call_in_several_requests(self):
        """Ringing, answered, ended, noted: a later request sends what is new."""
        data = self.ring(call_type="Nhắc tái khám")
        self.assertTrue(data.pop("created"))
        created, updated = data.pop("created_at"), data.pop("updated_at")
        self.assertEqual(
            data,
            {
                "call_id": "call-1",
                "direction": "in",
                "phone": NUMBER,
                "agent_email": self.agent.login,
                "started_at": "2026-11-25T01:15:00Z",
                "answered_at": None,
                "ended_at": None,
                "duration": 0,
                "outcome": None,
                "ticket_id": None,
                "account_id": None,
                "id_lead": None,
                "call_type": "Nhắc tái khám",
                "note": None,
                "callback_at": None,
                "recording_url": None,
                "recording": None,
            },
        )
        data = self.put("call-1", answered_at="2026-11-25T01:15:10Z")
        self.assertEqual(
            (data["created"], data["answered_at"], data["duration"]),
            (False, "2026-11-25T01:15:10Z", 0),
        )
        data = self.put(
            "call-1",
            ended_at="2026-11-25T01:18:30Z",
            outcome="answered",
            note="Hỏi giá",
        )
        self.assertEqual((data["duration"], data["note"]), (200, "Hỏi giá"))
        self.assertEqual(data["call_type"], "Nhắc tái khám")
        self.assertEqual(data["created_at"], created)
        self.assertGreater(data["updated_at"], updated)
        read = self.assertJson(self.send("GET", "/call-1"), 200)["data"]
        self.assertEqual({**read, "created": False}, data)
        data = self.put("call-1", note=None, call_type="")
        self.assertEqual((data["note"], data["call_type"]), (None, "Nhắc tái khám"))
        call = self.find()
        self.assertRecordValues(
            call,
            [
                {
                    "phone_key": KEY,
                    "agent_id": self.agent.id,
                    "client_id": self.client.id,
                    "company_id": self.company.id,
                    "is_answered": True,
                    "answered_share": 100,
                }
            ],
        )

    def test_the_first_request_needs_four_attributes(self):
        needed = list(self.ringing)
        self.assertErrors(
            self.send("PUT", "/call-1", {}), [(name, "required") for name in needed]
        )
        self.assertErrors(
            self.send("PUT", "/call-1", {**self.ringing, "phone": ""}),
            [("phone", "required")],
        )
        self.assertFalse(self.find())
        self.assertIsNone(self.ring(phone=None)["phone"], "withheld")
        self.assertEqual(self.put("call-1")["created"], False, "nothing is needed")

    def test_wrong_attributes_are_named(self):
        self.ring("call-0", **self.ended)
        cases = [
            ({"direction": "inbound"}, [("direction", "choice")]),
            ({"direction": None}, [("direction", "required")]),
            ({"agent_email": None}, [("agent_email", "required")]),
            ({"started_at": "2026-11-25 08:15"}, [("started_at", "format")]),
            ({"started_at": "9999-12-31T23:30:00Z"}, [("started_at", "range")]),
            ({"callback_at": "9999-12-31T23:30:00Z"}, [("callback_at", "range")]),
            ({"started_at": None}, [("started_at", "required")]),
            ({"ended_at": "2026-11-25T01:14:59Z"}, [("ended_at", "range")]),
            ({"answered_at": "2026-11-25T01:14:59Z"}, [("answered_at", "range")]),
            ({"started_at": "2026-11-25T01:15:11Z"}, [("started_at", "range")]),
            ({"outcome": "missed"}, [("outcome", "choice")]),
            ({"ticket_id": "TCK-1"}, [("ticket_id", "type")]),
            ({"account_id": 2**31 - 1}, [("account_id", "unknown")]),
            ({"account_id": self.other_partner.id}, [("account_id", "unknown")]),
            ({"account_id": self.archived_partner.id}, [("account_id", "unknown")]),
            ({"note": "x" * 10_001}, [("note", "too_long")]),
            (
                {"recording_url": "http://pbx.example.com/1"},
                [("recording_url", "format")],
            ),
            ({"recording_url": "https:///1"}, [("recording_url", "format")]),
            (
                {"callback_at": "2026-11-26T01:00:00Z"},
                [("callback_at", "mismatch")],
            ),
            (
                {"outcome": 1, "direction": "x", "phone": 5},
                [("direction", "choice"), ("phone", "type"), ("outcome", "choice")],
            ),
        ]
        before = self.find("call-0").read()
        for body, errors in cases:
            with self.subTest(body=body):
                self.assertErrors(self.send("PUT", "/call-0", body), errors)
        self.env.invalidate_all()
        self.assertEqual(self.find("call-0").read(), before)

    def test_the_id_of_a_call(self):
        for call_id in ("1716-20261127.0815", "a:b_C", "x" * 64):
            with self.subTest(call_id=call_id):
                self.assertEqual(self.ring(call_id)["call_id"], call_id)
                self.assertJson(self.send("GET", f"/{call_id}"), 200)
        for call_id in ("x" * 65, "a%20b", "cu%E1%BB%99c", "a%0A", "a%00b", "a+b"):
            with self.subTest(call_id=call_id):
                response = self.send("PUT", f"/{call_id}", self.ringing)
                self.assertErrors(response, [("call_id", "format")])
                self.assertError(self.send("GET", f"/{call_id}"), 404, "not_found")

    def test_clients_have_ids_of_their_own(self):
        other = self._new_client("pbx-2")
        headers = {"Authorization": f"Bearer {self._new_token(other)}"}
        self.ring(note="của tôi")
        self.assertError(self.send("GET", "/call-1", **headers), 404, "not_found")
        response = self.send("PUT", "/call-1", self.ringing, **headers)
        self.assertTrue(self.assertJson(response, 200)["data"]["created"])
        self.assertEqual(len(self.find()), 2)
        response = self.send("GET", "", **headers)
        [item] = self.assertJson(response, 200)["data"]["items"]
        self.assertIsNone(item["note"])
        other.reads_all_leads = True
        response = self.send("GET", "", **headers)
        self.assertEqual(len(self.assertJson(response, 200)["data"]["items"]), 2)

    def test_retries(self):
        first = self.send("PUT", "/call-1", self.ringing, Idempotency_Key="k")
        again = self.send("PUT", "/call-1", self.ringing, Idempotency_Key="k")
        self.assertEqual(first.text, again.text)
        self.assertEqual(again.headers["Idempotency-Replayed"], "true")
        self.assertIsNone(first.json()["data"]["id_lead"])
        self.assertNotIn("X-Lead-State", again.headers)  # There never was a lead.
        other = self.send("PUT", "/call-1", {"note": "x"}, Idempotency_Key="k")
        self.assertError(other, 409, "conflict")
        # A key counts for one address.
        other = self.send("PUT", "/call-2", self.ringing, Idempotency_Key="k")
        self.assertTrue(self.assertJson(other, 200)["data"]["created"])
        # A, B, A ends at A.
        for note in ("A", "B", "A"):
            self.assertEqual(self.put("call-1", note=note)["note"], note)

    def test_a_dry_run_saves_nothing(self):
        response = self.send("PUT", "/call-1?dry_run=1", self.ringing)
        body = self.assertJson(response, 200)
        self.assertEqual(response.headers["Preference-Applied"], "dry-run")
        self.assertEqual(
            (body["data"]["created"], body["data"]["warnings"]), (True, [])
        )
        self.assertFalse(self.find())

    def test_a_change_of_what_was_read(self):
        etag = self.send("PUT", "/call-1", self.ringing).headers["ETag"]
        read = self.send("GET", "/call-1")
        self.assertEqual(read.headers["ETag"], etag)
        self.assertEqual(
            self.send("GET", "/call-1", If_None_Match=etag).status_code, 304
        )
        change = self.send("PUT", "/call-1", {"note": "a"}, If_Match=etag)
        self.assertNotEqual(change.headers["ETag"], etag)
        late = self.send("PUT", "/call-1", {"note": "b"}, If_Match=etag)
        self.assertError(late, 412, "precondition_failed")
        self.env.invalidate_all()
        self.assertEqual(self.find().note, "a")
        missing = self.send("PUT", "/call-2", self.ringing, If_Match=etag)
        self.assertError(missing, 412, "precondition_failed")

    def test_tickets_that_are_no_number(self):
        for ticket, told in {"4711": 4711, "T-1": "T-1", "٤": "٤", "": None}.items():
            values = {"client_id": self.client.id, "ticket_ref": ticket}
            call = self.env["crm.lead.phone.call"].new(values)
            self.assertEqual(call._get_ticket_id(), told)

    def test_the_log(self):
        self.put("call-1", **self.ringing, ticket_id=4711)
        self.send("PUT", "/call-2", {"phone": NUMBER}, X_Request_Id="wrong-1")
        done, wrong = self.env["crm.lead.api.request"].search([], order="id")
        self.assertRecordValues(
            done + wrong,
            [
                {
                    "kind": "phone_call",
                    "route": f"PUT /phone-calls/call-{number}",
                    "phones": KEY,
                    "ticket_ref": ticket,
                    "state": state,
                }
                for number, ticket, state in (
                    (1, "4711", "done"),
                    (2, False, "refused"),
                )
            ],
        )
        self.assertEqual(wrong.request_ref, "wrong-1")

    def test_a_refused_call_is_sent_again(self):
        self.send("PUT", "/call-1", {**self.ringing, "outcome": "missed"})
        log = self.env["crm.lead.api.request"]
        refused = log.search([])
        manager = self._new_user("api-manager", MANAGER_GROUP)
        wizards = self.env["crm.lead.api.resend"].with_user(manager)
        wizard = wizards.with_context(active_ids=refused.ids).create(
            {"request_ids": refused.ids, "payload": json.dumps(self.ringing)}
        )
        action = wizard.action_send()
        self.assertEqual(self.find().phone_key, KEY)
        self.assertEqual(action["res_model"], "crm.lead.api.request")
        self.assertEqual(log.browse(action["res_id"]).state, "done")
        self.assertEqual(refused.state, "resent")

    def test_a_refused_call_is_corrected_by_the_same_call_alone(self):
        log = self.env["crm.lead.api.request"]
        for number, changes in enumerate(({}, {"ticket_id": 4711})):
            body = {**self.ringing, **changes}
            wrong = {**body, "outcome": "missed"}
            response = self.send("PUT", f"/call-{number}", wrong)
            self.assertErrors(response, [("outcome", "choice")])
            refused = log.search([], limit=1)
            self.ring(f"other-{number}", **changes)
            self.assertEqual(log.search([("is_unsettled", "=", True)]), refused)
            self.ring(f"call-{number}", **changes)
            self.assertFalse(log.search([("is_unsettled", "=", True)]))

    def test_errors_in_vietnamese(self):
        response = self.send("PUT", "/a%20b", self.ringing, Accept_Language="vi")
        [error] = response.json()["errors"]
        self.assertIn("chữ", error["message"])

    def test_tickets_that_are_texts(self):
        self.client.has_text_tickets = True
        self.assertEqual(self.ring(ticket_id="TCK-100")["ticket_id"], "TCK-100")
        self.assertEqual(self.ring("call-2", ticket_id=7)["ticket_id"], "7")
        self.assertErrors(
            self.send("PUT", "/call-1", {"ticket_id": "a,b"}),
            [("ticket_id", "characters")],
        )
        response = self.send("GET", "?ticket_id=TCK-100")
        [item] = self.assertJson(response, 200)["data"]["items"]
        self.assertEqual(item["call_id"], "call-1")

    def test_an_account_by_its_code(self):
        partner = self.env["res.partner"].create({"name": "Yến", "ref": "KH-7"})
        self.assertErrors(
            self.send("PUT", "/call-1", {**self.ringing, "account_id": "KH-7"}),
            [("account_id", "type")],
        )
        self.client.takes_codes = True
        self.assertEqual(self.ring(account_id="KH-7")["account_id"], partner.id)
        self.assertErrors(
            self.send("PUT", "/call-1", {"account_id": "KH-8"}),
            [("account_id", "unknown")],
        )

    def test_pages(self):
        for number in range(5):
            self.ring(f"call-{number}", phone=f"091234567{number % 2}")
        self.put("call-1", note="Ghi chú")
        read, cursor = [], ""
        while cursor is not None:
            response = self.send("GET", f"?limit=2&cursor={cursor}")
            page = self.assertJson(response, 200)["data"]
            read += [item["call_id"] for item in page["items"]]
            cursor = page["next_cursor"]
        self.assertEqual(sorted(read), [f"call-{number}" for number in range(5)])
        for query, expected in (
            ("phone=0912%20345%20671", ["call-1", "call-3"]),
            ("phone=%2B84912345670", ["call-0", "call-2", "call-4"]),
            ("phone=0999", []),
            ("ticket_id=1", []),
            ("updated_since=2999-01-01T00:00:00Z", []),
        ):
            with self.subTest(query=query):
                response = self.send("GET", f"?{query}")
                items = self.assertJson(response, 200)["data"]["items"]
                self.assertEqual(sorted(item["call_id"] for item in items), expected)
        self.assertErrors(self.send("GET", "?limit=0"), [("limit", "range")])
        self.assertErrors(self.send("GET", "?phone="), [("phone", "required")])

    def test_who_may_call(self):
        self.assertEqual(
            self.send("PUT", "/c", {}, Authorization="Bearer x").status_code, 401
        )
        response = self.send("POST", "/call-1", self.ringing)
        self.assertError(response, 405, "method_not_allowed")
        self.assertEqual(response.headers["Allow"], "GET, HEAD, PUT")
