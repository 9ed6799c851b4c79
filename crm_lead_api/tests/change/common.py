# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Share the requests of the tests of changed leads."""

from ..common import URL, LeadApiLogCase


class ChangeCase(LeadApiLogCase):
    def setUp(self):
        super().setUp()
        self.lead = self.assertSuccess(self.post())
        self.url = f"{URL}/{self.lead.id}"

    def change(self, payload, url=None, method="PATCH", **kwargs):
        """Send a change without an Idempotency-Key, unless a header has one."""
        headers = {"Idempotency-Key": "", **kwargs.pop("headers", {})}
        return self.post(
            payload, url=url or self.url, method=method, headers=headers, **kwargs
        )

    def read_lead(self, lead=None):
        return self.post(
            {}, url=f"{URL}/{(lead or self.lead).id}", method="GET", json=None
        )

    def assertChanged(self, response, proposed=()):
        """Check a 200, and the proposed ``(on, field, present, sent)``; return the
        lead's data."""
        body = self.assertJson(response, 200)
        self.assertEqual(list(body), ["error", "message", "data"])
        found = [
            (each["on"], each["field"], each["present"], each["sent"])
            for each in body["data"]["proposed"]
        ]
        self.assertEqual(found, list(proposed))
        self.env.invalidate_all()
        return body["data"]

    def write_as_staff(self, lead=None, **values):
        (lead or self.lead).with_user(self.agent).write(values)
        self.env.flush_all()
