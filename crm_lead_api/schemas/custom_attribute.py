# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Add the custom attributes of a client to a schema."""

from functools import lru_cache
from typing import Annotated, Any, NamedTuple

import pydantic

from .about import about
from .base import Schema
from .query import Moment
from .value import (
    MAX_LINE,
    Amount,
    Boolean,
    Date,
    Id,
    MaxItems,
    Text,
    WholeNumber,
    choice,
    line,
)

EXAMPLE = "ABC123"
# Schema type and example by type of field; char and selection depend on the field
TYPES = {
    "text": (Text, EXAMPLE),
    "integer": (WholeNumber, 3),
    "float": (Amount, 1.5),
    "monetary": (Amount, 1500000),
    "boolean": (Boolean, True),
    "date": (Date, "2026-11-25"),
    "datetime": (Moment, "2026-11-25T08:00:00+07:00"),
    # The ids depend on the database.
    "many2one": (Id, None),
    "many2many": (Annotated[list[Id], MaxItems], None),
}


class CustomAttribute(NamedTuple):
    """Define a custom attribute for a schema; equal definitions make equal schemas.

    :param name: name of the attribute
    :param type: Odoo's type of the field
    :param size: maximum length of a text, in characters; ``None``: any
    :param values: values of a selection
    :param text: the description; or an English one and, after it, a Vietnamese one
    :param is_required: a request must have the attribute
    :param model: model of the ids that the attribute holds, ``None`` for other values
    :param field: the name of the field of ``crm.lead``
    """

    name: str
    type: str
    size: int | None
    values: tuple[str, ...]
    text: tuple[str, ...] | str
    is_required: bool
    model: str | None
    field: str

    def to_pydantic(self) -> tuple[Any, Any]:
        """Return the type and the default of the attribute."""
        if self.type == "char":
            size = self.size or MAX_LINE
            type_, example = line(size), EXAMPLE[:size]
        elif self.type == "selection":
            type_, example = choice(self.values), next(iter(self.values), None)
        else:
            type_, example = TYPES[self.type]
        return type_ | None, about(
            self.text,
            example=example,
            required=self.is_required,
            model=self.model,
            field=self.field,
        )


# Cached, because making a class takes milliseconds. The definitions themselves are read
# for each request.
@lru_cache(maxsize=128)
def add_attributes(
    schema: type[Schema], attributes: tuple[CustomAttribute, ...]
) -> type[Schema]:
    """Return a subclass of a schema with further attributes.

    :param schema: subclass of :class:`LeadRequest`
    :param attributes: the further attributes
    """
    return pydantic.create_model(
        schema.__name__,
        __base__=schema,
        __doc__=schema.__doc__,
        __module__=schema.__module__,
        **{each.name: each.to_pydantic() for each in attributes},
    )
