# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections.abc import Callable
from functools import cache
from typing import Any, ClassVar, Literal, get_args, get_origin

import pydantic
from typing_extensions import Self

from ..exceptions import FieldError, PayloadError
from .about import About
from .error import field_error
from .json_schema import describe_attribute, describe_stored
from .resemblance import describe_missing, describe_wrapper, replace_surrogates
from .structure import leave_out, unwrap
from .value import MAX_ITEMS, is_sent


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
        return {
            replace_surrogates(name): value
            for name, value in data.items()
            if cls.is_sent(value)
        }

    @classmethod
    def is_sent(cls, value: Any) -> bool:
        """Tell whether a value counts as sent."""
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
        return describe_attribute(schema, is_required, cls.is_sent(None))

    @classmethod
    def get_about(cls, name: str) -> About:
        """Return the description of an attribute."""
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

        :param data: the attributes as the client sent them
        :param max_items: how many items a list may have
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
        names = [
            name
            for name in type(self).model_fields
            if self._is_required(name) and not self._was_sent(name)
        ]
        return describe_missing(self, names)

    def _find_contradictions(self) -> list[FieldError]:
        """Return an error for each attribute that contradicts another attribute."""
        return []

    @classmethod
    def is_required(cls, name: str) -> bool:
        """Tell whether an attribute always has to be sent."""
        return cls.get_about(name).required

    def _is_required(self, name: str) -> bool:
        return self.is_required(name)

    def _was_sent(self, name: str) -> bool:
        return getattr(self, name) is not None or any(
            error.field.split(".")[0] == name for error in self._errors
        )

    def get_errors(self) -> list[FieldError]:
        """Return the errors of :meth:`parse` and :meth:`add_errors`."""
        return list(self._errors)

    def check(self) -> None:
        """Check that the request has no errors.

        :raise PayloadError: with all errors
        """
        if self._errors:
            raise PayloadError(self.sort_errors(self._errors))

    def add_errors(self, errors: list[FieldError]) -> None:
        """Add further errors."""
        self._errors += errors

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
            if isinstance(each, type(Schema)) and issubclass(each, Schema):
                return each
        return None

    @classmethod
    def _get_types(cls, name: str) -> list[Any]:
        """Return the types that an attribute may have, without annotations."""
        return list(unwrap(cls.model_fields[name].annotation))

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
        """Return ``{attribute: field}`` of the attributes with a ``crm.lead`` field."""
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
    def get_example(cls) -> dict[str, Any]:
        """Return the sample value of each attribute that has one."""
        return {
            name: field.examples[0]
            for name, field in cls.model_fields.items()
            if field.examples
        }

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
        if name not in cls.model_fields:
            return [len(cls.model_fields)]
        position = [cls._get_order().index(name)]
        if rest and (schema := cls._get_schema(name)):
            return position + schema._get_position(rest)
        return position + ([int(rest)] if rest.isdecimal() else [])

    def get_sent_fields(self) -> set[str]:
        """Return the attributes that were sent, or have a default of the client."""
        return self.model_fields_set & type(self).model_fields.keys()

    def get_ignored_fields(self) -> list[str]:
        """Return the paths of unknown attributes that were sent."""
        ignored = list(self.model_extra)
        for name in type(self).model_fields:
            value = getattr(self, name)
            if isinstance(value, Schema):
                ignored += [f"{name}.{path}" for path in value.get_ignored_fields()]
        return ignored


@cache
def extend(schema: type[Schema], addition: type[Schema]) -> type[Schema]:
    """Extend a schema with the attributes and methods of another schema.

    :param addition: schema of an addon; its attributes come last
    """
    return pydantic.create_model(
        schema.__name__,
        __base__=(addition, schema),
        __doc__=schema.__doc__,
        __module__=addition.__module__,
    )
