# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Requests of outside systems: their defaults, pauses, networks and figures."""

from datetime import date, timedelta
from unittest.mock import patch

from lxml import etree

from odoo import fields
from odoo.fields import Domain
from odoo.http import HTTPRequest
from odoo.tests import tagged
from odoo.tools.safe_eval import safe_eval

from ..common import LeadApiHttpCase

DEFAULTS = {
    "company_id": "company_id",
    "price_list_id": "pricelist_id",
    "category_source_id": "source_group_id",
    "source_id": "source_id",
    "campaign_id": "campaign_id",
    "country_id": "country_id",
}


@tagged("post_install", "-at_install")
class TestClientCalls(LeadApiHttpCase):
    def test_what_is_left_out_is_taken_from_the_client(self):
        payload = {k: v for k, v in self.payload.items() if k not in DEFAULTS}
        response = self.post(payload)
        self.assertErrors(
            response,
            [(name, "required") for name in self.payload if name in DEFAULTS],
        )
        self.client.write(
            {field: self.payload[name] for name, field in DEFAULTS.items()}
        )
        lead = self.assertSuccess(self.post({**payload, "country_id": " "}))
        for name, field in DEFAULTS.items():
            self.assertEqual(lead[field].id, self.payload[name])

    def test_what_is_sent_wins_over_the_client(self):
        self.client.write(
            {"source_group_id": self.other_group.id, "source_id": self.other_source.id}
        )
        lead = self.assertSuccess(self.post())
        self.assertEqual(lead.source_id, self.source)
        self.assertErrors(
            self.post({**self.payload, "source_id": None}), [("source_id", "mismatch")]
        )

    def test_paused(self):
        self.client.is_paused = True
        with self.assertNothingMade():
            self.assertError(self.post(), 403, "forbidden")
        self.client.is_paused = False
        self.assertSuccess(self.post())

    def test_networks(self):
        for networks, status in (
            ("203.0.113.7", 403),
            ("2001:db8::/32", 403),
            ("203.0.113.7\n127.0.0.0/8", 200),
            ("::1, 127.0.0.1,\n", 200),
            ("\n", 200),
            ("", 200),
        ):
            self.client.networks = networks
            with self.subTest(networks):
                self.assertEqual(self.post().status_code, status)
        self.client.networks = "203.0.113.7"
        body = self.assertError(self.post(), 403, "forbidden")
        self.assertIn("127.0.0.1", body["message"])

    def test_who_may_not_call_uses_nothing_up(self):
        self.client.write({"networks": "203.0.113.7", "requests_per_minute": 1})
        for _number in range(3):
            self.assertError(self.post(), 403, "forbidden")
        self.client.networks = False
        self.assertSuccess(self.post())

    def test_who_may_not_call_fills_no_disk(self):
        self.client.is_paused = True
        response = self.post({**self.payload, "note": "x" * 300_000})
        self.assertError(response, 403, "forbidden")
        entry = self.env["crm.lead.api.request"].search([], limit=1)
        self.assertEqual((entry.status, entry.payload), (403, False))

    def test_an_address_that_is_none(self):
        """Some proxies say "unknown"."""
        with patch.object(HTTPRequest, "remote_addr", "unknown", create=True):
            self.assertEqual(self.post(token="x").status_code, 401)
            self.assertSuccess(self.post())
            self.client.networks = "0.0.0.0/0"
            self.assertError(self.post(), 403, "forbidden")
        refusals = self.env["crm.lead.api.refusal"].search([])
        self.assertEqual(refusals.mapped("address"), ["unknown"])

    def test_figures(self):
        for _number in range(3):
            self.assertSuccess(self.post())
        self.post({**self.payload, "gender": "x", "street": ""})
        self.client.invalidate_recordset()
        self.assertEqual(self.client.call_count, 4)
        self.assertEqual(self.client.refused_rate, 0.25)
        self.assertEqual(self.client.last_error, "422 gender, street")
        self.assertEqual(self.client.last_call_date.date(), date.today())

    def test_the_last_error_is_a_sentence_for_its_reader(self):
        self.env["res.lang"]._activate_lang("vi_VN")
        self.client.write({"networks": "203.0.113.7", "owner_id": self.env.uid})
        self.env.user.lang = "vi_VN"
        self.client.refused_per_hour = 1
        self.assertError(self.post(), 403, "forbidden")
        for lang, text in (("en_US", "403 This client may"), ("vi_VN", "403 Hệ thống")):
            client = self.client.with_context(lang=lang)
            with self.subTest(lang):
                self.assertIn(text, client.last_error)
        self.env["crm.lead.api.client"]._cron_watch()
        told = " ".join(self.client.activity_ids.mapped("summary"))
        self.assertIn("(403 Hệ thống", told)

    def test_figures_of_past_days(self):
        """Past days are counted once, and today's requests are added."""
        self.assertSuccess(self.post())
        self.post({**self.payload, "gender": "x"})
        for days, entry in enumerate(self.env["crm.lead.api.request"].search([]), 3):
            entry.date -= timedelta(days=days)
        self.assertSuccess(self.post())
        for _again in range(2):
            self.env["crm.lead.api.day"]._count_days()
            self.client.invalidate_recordset()
            self.assertEqual(self.client.call_count, 3)
            self.assertEqual(round(self.client.refused_rate, 2), 0.33)
        days = self.env["crm.lead.api.day"].search([], order="date")
        self.assertEqual(days.mapped("calls"), [1, 1])
        self.assertEqual(days.mapped("refused"), [0, 1])

    def test_a_list_behind_a_figure_has_what_it_counts(self):
        requests = self.env["crm.lead.api.request"]
        oldest = fields.Datetime.to_datetime(self.env["crm.lead.api.day"]._get_oldest())
        refused = {"client_id": self.client.id, "state": "refused", "status": 422}
        origin = requests.create({**refused, "date": oldest - timedelta(days=1)})
        requests.create(
            [
                {**refused, "date": fields.Datetime.now(), **values}
                for values in (
                    {"state": "done", "status": 200},
                    {"date": oldest},
                    {"state": "resent"},
                    {"date": oldest - timedelta(seconds=1)},
                    {"origin_id": origin.id},  # whoever sent it again is gone
                    {"state": "dry_run"},
                    {"is_test": True},
                )
            ]
        )
        self.env["crm.lead.api.day"]._count_days()
        action = self.client.action_open_requests()
        form = etree.fromstring(self.client.get_view(view_type="form")["arch"])
        search = etree.fromstring(requests.get_view(view_type="search")["arch"])
        counts = []
        for button in form.iterfind(".//button[@name='action_open_requests']"):
            domain = Domain(action["domain"])
            context = action["context"] | safe_eval(button.get("context", "{}"))
            for name in (name for name, is_set in context.items() if is_set):
                [node] = search.iterfind(f"filter[@name='{name[15:]}']")
                domain &= Domain(safe_eval(node.get("domain")))
            counts.append(requests.search_count(domain))
        calls = self.client.call_count
        self.assertEqual(counts, [calls, calls * self.client.refused_rate])
        self.assertEqual(counts, [3, 2])

    def test_figures_in_each_time_zone(self):
        """The reader's time zone changes no figure."""
        days, requests = self.env["crm.lead.api.day"], self.env["crm.lead.api.request"]
        counted_day = fields.Datetime.today() - timedelta(days=2)
        for time in (
            counted_day + timedelta(hours=3),
            counted_day + timedelta(hours=20),
            days._get_oldest() - timedelta(hours=3),
        ):
            values = {"client_id": self.client.id, "state": "done", "status": 200}
            requests.create({**values, "date": time})
        days._count_days()
        for tz in ("UTC", "Asia/Ho_Chi_Minh", "America/New_York"):
            client = self.client.with_context(tz=tz)
            client.invalidate_recordset()
            own = [("client_id", "=", client.id), ("is_counted", "=", True)]
            count = requests.with_context(tz=tz).search_count(own)
            with self.subTest(tz):
                self.assertEqual((client.call_count, count), (2, 2))

    def test_callers_may_not_look_at_clients(self):
        for model in ("client", "token", "request", "refusal"):
            records = self.env[f"crm.lead.api.{model}"].with_user(self.caller)
            self.assertFalse(records.has_access("read"), model)
