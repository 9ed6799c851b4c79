# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any


@dataclass
class Outcome:
    """What came of a call.

    :param status: of HTTP
    :param body: of the answer, in JSON
    :param values: what the log's entry says of the lead, by its columns
    :param answers: that are to keep the body for repetitions, ``KeptAnswer``
    :param is_replayed: it repeats an earlier answer
    :param lead_state: what became of the lead meanwhile, ``deleted`` or ``merged``
    :param error: why there is no lead; status and body are not known yet
    """

    status: int = HTTPStatus.OK
    body: str = ""
    values: dict = field(default_factory=dict)
    answers: list[Any] = field(default_factory=list)
    is_replayed: bool = False
    lead_state: str | None = None
    error: Exception | None = None
