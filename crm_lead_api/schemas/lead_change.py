# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import datetime, timedelta, timezone
from typing import Annotated, Any, Literal

import pydantic
from pydantic import AfterValidator
from pydantic.json_schema import SkipJsonSchema
from pydantic_core import PydanticCustomError

from ..exceptions import FieldError
from ..translate import _lt
from .about import about
from .base import Answer, Change, Schema
from .customer_portrait import CustomerPortrait
from .lead import (
    FIELDS,
    MAYBE_WARNINGS,
    WARNINGS,
    Ids,
    LeadRequest,
    LeadWarning,
    StoredLead,
    StoredLeadResponse,
)
from .query import Moment
from .value import Line, Text, Texts

WHOLE_LIST = "crm_line_ids"
ADD = "add_crm_line_ids"
REMOVE = "remove_crm_line_ids"
EITHER = _lt(
    "Send either the whole list in crm_line_ids, or the services to add and to remove."
)
BOTH = _lt("Send a service either to be added or to be removed.")


class ServicesChange(Change):
    """Base of the bodies that change the services of a record."""

    def _find_contradictions(self):
        sent = [name for name in (ADD, REMOVE) if getattr(self, name)]
        if self.crm_line_ids:
            return [FieldError(name, "mismatch", EITHER) for name in sent]
        added = self.add_crm_line_ids or []
        return [
            FieldError(path, "mismatch", BOTH)
            for path, service in self.get_reference_paths(REMOVE)
            if service in added
        ]


class PortraitChange(Change, CustomerPortrait):
    """The part of a portrait that changes; ``null`` empties an attribute."""

    hobby: Texts | None = about(_lt("Hobbies."))
    pain_point: Texts | None = about(_lt("Pain points."))
    desires: Texts | None = about(_lt("Desires."))


class LeadChange(ServicesChange, LeadRequest):
    """The body of ``PATCH /api/v1/lead``: the attributes of a lead that change.

    ``null`` empties an attribute; ``""`` means "not sent", as everywhere.
    """

    agent_email: Line | None = about(
        _lt(
            "The e-mail of the agent who becomes the salesperson, unless staff have "
            "chosen one; leave it out to keep the salesperson."
        ),
        example="lan.nguyen@example.com",
        required=True,
    )
    add_crm_line_ids: Ids | None = about(
        _lt("Services to add; a service that the lead has gets one more."),
        model="product.product",
    )
    # Without a model: an archived service can be removed, too.
    remove_crm_line_ids: Ids | None = about(_lt("Services to remove."))
    customer_portrait: PortraitChange | None = about(
        _lt(
            "The part of the portrait that changes: a new portrait has the rest of the "
            "present portrait, too."
        )
    )

    def get_changes(self) -> dict[str, Any]:
        """Return the new value of each attribute that was sent; ``None`` empties it."""
        names = (n for n in type(self).model_fields if n in self.model_fields_set)
        return {name: getattr(self, name) for name in names}

    def to_changed_values(self) -> dict:
        """Return the new values of customer and request, by fields of ``crm.lead``;
        ``False`` empties a field."""
        values = self.to_lead_values()
        return {
            FIELDS[name]: False if value is None else values[FIELDS[name]]
            for name, value in self.get_changes().items()
            if name in FIELDS
        }


class Proposed(pydantic.BaseModel):
    """A value that differs from the value of staff, who decide about the value."""

    on: Literal["lead", "customer"] = about(
        _lt("The record that staff would change: the lead, or its contact."), ...
    )
    field: str = about(_lt("The attribute."), ...)
    present: Any = about(
        _lt("The present value; null also if the client may not read the value.")
    )
    sent: Any = about(_lt("The proposed value; null: the attribute would be emptied."))


class ChangedLead(StoredLead):
    """The lead after a change."""

    model_config = MAYBE_WARNINGS

    proposed: list[Proposed] = about(
        _lt("The values that staff have to decide about."), ...
    )
    warnings: list[LeadWarning] | SkipJsonSchema[None] = about(WARNINGS)


class UpsertedLead(ChangedLead):
    """The lead after it was changed or made."""

    created: bool = about(_lt("true: the lead was made; false: it was changed."))


class ChangedLeadResponse(StoredLeadResponse):
    """The answer to a change of a lead."""

    data: ChangedLead


class UpsertedLeadResponse(ChangedLeadResponse):
    """The answer to a lead that was changed or made."""

    data: UpsertedLead


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
    id_lead: int = about(_lt("The lead's id."), ...)


class NoteResponse(Answer):
    """The answer to a note."""

    data: NoteData
