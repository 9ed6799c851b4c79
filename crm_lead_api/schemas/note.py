# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import datetime, timedelta, timezone
from typing import Annotated

import pydantic
from pydantic import AfterValidator
from pydantic_core import PydanticCustomError

from odoo.tools.translate import LazyTranslate

from .about import about
from .answer import Answer
from .base import Schema
from .query import Moment
from .value import Line, Text

_lt = LazyTranslate(__name__, default_lang="en_US")


def _check_past(value: datetime) -> datetime:
    # Tomorrow is allowed: the clocks of two systems differ.
    if value > datetime.now(timezone.utc) + timedelta(days=1):
        raise PydanticCustomError("future", "in the future")
    return value


class NoteRequest(Schema):
    """The body of a note on a lead."""

    text: Text | None = about(
        _lt("The note, as plain text."),
        example="Khách hẹn gọi lại sau 17 giờ.",
        required=True,
    )
    agent_email: Line | None = about(
        _lt("The agent's e-mail. The user with this login or e-mail is the author."),
        example="lan.nguyen@example.com",
        required=True,
    )
    occurred_at: Annotated[Moment, AfterValidator(_check_past)] | None = about(
        _lt("When the noted event happened, as of RFC 3339; now if not sent."),
        example="2026-11-25T08:00:00+07:00",
    )


class NoteData(pydantic.BaseModel):
    id_note: int | None = about(_lt("The note's id; null after a dry run."))
    id_lead: int = about(_lt("The lead's id."), default=...)


class NoteResponse(Answer):
    """The answer to a note."""

    data: NoteData
