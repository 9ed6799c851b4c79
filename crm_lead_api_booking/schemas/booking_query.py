# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import date, datetime
from typing import Annotated, Any

import pydantic
from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from odoo.tools.translate import LazyTranslate

from odoo.addons.crm_lead_api.exceptions import FieldError
from odoo.addons.crm_lead_api.schemas import LeadsQuery, Query
from odoo.addons.crm_lead_api.schemas.about import about
from odoo.addons.crm_lead_api.schemas.customer import Phone
from odoo.addons.crm_lead_api.schemas.error import miss
from odoo.addons.crm_lead_api.schemas.query import AnyMoment, Id, Moment, Number
from odoo.addons.crm_lead_api.schemas.value import Date, check_year

_lt = LazyTranslate(__name__, default_lang="en_US")

MAX_DAYS = 31
FROM, TO = "from", "to"
MOMENT = pydantic.TypeAdapter(Moment)
Day = Annotated[Date, AfterValidator(check_year)]
DAY = pydantic.TypeAdapter(Day)


def _day_or_moment(value: Any) -> Any:
    """Read a date, 2026-12-01, or a date and time with its zone."""
    is_moment = isinstance(value, str) and "T" in value.upper()
    try:
        return (MOMENT if is_moment else DAY).validate_python(value)
    except pydantic.ValidationError as error:
        raise PydanticCustomError(error.errors()[0]["type"], "no time") from None


DayOrMoment = Annotated[
    date | datetime,
    BeforeValidator(_day_or_moment),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "format": "date"},
                {"type": "string", "format": "date-time"},
            ]
        }
    ),
]
Services = Annotated[list[Id], Field(min_length=1, max_length=100)]
TOO_LONG = _lt("Send a time up to %(max)s days after from.", max=MAX_DAYS)


class ServicesQuery(Query):
    """The services that are to be booked, and the days."""

    company_id: Id | None = about(
        _lt("The branch."), example=2, required=True, model="res.company"
    )
    crm_line_ids: Services | None = about(
        _lt("The services, as a parameter each: their minutes are the length."),
        example=[38],
        required=True,
        model="product.product",
    )


# "from" is a word of Python.
SlotsQuery = pydantic.create_model(
    "SlotsQuery",
    __base__=ServicesQuery,
    __doc__=ServicesQuery.__doc__,
    __module__=__name__,
    **{
        FROM: (
            DayOrMoment | None,
            about(
                _lt("The first day, in the branch's zone, or a date and time."),
                example="2026-12-01",
                required=True,
            ),
        ),
        TO: (
            DayOrMoment | None,
            about(
                _lt(
                    "The last day, which is included, or a date and time; up to "
                    "%(max)s days.",
                    max=MAX_DAYS,
                ),
                example="2026-12-07",
                required=True,
            ),
        ),
    },
)


class QuoteQuery(Query):
    """The services whose price is asked for."""

    company_id: Id | None = about(
        _lt("The branch."), example=2, required=True, model="res.company"
    )
    price_list_id: Id | None = about(
        _lt("The price list, which the branch may use."),
        example=4,
        required=True,
        model="product.pricelist",
    )
    crm_line_ids: Services | None = about(
        _lt("The services, as a parameter each; one sent twice has quantity 2."),
        example=[38, 43],
        required=True,
        model="product.product",
    )


class BookingsQuery(LeadsQuery):
    """The bookings to read; several parameters limit each other."""

    updated_since: AnyMoment | None = about(
        _lt("Only bookings that changed at this time, as of RFC 3339, or later."),
        example="2026-11-25T08:00:00Z",
    )
    ticket_id: Number | None = about(_lt("The ticket in your system."), example=100234)
    phone: Phone | None = about(_lt("A phone of the customer."), example="0900000202")
    company_id: Id | None = about(_lt("The branch."), example=2)
    day: Day | None = about(
        _lt("The day of the branch on which the bookings begin."), example="2026-12-01"
    )

    def get_errors(self) -> list[FieldError]:
        errors = super().get_errors()
        if self.day and not self._was_sent("company_id"):
            errors.append(miss("company_id"))
        return errors
