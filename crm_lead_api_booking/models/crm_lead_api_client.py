# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import pydantic

from odoo import fields, models
from odoo.tools import LazyTranslate

from odoo.addons.crm_lead_api.schemas import (
    Customer,
    Event,
    LeadRequest,
    Rights,
    Schema,
)
from odoo.addons.crm_lead_api.schemas.about import about
from odoo.addons.crm_lead_api.schemas.base import extend
from odoo.addons.crm_lead_api.tools.first_step import FirstStep

from ..schemas import (
    Booking,
    BookingEvent,
    BookingRequest,
)
from ..schemas.booking_request import LEAD
from ..schemas.event import BOOKING_EVENTS, REMINDER

_lt = LazyTranslate(__name__, default_lang="en_US")

MAX_BOOKINGS = 10


class BookedCustomer(Schema):
    """Add the bookings to a customer."""

    bookings: list[Booking] = about(
        _lt(
            "The bookings that the client may read, up to %(max)s: open ones first, "
            "then the newest.",
            max=MAX_BOOKINGS,
        ),
        default=[],
        is_part=True,
    )


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
        if issubclass(schema, Customer):
            schema = extend(schema, BookedCustomer)
        if issubclass(schema, Rights):
            schema = extend(schema, BookingRights)
        if issubclass(schema, BookingRequest):
            schema = schema.with_lead(self._get_schema(LeadRequest))
        return super()._get_schema(schema)

    def _parse(self, schema, data, unknown_codes=None):
        if not issubclass(schema, BookingRequest):
            return super()._parse(schema, data, unknown_codes)
        lead = data.get(LEAD)
        if isinstance(lead, dict):
            data = {name: value for name, value in data.items() if name != LEAD}
        [payload] = self._parse_all(schema, [data], unknown_codes)
        if isinstance(lead, dict):
            lead_schema = self._get_schema(LeadRequest)
            [parsed] = self._parse_all(lead_schema, [lead], unknown_codes)
            payload.add_lead(parsed)
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
