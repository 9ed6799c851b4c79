# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The answers of the lead API, and its errors."""

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from urllib.parse import unquote

import httpx

from .models import ErrorItem

T = TypeVar("T")

_logger = logging.getLogger(__package__)


@dataclass(frozen=True)
class Answer(Generic[T]):
    """Hold the data of an answer, with what its headers say.

    :param data: the attributes that the lead API answers with; the bytes of a sound
    """

    data: T
    headers: Mapping[str, str]

    @property
    def etag(self) -> str | None:
        """The state of what was read or written, for ``if_match`` of a change."""
        return self.headers.get("ETag")

    @property
    def is_replayed(self) -> bool:
        """Whether this repeats an earlier answer: nothing was made."""
        return self.headers.get("Idempotency-Replayed") == "true"

    @property
    def lead_state(self) -> str | None:
        """``deleted`` or ``merged``, if staff have done so with a repeated lead."""
        return self.headers.get("X-Lead-State")

    @property
    def ignored_fields(self) -> list[str]:
        """The attributes that mean nothing to Odoo."""
        names = self.headers.get("X-Ignored-Fields", "").split(",")
        return [unquote(name.strip()) for name in names if name.strip()]

    @property
    def request_id(self) -> str | None:
        """The name of the request in Odoo's log."""
        return self.headers.get("X-Request-Id")


class LeadApiError(Exception):
    """The lead API refuses a request, or does not answer.

    :ivar status: of HTTP; 0: there was no answer, or no whole one
    :ivar type: the kind of error, such as ``validation``
    :ivar message: for people
    :ivar errors: of a 422: field, code and message of each wrong attribute
    :ivar body: the whole answer, if it is JSON
    :ivar retry_after: the seconds to wait before the request is sent again, if the
        answer says so
    :ivar request_id: the name of the request in Odoo's log
    """

    def __init__(
        self,
        status: int,
        type: str,
        message: str,
        *,
        body: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ):
        self.status = status
        self.type = type
        self.message = message
        self.body: Mapping[str, Any] = body or {}
        self.errors: list[ErrorItem] = self.body.get("errors") or []
        headers = headers or {}
        pause = headers.get("Retry-After", "").strip()
        self.retry_after = int(pause) if pause.isascii() and pause.isdigit() else None
        self.request_id = headers.get("X-Request-Id")
        super().__init__(status, type, message)

    def __str__(self) -> str:
        text = f"{self.status or 'No answer'} {self.type}: {self.message}"
        fields = [f"{each['field']}: {each['message']}" for each in self.errors]
        return "\n  ".join([text, *fields])


def parse(response: httpx.Response) -> Answer[Any]:
    """Return the answer in a response.

    :raise LeadApiError: it is an error, or not whole
    """
    headers = response.headers
    if "Deprecation" in headers:
        _logger.warning(
            "%s %s is deprecated, and ends on %s: see %s",
            *(response.request.method, response.request.url.path),
            headers.get("Sunset", "a day that is not known yet"),
            headers.get("Link", "the documentation of the lead API"),
        )
    if response.is_success and headers.get("Content-Type", "").startswith("audio/"):
        return Answer(response.content, headers)
    try:
        body = json.loads(response.content)
    except ValueError:
        body = None
    if isinstance(body, dict):
        if response.is_success and "data" in body:
            return Answer(body["data"], headers)
        raise LeadApiError(
            response.status_code,
            str(body.get("type", "http")),
            str(body.get("message", "This is no answer of the lead API.")),
            body=body,
            headers=headers,
        )
    # A page of a proxy in front of Odoo, another address, or a part of an answer
    message = "The answer is not in JSON."
    if response.is_redirect:
        message = f"Use the address {headers.get('Location')} instead."
    status = 0 if response.is_success else response.status_code
    raise LeadApiError(status, "http", message, headers=headers)
