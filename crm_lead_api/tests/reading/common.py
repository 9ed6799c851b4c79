# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Share the GET requests of the tests of reading."""

from ..common import LeadApiHttpCase


class ReadCase(LeadApiHttpCase):
    def get(self, path, **kwargs):
        return self.post(url=f"/api/v1/{path}", method="GET", **kwargs)

    def read_data(self, path, **kwargs):
        body = self.assertJson(self.get(path, **kwargs), 200)
        self.assertEqual((body["error"], body["message"]), (0, "Success"))
        return body["data"]
