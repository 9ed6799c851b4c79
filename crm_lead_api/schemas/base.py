# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""How lenient the API is, said once: ``""`` is "not sent", ``"241"`` is 241."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Annotated, Any, Self

import pydantic
from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints
from pydantic_core import PydanticCustomError

from odoo.tools import email_normalize

from ..exceptions import FieldError
from .error import field_error

MAX_ID = 2**31 - 1  # a PostgreSQL integer, which is what Odoo numbers records with
MAX_NUMBER = 2**63 - 1
MAX_ITEMS = 100  # of a list, where the settings say nothing else
OLDEST_BIRTH_DATE = date(1900, 1, 1)

LINE_BREAKS = re.compile(r"\s*[\r\n\v\f\x85\u2028\u2029]+\s*")


def is_sent(value: Any) -> bool:
    return value is not None and not (isinstance(value, str) and not value.strip())


def _integer_from_text(value: Any) -> Any:
    if isinstance(value, str) and re.fullmatch(r"-?[0-9]{1,20}", value.strip()):
        return int(value)
    return value


def _number_from_text(value: Any) -> Any:
    if isinstance(value, str) and re.fullmatch(
        r"-?[0-9]{1,20}(\.[0-9]{1,20})?", value.strip()
    ):
        return float(value)
    return value


def _date_from_text(value: Any) -> Any:
    if not isinstance(value, str):
        raise PydanticCustomError("date_format", "not a date")
    try:
        return datetime.strptime(value.strip(), "%Y-%m-%d").date()
    except ValueError:
        raise PydanticCustomError("date_format", "not a date") from None


def _check_birth_date(value: date) -> date:
    # Tomorrow is allowed: it is already today east of the server.
    if not OLDEST_BIRTH_DATE <= value <= date.today() + timedelta(days=1):
        raise PydanticCustomError("birth_date_range", "not a birth date")
    return value


def _check_storable(value: str) -> str:
    # PostgreSQL stores no NUL; pydantic itself refuses lone surrogates.
    if "\x00" in value:
        raise PydanticCustomError("characters", "unstorable characters")
    return value


def _check_item_count(value: Any, info: pydantic.ValidationInfo) -> Any:
    limit = (info.context or {}).get("max_items", MAX_ITEMS)
    if isinstance(value, list) and len(value) > limit:
        raise PydanticCustomError("too_long", "too many items", {"max_length": limit})
    return value


def _check_email(value: str) -> str:
    if not email_normalize(value):
        raise PydanticCustomError("email_format", "not an e-mail address")
    return value


Integer = Annotated[int, Field(strict=True), BeforeValidator(_integer_from_text)]
Id = Annotated[Integer, Field(ge=1, le=MAX_ID)]
Number = Annotated[Integer, Field(ge=1, le=MAX_NUMBER)]
Hour = Annotated[
    float,
    Field(strict=True, ge=0, lt=24, allow_inf_nan=False),
    BeforeValidator(_number_from_text),
]
BirthDate = Annotated[
    date, BeforeValidator(_date_from_text), AfterValidator(_check_birth_date)
]
Text = Annotated[
    str,
    Field(strict=True),
    StringConstraints(max_length=10_000),
    AfterValidator(_check_storable),
]
Line = Annotated[
    str,
    Field(strict=True),
    StringConstraints(strip_whitespace=True, max_length=255),
    AfterValidator(_check_storable),
    AfterValidator(lambda value: LINE_BREAKS.sub(" ", value)),
]
Email = Annotated[Line, AfterValidator(_check_email)]
MaxItems = BeforeValidator(_check_item_count)
Texts = Annotated[
    list[Text | None],
    MaxItems,
    AfterValidator(lambda items: [item for item in items if is_sent(item)]),
]


@dataclass(frozen=True)
class Reference:
    """Marks an attribute that holds the id, or ids, of records of a model.

    :param model: the Odoo model, ``res.country``
    """

    model: str


@dataclass(frozen=True)
class Required:
    """Marks an attribute that the contract requires.

    It is not pydantic's own "required": all attributes have a default, so that a
    request with some wrong attributes still yields the good ones and all errors can
    be reported at once.
    """


def _leave_out(data: dict, paths: list[tuple]) -> tuple[dict, dict[str, list[int]]]:
    """Return the data without the attributes, and list items, at the paths.

    :return: also, by attribute, the indexes that the remaining items had
    """
    data, indexes = dict(data), {}
    for name in {path[0] for path in paths}:
        value = data.pop(name)
        below = [path[1:] for path in paths if path[0] == name]
        if () in below:
            continue
        if isinstance(value, dict):
            data[name], _indexes = _leave_out(value, below)
        else:
            wrong = {path[0] for path in below}
            indexes[name] = [i for i in range(len(value)) if i not in wrong]
            data[name] = [value[i] for i in indexes[name]] or None
    return data, indexes


class Schema(pydantic.BaseModel):
    """Base of all bodies; attributes that the contract does not know are ignored."""

    model_config = pydantic.ConfigDict(extra="allow")

    _errors: list[FieldError] = pydantic.PrivateAttr(default_factory=list)
    _indexes: dict[str, list[int]] = pydantic.PrivateAttr(default_factory=dict)

    @pydantic.model_validator(mode="before")
    @classmethod
    def _drop_what_is_not_sent(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        # Half of a surrogate pair in a name would be too much for pydantic.
        return {
            name.encode(errors="replace").decode(): value
            for name, value in data.items()
            if is_sent(value)
        }

    @classmethod
    def parse(cls, data: dict, max_items: int = MAX_ITEMS) -> Self:
        """Read a request; what is wrong with it is in :meth:`get_errors`.

        An attribute that is wrong is left out, as if it had not been sent, so that
        the others can still be checked against the database.

        :param data: the attributes as the caller sent them
        :param max_items: how many items a list may have
        """
        context = {"max_items": max_items}
        try:
            payload, errors, indexes = cls.model_validate(data, context=context), [], {}
        except pydantic.ValidationError as invalid:
            details = invalid.errors()
            errors = [field_error(error) for error in details]
            data, indexes = _leave_out(data, [error["loc"] for error in details])
            payload = cls.model_validate(data, context=context)
        payload._errors, payload._indexes = errors, indexes
        payload._errors += payload._find_missing()
        return payload

    def _find_missing(self) -> list[FieldError]:
        """Return an error for each attribute that had to be sent and was not."""
        return [
            field_error({"type": "missing", "loc": (name,)})
            for name in type(self).model_fields
            if self._is_required(name) and not self._was_sent(name)
        ]

    def _is_required(self, name: str) -> bool:
        metadata = type(self).model_fields[name].metadata
        return any(isinstance(mark, Required) for mark in metadata)

    def _was_sent(self, name: str) -> bool:
        return getattr(self, name) is not None or any(
            error.field.split(".")[0] == name for error in self._errors
        )

    def get_errors(self) -> list[FieldError]:
        """Return what :meth:`parse` found wrong."""
        return list(self._errors)

    @classmethod
    def get_models(cls) -> dict[str, str]:
        """Return ``{attribute: model}`` of the attributes that name records."""
        return {
            name: mark.model
            for name, field in cls.model_fields.items()
            for mark in field.metadata
            if isinstance(mark, Reference)
        }

    def get_references(self) -> dict[str, list[int]]:
        """Return ``{attribute: ids}`` of the records that were sent."""
        return {
            name: [record_id for _path, record_id in paths]
            for name in self.get_models()
            if (paths := self.get_reference_paths(name))
        }

    def get_reference_paths(self, name: str) -> list[tuple[str, int]]:
        """Return the path and the id of each record that an attribute names."""
        value = getattr(self, name)
        if value is None:
            return []
        if not isinstance(value, list):
            return [(name, value)]
        indexes = self._indexes.get(name, range(len(value)))
        return [
            (f"{name}.{index}", item)
            for index, item in zip(indexes, value, strict=True)
        ]

    @classmethod
    def sort_errors(cls, errors: list[FieldError]) -> list[FieldError]:
        """Return the errors in the order of the contract's attributes."""
        return sorted(errors, key=lambda error: cls._get_position(error.field))

    @classmethod
    def _get_order(cls) -> list[str]:
        return list(cls.model_fields)

    @classmethod
    def _get_position(cls, path: str) -> list[int]:
        name, _dot, rest = path.partition(".")
        if name.isdecimal():
            return [int(name)]
        position = [cls._get_order().index(name)]
        nested = cls.model_fields[name].annotation
        for schema in (nested, *getattr(nested, "__args__", ())):
            if rest and isinstance(schema, type) and issubclass(schema, Schema):
                return position + schema._get_position(rest)
        return position + ([int(rest)] if rest.isdecimal() else [])

    def get_ignored_fields(self) -> list[str]:
        """Return the paths of attributes that were sent but mean nothing here."""
        ignored = list(self.model_extra)
        for name in type(self).model_fields:
            value = getattr(self, name)
            if isinstance(value, Schema):
                ignored += [f"{name}.{path}" for path in value.get_ignored_fields()]
        return ignored
