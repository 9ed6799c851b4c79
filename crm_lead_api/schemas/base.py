# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""How lenient the API is, said once: ``""`` is "not sent", ``"241"`` is 241."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import pydantic
from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    StringConstraints,
)
from pydantic_core import PydanticCustomError
from typing_extensions import Self

from odoo.tools import email_normalize
from odoo.tools.translate import LazyGettext

from ..exceptions import FieldError
from .error import field_error

MAX_ID = 2**31 - 1  # a PostgreSQL integer, which is what Odoo numbers records with
MAX_NUMBER = 2**63 - 1
MAX_AMOUNT = 10**13  # up to there a float keeps two decimals, through Odoo's rounding
MAX_LINE = 255  # characters
MAX_ITEMS = 100  # of a list, where the settings say nothing else
OLDEST_BIRTH_DATE = date(1900, 1, 1)

LINE_BREAKS = re.compile(r"\s*[\r\n\v\f\x85\u2028\u2029]+\s*")
BOOLEAN = r"^\s*([Tt]rue|[Ff]alse|[01])\s*$"


def is_sent(value: Any) -> bool:
    return value is not None and not (isinstance(value, str) and not value.strip())


@dataclass(frozen=True)
class AlsoTakes:
    """Says in JSON Schema what a validator takes besides its type."""

    changes: dict[str, Any]

    def __get_pydantic_json_schema__(self, core_schema, handler):
        schema = handler(core_schema)
        return schema | self.changes if handler.mode == "validation" else schema


def integer_from_text(value: Any) -> Any:
    """Return the number that a digit string stands for; anything else as it is."""
    if isinstance(value, str) and re.fullmatch(r"-?[0-9]{1,20}", value.strip()):
        return int(value.strip())  # int() knows fewer blanks
    return value


def _number_from_text(value: Any) -> Any:
    if isinstance(value, str) and re.fullmatch(
        r"-?[0-9]{1,20}(\.[0-9]{1,20})?", value.strip()
    ):
        return float(value.strip())
    return value


def _to_amount(value: Any) -> float:
    value = _number_from_text(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise PydanticCustomError("number_type", "not a number")
    # A number that is out of range may be too long for a float.
    return float(max(-MAX_AMOUNT - 1, min(value, MAX_AMOUNT + 1)))


def _boolean_from_text(value: Any) -> Any:
    if isinstance(value, str) and (match := re.match(BOOLEAN, value)):
        return match[1] in ("true", "True", "1")
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


def is_storable(text: str) -> bool:
    """Say whether PostgreSQL can store a text: no NUL, no half of a surrogate pair."""
    return not re.search("[\x00\ud800-\udfff]", text)


def check_storable(value: str) -> str:
    if not is_storable(value):
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


def _resolve_code(value: Any, info: pydantic.ValidationInfo) -> Any:
    resolve = (info.context or {}).get("resolve")
    return resolve(info.field_name, value, info.data) if resolve else value


INTEGER_TEXT = AlsoTakes(
    {"type": ["integer", "string"], "pattern": r"^\s*-?[0-9]{1,20}\s*$"}
)
NUMBER_TEXT = AlsoTakes(
    {
        "type": ["number", "string"],
        "pattern": r"^\s*-?[0-9]{1,20}(\.[0-9]{1,20})?\s*$",
    }
)
Id = Annotated[
    int,
    Field(strict=True, ge=1, le=MAX_ID),
    # The last comes first.
    BeforeValidator(integer_from_text),
    BeforeValidator(_resolve_code),
    INTEGER_TEXT,
]
Number = Annotated[
    int,
    Field(strict=True, ge=1, le=MAX_NUMBER),
    BeforeValidator(integer_from_text),
    INTEGER_TEXT,
]
Hour = Annotated[
    float,
    Field(strict=True, ge=0, lt=24, allow_inf_nan=False),
    BeforeValidator(_number_from_text),
    NUMBER_TEXT,
]
WholeNumber = Annotated[
    int,
    Field(strict=True, ge=-MAX_ID - 1, le=MAX_ID),
    BeforeValidator(integer_from_text),
    INTEGER_TEXT,
]
Amount = Annotated[
    float,
    Field(strict=True, ge=-MAX_AMOUNT, le=MAX_AMOUNT),
    BeforeValidator(_to_amount),
    NUMBER_TEXT,
]
Boolean = Annotated[
    bool,
    Field(strict=True),
    BeforeValidator(_boolean_from_text),
    AlsoTakes({"type": ["boolean", "string"], "pattern": BOOLEAN}),
]
Date = Annotated[date, BeforeValidator(_date_from_text)]
BirthDate = Annotated[Date, AfterValidator(_check_birth_date)]
Text = Annotated[
    str,
    Field(strict=True),
    StringConstraints(max_length=10_000),
    AfterValidator(check_storable),
]


def line(max_length: int = MAX_LINE) -> Any:
    """Return the type of a text of one line.

    :param max_length: in characters
    """
    return Annotated[
        str,
        Field(strict=True),
        StringConstraints(strip_whitespace=True, max_length=max_length),
        AfterValidator(check_storable),
        AfterValidator(lambda value: LINE_BREAKS.sub(" ", value)),
    ]


def choice(values: list[str]) -> Any:
    """Return the type of a closed list that is not known before Odoo runs."""

    def check(value: Any) -> Any:
        if value not in values:
            raise PydanticCustomError("choice", "no choice", {"allowed": values})
        return value

    return Annotated[Literal[tuple(values)] if values else str, BeforeValidator(check)]


Line = line()
Email = Annotated[Line, AfterValidator(_check_email), AlsoTakes({"format": "email"})]
MaxItems = BeforeValidator(_check_item_count)
Texts = Annotated[
    list[Text | None],
    MaxItems,
    AfterValidator(lambda items: [item for item in items if is_sent(item)]),
]


@dataclass(frozen=True)
class About:
    """What a schema says of an attribute besides its type; see :func:`about`."""

    text: LazyGettext | str
    required: bool = False
    model: str | None = None
    field: str | None = None

    def __call__(self, schema: dict[str, Any]) -> None:
        """Add it to the attribute's JSON Schema."""
        schema["description"] = in_both_languages(self.text)
        if self.model:
            schema["x-odoo-model"] = self.model


def about(
    text: LazyGettext | str,
    *,
    default: Any = None,
    example: Any = None,
    required: bool = False,
    model: str | None = None,
    field: str | None = None,
) -> Any:
    """Declare an attribute, as its default value.

    :param text: what it means, for the OpenAPI document
    :param default: what it is if it is not sent; ``...``: in an answer, always there
    :param example: a value of it
    :param required: it must be sent. It is not pydantic's own "required": all
        attributes have a default, so that a request with some wrong attributes still
        yields the good ones and all errors can be reported at once.
    :param model: the Odoo model, ``res.country``, whose ids it holds
    :param field: the field of ``crm.lead`` that it fills, and is read from, as it is
    """
    return Field(
        default=default,
        examples=None if example is None else [example],
        json_schema_extra=About(text, required, model, field),
    )


def in_both_languages(text: LazyGettext | str) -> str:
    """Return a text in English and in Vietnamese, in two paragraphs."""
    if isinstance(text, str):
        return text
    english, vietnamese = text._translate("en_US"), text._translate("vi_VN")
    return english if english == vietnamese else f"{english}\n\n{vietnamese}"


NOT_SENT = {"type": ["string", "null"], "pattern": r"^\s*$"}
CONSTRAINTS = (
    *("minimum", "maximum", "exclusiveMaximum", "minLength", "maxLength", "pattern"),
    *("minItems", "maxItems", "format"),
)


def _describe_what_is_stored(schema: Any) -> Any:
    """Return a JSON Schema without limits: staff may have written something else."""
    if isinstance(schema, list):
        return [_describe_what_is_stored(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        name: _describe_what_is_stored(value)
        for name, value in schema.items()
        if name not in (*CONSTRAINTS, "default")
    }


def _unwrap(annotation: Any) -> Iterator[Any]:
    if get_origin(annotation) is Annotated:
        yield from _unwrap(get_args(annotation)[0])
    elif get_origin(annotation) in (Union, UnionType):
        for each in get_args(annotation):
            yield from _unwrap(each)
    else:
        yield annotation


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

    model_config = pydantic.ConfigDict(
        extra="allow", json_schema_serialization_defaults_required=True
    )

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
            if cls._is_sent(value)
        }

    @classmethod
    def _is_sent(cls, value: Any) -> bool:
        return is_sent(value)

    @classmethod
    def __get_pydantic_json_schema__(cls, core_schema, handler):
        reference = handler(core_schema)
        schema = handler.resolve_ref_schema(reference)
        properties = schema.get("properties", {})
        for name, each in properties.items():
            each.pop("title", None)
            if handler.mode == "serialization":
                properties[name] = _describe_what_is_stored(each)
            else:
                required = cls.get_about(name).required
                properties[name] = cls._describe(each, required)
                if required:
                    schema.setdefault("required", []).append(name)
        return reference

    @classmethod
    def _describe(cls, schema: dict, is_required: bool) -> dict:
        """Return an attribute's JSON Schema, with what means "not sent"."""
        said = {
            name: schema.pop(name)
            for name in ("description", "examples", "x-odoo-model")
            if name in schema
        }
        schema.pop("default", None)
        wanted, *_null = schema.get("anyOf", [schema])
        is_text = (
            wanted.get("type") == "string" and not {"enum", "format"} & wanted.keys()
        )
        if is_required:
            return {**said, **wanted, **({"pattern": r"\S"} if is_text else {})}
        if is_text:
            return {**said, **wanted, "type": ["string", "null"]}
        return {**said, "anyOf": [wanted, NOT_SENT]}

    @classmethod
    def get_about(cls, name: str) -> About:
        """Return what is said of an attribute."""
        extra = cls.model_fields[name].json_schema_extra
        return extra if isinstance(extra, About) else About("")

    @classmethod
    def parse(
        cls,
        data: dict,
        max_items: int = MAX_ITEMS,
        resolve: Callable[[str, Any, dict], Any] | None = None,
    ) -> Self:
        """Read a request; what is wrong with it is in :meth:`get_errors`.

        An attribute that is wrong is left out, as if it had not been sent, so that
        the others can still be checked against the database.

        :param data: the attributes as the caller sent them
        :param max_items: how many items a list may have
        :param resolve: function from an attribute's name, the id or code that was sent
            for it, and the attributes before it, to the id; it raises
            :class:`PydanticCustomError`
        """
        context = {"max_items": max_items, "resolve": resolve}
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

    @classmethod
    def is_required(cls, name: str) -> bool:
        """Say whether an attribute always has to be sent."""
        return cls.get_about(name).required

    def _is_required(self, name: str) -> bool:
        return self.is_required(name)

    def _was_sent(self, name: str) -> bool:
        return getattr(self, name) is not None or any(
            error.field.split(".")[0] == name for error in self._errors
        )

    def get_errors(self) -> list[FieldError]:
        """Return what :meth:`parse` found wrong."""
        return list(self._errors)

    @classmethod
    def get_lists(cls) -> list[str]:
        """Return the attributes that hold several values."""
        return [
            name
            for name in cls.model_fields
            if any(get_origin(each) is list for each in cls._get_types(name))
        ]

    @classmethod
    def get_objects(cls) -> list[str]:
        """Return the attributes that have attributes of their own."""
        return [name for name in cls.model_fields if cls._get_schema(name)]

    @classmethod
    def _get_schema(cls, name: str) -> "type[Schema] | None":
        """Return the schema of an attribute that has attributes of its own."""
        for each in cls._get_types(name):
            if isinstance(each, type) and issubclass(each, Schema):
                return each
        return None

    @classmethod
    def _get_types(cls, name: str) -> list[Any]:
        """Return the types of which an attribute may be, without annotations."""
        return list(_unwrap(cls.model_fields[name].annotation))

    @classmethod
    def get_choices(cls) -> dict[str, tuple[str, ...]]:
        """Return the values of the closed lists, by attribute path."""
        choices = {}
        for name in cls.model_fields:
            if schema := cls._get_schema(name):
                for path, values in schema.get_choices().items():
                    choices[f"{name}.{path}"] = values
            for each in cls._get_types(name):
                if get_origin(each) is Literal:
                    choices[name] = get_args(each)
        return choices

    @classmethod
    def get_models(cls) -> dict[str, str]:
        """Return ``{attribute: model}`` of the attributes that name records."""
        return {
            name: model
            for name in cls.model_fields
            if (model := cls.get_about(name).model)
        }

    @classmethod
    def get_fields(cls) -> dict[str, str]:
        """Return ``{attribute: field}`` of those that are fields of ``crm.lead``."""
        return {
            name: field
            for name in cls.model_fields
            if (field := cls.get_about(name).field)
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
        if name not in cls.model_fields:
            return [len(cls.model_fields)]
        position = [cls._get_order().index(name)]
        if rest and (schema := cls._get_schema(name)):
            return position + schema._get_position(rest)
        return position + ([int(rest)] if rest.isdecimal() else [])

    def get_sent_fields(self) -> set[str]:
        """Return what was sent of the attributes, or has a default of the client."""
        return self.model_fields_set & type(self).model_fields.keys()

    def get_ignored_fields(self) -> list[str]:
        """Return the paths of attributes that were sent but mean nothing here."""
        ignored = list(self.model_extra)
        for name in type(self).model_fields:
            value = getattr(self, name)
            if isinstance(value, Schema):
                ignored += [f"{name}.{path}" for path in value.get_ignored_fields()]
        return ignored


@cache
def extend(schema: type[Schema], addition: type[Schema]) -> type[Schema]:
    """Return a schema that has the attributes, and methods, of another one, too.

    :param addition: of an addon; its attributes come last
    """
    return pydantic.create_model(
        schema.__name__,
        __base__=(addition, schema),
        __doc__=schema.__doc__,
        __module__=addition.__module__,
    )


class Answer(pydantic.BaseModel):
    """Base of the bodies of a 200; ``error`` 0 says that all went well."""

    error: Literal[0] = 0
    message: Literal["Success"] = "Success"
    data: Any

    def to_body(self) -> dict:
        """Return the JSON object."""
        return self.model_dump(mode="json")
