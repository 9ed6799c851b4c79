# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import csv
from collections import defaultdict

from odoo import api, fields, models
from odoo.tools import file_open

VIETNAM_FILE = "crm_lead_api/data/res.country.district.vn.csv"


class ResCountryDistrict(models.Model):
    """The unit below the state: in Vietnam the commune or ward of a province (until
    July 2025 the district)."""

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
        """Return what there is to load of Vietnam.

        :return: ``source``, which names the list and its date, and ``provinces``: the
            codes of the states with ``code``, and how many units each has, ``count``
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
        """Make the communes and wards of a province that are not there yet.

        One that was entered without its code is known by its name.

        :param str code: of the state, ``VN-SG``
        :return: ``state``, its name, and how many were ``created``
        :raise AccessError: the user may not make districts
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
