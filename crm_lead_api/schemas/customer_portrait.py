# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from typing import Literal

from typing_extensions import Self

from odoo.fields import Command

from ..translate import _lt
from .about import about
from .base import Schema
from .value import Hour, Text, Texts

AffectedBy = Literal[
    "family", "friend", "co_worker", "community", "electronic_media", "other"
]
Transport = Literal["bicycle", "scooter", "bus", "car", "other"]
KINDS = {"hobby": "hobby", "pain_point": "pain_point", "desires": "desire"}


class CustomerPortrait(Schema):
    """The customer's portrait, in requests and in answers."""

    revenue_source: Text | None = about(_lt("Finances, income."), example="Giáo viên")
    term_goals: Text | None = about(_lt("Goals."), example="Tự tin hơn khi đứng lớp")
    social_influence: Text | None = about(
        _lt("Groups and people whose opinion counts for the customer."),
        example="Hội phụ huynh",
    )
    behavior_on_the_internet: Text | None = about(
        _lt("Where and when the customer is online."), example="Xem TikTok buổi tối"
    )
    affected_by: AffectedBy | None = about(
        _lt("Who has the most weight in the customer's decision."), example="friend"
    )
    work_start_time: Hour | None = about(
        _lt("When work starts: the hour of the day, 8.5 is 08:30."), example=7.5
    )
    work_end_time: Hour | None = about(
        _lt("When work ends: the hour of the day."), example=16.5
    )
    break_start_time: Hour | None = about(
        _lt("When the lunch break starts: the hour of the day."), example=11.5
    )
    break_end_time: Hour | None = about(
        _lt("When the lunch break ends: the hour of the day."), example=13.0
    )
    transport: Transport | None = about(
        _lt("How the customer comes to you."), example="scooter"
    )
    hobby: Texts = about(_lt("Hobbies."), [], example=["âm nhạc", "xem phim"])
    pain_point: Texts = about(_lt("Pain points."), [], example=["mũi thấp", "sợ đau"])
    desires: Texts = about(_lt("Desires."), [], example=["mũi cao tự nhiên"])

    @classmethod
    def _get_order(cls):
        # The contract lists the hobby last, but in answers before the other lists.
        return sorted(super()._get_order(), key="hobby".__eq__)

    def to_portrait_values(self) -> dict:
        """Return values for ``crm.customer.portrait``; empty if nothing was sent."""
        values = self.model_dump(
            include=set(type(self).model_fields), exclude_none=True
        )
        items = [
            Command.create({"kind": kind, "sequence": sequence, "name": item})
            for name, kind in KINDS.items()
            for sequence, item in enumerate(values.pop(name))
        ]
        return {**values, "item_ids": items} if items else values

    def get_parts(self) -> dict[str, str | float | list[str] | None]:
        """Return the attributes that were sent; an emptied list is ``[]``."""
        sent, parts = self.get_sent_fields(), {}
        for name in filter(sent.__contains__, type(self).model_fields):
            value = getattr(self, name)
            parts[name] = [] if value is None and name in KINDS else value
        return parts

    @classmethod
    def from_portrait(cls, portrait) -> Self:
        """Return a ``crm.customer.portrait``; it is empty if none was sent."""
        values = {
            name: None if (value := portrait[name]) is False else value
            for name in cls.model_fields
            if name not in KINDS
        }
        lists = {
            name: [item.name for item in portrait.item_ids if item.kind == kind]
            for name, kind in KINDS.items()
        }
        return cls.model_construct(**values, **lists)
