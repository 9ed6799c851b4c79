# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Define a request with many leads, and its answer."""

from typing import Annotated, Any

import pydantic
from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError

from ..translate import _lt
from .about import about
from .base import Answer, Schema, extend
from .error import ErrorResponse, TokenErrorResponse
from .lead import DryRunResponse, LeadRequest, LeadResponse
from .value import (
    IDEMPOTENCY_KEY,
    AlsoTakes,
    Boolean,
    Line,
    to_whole,
    unquote_idempotency_key,
)

MAX_LEADS = 1000
LENGTH = Field(min_length=1, max_length=MAX_LEADS)
LEADS = _lt(
    "The leads, up to %(max)s, each as for a request of its own.", max=MAX_LEADS
)


def _check_key(value: Any) -> Any:
    if isinstance(value, str):
        value = unquote_idempotency_key(value.strip())
        if value and not IDEMPOTENCY_KEY.fullmatch(value):
            raise PydanticCustomError("idempotency_key", "not an Idempotency-Key")
    return value


def _text_from_number(value: Any) -> Any:
    value = to_whole(value)
    is_number = isinstance(value, int) and not isinstance(value, bool)
    return str(value) if is_number else value


Key = Annotated[
    str,
    Field(strict=True),
    BeforeValidator(_check_key),
    AlsoTakes({"pattern": r"^\s*[!-~]{0,255}\s*$"}),
]
Ref = Annotated[
    Line, BeforeValidator(_text_from_number), AlsoTakes({"type": ["string", "integer"]})
]


class LeadLabel(Schema):
    """A lead among many."""

    ref: Ref | None = about(
        _lt("Your own name for the lead, a text or a number: the answer repeats it."),
        example="row-17",
    )
    idempotency_key: Key | None = about(
        _lt(
            "Your own key for each lead: sending the lead again then makes no second "
            "lead."
        ),
        example="8e03978e-40d5-43dd-bc93-6894a57f9324",
    )


class LeadsRequest(Schema):
    """The body of ``POST /api/v1/leads``."""

    # The leads are read one by one, by the schema of the client, so that a wrong lead
    # does not harm the others.
    leads: Annotated[list[Any], LENGTH] | None = about(LEADS, required=True)
    atomic: Boolean | None = about(
        _lt("true: all leads or, if one is wrong, no lead."), example=False
    )
    quiet: Boolean | None = about(
        _lt("true, for imports: no creation notes, assignment notices, planned calls."),
        example=False,
    )

    @classmethod
    def describe_leads(cls, lead_schema: type[LeadRequest]) -> "type[LeadsRequest]":
        """Return a subclass with the client's schema of a lead, for the document."""
        item = extend(lead_schema, LeadLabel, name="LeadItem")
        return extend(cls, leads=Annotated[list[item], LENGTH] | None)


class LeadResult(pydantic.BaseModel):
    """The result of one lead."""

    index: int = about(_lt("The lead's place in the request, from 0."), ...)
    ref: str | int | None = about(_lt("Your own word for the lead."), ...)
    status: int = about(_lt("The HTTP status of a request with this lead alone."), ...)
    body: LeadResponse | DryRunResponse | ErrorResponse | TokenErrorResponse = about(
        _lt("The answer's body to a request with this lead alone."), ...
    )
    replayed: bool = about(
        _lt("true: the answer repeats an earlier answer; nothing was made."), ...
    )


class LeadsData(pydantic.BaseModel):
    results: list[LeadResult] = about(_lt("One for each lead, in their order."), ...)


class LeadsResponse(Answer):
    """The results of many leads."""

    data: LeadsData

    @classmethod
    def from_results(cls, results: list[dict]) -> dict:
        """Return the JSON object for results with the bodies of single leads."""
        return cls.model_construct(data={"results": results}).model_dump(warnings=False)
