# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Share a token for tests."""

from ..reading.common import ReadCase


class TestTokenCase(ReadCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.test_token = cls._new_token(is_test=True)
        cls.client.looks_up_customers = True

    def post_test(self, payload=None, **kwargs):
        return self.post(payload, token=self.test_token, **kwargs)

    def make_test_lead(self, **changes):
        payload = {**self.payload, **changes}
        return self.assertSuccess(self.post_test(payload))
