# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What callers send stays text in a spreadsheet that staff export.

Odoo's export to Excel writes a text that begins with ``=`` as a formula, which may call
programs or send what is in the sheet elsewhere; that to CSV leaves some of what
spreadsheets take for a formula as it is.
"""

from odoo.addons.web.controllers import export

# See OWASP's "CSV Injection"; Odoo takes care of "=", "+" and "-".
FORMULA_STARTS = ("@", "\t", "\r")

_init = export.ExportXlsxWriter.__init__


def __init__(self, *args, **kwargs):
    _init(self, *args, **kwargs)
    self.worksheet.strings_to_formulas = False


export.ExportXlsxWriter.__init__ = __init__


class CSVExport(export.CSVExport):
    def from_data(self, fields, columns_headers, rows):
        rows = [[self._escape_formula(value) for value in row] for row in rows]
        return super().from_data(fields, columns_headers, rows)

    def _escape_formula(self, value):
        is_formula = isinstance(value, str) and value.startswith(FORMULA_STARTS)
        return f"'{value}" if is_formula else value
