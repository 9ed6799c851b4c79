# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import base64
import hashlib
import hmac
import json
import time
from contextlib import suppress
from unittest.mock import patch

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import tagged

from ..tools.message_body import load_json
from ..tools.proof import Message, is_proven
from .platform_case import APP, SECRET, PlatformHttpCase

SIGNED = ("meta", "tiktok", "zalo", "caresoft", "wpforms", "typeform")
SIGNED += ("standard_webhooks",)
SENT_ALONG = ("google", "ladipage", "cf7", "hubspot")
QUICK = settings(max_examples=200, deadline=None, derandomize=True)


def flip(data: bytes, bit: int) -> bytes:
    changed = bytearray(data)
    changed[bit // 8 % len(data)] ^= 1 << bit % 8
    return bytes(changed)


def decode(secret: str) -> bytes | None:
    """Decode a secret of Standard Webhooks as leniently as its library."""
    with suppress(ValueError):
        return base64.b64decode(secret.removeprefix("whsec_") + "==")


@tagged("post_install", "-at_install")
class TestProofs(PlatformHttpCase):
    """A message without its proof leaves nothing but a count."""

    def assertRefused(self, code, response):
        self.assertUnproven(response)
        self.assertFalse(self.get_messages(code))

    # ------------------------------------------------------------ vectors

    def test_vectors(self):
        """Signatures that were not made by the code here."""
        secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
        now = str(int(time.time()))
        text = "0900 000 202 — Nâng mũi"
        body = json.dumps({"text": text, "timestamp": now}, ensure_ascii=False).encode()
        key = b"s3cret"

        def mac(algorithm, content):
            return hmac.new(key, content, algorithm)

        dotted = f"{now}.".encode() + body
        zalo = APP.encode() + body + now.encode() + key
        typeform = base64.b64encode(mac("sha256", body).digest()).decode()
        standard = f"msg_1.{now}.".encode() + body
        standard_key = base64.b64decode(secret[6:])
        standard = hmac.new(standard_key, standard, "sha256").digest()
        hub = mac("sha256", body).hexdigest()
        tiktok = mac("sha256", dotted).hexdigest()
        vectors = [
            (
                "caresoft",
                b'{"ticket_id":1}',
                "CS123",
                {"X-Hub-Signature": "420A69CE7D3C36559E9828D6361530DF30065D37"},
            ),
            ("meta", body, "s3cret", {"X-Hub-Signature-256": f"sha256={hub}"}),
            ("tiktok", body, "s3cret", {"TikTok-Signature": f"t={now},s={tiktok}"}),
            (
                "zalo",
                body,
                "s3cret",
                {"X-ZEvent-Signature": f"mac={hashlib.sha256(zalo).hexdigest()}"},
            ),
            (
                "wpforms",
                body,
                "s3cret",
                {"X-WPForms-Webhook-Signature": f"t={now},v={tiktok}"},
            ),
            ("typeform", body, "s3cret", {"Typeform-Signature": f"sha256={typeform}"}),
            (
                "standard_webhooks",
                body,
                secret,
                {
                    "webhook-id": "msg_1",
                    "webhook-timestamp": now,
                    "webhook-signature": (
                        f"v1,AAAA v1,{base64.b64encode(standard).decode()}"
                    ),
                },
            ),
            ("google", b'{"google_key":"s3cret"}', "s3cret", {}),
            *(
                (code, body, "s3cret", {"X-Webhook-Secret": "s3cret"})
                for code in SENT_ALONG[1:]
            ),
        ]
        codes = {code for code, *_rest in vectors}
        self.assertEqual(codes, {*SIGNED, *SENT_ALONG})
        for code, raw, secret, headers in vectors:
            with self.subTest(code):
                self.connections[code].secret = secret
                response = self.send_request(
                    code, {"Content-Type": "application/json", **headers}, raw
                )
                self.assertEqual(response.status_code, 200, response.text)
                for name in headers:
                    without = {each: headers[each] for each in headers if each != name}
                    response = self.send_request(
                        code, {"Content-Type": "application/json", **without}, raw
                    )
                    self.assertUnproven(response)

    def test_published_vector_of_standard_webhooks(self):
        platform = self.env.ref("crm_lead_api_connection.platform_standard_webhooks")
        raw = b'{"test": 2432232314}'
        headers = {
            "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
            "webhook-timestamp": "1614265330",
            "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
        }
        message = Message(raw, json.loads(raw), headers)
        with self.patch_time(1614265330 + 299):
            self.assertTrue(is_proven(platform, message, SECRET))
        with self.patch_time(1614265330 + 301):
            self.assertFalse(is_proven(platform, message, SECRET))

    def patch_time(self, moment):
        return patch.object(time, "time", lambda: moment)

    # ------------------------------------------------------------ a flipped bit

    def test_flipped_bits(self):
        """Over the socket: a bit of body, signature or secret."""
        for code in SIGNED:
            headers, raw = self.make_example(code)
            name = next(each for each in headers if "ignature" in each)
            place = raw.index(b"9") if b"9" in raw else raw.index(b"1")
            changed = flip(raw, 8 * place)
            signature = headers[name]
            last = signature[:-2] + chr(ord(signature[-2]) ^ 1) + signature[-1]
            sent = [
                (headers, changed),
                ({**headers, name: last}, raw),
                ({**headers, name: signature[1:]}, raw),
                ({**headers, name: f"{signature}0"}, raw),
                self.make_example(code, secret=f"{SECRET[:-2]}x{SECRET[-1]}"),
                self.make_example(code, secret=f"{SECRET}BBBB"),
            ]
            for number, (head, body) in enumerate(sent):
                with self.subTest(code, number=number):
                    self.assertRefused(code, self.send_request(code, head, body))
            self.assertEqual(self.count_unproven(code), len(sent))
            response = self.send_request(code, headers, raw)
            self.assertEqual(response.status_code, 200, response.text)

    def test_wrong_secrets(self):
        """A secret that is sent along has to be the same."""
        for code in SENT_ALONG:
            wrong = (SECRET[:-1], f"{SECRET}w", SECRET.upper(), "x")
            for secret in wrong:
                with self.subTest(code, secret=secret):
                    response = self.send_example(code, secret=secret)
                    self.assertRefused(code, response)
            self.assertEqual(self.count_unproven(code), len(wrong))
            self.assertEqual(self.send_example(code).status_code, 200)

    def test_any_bit(self):
        """Any bit of a signed message, its headers and its secret."""
        for code in SIGNED:
            platform = self.connections[code].platform_id
            headers, raw = self.make_example(code)
            del headers["Content-Type"]

            def is_right(head, body, secret, platform=platform):
                try:
                    data = load_json(body.decode())
                except ValueError:
                    return False
                return is_proven(platform, Message(body, data, head), secret, APP)

            self.assertTrue(is_right(headers, raw, SECRET))

            with self.subTest(code):
                self.check_bits(code, is_right, headers, raw)

    def check_bits(self, code, is_right, headers, raw):
        @QUICK
        @given(st.integers(0, 8 * len(raw) - 1))
        def check_body(bit):
            assert not is_right(headers, flip(raw, bit), SECRET)

        @QUICK
        @given(st.sampled_from([*headers]), st.integers(0, 2**12))
        def check_header(name, bit):
            value = flip(headers[name].encode(), bit).decode("latin-1")
            assert not is_right({**headers, name: value}, raw, SECRET)

        @QUICK
        @given(st.integers(0, 8 * len(SECRET) - 1))
        def check_secret(bit):
            secret = flip(SECRET.encode(), bit).decode("latin-1")
            if code == "standard_webhooks" and decode(secret) == decode(SECRET):
                return  # a secret in base64 may be written in several ways
            assert not is_right(headers, raw, secret)

        check_body()
        check_header()
        check_secret()

    def test_no_secret(self):
        """As long as no secret was entered, nothing is taken."""
        for code in (*SIGNED, *SENT_ALONG):
            secrets = self.env["crm.lead.api.connection.secret"].sudo()
            connection = self.connections[code]
            secrets.search([("connection_id", "=", connection.id)]).unlink()
            with self.subTest(code):
                self.assertRefused(code, self.send_example(code))

    def test_shown_to_nobody(self):
        """Not even whoever has entered a secret reads it again."""
        connection = self.connections["meta"]
        connection.write({"secret": "moi", "verify_token": "tu-dat"})
        for name in ("secret", "verify_token"):
            self.assertFalse(connection[name])
            self.assertIn(name, connection.known_secrets)
            self.assertEqual(connection.export_data([name])["datas"], [[""]])
        self.assertFalse(connection.copy().known_secrets)

    def test_spaces_replace_no_secret(self):
        self.connections["google"].secret = "  "
        response = self.send_example("google")
        self.assertEqual(response.status_code, 200)

    def test_odd_secrets(self):
        """Whatever was entered is no reason to crash."""
        for secret in ("whsec_", "whsec_!", "é", "Mật khẩu"):
            for code in (*SIGNED, *SENT_ALONG):
                self.connections[code].secret = secret
                headers, raw = self.make_example(code)
                response = self.send_request(code, headers, raw)
                self.assertRefused(code, response)

    def test_odd_bodies(self):
        odd = ({"google_key": value} for value in (None, 1, ["x"], {"a": 1}, True))
        for body in odd:
            headers = {"Content-Type": "application/json"}
            raw = json.dumps(body).encode()
            self.assertRefused("google", self.send_request("google", headers, raw))
        for timestamp in (None, [], {}, 10**400, "x"):
            body = {**self.copy_example("zalo"), "timestamp": timestamp}
            headers = {"X-ZEvent-Signature": f"mac={'0' * 64}"}
            headers["Content-Type"] = "application/json"
            raw = json.dumps(body).encode()
            self.assertRefused("zalo", self.send_request("zalo", headers, raw))

    def test_a_header_text_is_no_regular_expression(self):
        """No header makes a server search for ever."""
        platform = self.connections["meta"].platform_id
        platform.header_text = "(a+)+{mac}"
        for header in ("a" * 60, ""):
            headers = {"Content-Type": "application/json", platform.header: header}
            self.assertRefused("meta", self.send_request("meta", headers, b"{}"))
        response = self.send_example("meta")
        self.assertEqual(response.status_code, 200, response.text)

    # ------------------------------------------------------------ the time

    def test_too_old(self):
        """A signed time may differ by five minutes; Zalo sends again for hours."""
        now = int(time.time())
        for code in ("tiktok", "wpforms", "standard_webhooks"):
            for at in (now - 330, now + 330, 0):
                with self.subTest(code, at=at):
                    self.assertRefused(code, self.send_example(code, at=at))
            response = self.send_example(code, at=now - 240)
            self.assertEqual(response.status_code, 200, response.text)
        body = {**self.copy_example("zalo"), "timestamp": str((now - 40000) * 1000)}
        self.assertEqual(self.send_example("zalo", body).status_code, 200)
