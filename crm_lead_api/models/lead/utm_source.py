# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class UtmSource(models.Model):
    _inherit = "utm.source"

    group_id = fields.Many2one(
        "utm.source.group",
        string="Source Group",
        index="btree_not_null",
        ondelete="restrict",
        help="Clients of the lead API send a source and a source group: the two must "
        "match.",
    )


class UtmSourceGroup(models.Model):
    """Group sources of the same kind: Facebook pages, referrals, advertising…"""

    _name = "utm.source.group"
    _description = "Source Group"
    _order = "sequence, name, id"

    name = fields.Char(required=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    source_ids = fields.One2many("utm.source", "group_id", string="Sources")

    _name_unique = models.Constraint(
        "UNIQUE(name)", "There is already a source group with this name."
    )
