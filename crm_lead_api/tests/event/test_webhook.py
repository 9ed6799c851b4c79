# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Test how an event is signed, what receivers get, and what they answer."""

import datetime
import time

from odoo.tests import tagged

from ...tools import webhook
from .webhook_case import SECRET, WebhookCase


@tagged("post_install", "-at_install")
class TestWebhook(WebhookCase):
    def test_signature_of_the_specification(self):
        signature = webhook.sign(
            SECRET, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, '{"test": 2432232314}'
        )
        self.assertEqual(signature, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")

    def test_each_secret_is_another_one(self):
        secrets = {webhook.generate_secret() for _number in range(10)}
        self.assertEqual(len(secrets), 10)
        for secret in secrets:
            self.assertRegex(secret, r"^whsec_[A-Za-z0-9+/]{43}=$")

    def test_message(self):
        answer = self.post()
        self.assertTrue(answer.is_good)
        [(path, headers, body)] = self.receiver.calls
        self.assertEqual((path, body), ("/events?from=crm", '{"a": "â"}'))
        self.assertEqual(headers["Host"], f"127.0.0.1:{self.receiver.port}")
        self.assertEqual(headers["Content-Type"], "application/json")
        self.assertEqual(headers["User-Agent"], "crm_lead_api")
        self.assertEqual(headers["webhook-id"], "msg_1")
        timestamp = int(headers["webhook-timestamp"])
        self.assertAlmostEqual(timestamp, time.time(), delta=30)
        self.assertEqual(
            headers["webhook-signature"],
            webhook.sign(SECRET, "msg_1", timestamp, body),
        )

    def test_redirects_are_not_followed(self):
        self.receiver.answers = [(307, {"Location": self.receiver.url})]
        answer = self.post()
        self.assertEqual(answer.status // 100, 3)
        self.assertEqual(len(self.receiver.calls), 1)

    def test_pause_that_the_receiver_asks_for(self):
        now = datetime.datetime.now(datetime.timezone.utc)
        later = now + datetime.timedelta(minutes=5)
        vietnam = later.astimezone(datetime.timezone(datetime.timedelta(hours=7)))
        form = "%a, %d %b %Y %H:%M:%S"
        for text, seconds in {
            "": 0,
            "120": 120,
            "9" * 5000: 999_999_999,
            later.strftime(f"{form} GMT"): 300,
            later.strftime(f"{form} -0000"): 300,
            vietnam.strftime(f"{form} +0700"): 300,
            "Mon, 02 Mar 2020 02:00:00 GMT": 0,
            "soon": 0,
            "-5": 0,
            "Mon, 01 Jan 2026 00:00:00 +99999999999999": 0,
            f"Mon, 01 Jan {'9' * 30} 00:00:00 GMT": 0,
        }.items():
            with self.subTest(text[:40]):
                pause = webhook.Answer(503, text).get_pause().total_seconds()
                self.assertAlmostEqual(pause, seconds, delta=5)
