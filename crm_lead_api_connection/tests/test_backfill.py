# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Test getting earlier leads: from a simulated Graph, and from files."""

import base64
import csv
import io
import time
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from ..tools import graph as graph_tool
from ..tools import lead_file
from ..wizard import crm_lead_api_backfill
from .graph import fail
from .test_fetching import ANSWERS, GraphCase

META = (
    *("id", "created_time", "ad_id", "ad_name", "adset_id", "campaign_id"),
    *("campaign_name", "form_id", "form_name", "is_organic", "platform"),
    *("full_name", "phone_number", "bạn_muốn_làm_gì?"),
)
CUSTOMERS = (
    ("l:4001", "Trần Thị Thanh Thảo", "p:+84900000202", "Nâng mũi, cắt mí"),
    ("l:4002", "Nguyễn Đỗ Quyên", "p:+84900000303", 'Hỏi "giá"'),
)
GOOGLE = """\
Lead ID,GCLID,Form ID,Full name,User Phone,Chi nhánh
g1,click-1,40000000000,Lê An,0900 000 202,"Quận 1
TP.HCM"
g2,,40000000000,Đặng Bình,0900 000 303,Quận 3
"""


@tagged("post_install", "-at_install")
class TestBackfill(GraphCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.google = cls.connect(
            "Google",
            cls.env.ref("crm_lead_api_connection.platform_google"),
            {
                "contact_name": "answers.FULL_NAME",
                "phone_no1": "answers.PHONE_NUMBER",
                "gclid": "gcl_id",
            },
        )

    def get_leads(self, connection=None, **values):
        wizard = self.env["crm.lead.api.backfill"].create(
            {"connection_id": (connection or self.connection).id, **values}
        )
        action = wizard.action_get_leads()
        self.env.invalidate_all()
        self.assertEqual((action["res_id"], action["target"]), (wizard.id, "new"))
        return wizard

    def upload(self, content, connection=None):
        if isinstance(content, str):
            content = content.encode()
        return self.get_leads(connection, source="file", file=base64.b64encode(content))

    def export(self, customers=CUSTOMERS, encoding="utf-16", delimiter="\t"):
        """Write a file as Meta exports it."""
        file = io.StringIO(newline="")
        writer = csv.writer(file, delimiter=delimiter)
        writer.writerow(META)
        for ref, name, phone, answer in customers:
            ids = (ref, "2026-11-01T09:00:00+07:00", "ag:601", "Quảng cáo 1", "as:61")
            form = ("c:701", "Tháng 11", "f:901", "Khuyến mãi 901", "false", "fb")
            writer.writerow((*ids, *form, name, phone, answer))
        return file.getvalue().encode(encoding)

    def assertCounts(self, wizard, new, known, unreadable=0):
        counts = (wizard.new_count, wizard.known_count, wizard.unreadable_count)
        self.assertEqual(counts, (new, known, unreadable))

    def test_menu(self):
        """The page of a connection offers earlier leads."""
        page = self.connection.get_views([(False, "form")], {"toolbar": True})
        actions = page["views"]["form"]["toolbar"]["action"]
        self.assertIn("Earlier Leads", [action["name"] for action in actions])

    # ------------------------------------------------------------ platform

    def test_the_leads_of_a_form(self):
        for number in range(250):
            self.graph.add(f"5{number:03}", **ANSWERS)
        self.graph.add("6001", "902", **ANSWERS)
        self.graph.add("6002", seconds=int(time.time()) - 8 * 86400, **ANSWERS)
        message = self.notify("5000")  # by the webhook, and not fetched yet
        wizard = self.get_leads(form_ref="901")
        self.assertCounts(wizard, 249, 1)
        self.assertFalse(wizard.rest)
        self.assertEqual(self.graph.asked, ["901"] * 4)  # the name, and 3 pages
        self.assertEqual(message.state, "fetching")
        other = self.messages.search([("message_ref", "=", "5001")])
        self.assertEqual(other.state, "waiting")
        self.assertEqual(other.body["form_name"], "Khuyến mãi 901")
        self.assertCounts(self.get_leads(form_ref="901"), 0, 250)
        self.make_leads()
        self.assertEqual((other.state, other.problems), ("done", False))
        self.assertEqual(other.lead_id.contact_name, ANSWERS["full_name"])

    def test_all_forms(self):
        self.graph.add("5001", **ANSWERS)
        self.graph.add("6001", "902", **ANSWERS)
        self.assertCounts(self.get_leads(days=1), 2, 0)

    def test_forms_of_a_former_page(self):
        """The token of the page cannot read forms that messages of others named."""
        self.connection.form_names = {"801": "Trang cũ", "901": "Tên cũ"}
        self.graph.add("5001", **ANSWERS)
        wizard = self.get_leads()
        self.assertCounts(wizard, 1, 0)
        self.assertFalse(wizard.notes)
        [message] = self.connection.message_record_ids
        self.assertEqual(message.body["form_name"], "Khuyến mãi 901")

    def test_continuing(self):
        for number in range(5):
            self.graph.add(f"500{number}", **ANSWERS)
        with (
            patch.object(graph_tool, "PAGE", 2),
            patch.object(
                crm_lead_api_backfill.time, "monotonic", range(99).__iter__().__next__
            ),
            patch.object(crm_lead_api_backfill, "MAX_SECONDS", 2),
            patch.object(graph_tool, "MAX_SECONDS", 99),
        ):
            wizard = self.get_leads()
        self.assertTrue(wizard.rest)
        self.assertLess(wizard.new_count, 5)
        wizard.action_get_leads()
        self.assertFalse(wizard.rest)
        self.assertCounts(wizard, 5, 0)

    def test_failures(self):
        self.graph.add("5001", **ANSWERS)
        for fault in (fail(190), fail(4), None):
            self.graph.faults = [fault]
            with self.assertRaisesRegex(UserError, "Meta"):
                self.get_leads()
        with self.assertRaisesRegex(UserError, "100/33"):
            self.get_leads(form_ref="999")
        with self.assertRaises(UserError):
            self.get_leads(form_ref="../me")
        self.assertFalse(self.connection.message_record_ids)
        with self.assertRaises(ValidationError):
            self.get_leads(days=91)
        with self.assertRaisesRegex(UserError, "token"):
            self.get_leads(self.google, source="platform")

    def test_a_failure_on_the_way(self):
        """Keep the pages that were fetched, and fetch the rest later."""
        for number in range(5):
            self.graph.add(f"500{number}", **ANSWERS)
        answer, count = self.graph.answer, 0

        def answer_or_fail(method, path, params, token):
            nonlocal count
            count += 1
            return fail(4) if count == 4 else answer(method, path, params, token)

        with (
            patch.object(graph_tool, "PAGE", 2),
            patch.object(self.graph, "answer", answer_or_fail),
        ):
            wizard = self.get_leads()
            self.assertCounts(wizard, 4, 0)
            self.assertIn("4", wizard.notes)
            wizard.action_get_leads()
        self.assertCounts(wizard, 5, 0)
        self.assertFalse(wizard.notes)

    def test_who_may(self):
        user = self._new_user("an@example.com", "sales_team.group_sale_manager")
        with self.assertRaises(AccessError):
            self.env["crm.lead.api.backfill"].with_user(user).create(
                {"connection_id": self.connection.id}
            )
        manager = self._new_user(
            "binh@example.com", "crm_lead_api.crm_lead_api_group_manager"
        )
        self.graph.add("5001", **ANSWERS)
        wizards = self.env["crm.lead.api.backfill"].with_user(manager)
        wizard = wizards.create({"connection_id": self.connection.id})
        wizard.action_get_leads()
        self.assertCounts(wizard, 1, 0)

    # ------------------------------------------------------------ file

    def test_files_of_meta(self):
        for case, content in (
            ("UTF-16, tabs", self.export()),
            ("UTF-16, big", b"\xfe\xff" + self.export(encoding="utf-16-be")),
            ("UTF-16, no mark", self.export(encoding="utf-16-le")),
            ("UTF-8, commas", self.export(encoding="utf-8", delimiter=",")),
            ("UTF-8 of Excel", self.export(encoding="utf-8-sig", delimiter=";")),
        ):
            with self.subTest(case):
                self.assertCounts(self.upload(content), 2, 0)
                self.assertCounts(self.upload(content), 0, 2)
                messages = self.connection.message_record_ids.sorted("message_ref")
                self.assertEqual(messages.mapped("message_ref"), ["4001", "4002"])
                self.make_leads()
                self.assertEqual(messages.mapped("state"), ["done"] * 2)
                leads = messages.lead_id.sorted("contact_name", reverse=True)
                self.assertEqual(
                    leads.mapped("contact_name"),
                    ["Trần Thị Thanh Thảo", "Nguyễn Đỗ Quyên"],
                )
                self.assertEqual(
                    leads[0].other_answers,
                    {"bạn_muốn_làm_gì?": "Nâng mũi, cắt mí"},
                )
                self.assertEqual(messages[0].body["form_id"], "901")
                self.assertEqual(messages[0].customer_keys, "900000202")
                messages.is_test = True  # others are never deleted
                messages.unlink()

    def test_a_lead_that_came_by_the_webhook(self):
        message = self.notify("4001")
        self.fetch()
        self.assertCounts(self.upload(self.export()), 1, 1)
        self.assertEqual(message.body["page_id"], "501")

    def test_leads_that_the_token_may_not_fetch(self):
        self.graph.faults = [fail(200)]
        message = self.notify("4001")
        self.fetch()
        self.assertEqual(message.state, "fetching")
        customer = ("l:4001", "Lê An", "p:+84900000404", "Nâng mũi")
        self.assertCounts(self.upload(self.export([customer])), 1, 0)
        self.make_leads()
        self.assertEqual(message.lead_id.contact_name, "Lê An")

    def test_leads_that_could_not_be_fetched(self):
        """Make leads of messages that were refused, or wait."""
        refused, other = self.notify("4001"), self.notify("4002")
        lead = self.graph.leads.pop("4001")
        self.fetch()
        self.assertEqual((refused.state, other.state), ("refused", "waiting"))
        self.graph.leads["4001"] = lead
        self.assertCounts(self.get_leads(), 1, 1)
        self.graph.tokens.clear()
        stopped = self.notify("4003")
        self.fetch()
        self.assertTrue(self.connection.is_fetching_stopped)
        customer = ("l:4003", "Lê An", "p:+84900000404", "Nâng mũi")
        self.assertCounts(self.upload(self.export([customer])), 1, 0)
        self.assertTrue(self.connection.is_fetching_stopped)
        self.make_leads()
        for message, name in (
            (refused, ANSWERS["full_name"]),
            (other, ANSWERS["full_name"]),
            (stopped, "Lê An"),
        ):
            self.assertEqual((message.state, message.problems), ("done", False))
            self.assertEqual(message.lead_id.contact_name, name)
        self.assertCounts(self.upload(self.export([customer])), 0, 1)

    def test_what_excel_makes_of_a_file(self):
        """Columns without a name are left out, and rounded ids are not read."""
        content = "Lead ID,FULL_NAME,PHONE_NUMBER,,\n1,Lê An,0900 000 202,,\n"
        self.assertCounts(self.upload(content, self.google), 1, 0)
        content = "Lead ID,FULL_NAME,PHONE_NUMBER\n"
        content += "7.01235E+18,Lê An,0900 000 202\n7.01235E+18,Mai,0900 000 203\n"
        self.assertCounts(self.upload(content, self.google), 0, 0, 2)

    def test_a_file_of_google(self):
        """Columns have other names than in messages: as people read them."""
        item = {
            "lead_id": "g1",
            "user_column_data": [
                {
                    "column_id": "PHONE_NUMBER",
                    "column_name": "User Phone",
                    "string_value": "0900 000 202",
                },
                {"column_id": "FULL_NAME", "string_value": "Lê An"},
            ],
        }
        self.messages._keep(self.google, [item])
        self.assertCounts(self.upload(GOOGLE, self.google), 1, 1)
        self.make_leads()
        message = self.messages.search([("message_ref", "=", "g2")])
        self.assertEqual(message.state, "done", message.problems)
        self.assertEqual(message.lead_id.contact_name, "Đặng Bình")
        self.assertEqual(message.lead_id.phone, "0900 000 303")
        self.assertEqual(message.lead_id.other_answers, {"Chi nhánh": "Quận 3"})
        self.assertEqual(message.body["form_id"], "40000000000")

    def test_another_platform(self):
        """Its places are not those of a list: the answers are kept by name."""
        platform = self.env["crm.lead.api.platform"].create(
            {
                "name": "Khác",
                "code": "khac",
                "id_place": "data.lead_id || lead_id",
                "answers_place": "merge(data.fields, data.more)",
            }
        )
        connection = self.connect("Khác", platform)
        content = "Lead ID;Full name;Phone number\n1;Lê An;0900 000 202\n"
        self.assertCounts(self.upload(content, connection), 1, 0)
        self.assertCounts(self.upload(content, connection), 0, 1)
        self.make_leads()
        self.assertEqual(connection.message_record_ids.lead_id.contact_name, "Lê An")
        platform.id_place = False
        with self.assertRaisesRegex(UserError, "no ids"):
            self.upload(content, connection)

    def test_ids_in_an_expression(self):
        """The id of a row is where the platform's place reads one."""
        content = "Lead ID;Full name;Phone number\n"
        content += "1;Lê An;0900 000 202\n2;Mai;0900 000 203\n"
        for place in ("to_string(id)", "join('', [data.id])", '"lead-id"'):
            platform = self.platform.create({"name": place, "id_place": place})
            connection = self.connect(place, platform)
            with self.subTest(place):
                self.assertCounts(self.upload(content, connection), 2, 0)
                self.assertCounts(self.upload(content, connection), 0, 2)
                refs = connection.message_record_ids.mapped("message_ref")
                self.assertEqual(sorted(refs), ["1", "2"])

    def test_lines_that_cannot_be_read(self):
        content = (
            "Lead ID,FULL_NAME,PHONE_NUMBER\n"
            "1,Lê An,0900 000 202\n"
            ",Không mã,0900 000 203\n"
            "\n"
            ",,\n"
            "2,Đặng Bình\n"
            '3,"Hai\ndòng",0900 000 204,thừa\n'
            "4,,\n"
            "5,Mai,0900 000 205\n"
            "5,Mai,0900 000 205\n"
        )
        wizard = self.upload(content, self.google)
        self.assertCounts(wizard, 3, 1, 3)
        self.assertIn("3, 7, 9", wizard.notes)

    def test_a_file_without_ids(self):
        content = "FULL_NAME,PHONE_NUMBER\nLê An,0900 000 202\nMai,0900 000 203\n"
        wizard = self.upload(content, self.google)
        self.assertCounts(wizard, 2, 0)
        self.assertIn("ids", wizard.notes)
        self.wait(days=2)
        self.assertCounts(self.upload(content, self.google), 0, 2)

    def test_wrong_files(self):
        head = "Lead ID,FULL_NAME,PHONE_NUMBER\n"
        for case, content, reason in (
            ("Excel", b"PK\x03\x04\x14\x00\x06\x00\x08\x00" * 20, "CSV"),
            ("picture", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\xff\xd8", "CSV"),
            ("windows-1258", "Lead ID,Tên\n1,Hòa\n".encode("cp1252"), "CSV"),
            ("empty", b" ", "first line"),
            ("one column", b"name\nx\n", "first line"),
            ("twice", b"id,name,name\n1,x,y\n", "same name"),
            ("of others", b"id,Firma,Ort\n1,x,y\n", "Firma, Ort"),
            ("half of UTF-16", self.export()[:-1], "CSV"),
        ):
            with self.subTest(case), self.assertRaisesRegex(UserError, reason):
                self.upload(content, self.google)
        with (
            patch.object(lead_file, "MAX_ROWS", 2),
            self.assertRaisesRegex(UserError, "split"),
        ):
            self.upload(head + "1,a,b\n2,a,b\n3,a,b\n", self.google)
        with self.assertRaisesRegex(UserError, "file"):
            self.get_leads(self.google)
        self.assertFalse(self.google.message_record_ids)

    def test_a_large_file(self):
        rows = "".join(f"{n},Lê An,09{n:08}\n" for n in range(2500))
        content = "Lead ID,FULL_NAME,PHONE_NUMBER\n" + rows
        self.assertCounts(self.upload(content, self.google), 2500, 0)
        self.assertCounts(self.upload(content, self.google), 0, 2500)
