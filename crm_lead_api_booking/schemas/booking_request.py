# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from dataclasses import replace
from typing import Annotated, ClassVar

from pydantic import BeforeValidator, Field
from typing_extensions import Self

from odoo.tools.translate import LazyTranslate

from odoo.addons.crm_lead_api.exceptions import FieldError
from odoo.addons.crm_lead_api.schemas import LeadRequest, Schema
from odoo.addons.crm_lead_api.schemas.about import about
from odoo.addons.crm_lead_api.schemas.base import extend
from odoo.addons.crm_lead_api.schemas.error import miss
from odoo.addons.crm_lead_api.schemas.lead import Ids
from odoo.addons.crm_lead_api.schemas.lead_change import ServicesChange
from odoo.addons.crm_lead_api.schemas.query import Moment
from odoo.addons.crm_lead_api.schemas.value import (
    INTEGER_TEXT,
    Id,
    Line,
    Number,
    Text,
    to_integer,
)

from .booking import State

_lt = LazyTranslate(__name__, default_lang="en_US")

MIN_MINUTES, MAX_MINUTES = 5, 720
LEAD = "lead"
SUBJECTS = ("id_lead", "ticket_id", LEAD)
ONE_SUBJECT = _lt("Send one of id_lead, ticket_id and lead.")
NEEDS_CANCEL = _lt('A cancel_reason goes with "state": "cancelled".')
Minutes = Annotated[
    int,
    Field(strict=True, ge=MIN_MINUTES, le=MAX_MINUTES),
    BeforeValidator(to_integer),
    INTEGER_TEXT,
]
ABOUT_LEAD = about(
    _lt(
        "The body of POST /api/v1/lead: lead, customer and booking are made "
        "together. Errors are named lead.gender."
    )
)


class BookingRequest(Schema):
    """The body of ``POST /api/v1/bookings``."""

    takes_codes: ClassVar[bool] = True
    takes_defaults: ClassVar[bool] = False

    id_lead: Id | None = about(_lt("The lead."), example=594142)
    ticket_id: Number | None = about(
        _lt("The ticket in your system, of your client's open lead."), example=100234
    )
    lead: LeadRequest | None = ABOUT_LEAD
    start: Moment | None = about(
        _lt("When the booking begins, as of RFC 3339, with a time zone."),
        example="2026-12-01T09:00:00+07:00",
        required=True,
    )
    company_id: Id | None = about(
        _lt(
            "The branch: the lead's company, or one of its group. By default the first."
        ),
        example=2,
        model="res.company",
    )
    seat_id: Id | None = about(
        _lt("The room, chair or doctor; without it the first free one."),
        example=3,
        model="resource.resource",
    )
    duration: Minutes | None = about(
        _lt(
            "Minutes, from %(min)s to %(max)s; by default the sum of the services'.",
            min=MIN_MINUTES,
            max=MAX_MINUTES,
        ),
        example=45,
    )
    crm_line_ids: Ids | None = about(
        _lt("The services; by default the lead's."),
        example=[38],
        model="product.product",
    )
    note: Text | None = about(_lt("A note for the branch."))

    @classmethod
    def with_lead(cls, schema: type[LeadRequest]) -> type[Self]:
        """Return a subclass whose lead has the client's schema."""
        return extend(cls, lead=schema | None)

    def add_lead(self, lead: LeadRequest) -> None:
        """Add the lead, which the client's schema has parsed by itself."""
        self.lead = lead
        self._errors += prefix(lead.get_errors())

    def check_subject(self) -> None:
        """Add an error unless exactly one attribute names the lead."""
        sent = [name for name in SUBJECTS if self._was_sent(name)]
        if not sent:
            self._errors.append(miss(SUBJECTS[0]))
        self._errors += [FieldError(name, "mismatch", ONE_SUBJECT) for name in sent[1:]]


def prefix(errors: list[FieldError]) -> list[FieldError]:
    """Return the errors of a lead, named as attributes of ``lead``."""
    return [
        replace(error, field=f"{LEAD}.{error.field}".rstrip(".")) for error in errors
    ]


class BookingChange(ServicesChange):
    """The body of ``PATCH /api/v1/bookings``: the attributes that change.

    ``null`` empties the note; ``""`` means "not sent", as everywhere.
    """

    takes_codes: ClassVar[bool] = True

    start: Moment | None = about(
        _lt("The new start; the length stays."), example="2026-12-01T10:00:00+07:00"
    )
    seat_id: Id | None = about(
        _lt("The new seat."), example=3, model="resource.resource"
    )
    crm_line_ids: Ids | None = about(
        _lt("The new whole list of services; the length follows the services."),
        example=[38],
        model="product.product",
    )
    add_crm_line_ids: Ids | None = about(
        _lt("Services to add; a service that is there gets one more."),
        model="product.product",
    )
    remove_crm_line_ids: Ids | None = about(_lt("Services to remove."))
    note: Text | None = about(_lt("A note for the branch; null empties it."))
    state: State | None = about(
        _lt(
            "The new state. booked: confirmed, arrived, no_show or cancelled may "
            "follow; confirmed: arrived, no_show, cancelled; arrived: done, cancelled."
        ),
        example="confirmed",
    )
    cancel_reason: Line | None = about(_lt("Why it is cancelled."))

    @classmethod
    def is_needed(cls, name):
        return name not in ("note", "cancel_reason")

    def _find_contradictions(self):
        errors = super()._find_contradictions()
        if self.cancel_reason and self.state != "cancelled":
            errors.append(FieldError("cancel_reason", "mismatch", NEEDS_CANCEL))
        return errors
