# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import pydantic

from odoo import fields, models

from odoo.addons.crm_lead_api.models.access.crm_lead_api_client_first_steps import (
    FirstStep,
)
from odoo.addons.crm_lead_api.schemas import Event, LeadRequest, Rights
from odoo.addons.crm_lead_api.schemas.about import about
from odoo.addons.crm_lead_api.schemas.base import extend

from ...schemas import BOOKING_EVENTS, LEAD, REMINDER, BookingEvent, BookingRequest
from ...translate import _lt


class BookingRights(pydantic.BaseModel):
    """Add the right to book to the rights of a client."""

    books_appointments: bool = about(
        _lt(
            "The client may make, read and change bookings: those of its own leads, or "
            "of all leads if it reads all leads."
        ),
        default=...,
    )


class CrmLeadApiClient(models.Model):
    """Let a client book appointments, and tell it what becomes of them."""

    _inherit = "crm.lead.api.client"

    books_appointments = fields.Boolean(
        tracking=True,
        help="The client may make, read and change bookings: those of its own leads, "
        "or of all leads if it reads all leads.",
    )
    webhook_bookings = fields.Boolean(
        "Bookings", default=True, help="A booking was made, moved, changed its state."
    )
    webhook_reminders = fields.Boolean(
        "Reminders of Bookings",
        help="The client's system reminds the customer: some hours before a booking it "
        "is told so. Otherwise the salesperson gets a call to make.",
    )

    def _get_schema(self, schema=LeadRequest):
        if schema is Event:
            return BookingEvent
        if issubclass(schema, Rights):
            schema = extend(schema, BookingRights)
        if issubclass(schema, BookingRequest):
            schema = extend(schema, lead=self._get_schema(LeadRequest) | None)
        return super()._get_schema(schema)

    def _parse(self, schema, data, unknown_codes=None):
        if not issubclass(schema, BookingRequest):
            return super()._parse(schema, data, unknown_codes)
        lead = data.get(LEAD)
        if isinstance(lead, dict):
            data = {name: value for name, value in data.items() if name != LEAD}
        payload = super()._parse(schema, data, unknown_codes)
        if isinstance(lead, dict):
            lead_schema = self._get_schema(LeadRequest)
            payload.lead = super()._parse(lead_schema, lead, unknown_codes)
        payload.check_subject()
        return payload

    def _get_webhook_events(self, is_test=False):
        events = super()._get_webhook_events(is_test)
        if not self._get_webhook_url(is_test):
            return events
        if self.webhook_bookings:
            events |= set(BOOKING_EVENTS)
        if self.webhook_reminders:
            events |= {REMINDER}
        return events

    def _receives_reminders(self):
        """Tell whether reminders reach the client now, if there is a client."""
        return not self.is_webhook_paused and REMINDER in self._get_webhook_events()

    def _update_waiting_events(self):
        # Staff call the customers of reminders that would wait, or be cancelled.
        others = self.filtered(lambda client: not client._receives_reminders())
        # sudo: users may not write the log of events
        events = self.env["crm.lead.api.event"].sudo()
        reminders = [("client_id", "in", others.ids), ("type", "=", REMINDER)]
        waiting = events.search([*reminders, ("state", "=", "waiting")])
        for event in waiting.try_lock_for_update(allow_referencing=True):
            if event._get_body():
                event._get_reminded()._plan_reminder_call()
            event._cancel()
        return super()._update_waiting_events()

    def _get_first_steps(self, records):
        company = records["company_id"]
        step = FirstStep(
            "time_zone",
            self.env._(
                "The time zone of the working hours, by which starts are free: "
                "%(zone)s.",
                zone=company._get_booking_zone().zone,
            ),
            not company.lacks_time_zone,
            self.env._("Set the Time Zone"),
            self._explain_refusal("resource.calendar", "write"),
            "crm_lead_api_booking.resource_calendar_action_booking",
            self.env._("Working Hours"),
        )
        return [*super()._get_first_steps(records), step]

    def _do_first_step_time_zone(self, records):
        return records["company_id"].with_env(self.env).action_set_time_zone()
