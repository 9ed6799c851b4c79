# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from werkzeug.exceptions import NotFound, ServiceUnavailable

from odoo import http
from odoo.http import request
from odoo.tools import consteq

from odoo.addons.crm_lead_api.schemas.value import MAX_ID
from odoo.addons.crm_lead_api.tools.update import RETRY_AFTER, get_problem

from ..models.crm_booking_calendar import CALENDAR_PATH


class BookingCalendarController(http.Controller):
    @http.route(
        f"{CALENDAR_PATH}/<int:booking_id>/<string:access_token>",
        type="http",
        auth="public",
        methods=["GET"],
        save_session=False,
        readonly=True,
    )
    def read_calendar(self, booking_id, access_token):
        """Answer with a customer's calendar file."""
        if get_problem(request.registry, request.env.cr):
            raise ServiceUnavailable(retry_after=RETRY_AFTER)
        # sudo: the link's token opens this booking, and nothing else
        bookings = request.env["crm.booking"].sudo()
        if booking_id > MAX_ID or not access_token.isascii():
            raise NotFound()
        booking = bookings.browse(booking_id).exists()
        if not booking or not consteq(booking.access_token or "", access_token):
            raise NotFound()
        return request.make_response(
            booking._get_calendar_file(),
            {
                "Content-Type": "text/calendar; charset=utf-8",
                "Content-Disposition": f'attachment; filename="{booking.code}.ics"',
                "Cache-Control": "private, no-store",
                "X-Robots-Tag": "noindex",
            },
        )
