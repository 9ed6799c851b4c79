# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from typing import Literal, Self

from odoo.fields import Command

from .base import Hour, Schema, Text, Texts

KINDS = {"hobby": "hobby", "pain_point": "pain_point", "desires": "desire"}


class CustomerPortrait(Schema):
    """The customer's portrait, as it is sent and as it is answered."""

    revenue_source: Text | None = None
    term_goals: Text | None = None
    social_influence: Text | None = None
    behavior_on_the_internet: Text | None = None
    affected_by: (
        Literal[
            "family", "friend", "co_worker", "community", "electronic_media", "other"
        ]
        | None
    ) = None
    work_start_time: Hour | None = None
    work_end_time: Hour | None = None
    break_start_time: Hour | None = None
    break_end_time: Hour | None = None
    transport: Literal["bicycle", "scooter", "bus", "car", "other"] | None = None
    hobby: Texts = []
    pain_point: Texts = []
    desires: Texts = []

    @classmethod
    def _get_order(cls):
        # The contract lists the hobby last, and answers with it before the others.
        return sorted(super()._get_order(), key="hobby".__eq__)

    def to_portrait_values(self) -> dict:
        """Return fields of ``crm.customer.portrait``; empty when nothing was said."""
        values = self.model_dump(
            include=set(type(self).model_fields), exclude_none=True
        )
        items = [
            Command.create({"kind": kind, "sequence": sequence, "name": item})
            for name, kind in KINDS.items()
            for sequence, item in enumerate(values.pop(name))
        ]
        return {**values, "item_ids": items} if items else values

    @classmethod
    def from_portrait(cls, portrait) -> Self:
        """Return the portrait as it was stored.

        :param portrait: a ``crm.customer.portrait``, empty when none was sent
        """
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
