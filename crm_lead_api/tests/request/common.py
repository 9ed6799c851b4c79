# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Share the requests of the tests of many leads at once, and of corrections."""

from ..common import LeadApiLogCase
from ..data import MANAGER_GROUP

URL = "/api/v1/leads"
REASON = "Quota"  # of another addon's rule
DISPATCHER = "odoo.addons.crm_lead_api.http.dispatcher"
BULK = "odoo.addons.crm_lead_api.models.request.crm_lead_api_engine_bulk"
NO_PHONES = {"phone_no2": None, "phone_no3": None, "email_from": None}


class BulkCase(LeadApiLogCase):
    def _lead(self, number, **changes):
        """Return the payload of a customer whom nobody else is like."""
        return {
            **self.payload,
            **NO_PHONES,
            "ticket_id": number,
            "phone_no1": f"0968 {number:06}",
            "contact_name": f"Khách {number}",
            **changes,
        }

    def send(self, *leads, headers=None, url=URL, **options):
        headers = {"Idempotency-Key": "", **(headers or {})}
        return self.post({"leads": leads, **options}, url=url, headers=headers)

    def assertResults(self, response, statuses):
        """Check the envelope of a 200, and return the results."""
        body = self.assertJson(response, 200)
        self.assertEqual((body["error"], body["message"]), (0, "Success"))
        self.assertEqual(list(body["data"]), ["results"])
        results = body["data"]["results"]
        self.assertEqual([each["index"] for each in results], [*range(len(results))])
        for each in results:
            names = ["index", "ref", "status", "body", "replayed"]
            self.assertEqual(list(each), names)
        self.assertEqual([each["status"] for each in results], statuses, results)
        return results

    def _get_leads(self, results):
        leads = self.env["crm.lead"]
        ids = [each["body"]["data"]["id_lead"] for each in results]
        return leads.browse(dict.fromkeys(ids))


class CorrectionCase(LeadApiLogCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls._new_user("manager-of-tour", MANAGER_GROUP)

    def _fail(self, **changes):
        """Send a request that is refused, and return its entry."""
        response = self.post({**self.payload, **changes})
        self.assertEqual(response.status_code, 422)
        return self._get_entries()[:1]

    def _open(self, entry, **context):
        wizards = self.env["crm.lead.api.resend"].with_user(self.manager)
        return wizards.with_context(default_request_ids=entry.ids, **context)
