# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import gzip
import json
import logging
from datetime import timedelta
from urllib.parse import quote

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.crm_lead_api.tests.common import LeadApiCase

from ..models.crm_lead_api_connection import MAX_ITEMS, MAX_SIZE
from ..tools.access_log import LOGGERS, KeyFilter, hide_keys
from .platform_case import PlatformHttpCase

JSON = {"Content-Type": "application/json"}
VERIFY = {"hub.mode": "subscribe", "hub.challenge": "1158201444"}


@tagged("post_install", "-at_install")
class TestAddresses(PlatformHttpCase):
    """The address of a connection, from its first key to its end."""

    def post_raw(self, raw, headers=None, code="other", **kwargs):
        return self.send_request(code, headers or JSON, raw, **kwargs)

    def assertUnknown(self, response, other=None):
        """Check a 404 that is byte for byte that of any unknown path."""
        if other is None:
            other = self.send({}, key="unknown/path")
        self.assertEqual(response.status_code, 404)
        self.assertEqual(response.content, other.content)
        names = ("X-Request-Id", "Date")
        head, expected = (
            {name: each.headers[name] for name in each.headers if name not in names}
            for each in (response, other)
        )
        self.assertEqual(head, expected)

    # ------------------------------------------------------------ the key

    def test_unknown_keys(self):
        key = self.keys["other"]
        for wrong in ("x", key[:-1], f"{key}x", key.swapcase(), quote("é/"), "%00"):
            with self.subTest(wrong):
                self.assertUnknown(self.send({"id": "1"}, key=wrong))
                self.assertUnknown(self.verify(wrong), self.get("unknown/path"))
        self.assertFalse(self.get_messages("other"))
        self.assertEqual(self.send({"id": "1"}, key=f"{key}/").status_code, 200)

    def test_closed_addresses(self):
        """Paused, archived or removed, or of such a client: there is no address."""
        connection = self.connections["meta"]
        connection.verify_token = "tu-dat"
        client = connection.client_id
        for record, field, value in (
            (connection, "is_paused", True),
            (connection, "active", False),
            (client, "is_paused", True),
            (client, "active", False),
        ):
            with self.subTest(record._name, field=field):
                before = record[field]
                record[field] = value
                self.assertUnknown(self.send_example("meta"))
                self.assertUnknown(self.verify(), self.get("unknown/path"))
                record[field] = before
                self.assertEqual(self.send_example("meta").status_code, 200)
                self.assertEqual(self.verify().status_code, 200)
        connection.message_record_ids.is_test = True  # others are never deleted
        connection.message_record_ids.unlink()
        connection.unlink()
        self.assertUnknown(self.send({}, key=self.keys["meta"]))

    def test_unknown_before_unproven(self):
        """Tell a sender without a key nothing of proofs, sizes and media types."""
        for raw in (b"{", b"x" * (MAX_SIZE + 1), b""):
            response = self.send(None, "x", {"Content-Type": "text/plain"}, data=raw)
            self.assertUnknown(response)

    def test_replaced_key(self):
        """The former key counts for seven days."""
        connection, first = self.connections["other"], self.keys["other"]
        second = connection._generate_key()
        self.assertNotEqual(first, second)
        for number, key in enumerate((first, second)):
            response = self.send({"id": f"K{number}", "name": "a"}, key=key)
            self.assertEqual(response.status_code, 200, response.text)
        self.assertEqual(len(self.get_messages("other")), 2)
        now = fields.Datetime.now()
        week = timedelta(days=7)
        self.assertAlmostEqual(
            connection.old_key_date, now + week, delta=timedelta(minutes=1)
        )
        connection.sudo().old_key_date = now - timedelta(seconds=1)
        self.assertUnknown(self.send({"id": "K0"}, key=first))
        self.assertEqual(self.send({"id": "K0"}, key=second).status_code, 200)
        connection._generate_key()
        self.assertUnknown(self.send({"id": "K0"}, key=first))
        self.assertEqual(self.send({"id": "K0"}, key=second).status_code, 200)

    def test_key_is_stored_nowhere(self):
        """Of a key there is a hash, and its end."""
        connection, key = self.connections["other"], self.keys["other"]
        self.assertEqual(len(key), 43)
        self.env.cr.flush()
        self.env.cr.execute(
            "SELECT to_jsonb(c) FROM crm_lead_api_connection c WHERE id = %s",
            [connection.id],
        )
        row = self.env.cr.fetchone()[0]
        self.assertNotIn(key, json.dumps(row))
        self.assertEqual(row["key_hint"], f"…{key[-4:]}")
        self.assertNotIn(key, "".join(connection.message_ids.mapped("body")))
        with self.assertRaises(AccessError):
            connection.with_user(self.caller).read(["key_digest"])

    # ------------------------------------------------------------ where and how

    def test_below_a_domain(self):
        raw = json.dumps(self.copy_example("other"))
        self.connections["meta"].verify_token = "tu-dat"
        url = f"/hoamai/api/v1/connections/{self.keys['other']}"
        response = self.post(None, url=url, headers=JSON, data=raw, token="")
        self.assertEqual(response.status_code, 200, response.text)
        self.assertEqual(self.get_messages("other").message_ref, "A-1")
        self.assertEqual(self.verify(prefix="/hoamai").text, VERIFY["hub.challenge"])

    def test_methods(self):
        for method in ("PUT", "PATCH", "DELETE", "OPTIONS"):
            bodies = set()
            for key in (self.keys["other"], "x"):
                response = self.send({}, key=key, method=method)
                self.assertError(response, 405, "method_not_allowed")
                self.assertEqual(response.headers["Allow"], "GET, HEAD, POST")
                bodies.add(response.text)
            self.assertEqual(len(bodies), 1)  # the key makes no difference
        self.assertFalse(self.get_messages("other"))

    def test_tokens_change_nothing(self):
        """Neither a right token nor a wrong one is read."""
        url = f"/api/v1/connections/{self.keys['other']}"
        heads = [{"Authorization": f"Bearer {text}"} for text in (self.token, "x", "")]
        heads += [{"access-token": self.token}, {"access-token": "x"}]
        answers = set()
        for number, headers in enumerate(heads):
            raw = json.dumps({"id": str(number), "name": "a"})
            response = self.post(
                None, url=url, headers={**JSON, **headers}, data=raw, token=""
            )
            answers.add((response.status_code, response.text))
        self.assertEqual(len(answers), 1)
        self.assertEqual(len(self.get_messages("other")), len(heads))
        headers = {"Authorization": f"Bearer {self.token}"}
        response = self.send({"id": "1"}, "x", headers)
        self.assertUnknown(response)
        refusals = self.env["crm.lead.api.refusal"].search([])
        self.assertFalse(refusals)

    # ------------------------------------------------------------ the body

    def test_size(self):
        """256 KiB are taken, and not a byte more, compressed or not."""
        for size, status in ((MAX_SIZE, 200), (MAX_SIZE + 1, 413)):
            raw = json.dumps({"id": str(size), "name": ""}).encode()
            raw = raw[:-2] + b"a" * (size - len(raw)) + raw[-2:]
            self.assertEqual(len(raw), size)
            for headers, data in (
                (JSON, raw),
                ({**JSON, "Content-Encoding": "gzip"}, gzip.compress(raw)),
            ):
                response = self.post_raw(data, headers)
                self.assertEqual(response.status_code, status, response.text)
        self.assertError(response, 413, "too_large")
        self.assertEqual(self.get_messages("other").message_ref, str(MAX_SIZE))

    def test_bombs(self):
        headers = {**JSON, "Content-Encoding": "gzip"}
        response = self.post_raw(gzip.compress(b" " * 10**8), headers)
        self.assertError(response, 413, "too_large")
        self.assertError(self.post_raw(b"x", headers), 400, "malformed")

    def test_too_many(self):
        items = [{"id": str(number)} for number in range(MAX_ITEMS + 1)]
        response = self.post_raw(json.dumps(items))
        self.assertError(response, 413, "too_large")
        self.assertFalse(self.get_messages("other"))
        self.assertEqual(self.post_raw(json.dumps(items[:-1])).status_code, 200)
        self.assertEqual(len(self.get_messages("other")), MAX_ITEMS)

    def test_malformed(self):
        deep = "[" * 21 + "]" * 21
        for raw in (
            *("", "{", "null", "1", '"x"', "{'id': 1}", "{}x"),
            *(deep, "[" * 10**5, b"\xff{}"),
            '{"id": ' + "9" * 5000 + "}",
        ):
            with self.subTest(str(raw)[:40]):
                self.assertError(self.post_raw(raw), 400, "malformed")
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        self.assertError(self.post_raw("id=%ff", form), 400, "malformed")
        self.assertError(self.post_raw('{"id": "1"}', form), 400, "malformed")
        self.assertFalse(self.get_messages("other"))

    def test_odd_texts(self):
        """Keep a lead without the characters that the database cannot hold."""
        raw = '{"id": "Z\\u0000", "name": "Mạc\\u0000 Vi", "phone": "0900000141"}'
        self.assertEqual(self.post_raw(raw.encode()).status_code, 200)
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        self.assertEqual(self.post_raw("id=Y%00&name=Vi", form).status_code, 200)
        refs = set(self.get_messages("other").mapped("message_ref"))
        self.assertEqual(refs, {"Z", "Y"})
        self.assertEqual(self.get_messages("other")[-1].body["name"], "Mạc Vi")
        raw = '\ufeff{"id": "BOM", "id": "BOM", "name": "a"}'  # once more is no harm
        self.assertEqual(self.post_raw(raw.encode()).status_code, 200)

    def test_an_email_that_is_none(self):
        """Whatever a public form has as an e-mail, its message is kept, and a lead."""
        lines = self.connections["other"].field_ids
        lines.filtered(lambda line: line.attribute == "phone_no1").unlink()
        for number, email in enumerate(("(" * 5000, "(" * 200, "<" * 3000 + "@")):
            raw = json.dumps({"id": str(number), "name": "Vi", "email": email})
            self.assertEqual(self.post_raw(raw).status_code, 200)
        self.make_leads()
        states = self.get_messages("other").mapped("state")
        self.assertEqual(states, ["refused"] * 3)

    def test_several_values(self):
        """All answers to a question are kept, with brackets after its name or not."""
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        raw = "id=V&dich_vu=a&dich_vu=b&mau[]=c&mau[]=d&mau[]=e"
        self.assertEqual(self.post_raw(raw, form).status_code, 200)
        body = self.get_messages("other").body
        expected = {"id": "V", "dich_vu": ["a", "b"], "mau": ["c", "d", "e"]}
        self.assertEqual(body, expected)

    def test_media_types(self):
        raw = json.dumps({"id": "M", "name": "a"})
        right = ("application/json; charset=utf-8", "application/vnd.api+json", "")
        for media_type in (*right, "APPLICATION/JSON"):
            response = self.post_raw(raw, {"Content-Type": media_type})
            self.assertEqual(response.status_code, 200, media_type)
        wrong = ("text/plain", "text/html", "application/xml", "application/jsonx")
        for media_type in (*wrong, "image/png", "application/octet-stream"):
            response = self.post_raw(raw, {"Content-Type": media_type})
            self.assertError(response, 415, "unsupported_media_type")
            self.assertIn("application/json", response.headers["Accept"])
        response = self.post_raw(raw, {**JSON, "Content-Encoding": "br"})
        self.assertError(response, 415, "unsupported_media_type")
        self.assertEqual(len(self.get_messages("other")), 1)

    def test_compressed_signature(self):
        """A signature is that of the body before it was compressed."""
        headers, raw = self.make_example("meta")
        headers["Content-Encoding"] = "gzip"
        response = self.send_request("meta", headers, gzip.compress(raw))
        self.assertEqual(response.status_code, 200, response.text)

    def test_files(self):
        """Files of a form are named, and not kept."""
        raw = (
            b"--b\r\nContent-Disposition: form-data; name=id\r\n\r\nF\r\n"
            b'--b\r\nContent-Disposition: form-data; name="photo"; filename="a.png"\r\n'
            b"Content-Type: image/png\r\n\r\n\x89PNG\x00\r\n--b--\r\n"
        )
        headers = {"Content-Type": "multipart/form-data; boundary=b"}
        self.assertEqual(self.post_raw(raw, headers).status_code, 200)
        body = self.get_messages("other").body
        self.assertEqual(body, {"id": "F", "photo": "a.png"})

    # ------------------------------------------------------------ the check

    def get(self, key, params=None, prefix=""):
        headers = {"Authorization": ""}
        url = f"{prefix}/api/v1/connections/{key}"
        return self.url_open(url, params=params, headers=headers)

    def verify(self, key=None, token="tu-dat", prefix="", **others):
        params = {**VERIFY, "hub.verify_token": token, **others}
        return self.get(key or self.keys["meta"], params, prefix)

    def test_verification(self):
        connection = self.connections["meta"]
        self.assertUnproven(self.verify(token=""))
        connection.verify_token = "tu-dat"
        response = self.verify()
        self.assertEqual((response.status_code, response.text), (200, "1158201444"))
        self.assertRegex(response.headers["Content-Type"], "^text/plain")
        self.assertEqual(self.verify(token="tu-dật").status_code, 401)
        for wrong in ({"token": "tu-da"}, {"token": ""}, {"hub.mode": "unsubscribe"}):
            self.assertUnproven(self.verify(**wrong))
        script = self.verify(**{"hub.challenge": "<script>"})
        self.assertRegex(script.headers["Content-Type"], "^text/plain")
        self.assertUnproven(self.get(self.keys["meta"]))
        connection.is_paused = True
        self.assertUnknown(self.verify(), self.get("unknown/path"))
        # Other platforms have no check.
        key = self.keys["other"]
        self.assertUnknown(self.verify(key), self.get("unknown/path"))
        self.assertFalse(self.get_messages("meta"))

    # ------------------------------------------------------------ logs

    def test_logs(self):
        """Odoo's log of requests has no key, however the address is written."""
        key = self.keys["meta"]
        encoded = "".join(f"%{ord(letter):02x}" for letter in "connections")
        urls = [
            f"/api/v1/connections/{key}",
            f"/hoamai/api/v1/connections/{key}",
            f"/api/v1/connections/{key}?hub.verify_token=tu-dat",
            f"/api/v1/{encoded}/{key}",
            f"/%61pi/v1/connections/{key}/",
            f"/api/v1/connections//{key}",
            f"/api/v1/connections/{key[:20]}%{ord(key[20]):02x}{key[21:]}",
        ]
        with self.assertLogs("werkzeug", logging.INFO) as logs:
            for url in urls:
                self.url_open(url, headers={"Authorization": ""})
                self.url_open(url, data="{", headers=JSON)
            # The server writes the line after its answer.
            self.url_open("/web/health")
        self.assertGreaterEqual(len(logs.output), 2 * len(urls))
        for line in logs.output:
            self.assertNotIn(key[:15], line)
            self.assertNotIn("tu-dat", line)


@tagged("post_install", "-at_install")
class TestAccessLog(LeadApiCase):
    """Keys are found in lines of any server."""

    def test_lines(self):
        key = "Zk3-_abcdefghijklmnopqrstuvwxyz0123456789ABC"
        for line, hidden in (
            (f'"POST /api/v1/connections/{key} HTTP/1.1" 200 -', "***"),
            (f"'GET http://a.example/x/api/v1/connections/{key}?a=b'", "***"),
            (f"(url: https://a.example/api/v1/connections/{key})", "***"),
        ):
            found = hide_keys(line)
            self.assertNotIn(key[:8], found)
            self.assertIn(hidden, found)
        for line in (
            '"POST /api/v1/lead HTTP/1.1" 200 100% -',
            '"GET /odoo/action-5/connections HTTP/1.1" 200 -',
            "",
        ):
            self.assertEqual(hide_keys(line), line)

    def test_loggers(self):
        """Hide keys in lines of the log with arguments and percent signs."""
        for name in LOGGERS:
            filters = logging.getLogger(name).filters
            self.assertEqual(sum(isinstance(each, KeyFilter) for each in filters), 1)
        address = "/api/v1/connections/secret-key"
        for message, args, expected in (
            ('"%s" %s', (f"POST {address}", 200), '"POST /api/v1/connections/***" 200'),
            ("100%% of %s", ("/web",), "100% of /web"),
            (f"100% of {address}", (), "100% of /api/v1/connections/***"),
            (f"{address}/x and {address}", (), "***"),
        ):
            record = logging.LogRecord("werkzeug", 20, "", 1, message, args, None)
            self.assertTrue(KeyFilter().filter(record))
            self.assertIn(expected, record.getMessage())
            self.assertNotIn("secret", record.getMessage())
        wrong = logging.LogRecord("werkzeug", 20, "", 1, "a %s", ("b", "c"), None)
        self.assertTrue(KeyFilter().filter(wrong))
