# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models


class CrmLeadApiNeighbourTrace(models.Model):
    """Keep the records that this addon's code, or an automation rule, has seen."""

    _name = "crm.lead.api.neighbour.trace"
    _description = "Trace of a Neighbour"

    name = fields.Char(required=True, help="The method, or the rule.")
    model = fields.Char(required=True)
    res_id = fields.Integer()
    context_keys = fields.Text(help="The keys of Odoo's context, one in each line.")

    @api.model
    def _trace(self, name, records):
        """Note that a method has been reached, with its context."""
        keys = "\n".join(sorted(records.env.context))
        # sudo: whoever reaches the method need not be allowed to make notes
        self.sudo().with_context({}).create(
            [
                {
                    "name": name,
                    "model": records._name,
                    "res_id": record_id,
                    "context_keys": keys,
                }
                for record_id in records.ids or [0]
            ]
        )
