# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import logging
from itertools import groupby

from odoo.addons.crm_lead_api_booking.models.booking.crm_booking import OPEN_STATES

_logger = logging.getLogger(__name__)


def migrate(cr, version):
    """Fill in the users of bookings, before the constraint that keeps them at one place
    at a time is there: open bookings that clash already are left out, and named."""
    cr.execute("ALTER TABLE crm_booking ADD COLUMN IF NOT EXISTS seat_user_id int4")
    cr.execute(
        """
        UPDATE crm_booking AS booking
           SET seat_user_id = seat.user_id
          FROM resource_resource AS seat
         WHERE seat.id = booking.seat_id AND seat.user_id IS NOT NULL
        """
    )
    cr.execute(
        """
        SELECT seat_user_id, COALESCE(is_lead_api_test, FALSE), start, stop, id, code
          FROM crm_booking
         WHERE seat_user_id IS NOT NULL AND state IN %s
         ORDER BY 1, 2, 3, 5
        """,
        [OPEN_STATES],
    )
    clashing = {}
    for _user, bookings in groupby(cr.fetchall(), lambda row: row[:2]):
        end = None
        for *_user, start, stop, booking_id, code in bookings:
            if end and start < end:
                clashing[booking_id] = code
            else:
                end = stop
    if clashing:
        cr.execute(
            "UPDATE crm_booking SET seat_user_id = NULL WHERE id IN %s",
            [tuple(clashing)],
        )
        _logger.warning(
            "Open bookings of a doctor who has another one at the same time, in one "
            "branch or another: %s. They stay as they are; move or cancel them.",
            ", ".join(clashing.values()),
        )
