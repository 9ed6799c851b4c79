# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tools.translate import LazyTranslate

from odoo.addons.crm_lead_api.schemas import ErrorResponse
from odoo.addons.crm_lead_api.schemas.about import about

from .booking import Booking, FreeStart

_lt = LazyTranslate(__name__, default_lang="en_US")


class BookingErrorResponse(ErrorResponse):
    """The body of an error; ``error`` is the HTTP status."""

    free: list[FreeStart] | None = about(
        _lt("Of a start that cannot be booked: up to three free starts near it.")
    )
    booking: Booking | None = about(
        _lt("Of a customer with an open booking: that booking.")
    )
