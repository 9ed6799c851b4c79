# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Generic, TypeVar

Answer = TypeVar("Answer")


@dataclass
class Outcome(Generic[Answer]):
    """Hold the outcome of a request; the body of ``Outcome[LeadResponse]`` is the JSON
    of a ``LeadResponse``.

    :param status: of HTTP
    :param body: of the answer, in JSON: a repetition gets the same text
    :param headers: of the answer
    :param values: the lead, contact and phones, by field of the log's entry
    :param answers: each :class:`KeptAnswer` that has to keep the body for repetitions
    :param parts: outcomes of requests within the request, whose answers are kept, too
    :param is_replayed: the body repeats an earlier answer
    :param error: of a lead among many: the exception that explains why there is no
        lead, or the end of a dry run; status and body are not known yet
    :param entry: the entry in the log, ``crm.lead.api.request``, with superuser rights
    :param ignored_fields: paths of unknown attributes in the leads of a request with
        many leads
    :param after_answer: work to do after the answer, which may fail
    """

    status: int = HTTPStatus.OK
    body: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    values: dict = field(default_factory=dict)
    answers: list[Any] = field(default_factory=list)
    parts: list["Outcome"] = field(default_factory=list)
    is_replayed: bool = False
    error: Exception | None = None
    entry: Any = None
    ignored_fields: list[str] = field(default_factory=list)
    after_answer: Callable[[], None] | None = None
