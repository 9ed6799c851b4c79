# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The bases of all tests: of models, of requests, of requests and their log."""

import uuid

from odoo.tests import HttpCase, TransactionCase

from .data import LeadApiData

URL = "/api/v1/lead"


class LeadApiCase(LeadApiData, TransactionCase):
    """Calls the model."""


class LeadApiHttpCase(LeadApiData, HttpCase):
    """Calls the API over a real socket."""

    def url_open(self, url, data=None, files=None, timeout=60, **kwargs):
        # Odoo's twelve seconds are less than a busy machine may stand still.
        return super().url_open(url, data, files, timeout, **kwargs)

    def post(self, payload=None, token=None, url=URL, headers=None, **kwargs):
        headers = {
            "Authorization": f"Bearer {self.token if token is None else token}",
            # Each call makes a lead of its own; "" is a call without a key.
            "Idempotency-Key": str(uuid.uuid4()),
            **(headers or {}),
        }
        if "data" not in kwargs:
            kwargs["json"] = self.payload if payload is None else payload
        kwargs.setdefault("method", "POST")
        return self.url_open(url, headers=headers, **kwargs)

    def assertJson(self, response, status):
        self.assertEqual(response.status_code, status, response.text)
        self.assertEqual(
            response.headers["Content-Type"], "application/json; charset=utf-8"
        )
        self.assertTrue(response.headers["X-Request-Id"])
        return response.json()

    def assertSuccess(self, response):
        """Check the envelope of a 200, and return the lead."""
        body = self.assertJson(response, 200)
        self.assertEqual(list(body), ["error", "message", "data"])
        self.assertEqual((body["error"], body["message"]), (0, "Success"))
        self.assertEqual(
            list(body["data"]), ["customer_portrait", "id_lead", "link_lead_detail"]
        )
        return self.env["crm.lead"].browse(body["data"]["id_lead"])

    def assertErrors(self, response, expected):
        """Check a 422: exactly these ``(path, code)``, in this order."""
        body = self.assertJson(response, 422)
        self.assertEqual(list(body), ["error", "type", "message", "errors"])
        self.assertEqual((body["error"], body["type"]), (422, "validation"))
        found = [(error["field"], error["code"]) for error in body["errors"]]
        self.assertEqual(found, list(expected))
        self.assertTrue(all(error["message"] for error in body["errors"]))
        return body

    def assertError(self, response, status, kind):
        body = self.assertJson(response, status)
        self.assertEqual((body["error"], body["type"]), (status, kind))
        self.assertTrue(body["message"])
        self.assertNotIn("Traceback", response.text)
        return body


class LeadApiLogCase(LeadApiHttpCase):
    """Send requests, and read their entries in the log."""

    def _get_entries(self):
        return self.env["crm.lead.api.request"].search([])

    def _get_entry(self):
        """Return the only entry."""
        entry = self._get_entries()
        self.assertEqual(len(entry), 1)
        return entry
