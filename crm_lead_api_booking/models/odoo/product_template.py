# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models

from ..booking.crm_booking import DEFAULT_MINUTES


class ProductTemplate(models.Model):
    """Say how long a service takes."""

    _inherit = "product.template"

    booking_duration = fields.Integer(
        "Minutes of a Booking",
        default=DEFAULT_MINUTES,
        help="How long a room or a doctor is needed for the service.",
    )

    _booking_duration_positive = models.Constraint(
        "CHECK(booking_duration > 0)", "A service takes at least a minute."
    )
