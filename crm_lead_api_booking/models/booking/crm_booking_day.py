# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.fields import Domain

from .resource_slot import to_intervals, to_seconds


class CrmBooking(models.Model):
    """Show a day of the user's branches, by room and doctor."""

    _inherit = "crm.booking"

    @api.model
    @api.readonly
    def read_day(self, begin, end, specification):
        """Return the bookings of a day, and the seats with their working time in
        seconds. Who does not book, as a doctor, sees the own seats alone.

        The number of statements grows with branches and calendars, and not with
        bookings or seats.

        :param str begin: the day's midnight, in UTC
        :param str end: the next one
        :param dict specification: of the bookings, as for Odoo's ``web_read``
        """
        begin, end = map(fields.Datetime.to_datetime, (begin, end))
        of_branches = Domain("company_id", "in", self.env.companies.ids)
        bookings = self.search(
            of_branches & Domain("stop", ">", begin) & Domain("start", "<", end),
            order="start, id",
        )
        is_editable = self.has_access("write")
        shown = of_branches & Domain("is_seat", "=", True)
        if not is_editable:
            shown &= Domain("user_id", "=", self.env.uid)
        seats = self.env["resource.resource"].search(
            shown, order="company_id, name, id"
        )
        # sudo: the seat of a past booking may be archived, or another branch's now
        seats = seats.sudo() | bookings.sudo().seat_id
        bounds = to_seconds(begin), to_seconds(end)
        work = {}
        for of_branch in seats.grouped("company_id").values():
            work |= of_branch._get_work(*bounds)
        day = to_intervals([bounds])
        return {
            "is_editable": is_editable,
            "bookings": bookings.web_read(specification),
            "seats": [
                {
                    "id": seat.id,
                    "name": seat.name,
                    "company_id": seat.company_id.id,
                    "branch": len(self.env.companies) > 1 and seat.company_id.name,
                    "step": int(seat.company_id.booking_grid),
                    "work": [[start, stop] for start, stop, _no in work[seat] & day],
                }
                for seat in seats
            ],
        }
