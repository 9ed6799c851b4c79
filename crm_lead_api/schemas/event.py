# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import datetime
from typing import Literal

import pydantic

from ..translate import _lt
from .about import about
from .lead import Owner, State

EventType = Literal[
    "lead.assigned", "lead.contacted", "lead.won", "lead.lost", "lead.merged", "ping"
]


class MergedInto(pydantic.BaseModel):
    """The lead that lives on."""

    id_lead: int
    ticket_id: int | str | None = about(
        _lt("The ticket of that lead, if the lead is the client's own.")
    )


class EventData(pydantic.BaseModel):
    """The progress of a lead; empty for a ping."""

    id_lead: int | None = about(_lt("The lead's id."))
    ticket_id: int | str | None = about(_lt("The ticket in your system."))
    state: State | None = about(_lt("new, contacted, qualified, won, or lost."))
    owner: Owner | None = about(_lt("The salesperson; null: nobody yet."))
    lost_reason: str | None = about(_lt("Why it was lost."))
    link_lead_detail: str | None = about(_lt("Where staff find the lead in Odoo."))
    merged_into: MergedInto | None = about(_lt("Of merged leads: which one lives on."))


class Event(pydantic.BaseModel):
    """The body of a request to a client's address for events."""

    id: str = about(_lt("The same each time it is sent."), ...)
    type: EventType = about(_lt("The kind of event."), ...)
    timestamp: datetime = about(_lt("When it happened, UTC."), ...)
    data: EventData
