# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import logging
import re
from datetime import datetime, timedelta
from logging.handlers import QueueHandler
from queue import SimpleQueue

from freezegun import freeze_time
from prometheus_client.parser import text_string_to_metric_families

from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import LeadApiCase, LeadApiHttpCase

HEALTH = "/api/v1/health"
METRICS = "/api/v1/metrics"
LINE = re.compile(r"served (.*)")


def read_metrics(text):
    """Return the figures by name and labels."""
    return {
        (sample.name, *dict(sorted(sample.labels.items())).values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


@tagged("post_install", "-at_install")
class TestHealth(LeadApiHttpCase):
    def test_it_needs_no_token_and_says_nothing_else(self):
        response = self.url_open(HEALTH)
        body = self.assertJson(response, 200)
        self.assertEqual(
            body["data"],
            {"status": "pass", "stopped_actions": []},
        )
        self.assertEqual(self.url_open(HEALTH, method="HEAD").status_code, 200)

    def test_scheduled_actions_that_are_stopped(self):
        self.env.ref("crm_lead_api.ir_cron_watch").active = False
        self.env.ref("crm_lead_api.ir_cron_forget_payloads").unlink()
        data = self.assertJson(self.url_open(HEALTH), 200)["data"]
        self.assertEqual(data["status"], "warn")
        stopped = ["ir_cron_forget_payloads", "ir_cron_watch"]
        self.assertEqual(data["stopped_actions"], stopped)
        # Leads are made all the same.
        self.assertSuccess(self.post())
        self.client.reads_metrics = True
        headers = {"Authorization": f"Bearer {self.token}"}
        figures = read_metrics(self.url_open(METRICS, headers=headers).text)
        name = "crm_lead_api_action_active"
        self.assertEqual(figures[name, "ir_cron_forget_payloads"], 0)
        self.assertEqual(figures[name, "ir_cron_send_events"], 1)

    def test_tenant_in_front(self):
        self.assertJson(self.url_open(f"/clinic{HEALTH}"), 200)


@tagged("post_install", "-at_install")
class TestCallLog(LeadApiHttpCase):
    """The line in Odoo's log that each request leaves."""

    def setUp(self):
        super().setUp()
        self.records = SimpleQueue()
        handler = QueueHandler(self.records)
        logger = logging.getLogger("odoo.addons.crm_lead_api.http.dispatcher")
        logger.addHandler(handler)
        self.addCleanup(logger.setLevel, logger.level)
        logger.setLevel(logging.INFO)
        self.addCleanup(logger.removeHandler, handler)

    def _read_line(self):
        """Return the parts of the next line: it comes after the answer."""
        while True:
            message = self.records.get(timeout=10).getMessage()
            if match := LINE.fullmatch(message):
                return dict(part.split("=", 1) for part in match[1].split())

    def test_lead(self):
        response = self.post(headers={"X-Request-Id": "ticket-4711"})
        self.assertSuccess(response)
        line = self._read_line()
        self.assertGreater(int(line.pop("ms")), 0)
        self.assertGreater(int(line.pop("queries")), 10)
        self.assertEqual(
            line,
            {
                "operation": "create_lead",
                "request": "ticket-4711",
                "client": str(self.client.id),
                "status": "200",
            },
        )

    def test_refused(self):
        self.post({**self.payload, "gender": "x"})
        line = self._read_line()
        self.assertEqual((line["operation"], line["status"]), ("create_lead", "422"))
        self.post(token="crmlead_x")
        line = self._read_line()
        self.assertEqual((line["client"], line["status"]), ("-", "401"))

    def test_no_personal_data(self):
        name = "Nguyen-Anh"
        headers = {"X-Request-Id": "r1"}
        self.post(url=f"/{name}/api/v1/{name}?name={name}", headers=headers)
        line = self._read_line()
        self.assertNotIn(name, str(line))
        self.assertEqual((line["operation"], line["status"]), ("-", "404"))

    def test_reads_have_a_line_each(self):
        response = self.post(url="/api/v1/ref", method="GET")
        headers = {"If-None-Match": response.headers["ETag"]}
        self.assertEqual(self._read_line()["status"], "200")
        self.post(url="/api/v1/ref", method="GET", headers=headers)
        line = self._read_line()
        self.assertEqual((line["operation"], line["status"]), ("read_lists", "304"))


@tagged("post_install", "-at_install")
class TestMetrics(LeadApiHttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.client.reads_metrics = True

    def _read(self):
        response = self.post(url=METRICS, method="GET")
        self.assertEqual(response.status_code, 200, response.text)
        self.assertTrue(response.headers["Content-Type"].startswith("text/plain"))
        return read_metrics(response.text)

    def test_calls(self):
        before = self._read()
        name, login = "crm_lead_api_calls_total", "tong-dai"
        self.assertSuccess(self.post(headers={"Idempotency-Key": "k"}))
        self.assertSuccess(self.post(headers={"Idempotency-Key": "k"}))
        self.post({**self.payload, "gender": "x"})
        self.post(headers={"Prefer": "dry-run"})
        after = self._read()
        for status, outcome in (
            ("200", "lead"),
            ("200", "replay"),
            ("200", "dry_run"),
            ("422", "error"),
        ):
            with self.subTest(outcome):
                key = (name, login, outcome, status)
                self.assertEqual(after[key] - before.get(key, 0), 1)
        count = "crm_lead_api_call_duration_seconds_count"
        self.assertEqual(after[count, login] - before.get((count, login), 0), 4)

    def test_refusals(self):
        name = "crm_lead_api_refusals_total"
        before = self._read()[name,]
        self.post(token="crmlead_x")
        self.assertEqual(self._read()[name,] - before, 1)

    @mute_logger("odoo.http")
    def test_only_who_may(self):
        self.assertEqual(self.url_open(METRICS).status_code, 401)
        token = self._new_token(self._new_client("other"))
        response = self.post(url=METRICS, method="GET", token=token)
        self.assertError(response, 403, "forbidden")


@tagged("post_install", "-at_install")
class TestFigures(LeadApiCase):
    def _read(self):
        return read_metrics(self.env["crm.lead.api.metrics"]._render())

    def _log(self, date, duration, **values):
        self.env["crm.lead.api.request"].create(
            {
                "client_id": self.client.id,
                "date": date,
                "duration": duration,
                "status": 200,
                "state": "done",
                **values,
            }
        )

    def test_odd_logins(self):
        login = 'a "b"\\n \n c'
        self.caller.login = login
        self._log(datetime.now(), 5)
        calls = ("crm_lead_api_calls_total", login, "lead", "200")
        self.env.flush_all()
        self.assertEqual(self._read()[calls], 1)

    def test_durations(self):
        noon = datetime(2030, 5, 20, 12)
        for duration in (0, 25, 26, 100, 60_000):
            self._log(noon, duration)
        self._log(noon - timedelta(days=1), 10)  # before midnight
        with freeze_time(noon + timedelta(hours=1)):
            figures = self._read()
        name, login = "crm_lead_api_call_duration_seconds", self.caller.login
        found = {
            bound: figures[f"{name}_bucket", login, bound]
            for bound in ("0.025", "0.05", "0.1", "10.0", "+Inf")
        }
        self.assertEqual(found, {"0.025": 2, "0.05": 3, "0.1": 4, "10.0": 4, "+Inf": 5})
        self.assertEqual(figures[f"{name}_sum", login], 60.151)

    def test_kinds(self):
        date = datetime(2030, 5, 20, 12)
        kinds = {
            "create": "lead",
            "change": "change",
            "upsert": "upsert",
            "note": "note",
        }
        for kind in kinds:
            self._log(date, 10, kind=kind)
        with freeze_time(date):
            figures = self._read()
        name, login = "crm_lead_api_calls_total", self.caller.login
        for outcome in kinds.values():
            with self.subTest(outcome):
                self.assertEqual(figures[name, login, outcome, "200"], 1)

    def test_outcome_of_a_call_that_was_sent_again_stays(self):
        date = datetime(2030, 5, 20, 12)
        self._log(date, 10, status=422, state="resent")
        with freeze_time(date):
            key = ("crm_lead_api_calls_total", self.caller.login, "error", "422")
            self.assertEqual(self._read()[key], 1)

    def test_events(self):
        date = datetime(2030, 5, 20, 12)
        for minutes, state in ((-5, "delivered"), (0, "waiting"), (5, "waiting")):
            self.env["crm.lead.api.event"].create(
                {
                    "client_id": self.client.id,
                    "date": date + timedelta(minutes=minutes),
                    "type": "ping",
                    "message_ref": f"msg_{minutes}",
                    "state": state,
                }
            )
        tests = self.env["crm.lead.api.event"].search([("state", "=", "waiting")])
        test = {"is_test": True, "message_ref": "msg_t", "date": "2030-01-01"}
        tests[:1].copy({**test, "state": "waiting"})
        figures = self._read()
        login = self.caller.login
        self.assertEqual(figures["crm_lead_api_events_waiting", login], 2)
        oldest = figures["crm_lead_api_oldest_event_timestamp_seconds", login]
        self.assertEqual(oldest, 1_905_508_800)

    def test_end_of_tokens(self):
        end = datetime(2031, 1, 1)
        self._new_token(days=2)
        token = self.client.token_ids[0]
        token.expiration_date = end
        self.client._generate_token("Test", datetime(2032, 1, 1), is_test=True)
        name = "crm_lead_api_token_expiry_timestamp_seconds"
        self.assertEqual(self._read()[name, self.caller.login], 1_924_992_000)
        token.action_revoke()
        self.assertLess(self._read()[name, self.caller.login], 1_924_992_000)
