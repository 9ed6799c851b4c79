# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import csv
from collections import defaultdict

from odoo import api, fields, models
from odoo.tools import file_open

VIETNAM_FILE = "crm_lead_api/data/res.country.district.vn.csv"


class ResCountryDistrict(models.Model):
    """Hold a unit below the state: in Vietnam the commune, ward or former district."""

    _name = "res.country.district"
    _inherit = ["folded.name.mixin"]
    _description = "District"
    _order = "state_id, name, id"
    _rec_names_search = ["folded_name", "code"]

    name = fields.Char(required=True)
    code = fields.Char(index="btree_not_null", help="The official code of the unit.")
    state_id = fields.Many2one("res.country.state", required=True, index=True)
    country_id = fields.Many2one(
        related="state_id.country_id", string="Country", store=True
    )
    active = fields.Boolean(default=True)

    _code_state_unique = models.Constraint(
        "UNIQUE(state_id, code)", "There is already a district with this code there."
    )

    @api.model
    def get_vietnam_provinces(self):
        """Return the provinces of Vietnam whose units can be loaded.

        :return: ``source``, the name and date of the list, and ``provinces``: for each
            the state's ``code``, and the ``count`` of its units
        """
        source, units = self._read_vietnam()
        return {
            "source": source,
            "provinces": [
                {"code": code, "count": len(rows)} for code, rows in units.items()
            ],
        }

    @api.model
    def load_vietnam_province(self, code):
        """Create the missing communes and wards of a province, by its code, such as
        ``VN-SG``, and update the others. A unit that was entered without a code is
        recognized by its name.

        :return: ``state``, the state's name, and ``created``, the number of new units
        """
        state = self.env.ref("base.vn").state_ids.filtered(lambda s: s.code == code)
        known = self.with_context(active_test=False).search(
            [("state_id", "in", state.ids)]
        )
        by_code = known.grouped("code")
        by_name = known.filtered(lambda d: not d.code).grouped("name")
        new = []
        for row in self._read_vietnam()[1][code] if state else ():
            values = {"code": row["code"], "name": row["name"]}
            district = (
                by_code.get(row["code"]) or by_name.get(row["name"], self.browse())[:1]
            )
            if not district:
                new.append({**values, "state_id": state.id})
            elif {"code": district.code, "name": district.name} != values:
                district.write(values)
        self.create(new)
        return {"state": state.name, "created": len(new)}

    @api.model
    def _read_vietnam(self):
        """Return the source of the list, and its rows by the code of their state."""
        with file_open(VIETNAM_FILE) as file:
            source = next(file).removeprefix("# ").strip()
            units = defaultdict(list)
            for row in csv.DictReader(file):
                units[row["state_code"]].append(row)
        return source, units
