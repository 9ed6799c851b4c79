# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Test the fetching of leads from a simulated Graph."""

import json
import logging
import threading
import time
from datetime import timedelta
from unittest import skipUnless
from unittest.mock import patch

from odoo import fields
from odoo.tests import tagged

from odoo.addons.crm_lead_api.tests.common import LeadApiCase

from ..models.res_config_settings import DEFAULT_GRAPH_VERSION, GRAPH_VERSION
from ..tools import graph as graph_tool
from .graph import GARBAGE, REDIRECT, TOKEN, Graph, fail

try:
    from facebook_business.adobjects.lead import Lead
    from facebook_business.adobjects.leadgenform import LeadgenForm
except ImportError:
    Lead = None

ANSWERS = {"full_name": "Trần Thị Thanh Thảo", "phone_number": "+84900000202"}
NEEDED = {
    "contact_name": "answers.full_name",
    "phone_no1": "answers.phone_number",
}
LOGGER = "odoo.addons.crm_lead_api_connection.models.crm_lead_api_message_fetch"


class GraphCase(LeadApiCase):
    """A connection with Meta, whose Graph API runs on this machine."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.client.company_id = cls.company
        cls.messages = cls.env["crm.lead.api.message"]
        cls.platform = cls.env.ref(
            "crm_lead_api_connection.platform_meta", False
        ) or cls.env["crm.lead.api.platform"].create(
            {
                "name": "Facebook",
                "code": "meta",
                "id_place": "leadgen_id",
                "answers_place": "field_data[].{name: name, value: values}",
                "origin_place": "form_name",
                "fetches": "meta",
            }
        )
        cls.connection = cls.connect("Facebook")

    @classmethod
    def connect(cls, name, platform=None, mapping=None, **values):
        mapping = mapping or NEEDED
        return cls.env["crm.lead.api.connection"].create(
            {
                "name": name,
                "platform_id": (platform or cls.platform).id,
                "client_id": cls.client.id,
                "access_token": TOKEN,
                "field_ids": [
                    (0, 0, {"attribute": attribute, "place": place})
                    for attribute, place in mapping.items()
                ],
                "is_live": True,
                **values,
            }
        )

    def setUp(self):
        super().setUp()
        self.graph = self.enterContext(Graph.run())
        self.now = fields.Datetime.now()
        self.enterContext(patch.object(fields.Datetime, "now", lambda: self.now))

    def notify(self, ref="4001", connection=None, **answers):
        """Keep what Meta's webhook says of a lead, and add the lead to the Graph."""
        if answers is not None:
            self.graph.add(ref, **{**ANSWERS, **answers})
        value = {"leadgen_id": ref, "form_id": "901", "page_id": "501"}
        value["created_time"] = int(time.time())
        self.messages._keep(connection or self.connection, [value])
        return self.messages.search([("message_ref", "=", ref)])

    def run_cron(self, name):
        cron = self.env.ref(f"crm_lead_api_connection.ir_cron_{name}")
        self.env.cr.flush()
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.env.invalidate_all()

    def fetch(self):
        self.run_cron("fetch_leads")

    def make_leads(self):
        self.run_cron("make_leads")

    def wait(self, **duration):
        self.now += timedelta(**duration)

    def get_triggers(self, name="fetch_leads"):
        cron = self.env.ref(f"crm_lead_api_connection.ir_cron_{name}")
        triggers = self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)])
        return triggers.mapped("call_at")

    def get_alarms(self):
        return self.connection.activity_ids.mapped("summary")


@tagged("post_install", "-at_install")
class TestFetching(GraphCase):
    def test_a_lead(self):
        message = self.notify()
        self.assertEqual(message.state, "fetching")
        self.assertTrue(self.get_triggers())
        self.fetch()
        self.assertRecordValues(
            message,
            [{"state": "waiting", "customer_keys": "900000202", "retries": False}],
        )
        self.assertEqual(message.body["page_id"], "501")
        self.assertEqual(message.body["campaign_name"], "Tháng 11")
        self.assertEqual(message.body["form_name"], "Khuyến mãi 901")
        self.assertTrue(self.get_triggers("make_leads"))
        self.make_leads()
        self.assertEqual(message.state, "done", message.problems)
        self.assertEqual(message.lead_id.contact_name, ANSWERS["full_name"])

    def test_what_is_asked(self):
        self.notify()
        self.notify("4002")
        self.fetch()
        self.assertEqual(sorted(self.graph.asked), ["4001", "4002", "901", "901"])
        self.notify("4003")
        self.fetch()  # the form's name is known
        self.assertEqual(self.graph.asked[4:], ["4003"])
        body = self.messages.search([("message_ref", "=", "4003")]).body
        self.assertEqual(body["form_name"], "Khuyến mãi 901")
        for path, params, headers, _body in self.graph.calls:
            self.assertTrue(path.startswith(f"/{DEFAULT_GRAPH_VERSION}/"))
            self.assertEqual(headers["Authorization"], f"Bearer {TOKEN}")
            self.assertEqual(list(params), ["fields"])

    def test_the_version(self):
        set_param = self.env["ir.config_parameter"].set_param
        for number, (value, expected) in enumerate(
            (("v30.1", "v30.1"), ("../evil", DEFAULT_GRAPH_VERSION))
        ):
            set_param(GRAPH_VERSION, value)
            self.notify(f"410{number}")
            self.fetch()
            self.assertTrue(self.graph.calls[-1][0].startswith(f"/{expected}/"))

    def test_what_is_no_id(self):
        """Nothing in a message is an address."""
        for ref in ("../me", "http://x", "4001?a", "٤٠٠١"):
            message = self.notify(ref)
            self.fetch()
            with self.subTest(ref):
                self.assertEqual(message.state, "refused")
                self.assertIn(ref, message.problems)
        self.assertEqual(self.graph.calls, [])

    def test_an_unknown_lead(self):
        message = self.notify()
        other = self.notify("4002")
        lead = self.graph.leads.pop("4001")
        self.fetch()
        self.assertEqual((message.state, other.state), ("refused", "waiting"))
        self.assertIn("100/33", message.problems)
        self.graph.leads["4001"] = lead
        message.action_make_again()
        self.fetch()
        self.assertRecordValues(message, [{"state": "waiting", "problems": False}])
        waiting = self.notify("4003")
        waiting._discard("Spam")
        waiting.action_undiscard()
        self.assertEqual(waiting.state, "fetching")

    def test_failures_that_pass(self):
        """Limits and absences: tried again after growing pauses."""
        usage = {"1": [{"type": "leadgen", "estimated_time_to_regain_access": 19}]}
        headers = {"X-Business-Use-Case-Usage": json.dumps(usage)}
        for number, (case, fault, pause, is_paused) in enumerate(
            (
                ("1", fail(1, status=500), 120, False),
                ("2", fail(2, status=503, is_transient=True), 120, False),
                ("4", fail(4), 120, True),
                ("17", fail(17), 120, True),
                ("32", fail(32, headers={"Retry-After": "900"}), 900, True),
                ("613", fail(613), 120, True),
                ("80005", fail(80005, headers=headers), 19 * 60, True),
                ("429", (429, {}, b""), 120, True),
                ("too long", fail(4, headers={"Retry-After": "9999999"}), 28800, True),
                ("a wrong field", fail(100), 120, False),
                ("500", (500, {}, b"{}"), 120, False),
                ("redirect", REDIRECT, 120, False),
                ("garbage", GARBAGE, 120, False),
                ("a list", (200, {}, b"[]"), 120, False),
                ("a number", (200, {}, b"12"), 120, False),
                ("wrong bytes", (200, {}, b"\xff\xfe"), 120, False),
                ("no answer", None, 120, False),
            )
        ):
            message = self.notify(f"42{number:02}")
            self.graph.faults = [fault]
            self.fetch()
            with self.subTest(case):
                self.assertEqual(message.state, "fetching")
                self.assertTrue(message.fetch_error)
                self.assertEqual(message.retries["fetch"][0], 1)
                self.assertEqual(bool(self.connection.fetch_date), is_paused)
                calls = len(self.graph.calls)
                self.wait(seconds=max(pause - 130, 5))
                self.fetch()
                self.assertEqual(len(self.graph.calls), calls)
                self.wait(seconds=140)
                self.assertLessEqual(max(self.get_triggers()), self.now)
                self.fetch()
                self.assertRecordValues(
                    message,
                    [{"state": "waiting", "fetch_error": False, "retries": False}],
                )
                self.assertFalse(self.connection.fetch_date)
                self.assertFalse(self.connection.fetch_error)
        self.assertFalse(self.get_alarms())

    def test_growing_pauses(self):
        """The fifth failure alarms; what is there again after days is fetched."""
        message = self.notify()
        self.graph.faults = [None] * 12
        pauses = []
        for _attempt in range(12):
            self.fetch()
            date = fields.Datetime.to_datetime(message.retries["fetch"][1])
            pauses.append(date - self.now)
            self.assertEqual(bool(self.get_alarms()), len(pauses) >= 5)
            self.now = date
        self.assertEqual(pauses, sorted(pauses))
        self.assertEqual(pauses[-1], timedelta(hours=8))
        self.fetch()
        self.assertEqual(message.state, "waiting")
        self.assertEqual(len(self.get_alarms()), 1)

    def test_a_token_without_rights(self):
        for code in (3, 10, 200, 299):
            self.connection.activity_ids.unlink()
            message = self.notify(f"43{code}")
            other = self.notify(f"44{code}")
            self.graph.faults = [fail(code, status=403)] * 2
            self.fetch()
            with self.subTest(code):
                self.assertEqual((message + other).mapped("state"), ["fetching"] * 2)
                [alarm] = self.get_alarms()
                self.assertIn(str(code), alarm)
                self.assertTrue(self.connection.fetch_date)
                self.graph.faults.clear()
                self.wait(hours=1)
                self.fetch()
                self.fetch()
                self.assertEqual((message + other).mapped("state"), ["waiting"] * 2)

    def test_nothing_is_left_to_fetch(self):
        message = self.notify()
        self.graph.faults = [fail(200, status=403)]
        self.fetch()
        self.assertEqual(len(self.get_alarms()), 1)
        message._discard("Spam")
        self.env["crm.lead.api.client"]._cron_watch()
        self.assertFalse(self.get_alarms())

    def test_taken_back_while_it_cannot_be_fetched(self):
        message = self.notify()
        self.graph.faults = [fail(1, status=500)]
        self.fetch()
        message._discard("Spam")
        message.action_undiscard()
        self.assertEqual(message.state, "fetching")
        self.fetch()
        self.assertEqual(message.state, "waiting")

    def test_a_token_that_has_ended(self):
        """Fetching stops; messages wait until a new token is entered."""
        message = self.notify()
        self.graph.tokens = {"new": 0}
        self.fetch()
        self.assertTrue(self.connection.is_fetching_stopped)
        self.assertIn("190", self.connection.fetch_error)
        self.connection.key_hint = "…1234"
        self.assertEqual(self.connection.light, "red")
        self.assertIn("190", self.connection.light_text)
        self.assertEqual(len(self.get_alarms()), 1)
        other = self.notify("4002")
        calls = len(self.graph.calls)
        self.wait(days=3)
        self.fetch()
        self.assertEqual(len(self.graph.calls), calls)
        self.assertEqual((message + other).mapped("state"), ["fetching"] * 2)
        self.connection.access_token = "new"
        self.assertFalse(self.connection.is_fetching_stopped)
        self.assertEqual(self.connection.light, "green")
        self.fetch()
        self.make_leads()
        self.assertEqual((message + other).mapped("state"), ["done"] * 2)
        self.connection.fetch_error = "(#4) Error"  # of a message that was discarded
        self.assertEqual(self.connection.light, "green")

    def test_a_token_that_was_replaced_meanwhile(self):
        message = self.notify()
        claim = self.claim()
        self.connection.access_token = "new"
        self.graph.tokens["new"] = 0
        reason = graph_tool._lt("Enter an access token.")
        error = graph_tool.GraphError(graph_tool.TOKEN, reason)
        self.messages._write_outcome(claim, None, error)
        self.connection._stop_fetching(reason, claim.graph.token)
        self.assertFalse(self.connection.is_fetching_stopped)
        self.fetch()
        self.assertEqual(message.state, "waiting")

    def test_without_a_token(self):
        connection = self.connect("Khác", access_token=False)
        message = self.notify(connection=connection)
        other = self.notify("4002")
        self.fetch()
        self.assertEqual((message.state, other.state), ("fetching", "waiting"))
        self.assertTrue(connection.is_fetching_stopped)
        connection.access_token = TOKEN
        self.fetch()
        self.assertEqual(message.state, "waiting")

    def test_a_connection_that_is_not_live(self):
        """Its answers are there to be mapped, and no lead."""
        self.connection.is_live = False
        message = self.notify()
        self.fetch()
        self.make_leads()
        self.assertEqual(message.state, "waiting")
        self.assertIn("full_name", json.dumps(message.body))

    def test_an_archived_connection(self):
        """Its leads are fetched and made, or refused if nobody can do so."""
        message = self.notify()
        self.connection.active = False
        self.fetch()
        self.make_leads()
        self.assertEqual(message.state, "done")
        self.graph.tokens = {}
        waiting = self.notify("4002")
        self.fetch()
        self.env["crm.lead.api.client"]._cron_watch()
        self.assertEqual((waiting.state, waiting.reason), ("refused", "archived"))
        self.connection.write({"active": True, "is_live": False})
        waiting.action_make_again()
        self.connection.active = False
        self.assertEqual(waiting.state, "refused")
        self.assertIn("archived", waiting.problems)

    def claim(self):
        """Claim a message as another server does."""
        claim = self.messages._claim_next(set())
        self.env.flush_all()
        self.env.invalidate_all()
        return claim

    def test_a_server_that_died(self):
        message = self.notify()
        claim = self.claim()
        self.fetch()
        self.assertEqual((message.state, self.graph.calls), ("fetching", []))
        self.wait(minutes=3)
        later = self.claim()
        # A late failure says nothing about the later attempt.
        error = graph_tool.GraphError(
            graph_tool.UNKNOWN, graph_tool._lt(claim.lead_ref)
        )
        self.messages._write_outcome(claim, None, error)
        self.assertEqual(message.state, "fetching")
        self.messages._write_outcome(later, later.fetch(), None)
        self.make_leads()
        self.assertEqual(message.state, "done")
        # The one that was thought dead has an answer, too.
        self.messages._write_outcome(claim, claim.fetch(), None)
        self.assertEqual(message.state, "done")
        self.make_leads()
        self.assertEqual(len(self.connection.message_record_ids.lead_id), 1)

    def test_two_runs(self):
        """Each lead is fetched by one of them."""
        self.notify()
        self.notify("4002")
        claims = [self.claim(), self.claim()]
        self.assertEqual({claim.lead_ref for claim in claims}, {"4001", "4002"})
        self.assertIsNone(self.claim())

    def test_a_slow_platform(self):
        """Other connections do not wait for it: the one is answered only after the
        other has been asked."""
        message = self.notify()
        other = self.notify("4002", self.connect("Khác"))
        asked = threading.Event()
        self.graph.held["4001"] = asked
        answer = self.graph.answer

        def answer_and_tell(method, path, params, token):
            if "4002" in path:
                asked.set()
            return answer(method, path, params, token)

        with patch.object(self.graph, "answer", answer_and_tell):
            self.fetch()
        self.assertEqual((message + other).mapped("state"), ["waiting"] * 2)

    def test_leads_of_others_meanwhile(self):
        message = self.notify()
        claim = self.claim()
        google = self.env.ref("crm_lead_api_connection.platform_google")
        other = self.connect(
            "Google", google, {**NEEDED, "contact_name": "answers.FULL_NAME"}
        )
        other.field_ids[1].place = "answers.PHONE_NUMBER"
        columns = (("FULL_NAME", "Lê An"), ("PHONE_NUMBER", "0900 000 303"))
        item = {
            "lead_id": "g1",
            "user_column_data": [
                {"column_id": name, "string_value": value} for name, value in columns
            ],
        }
        self.messages._keep(other, [item])
        self.make_leads()
        self.assertEqual(other.message_record_ids.state, "done")
        self.assertEqual(message.state, "fetching")
        self.messages._write_outcome(claim, claim.fetch(), None)
        self.assertEqual(message.state, "waiting")

    def test_an_answer_that_takes_too_long(self):
        message = self.notify()
        with patch.object(graph_tool, "MAX_SECONDS", -1):
            self.fetch()
        self.assertEqual(message.state, "fetching")
        self.assertIn("Timeout", message.fetch_error)

    def test_an_error_of_another_addon(self):
        message, other = self.notify(), self.notify("4002", self.connect("Khác"))
        complete = self.registry[message._name]._complete

        def refuse(record, lead):
            if record == message:
                raise ZeroDivisionError(TOKEN)
            return complete(record, lead)

        with (
            patch.object(self.registry[message._name], "_complete", refuse),
            self.assertLogs(LOGGER, "ERROR") as logged,
        ):
            self.fetch()
        self.assertNotIn(TOKEN, str(logged.output))
        self.assertEqual((message.state, other.state), ("fetching", "waiting"))
        self.wait(minutes=3)
        self.fetch()
        self.assertEqual(message.state, "waiting")

    def test_the_token_is_in_no_log(self):
        """Nor is it in what is kept, though Meta repeats it in its errors."""
        with self.assertLogs(level=logging.DEBUG) as logged:
            logging.getLogger("urllib3").warning("begin")
            self.notify()
            self.graph.faults = [fail(1), GARBAGE, None]
            for _attempt in range(4):
                self.fetch()
                self.run_cron("check_tokens")
                self.wait(minutes=10)
            self.graph.tokens.clear()
            message = self.notify("4002")
            self.fetch()
        self.assertIn("urllib3", str(logged.output))
        self.assertNotIn("tok%en", str(logged.output))
        self.assertNotIn("tok%25en", str(logged.output))
        kept = f"{message.fetch_error} {self.connection.fetch_error}"
        kept += str(self.get_alarms())
        self.assertIn("190", kept)
        self.assertNotIn("EAAB", kept)

    def test_what_is_not_known_is_kept(self):
        message = self.notify()
        self.graph.leads["4001"]["field_data"].append(
            {"name": "lạ", "values": ["a\0b", "\ud800c"], "new": [{"x": ["\0"]}]}
        )
        with patch.object(graph_tool, "LEAD_FIELDS", ()):
            self.graph.leads["4001"]["later"] = {"y": 1}
            self.fetch()
        self.assertEqual(message.body["later"], {"y": 1})
        self.assertEqual(
            message.body["field_data"][-1],
            {
                "name": "lạ",
                "values": ["ab", "\ufffdc"],
                "new": [{"x": [""]}],
            },
        )

    @skipUnless(Lead, "facebook-business is not installed")
    def test_the_names_of_fields(self):
        """Meta's own library knows what is asked for."""
        lead_names, form_names = (
            {getattr(each.Field, name) for name in dir(each.Field) if name[0] != "_"}
            for each in (Lead, LeadgenForm)
        )
        self.assertLessEqual(set(graph_tool.LEAD_FIELDS), lead_names)
        self.assertLessEqual(set(graph_tool.FORM_FIELDS), form_names)
