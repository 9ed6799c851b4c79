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
