# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import json

from .common import ConnectionHttpCase
from .example import make_request

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
APP = "360846524940903967"


class PlatformHttpCase(ConnectionHttpCase):
    """Send the examples of platforms to connections of their own."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.platforms = cls.env["crm.lead.api.platform"].search([])
        cls.connections, cls.keys = {}, {}
        for platform in cls.platforms:
            connection = cls._connect(
                platform.code, platform.mapping, name=platform.name, app_ref=APP
            )
            connection.secret = SECRET
            cls.connections[platform.code] = connection
            cls.keys[platform.code] = connection._generate_key()

    def send_request(self, code, headers, raw, **kwargs):
        """Send the bytes of a message to the connection of a platform."""
        return self.send(None, self.keys[code], headers, data=raw, **kwargs)

    def send_example(self, code, body=None, secret=SECRET, at=None, more=None):
        """Send a platform's example, or another body, with its proof."""
        headers, raw = self.make_example(code, body, secret, at)
        return self.send_request(code, {**headers, **(more or {})}, raw)

    def make_example(self, code, body=None, secret=SECRET, at=None):
        """Return headers and bytes of a platform's example, or of another body."""
        platform = self.connections[code].platform_id
        body = platform.example if body is None else body
        return make_request(platform, body, secret, APP, at)

    def assertUnproven(self, response):
        body = self.assertJson(response, 401)
        self.assertEqual(list(body), ["type", "message"])
        self.assertEqual(body["type"], "no_proof")

    def get_messages(self, code):
        return self.connections[code].message_record_ids

    def count_unproven(self, code):
        days = self.env["crm.lead.api.connection.day"]
        connection = self.connections[code]
        found = days.search([("connection_id", "=", connection.id)])
        return sum(found.mapped("unproven"))

    def copy_example(self, code):
        """Return a copy of an example, to change."""
        return json.loads(json.dumps(self.connections[code].platform_id.example))
