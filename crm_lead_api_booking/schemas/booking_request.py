# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from dataclasses import replace
from functools import cache
from typing import Annotated, ClassVar

import pydantic
from pydantic import BeforeValidator, Field
from typing_extensions import Self

from odoo.tools.translate import LazyTranslate

from odoo.addons.crm_lead_api.exceptions import FieldError
from odoo.addons.crm_lead_api.schemas import LeadRequest, Schema
from odoo.addons.crm_lead_api.schemas.about import about
from odoo.addons.crm_lead_api.schemas.error import field_error
from odoo.addons.crm_lead_api.schemas.lead import Ids
from odoo.addons.crm_lead_api.schemas.query import Moment
from odoo.addons.crm_lead_api.schemas.value import (
    INTEGER_TEXT,
    Id,
    Number,
    Text,
    to_integer,
)

_lt = LazyTranslate(__name__, default_lang="en_US")

MIN_MINUTES, MAX_MINUTES = 5, 720
LEAD = "lead"
SUBJECTS = ("id_lead", "ticket_id", LEAD)
ONE_SUBJECT = _lt("Send one of id_lead, ticket_id and lead.")
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
    @cache
    def with_lead(cls, schema: type[LeadRequest]) -> type[Self]:
        """Return a subclass whose lead has the client's schema."""
        return pydantic.create_model(
            cls.__name__,
            __base__=cls,
            __doc__=cls.__doc__,
            __module__=cls.__module__,
            lead=(schema | None, ABOUT_LEAD),
        )

    def add_lead(self, lead: LeadRequest) -> None:
        """Add the lead, which the client's schema has parsed by itself."""
        self.lead = lead
        self._errors += prefix(lead.get_errors())

    def check_subject(self) -> None:
        """Add an error unless exactly one attribute names the lead."""
        sent = [name for name in SUBJECTS if self._was_sent(name)]
        if not sent:
            self._errors.append(field_error({"type": "missing", "loc": SUBJECTS[:1]}))
        self._errors += [FieldError(name, "mismatch", ONE_SUBJECT) for name in sent[1:]]


def prefix(errors: list[FieldError]) -> list[FieldError]:
    """Return the errors of a lead, named as attributes of ``lead``."""
    return [
        replace(error, field=f"{LEAD}.{error.field}".rstrip(".")) for error in errors
    ]
