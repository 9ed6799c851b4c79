# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import json
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Generic, TypeVar

Answer = TypeVar("Answer")


@dataclass
class Outcome(Generic[Answer]):
    """Hold the outcome of a request; the body of ``Outcome[LeadResponse]`` is the JSON
    of a ``LeadResponse``."""

    status: int = HTTPStatus.OK
    body: dict = field(default_factory=dict)  # its text is the same each time
    headers: dict[str, str] = field(default_factory=dict)
    values: dict = field(default_factory=dict)  # by field of the log's entry
    # Each KeptAnswer that has to keep the body for repetitions
    answers: list[Any] = field(default_factory=list)
    # Of requests within the request, whose answers are kept, too
    parts: list["Outcome"] = field(default_factory=list)
    is_replayed: bool = False
    # Of a lead among many: why there is no lead, or the end of a dry run; status and
    # body are not known yet
    error: Exception | None = None
    entry: Any = None  # crm.lead.api.request, with superuser rights
    # Paths of unknown attributes in the leads of a request with many leads
    ignored_fields: list[str] = field(default_factory=list)

    def __post_init__(self):
        if isinstance(self.body, str):  # of an addon for an earlier version
            self.body = json.loads(self.body)
