# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import hashlib
import json
from collections.abc import Callable
from functools import lru_cache
from types import UnionType
from typing import (
    Annotated,
    Any,
    ClassVar,
    Literal,
    NamedTuple,
    Union,
    get_args,
    get_origin,
)

import pydantic
from typing_extensions import Self

from ..exceptions import FieldError, PayloadError
from .about import STRICT_LANG, About, about
from .error import describe_wrapper, field_error, find_meant, miss, replace_surrogates
from .value import MAX_ITEMS, is_sent

NULL = {"type": "null"}
NOT_SENT = {"type": ["string", "null"], "pattern": r"^\s*$"}
SAID = ("description", "examples", "x-odoo-model")
CONSTRAINTS = set(
    "minimum maximum exclusiveMaximum minLength maxLength pattern minItems maxItems "
    "format default".split()
)


def describe_stored(schema: Any) -> Any:
    """Return a JSON Schema without limits: staff may have written other values."""
    if isinstance(schema, list):
        return list(map(describe_stored, schema))
    if isinstance(schema, dict):
        items = schema.items()
        return {n: describe_stored(each) for n, each in items if n not in CONSTRAINTS}
    return schema


def unwrap(annotation: Any) -> list[Any]:
    """Return the types in a union, without annotations."""
    if get_origin(annotation) is Annotated:
        return unwrap(get_args(annotation)[0])
    if get_origin(annotation) in (Union, UnionType):
        return [each for part in get_args(annotation) for each in unwrap(part)]
    return [annotation]


def leave_out(data: dict, paths: list[tuple]) -> tuple[dict, dict[str, list[int]]]:
    """Remove the attributes, and list items, at the paths from the data; return also
    the original indexes of the remaining items, by attribute."""
    data, indexes = dict(data), {}
    for name in {path[0] for path in paths}:
        value = data.pop(name)
        below = [path[1:] for path in paths if path[0] == name]
        if () in below:
            continue
        if isinstance(value, dict):
            data[name], _indexes = leave_out(value, below)
        else:
            wrong = {path[0] for path in below}
            indexes[name] = [i for i in range(len(value)) if i not in wrong]
            data[name] = [value[i] for i in indexes[name]] or None
    return data, indexes


class StoredRecord(pydantic.BaseModel):
    """Base of a record in answers, as it is now."""

    # Attributes that count for no ETag, as pydantic excludes them: names that depend on
    # the language, and what other requests say
    untagged: ClassVar[Any] = None

    # Further values that count, such as ids of records whose names do not
    _tagged: list = pydantic.PrivateAttr(default_factory=list)

    @classmethod
    def from_record(cls, record: Any, **values) -> Self:
        """Return the schema of a record that the client may read."""
        raise NotImplementedError

    def get_etag(self) -> str:
        """Return the ETag of the record, without quotes."""
        data = self.model_dump(mode="json", exclude=self.untagged)
        data = [data, *self._tagged] if self._tagged else data
        text = json.dumps(data, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:32]


class Answer(pydantic.BaseModel):
    """Base of the bodies of a 200; ``error`` 0 says that all went well. ``data`` may be
    a :class:`StoredRecord`, whose ETag is in a header, or a page of them."""

    error: Literal[0] = 0
    message: Literal["Success"] = "Success"
    data: Any

    @classmethod
    def from_record(cls, record: Any, **values) -> Self:
        """Return the answer about a record; see :meth:`StoredRecord.from_record`."""
        stored = cls.model_fields["data"].annotation
        return cls.model_construct(data=stored.from_record(record, **values))

    @classmethod
    def from_records(cls, records: Any, next_cursor: str | None = None) -> Self:
        """Return the answer with a page of records that the client may read."""
        page = cls.model_fields["data"].annotation
        [item] = get_args(page.model_fields["items"].annotation)
        items = [item.from_record(record) for record in records]
        data = page.model_construct(items=items, next_cursor=next_cursor)
        return cls.model_construct(data=data)

    @classmethod
    def with_data(cls, **types: Any) -> type[Self]:
        return extend(cls, data=extend(cls.model_fields["data"].annotation, **types))

    def get_headers(self) -> dict[str, str]:
        """Return the headers that tell of the record in the answer."""
        if isinstance(self.data, StoredRecord):
            return {"ETag": f'"{self.data.get_etag()}"'}
        return {}

    def to_body(self) -> dict:
        """Return the JSON object; without warnings ``data`` has no such attribute."""
        body = self.model_dump(mode="json")
        fields = getattr(type(self.data), "model_fields", ())
        if "warnings" in fields and self.data.warnings is None:
            del body["data"]["warnings"]
        return body


class Schema(pydantic.BaseModel):
    """Base of all bodies; attributes that the contract does not know are ignored."""

    model_config = pydantic.ConfigDict(
        extra="allow", json_schema_serialization_defaults_required=True
    )
    # A client's defaults stand for attributes that are not sent.
    takes_defaults: ClassVar[bool] = True
    # Codes stand for ids, if the client may send codes.
    takes_codes: ClassVar[bool] = False

    _errors: list[FieldError] = pydantic.PrivateAttr(default_factory=list)
    _indexes: dict[str, list[int]] = pydantic.PrivateAttr(default_factory=dict)

    @pydantic.model_validator(mode="before")
    @classmethod
    def _drop_what_is_not_sent(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        return {replace_surrogates(n): v for n, v in data.items() if cls.is_sent(v)}

    @classmethod
    def is_sent(cls, value: Any) -> bool:
        return is_sent(value)

    @classmethod
    def __get_pydantic_json_schema__(cls, core_schema, handler):
        reference = handler(core_schema)
        schema = handler.resolve_ref_schema(reference)
        properties = schema.get("properties", {})
        for name, each in properties.items():
            each.pop("title", None)
            if handler.mode == "serialization":
                properties[name] = describe_stored(each)
            else:
                required = cls.is_required(name)
                properties[name] = cls._describe(each, required)
                if required:
                    schema.setdefault("required", []).append(name)
        return reference

    @classmethod
    def _describe(cls, schema: dict, is_required: bool) -> dict:
        """Return an attribute's JSON Schema, including the values for "not sent"."""
        said = {name: schema.pop(name) for name in SAID if name in schema}
        schema.pop("default", None)
        wanted = schema.get("anyOf", [schema])[0]
        if STRICT_LANG.get():
            return said | ({"anyOf": [wanted, NULL]} if cls.is_sent(None) else wanted)
        has_form = {"enum", "format"} & wanted.keys()
        is_text = wanted.get("type") == "string" and not has_form
        if is_required:
            if is_text:
                wanted.setdefault("pattern", r"\S")
            return {**said, **wanted}
        if is_text:
            return {**said, **wanted, "type": ["string", "null"]}
        return {**said, "anyOf": [wanted, NOT_SENT]}

    @classmethod
    def get_about(cls, name: str) -> About:
        extra = cls.model_fields[name].json_schema_extra
        return extra if isinstance(extra, About) else About("")

    @classmethod
    def parse(
        cls,
        data: dict,
        max_items: int = MAX_ITEMS,
        resolve: Callable[[str, Any, dict], Any] | None = None,
        defaults: dict | None = None,
    ) -> Self:
        """Parse a request; :meth:`get_errors` returns its errors.

        A wrong attribute is left out: the others can still be checked in the database.

        :param resolve: function of an attribute's name, the id or code that was sent,
            and the attributes before it; returns the id, or raises PydanticCustomError
        :param defaults: values of attributes that were not sent
        """
        sent, data = data, {**(defaults or {}), **data}
        context = {"max_items": max_items, "resolve": resolve}
        try:
            payload, errors, indexes = cls.model_validate(data, context=context), [], {}
        except pydantic.ValidationError as invalid:
            details = invalid.errors()
            errors = [field_error(error) for error in details]
            data, indexes = leave_out(data, [error["loc"] for error in details])
            payload = cls.model_validate(data, context=context)
        payload._errors, payload._indexes = errors, indexes
        if missing := payload._find_missing():
            wrapper = describe_wrapper(sent, cls.model_fields.keys())
            payload._errors += [wrapper] if wrapper else missing
        payload._errors += payload._find_contradictions()
        return payload

    def _find_missing(self) -> list[FieldError]:
        """Return an error for each required attribute that was not sent."""
        names = filter(self._is_required, type(self).model_fields)
        names = [name for name in names if not self._was_sent(name)]
        # Unknown attributes perhaps stand for those that are missing.
        meant = find_meant(self) if names else {}
        sent = {attribute: name for name, attribute in meant.items()}
        return [miss(name, sent.get(name)) for name in names]

    def _find_contradictions(self) -> list[FieldError]:
        """Return an error for each attribute that contradicts another attribute."""
        return []

    @classmethod
    def is_required(cls, name: str) -> bool:
        return cls.get_about(name).required

    def _is_required(self, name: str) -> bool:
        return self.is_required(name)

    def _was_sent(self, name: str) -> bool:
        return getattr(self, name) is not None or self._has_error(name)

    def _has_error(self, name: str) -> bool:
        return any(error.field.split(".")[0] == name for error in self._errors)

    def get_errors(self) -> list[FieldError]:
        return list(self._errors)

    def check(self) -> None:
        """Raise a :class:`PayloadError` if there are errors."""
        if errors := self.get_errors():
            raise PayloadError(self.sort_errors(errors))

    def add_errors(self, errors: list[FieldError]) -> None:
        self._errors += errors

    @classmethod
    def _collect(cls, get: Callable[[str], Any], names=None) -> dict[str, Any]:
        """Return ``{attribute: get(attribute)}``, without what is empty."""
        names = cls.model_fields if names is None else names
        return {name: value for name in names if (value := get(name))}

    @classmethod
    def get_lists(cls) -> list[str]:
        """Return the attributes that hold several values."""
        return list(cls._collect(lambda n: list in map(get_origin, cls._get_types(n))))

    @classmethod
    def get_objects(cls) -> list[str]:
        """Return the attributes that have attributes of their own."""
        return list(cls._collect(cls._get_schema))

    @classmethod
    def _get_schema(cls, name: str) -> "type[Schema] | None":
        """Return the schema of an attribute that has attributes of its own."""
        types = (t for t in cls._get_types(name) if isinstance(t, type(Schema)))
        return next((each for each in types if issubclass(each, Schema)), None)

    @classmethod
    def _get_types(cls, name: str) -> list[Any]:
        return unwrap(cls.model_fields[name].annotation)

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
        return cls._collect(lambda name: cls.get_about(name).model)

    @classmethod
    def get_fields(cls) -> dict[str, str]:
        return cls._collect(lambda name: cls.get_about(name).field)

    def get_references(self) -> dict[str, list[int]]:
        """Return ``{attribute: ids}`` of the records that were sent."""
        paths = type(self)._collect(self.get_reference_paths, self.get_models())
        return {name: [each[1] for each in found] for name, found in paths.items()}

    def get_reference_paths(self, name: str) -> list[tuple[str, int]]:
        """Return the path and the id of each record that an attribute names."""
        value = getattr(self, name)
        if value is None:
            return []
        if not isinstance(value, list):
            return [(name, value)]
        indexes = self._indexes.get(name, range(len(value)))
        return [(f"{name}.{n}", item) for n, item in zip(indexes, value, strict=True)]

    @classmethod
    def get_example(cls) -> dict[str, Any]:
        examples = cls._collect(lambda name: cls.model_fields[name].examples)
        return {name: first for name, [first] in examples.items()}

    @classmethod
    def sort_errors(cls, errors: list[FieldError]) -> list[FieldError]:
        return sorted(errors, key=lambda error: cls._get_position(error.field))

    @classmethod
    def _get_order(cls) -> list[str]:
        return list(cls.model_fields)

    @classmethod
    def _get_position(cls, path: str) -> list[int]:
        name, _dot, rest = path.partition(".")
        if name not in cls.model_fields:
            return [len(cls.model_fields)]
        below = [int(rest)] if rest.isdecimal() else []
        if rest and (schema := cls._get_schema(name)):
            below = schema._get_position(rest)
        return [cls._get_order().index(name), *below]

    def get_sent_fields(self) -> set[str]:
        """Return the attributes that were sent, or have a default of the client."""
        return self.model_fields_set & type(self).model_fields.keys()

    def get_ignored_fields(self) -> list[str]:
        """Return the paths of unknown attributes that were sent."""
        parts = {name: getattr(self, name) for name in type(self).model_fields}
        return [*self.model_extra] + [
            f"{name}.{path}"
            for name, part in parts.items()
            if isinstance(part, Schema)
            for path in part.get_ignored_fields()
        ]


class Change(Schema):
    """Base of the bodies that change a record: ``null`` empties an attribute; ``""``
    means "not sent", as everywhere."""

    takes_defaults: ClassVar[bool] = False

    @classmethod
    def is_sent(cls, value):
        return value is None or is_sent(value)

    @classmethod
    def is_required(cls, name):
        return False

    def _find_missing(self):
        """Return an error for each attribute that was emptied, but is needed."""
        needed = filter(self.is_needed, type(self).model_fields)
        return [miss(name) for name in needed if self.is_emptied(name)]

    @classmethod
    def is_needed(cls, name: str) -> bool:
        """Tell whether an attribute cannot be emptied."""
        return cls.get_about(name).required

    def names(self, name: str) -> bool:
        """Tell whether a right value, or ``null``, was sent for an attribute."""
        return name in self.model_fields_set and not self._has_error(name)

    def is_emptied(self, name: str) -> bool:
        return self.names(name) and getattr(self, name) is None


class Attribute(NamedTuple):
    """Define an attribute for :func:`extend`; equal definitions make equal schemas."""

    name: str
    type: Any  # if it is sent
    # English, and perhaps a Vietnamese text; None: text and "required" are those of the
    # schema's own attribute
    text: tuple[str, ...] | str | None = None
    example: Any = None
    required: bool = False
    model: str | None = None
    field: str | None = None

    def to_pydantic(self, schema: type[Schema]) -> tuple[Any, Any]:
        said = self if self.text is not None else schema.get_about(self.name)
        return self.type | None, about(
            said.text,
            example=self.example,
            required=said.required,
            model=self.model,
            field=self.field,
        )


# Cached, because making a class takes milliseconds, and because equal schemas have one
# OpenAPI document. Custom attributes are read for each request: old ones go.
@lru_cache(maxsize=512)
def extend(
    schema: type[pydantic.BaseModel],
    *additions: type[pydantic.BaseModel] | Attribute,
    name: str | None = None,
    **types: Any,
) -> type[pydantic.BaseModel]:
    """Extend a schema with the attributes and methods of other schemas.

    :param additions: schemas of an addon, or single attributes; they come last
    :param name: of the new class; ``None``: the schema's
    :param types: other types of attributes of the schema
    """
    bases = [each for each in additions if isinstance(each, type)]
    attributes = [each for each in additions if isinstance(each, Attribute)]
    return pydantic.create_model(
        name or schema.__name__,
        __base__=(*bases, schema),
        __doc__=bases[0].__doc__ if name else schema.__doc__,
        __module__=(*bases, schema)[0].__module__,
        **{each.name: each.to_pydantic(schema) for each in attributes},
        **{each: (type_, schema.model_fields[each]) for each, type_ in types.items()},
    )
