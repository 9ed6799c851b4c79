# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from functools import cache
from typing import Any, Literal

import pydantic


class Answer(pydantic.BaseModel):
    """Base of the bodies of a 200; ``error`` 0 says that all went well."""

    error: Literal[0] = 0
    message: Literal["Success"] = "Success"
    data: Any

    def get_headers(self) -> dict[str, str]:
        """Return the headers that tell of the record in the answer."""
        return {}

    def to_body(self) -> dict:
        """Return the JSON object."""
        return self.model_dump(mode="json")


@cache
def retype(schema: type[pydantic.BaseModel], name: str, type_: Any) -> type:
    """Return a subclass of a schema in which an attribute has another type."""
    return pydantic.create_model(
        schema.__name__,
        __base__=schema,
        __doc__=schema.__doc__,
        __module__=schema.__module__,
        **{name: (type_, schema.model_fields[name])},
    )
