# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from typing import Any, ClassVar, Literal

import pydantic
from pydantic.json_schema import SkipJsonSchema
from typing_extensions import Self

from odoo.tools.translate import LazyTranslate

from ..exceptions import FieldError
from .about import about
from .customer_portrait import CustomerPortrait
from .error import field_error
from .lead import WARNINGS, Ids, LeadRequest, LeadWarning
from .stored_lead import LeadAnswer, StoredLead
from .value import Line, Texts, is_sent

_lt = LazyTranslate(__name__, default_lang="en_US")

WHOLE_LIST = "crm_line_ids"
ADD = "add_crm_line_ids"
REMOVE = "remove_crm_line_ids"
EITHER = _lt(
    "Send either the whole list in crm_line_ids, or the services to add and to remove."
)
BOTH = _lt("Send a service either to be added or to be removed.")


class PortraitChange(CustomerPortrait):
    """The part of a portrait that changes; ``null`` empties an attribute."""

    hobby: Texts | None = about(_lt("Hobbies."))
    pain_point: Texts | None = about(_lt("Pain points."))
    desires: Texts | None = about(_lt("Desires."))

    @classmethod
    def is_sent(cls, value):
        return value is None or is_sent(value)

    def apply_to(self, portrait: CustomerPortrait) -> CustomerPortrait:
        """Return a portrait with the changes; the portrait itself stays as it is."""
        changes = {
            name: [] if value is None and name in portrait.get_lists() else value
            for name in self.get_sent_fields()
            for value in (getattr(self, name),)
        }
        return portrait.model_copy(update=changes)


class LeadChange(LeadRequest):
    """The body of ``PATCH /api/v1/lead``: the attributes of a lead that change.

    ``null`` empties an attribute; ``""`` means "not sent", as everywhere.
    """

    takes_defaults: ClassVar[bool] = False

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

    @classmethod
    def is_sent(cls, value):
        return value is None or is_sent(value)

    @classmethod
    def is_required(cls, name):
        return False

    def _find_missing(self):
        return [
            field_error({"type": "missing", "loc": (name,)})
            for name in type(self).model_fields
            if self.get_about(name).required and self.is_emptied(name)
        ]

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

    def is_emptied(self, name: str) -> bool:
        """Tell whether ``null`` was sent for an attribute."""
        return (
            name in self.model_fields_set
            and getattr(self, name) is None
            and not any(error.field.split(".")[0] == name for error in self._errors)
        )

    def names_services(self) -> bool:
        """Tell whether the services change."""
        return bool(self.get_changes().keys() & {WHOLE_LIST, ADD, REMOVE})

    def get_changes(self) -> dict[str, Any]:
        """Return the new value of each attribute that was sent; ``None`` empties the
        attribute."""
        return {
            name: getattr(self, name)
            for name in type(self).model_fields
            if name in self.model_fields_set
        }

    def to_changed_values(self) -> dict:
        """Return the new values of customer and request, by fields of ``crm.lead``;
        ``False`` empties a field."""
        names, values = self.get_field_names(), self.to_lead_values()
        return {
            names[name]: False if value is None else values[names[name]]
            for name, value in self.get_changes().items()
            if name in names
        }


class Proposed(pydantic.BaseModel):
    """A value that differs from the value of staff, who decide about the value."""

    on: Literal["lead", "customer"] = about(
        _lt("The record that staff would change: the lead, or its contact."),
        default=...,
    )
    field: str = about(_lt("The attribute."), default=...)
    present: Any = about(
        _lt("The present value; null also if the client may not read the value.")
    )
    sent: Any = about(_lt("The proposed value; null: the attribute would be emptied."))


def _leave_warnings_optional(schema: dict) -> None:
    """Change the JSON Schema of an answer that may have no warnings."""
    schema["required"].remove("warnings")
    del schema["properties"]["warnings"]["default"]


class ChangedLead(StoredLead):
    """The lead after a change."""

    model_config = pydantic.ConfigDict(json_schema_extra=_leave_warnings_optional)

    proposed: list[Proposed] = about(
        _lt("The values that staff have to decide about."), default=...
    )
    warnings: list[LeadWarning] | SkipJsonSchema[None] = about(WARNINGS)


class UpsertedLead(ChangedLead):
    """The lead after it was changed or made."""

    created: bool = about(_lt("true: the lead was made; false: it was changed."))


class ChangedLeadResponse(LeadAnswer):
    """The answer to a change of a lead."""

    data: ChangedLead

    @classmethod
    def from_change(cls, lead: Any, proposed: list[Proposed], **values) -> Self:
        """Return the answer about a changed lead.

        :param lead: ``crm.lead`` that the client may read
        :param values: of further attributes
        """
        stored = cls.model_fields["data"].annotation.from_lead(lead)
        update = {"proposed": proposed, **values}
        return cls.model_construct(data=stored.model_copy(update=update))

    def to_body(self) -> dict:
        """Return the JSON object; without warnings ``data`` has no such key."""
        body = super().to_body()
        if self.data.warnings is None:
            del body["data"]["warnings"]
        return body


class UpsertedLeadResponse(ChangedLeadResponse):
    """The answer to a lead that was changed or made."""

    data: UpsertedLead
