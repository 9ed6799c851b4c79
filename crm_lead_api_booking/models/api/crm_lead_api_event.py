# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import json

from odoo import api, fields, models

from odoo.addons.crm_lead_api.tools.json_body import to_json

from ...schemas import BOOKING_EVENTS, EVENT_LABELS, REMINDER, Booking, BookingEventData
from ..booking.crm_booking import OPEN_STATES

BOOKINGS = "crm_lead_api_booking.event.bookings"


class CrmLeadApiEvent(models.Model):
    """Turn changes of bookings into events."""

    _inherit = "crm.lead.api.event"

    type = fields.Selection(
        selection_add=list(EVENT_LABELS.items()),
        ondelete=dict.fromkeys(EVENT_LABELS, "cascade"),
    )

    def _get_body(self):
        body = super()._get_body()
        if self.type != REMINDER:
            return body
        booking = self._get_reminded()
        if not booking._is_expected():
            return None
        earlier = json.loads(body)
        about = earlier["data"]["booking"]
        values = booking._prepare_reminder_values(self.client_id, about["hours_before"])
        data = json.loads(values["body"])["data"]
        is_moved = data["booking"]["start"] != about["start"]
        return None if is_moved else to_json({**earlier, "data": data})

    def _get_reminded(self):
        """Return the booking of a reminder, if it is still there."""
        about = json.loads(self.body)["data"]["booking"]
        return self.env["crm.booking"].browse(about["id_booking"]).exists()

    @api.model
    def _watch_bookings(self, bookings, is_new=False):
        """Remember bookings before a change, or new ones, for events at the end of the
        transaction."""
        for booking in bookings.sudo():  # sudo: salespeople may not read clients
            client = booking.lead_id.lead_api_client_id
            wanted = client._get_webhook_events(booking.is_lead_api_test)
            if not wanted.isdisjoint(BOOKING_EVENTS):
                before = None if is_new else _get_state(booking)
                self._get_notes(BOOKINGS).setdefault(booking.id, before)

    @api.model
    def _prepare_noted_values(self, notes):
        values = super()._prepare_noted_values(notes)
        changes = notes.pop(BOOKINGS, {})
        for booking in self.env["crm.booking"].browse(changes).exists():
            client = booking.lead_id.lead_api_client_id
            wanted = client._get_webhook_events(booking.is_lead_api_test)
            values += [
                self._prepare_booking_values(client, event_type, booking)
                for event_type in _find_events(changes[booking.id], booking)
                if event_type in wanted
            ]
        return values

    @api.model
    def _prepare_booking_values(self, client, event_type, booking, **data):
        """Prepare the values of an event about a booking, with further data, for the
        client that receives it."""
        lead = booking.lead_id
        # In the language of the client's user, whoever made the change
        reason = booking.with_context(lang=client.user_id.lang)._get_cancel_reason()
        body = Booking.from_record(booking)
        shared = BookingEventData.model_fields.keys() & Booking.model_fields.keys()
        return self._prepare_values(
            client,
            event_type,
            {
                **self._prepare_data(client, lead),
                "booking": BookingEventData(
                    **body.model_dump(include=shared),
                    company_id=booking.company_id.id,
                    seat_id=booking.seat_id.id,
                    cancel_reason=reason,
                    link_calendar=booking._get_calendar_url(),
                    **data,
                ).model_dump(mode="json"),
            },
            lead,
        )


def _get_state(booking):
    return booking.state, booking.start, booking.stop, booking.seat_id.id


def _find_events(before, booking):
    """Return the types of the events since an earlier state, as of :func:`_get_state`;
    ``None``: the booking is new."""
    events = []
    state, *place = _get_state(booking)
    if before is None:
        events.append("booking.booked")
        before = ("booked", *place)
    if place != list(before[1:]) and state in OPEN_STATES:
        events.append("booking.moved")
    if state != before[0]:
        events.append(f"booking.{state}")
    return events
