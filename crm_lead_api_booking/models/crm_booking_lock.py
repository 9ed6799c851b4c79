# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import api, fields, models

from ..schemas.booking_request import MAX_MINUTES

TIMES = {"seat_id", "start", "stop", "duration"}


class CrmBooking(models.Model):
    """Let the bookings of a customer, or of a seat and a day, wait for each other.

    The table's constraints would suffice. Waiting avoids a failed statement, with the
    customer's note, in Odoo's log.
    """

    _inherit = "crm.booking"

    @api.model_create_multi
    def create(self, vals_list):
        keys = set()
        for vals in vals_list:
            keys |= self._get_lock_keys(vals)
            if partner := self.env["crm.lead"].browse(vals.get("lead_id")).partner_id:
                keys.add(f"booking customer {partner.id}")
        self.env["crm.lead.api.lock"]._lock(keys)
        return super().create(vals_list)

    def write(self, vals):
        if TIMES & vals.keys():
            keys = set().union(*(booking._get_lock_keys(vals) for booking in self))
            self.env["crm.lead.api.lock"]._lock(keys)
        return super().write(vals)

    def _get_lock_keys(self, vals):
        """Return the keys of the seat's days, on which no other booking may be made or
        moved before this transaction ends.

        :param dict vals: for ``create``, or for ``write`` of this booking
        """
        seat = vals.get("seat_id", self.seat_id.id)
        start = fields.Datetime.to_datetime(vals.get("start", self.start))
        stop = fields.Datetime.to_datetime(vals.get("stop"))
        if not (seat and start):
            return set()
        # The length of a new booking may be computed later.
        minutes = vals.get("duration") or self.duration or MAX_MINUTES
        stop = stop or start + timedelta(minutes=minutes)
        return {f"booking seat {seat} {day}" for day in (start.date(), stop.date())}
