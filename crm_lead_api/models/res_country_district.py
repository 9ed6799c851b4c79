# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class ResCountryDistrict(models.Model):
    """The unit below the state: in Vietnam the commune or ward of a province (until
    July 2025 the district)."""

    _name = "res.country.district"
    _description = "District"
    _order = "state_id, name, id"
    _rec_names_search = ["name", "code"]

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
