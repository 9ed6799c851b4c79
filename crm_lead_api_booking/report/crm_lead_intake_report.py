# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.tools import SQL


class CrmLeadIntakeReport(models.Model):
    """Tell of which leads a booking came, and whether the customer arrived."""

    _inherit = "crm.lead.intake.report"
    _depends = {"crm.booking": ["lead_id"], "crm.lead": ["first_arrival_date"]}

    booked = fields.Integer(readonly=True)
    arrived = fields.Integer(readonly=True)

    @api.model
    def _get_steps(self):
        *steps, won = super()._get_steps()
        return [*steps, "booked", "arrived", won]

    @api.model
    def _prepare_steps(self):
        steps = super()._prepare_steps()
        booked = SQL(
            "EXISTS (SELECT 1 FROM crm_booking AS booking"
            " WHERE booking.lead_id = lead.id)"
        )
        return {
            **steps,
            # Who has booked was spoken with.
            "contacted": SQL("(%s OR %s)", steps["contacted"], booked),
            "booked": booked,
            "arrived": SQL("lead.first_arrival_date IS NOT NULL"),
        }
