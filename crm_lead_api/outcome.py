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
    :param answers: ``crm.lead.api.answer`` that keep the body for repetitions
    :param is_replayed: it repeats an earlier answer
    :param error: why there is no lead; status and body are not known yet
    """

    status: int = HTTPStatus.OK
    body: str = ""
    values: dict = field(default_factory=dict)
    answers: Any = None
    is_replayed: bool = False
    error: Exception | None = None
