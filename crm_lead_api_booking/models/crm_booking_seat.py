# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

import pytz

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import LazyTranslate

from odoo.addons.crm_lead_api.exceptions import (
    AnswerError,
    FieldError,
    PayloadError,
)

from .crm_booking import OPEN_STATES

_lt = LazyTranslate(__name__, default_lang="en_US")

NOT_WORKING = _lt(
    "Nobody works there from this time on for as long as it takes: send a start within "
    "the working hours, such as one of free."
)
PAST = _lt("Send a start in the future, such as one of free.")
WRONG_SEAT = _lt("Send a seat of the branch that does all of the services.")
NO_SEAT = _lt("No seat of the branch does all of these services.")
HAS_BOOKING = _lt(
    "The customer already has an open booking: PATCH /api/v1/bookings can move it."
)
TAKEN = _lt("The time is taken: send another start, such as one of free.")


class CrmBooking(models.Model):
    """Find the seat of a booking that a client asks for, or explain why there is none.

    Staff need no seat that works: they may arrange more with a doctor.
    """

    _inherit = "crm.booking"

    @api.model
    def _find_seat(self, company, partner, products, start, minutes, seat, is_moved):
        """Return the seat of a booking; ``self`` is the booking, if it exists.

        The refusals are in the order of the contract.

        :param company: the branch
        :param partner: the customer of a new booking, else empty
        :param datetime start: with a time zone
        :param int minutes: the length
        :param seat: the wanted seat, else empty
        :param bool is_moved: the start, or the length, is a new one
        :raise PayloadError: nobody works then, or no seat does the services; with
            ``free`` starts
        :raise AnswerError: the customer has an open booking, or the time is
            taken
        """
        slots = self.env["crm.booking.slot"]
        seats = self.env["resource.resource"]._find_seats(company)
        able = seats.filtered(lambda each: each._does(products))
        if seat:
            able &= seat.sudo()  # sudo: as the seats of the branch
        stop = start + timedelta(minutes=minutes)
        working = slots._filter_working(able or seats, start, stop)

        def describe_free():
            nearest = slots._find_nearest(company, able, minutes, start, self)
            return {"free": self._describe_slots(nearest)}

        is_past = is_moved and start <= pytz.utc.localize(fields.Datetime.now())
        if is_past or (seats and not working):
            error = FieldError("start", "range", PAST if is_past else NOT_WORKING)
            raise PayloadError([error], **describe_free())
        if not able:
            raise PayloadError(
                [
                    FieldError("seat_id", "mismatch", WRONG_SEAT)
                    if seat
                    else FieldError("crm_line_ids", "mismatch", NO_SEAT)
                ]
            )
        if partner:
            self._check_customer(partner, company)
        free = slots._filter_free(working, start, stop, self)
        if not free:
            raise AnswerError(409, "slot_taken", TAKEN, **describe_free())
        return free[0].sudo(False)

    @api.model
    def _check_customer(self, partner, company):
        """Check that a customer has no open booking in a branch's group.

        :raise AnswerError: there is one; with its body if the client may read it
        """
        # sudo: the customer's booking may be another client's, or of another branch
        bookings = self.sudo()
        found = bookings.search(
            Domain("partner_id", "=", partner.id)
            & Domain("group_id", "=", company.sudo().root_id.id)
            & Domain("state", "in", OPEN_STATES)
        )
        if found:
            details = {}
            if self.env["crm.booking.reader"]._may_read(found):
                details = {"booking": self._describe(found)}
            raise AnswerError(409, "open_booking", HAS_BOOKING, **details)
