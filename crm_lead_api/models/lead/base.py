# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Keep clients' texts from turning into formulas in spreadsheets that staff export.

Odoo's export to Excel writes a text that begins with ``=`` as a formula, which may send
the content of the sheet elsewhere. Odoo's export to CSV does not escape a text that
begins with ``@``, a tab or a carriage return, which spreadsheets take for a formula,
too. See OWASP's "CSV Injection". Odoo itself escapes ``+`` and ``-`` in CSV, and in an
Excel file they are harmless: phone numbers begin with ``+``.

Only texts of the models that say so, and of the fields below, are escaped; other
exports stay unchanged.
"""

from odoo import api, models
from odoo.orm.models import fix_import_export_id_paths

FORMULA_STARTS = ("=", "{=", "@", "\t", "\r")
TEXT_TYPES = ("char", "text", "html")
# Fields of other models that hold names of leads and contacts
FIELDS = {
    ("mail.activity", "res_name"),
    ("mail.message", "record_name"),
    ("sale.order", "origin"),
}


class Base(models.AbstractModel):
    _inherit = "base"

    # The model's texts may come from clients; see above.
    _has_texts_of_clients = False

    def export_data(self, fields_to_export):
        result = super().export_data(fields_to_export)
        columns = [
            column
            for column, name in enumerate(fields_to_export)
            if self._holds_text_of_clients(fix_import_export_id_paths(name))
        ]
        if columns:
            for row in result["datas"]:
                for column in columns:
                    row[column] = _escape_formula(row[column])
        return result

    @api.model
    def formatted_read_group(self, domain, groupby=(), *args, **kwargs):
        groups = super().formatted_read_group(domain, groupby, *args, **kwargs)
        # Only an export, which writes the groups' names, has this key in its context.
        if "import_compat" not in self.env.context:
            return groups
        for spec in groupby:
            path = spec.partition(":")[0]
            if self._holds_text_of_clients([path]):
                for group in groups:
                    group[spec] = _escape_formula(group[spec])
        return groups

    @api.model
    def _holds_text_of_clients(self, path):
        """Tell whether an exported column, by its path, may hold a client's text."""
        model = self
        # A group's path has dots, such as partner_id.name.
        for name in ".".join(path).split("."):
            field = model._fields.get(name)
            if not field or name == "id":
                return False
            if field.type == "properties":
                return model._has_texts_of_clients
            if field.type == "reference":
                names = field.get_values(self.env)
                return any(self.env[each]._has_texts_of_clients for each in names)
            if not field.comodel_name:
                while field.related_field:
                    field = field.related_field
                is_kept = (field.model_name, field.name) in FIELDS
                is_kept = is_kept or self.env[field.model_name]._has_texts_of_clients
                return is_kept and field.type in TEXT_TYPES
            model = self.env[field.comodel_name]
        return model._has_texts_of_clients  # the record's name


def _escape_formula(value):
    """Put an apostrophe before a text that begins like a formula."""
    if isinstance(value, tuple):
        return tuple(map(_escape_formula, value))
    is_formula = isinstance(value, str) and value.startswith(FORMULA_STARTS)
    return f"'{value}" if is_formula else value
