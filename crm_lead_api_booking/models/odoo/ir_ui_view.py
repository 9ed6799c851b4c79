# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class IrUiView(models.Model):
    """Add the view of a day of bookings."""

    _inherit = "ir.ui.view"

    type = fields.Selection(selection_add=[("booking_day", "Day")])

    def _get_view_info(self):
        return {"booking_day": {"icon": "fa fa-columns"}} | super()._get_view_info()


class IrActionsActWindowView(models.Model):
    """Let actions open a day of bookings."""

    _inherit = "ir.actions.act_window.view"

    view_mode = fields.Selection(
        selection_add=[("booking_day", "Day")], ondelete={"booking_day": "cascade"}
    )
