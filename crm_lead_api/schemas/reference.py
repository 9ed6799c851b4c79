# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from typing import Literal

import pydantic
from typing_extensions import Self

from ..translate import _lt
from .about import about
from .base import Answer
from .record_list import BY_PATH, CHOICES

ListName = Literal[(*BY_PATH, CHOICES)]


class ReferenceItem(pydantic.BaseModel):
    """A record that a lead can name, with the attributes of its list."""

    id: int | None = about(_lt("The value to send for the list's attribute."))
    attribute: str | None = about(_lt("Of choices: the attribute that has them."))
    code: str | None = about(
        _lt("The record's code. For choices: the value to send. For agents: the login.")
    )
    name: str = about(_lt("The name for people."), ...)
    email: str | None = about(_lt("Of agents: what to send as agent_email."))
    country_id: int | None = about(_lt("Of states: their country."))
    state_id: int | None = about(_lt("Of districts: their state."))
    category_source_id: int | None = about(_lt("Of sources: their group."))
    company_id: int | None = about(
        _lt("The only company that may use the record; null: all companies.")
    )
    currency: str | None = about(_lt("Of price lists and prices: ISO 4217."))
    price: float | None = about(
        _lt("For services: the price of one unit in the chosen price list.")
    )


class ReferencePage(pydantic.BaseModel):
    items: list[ReferenceItem]
    next_cursor: str | None = about(
        _lt("The cursor for the next page; null: this page is the last.")
    )


class ReferenceResponse(Answer):
    """A page of a reference list."""

    data: ReferencePage

    def to_body(self) -> dict:
        """Return the JSON object; an item has only the attributes of its list."""
        body = super().to_body()
        body["data"]["items"] = [
            item.model_dump(exclude_unset=True) for item in self.data.items
        ]
        return body


class ReferenceListItem(pydantic.BaseModel):
    name: str = about(_lt("The list's name in the address."), ...)
    title: str = about(_lt("The name for people."), ...)
    attribute: str | None = about(_lt("The lead's attribute that it is for."))
    filters: list[str] = about(_lt("The parameters that narrow it down."), ...)
    path: str = about(_lt("Where it is."), ...)


class ReferenceLists(pydantic.BaseModel):
    items: list[ReferenceListItem]


class ReferenceListsResponse(Answer):
    """The reference lists."""

    data: ReferenceLists

    @classmethod
    def from_references(cls, lang: str) -> Self:
        lists = [
            (each.path, each.label, each.attribute, each.get_filters())
            for each in BY_PATH.values()
        ]
        lists.append((CHOICES, _lt("Choices of closed lists"), None, ["q"]))
        items = [
            {
                "name": name,
                "title": title._translate(lang),
                "attribute": attribute,
                "filters": filters,
                "path": f"/api/v1/ref/{name}",
            }
            for name, title, attribute, filters in lists
        ]
        return cls(data={"items": items})
