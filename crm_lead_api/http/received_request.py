# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import inspect
import time
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Generic, TypeVar, get_args
from urllib.parse import parse_qs, urlsplit

from odoo.tools.translate import LazyGettext

from ..exceptions import AnswerError
from ..schemas import LeadOptions, Query
from ..tools.json_body import get_fingerprint

Payload = TypeVar("Payload")


def get_schemas(endpoint) -> tuple[type | None, type[Query]]:
    """Return the schemas of a route's payload, ``None`` if it reads no body, and query,
    by the endpoint's annotations: ``received: ReceivedRequest[LeadChange]`` and
    ``query: TicketOptions``."""
    annotations = inspect.get_annotations(endpoint.original_endpoint)
    payload = next(iter(get_args(annotations.get("received"))), None)
    return payload, annotations.get("query", LeadOptions if payload else Query)


@dataclass
class ReceivedRequest(Generic[Payload]):
    """Hold a client's request, as far as it is known before the answer; the payload of
    ``ReceivedRequest[LeadRequest]`` is a ``LeadRequest``."""

    client: Any  # crm.lead.api.client, with superuser rights
    request_ref: str  # X-Request-Id
    lang: str = "en_US"  # of the answer's texts
    idempotency_key: str = ""
    body: str = ""  # as sent; "": it has not been read
    data: dict = field(default_factory=dict)  # the JSON object in the body
    # The data, parsed by the schema, with or without errors; or the file
    payload: Payload | None = None
    is_dry_run: bool = False
    token: Any = None  # crm.lead.api.token
    is_test: bool = False  # the token is for tests
    address: str = ""  # of the sender, IPv4 or IPv6
    origin: Any = None  # crm.lead.api.request that is sent again
    sender: Any = None  # res.users who sends it again
    ignored_fields: list[str] = field(default_factory=list)  # paths
    unknown_codes: set[tuple[str, str]] = field(default_factory=set)  # with attributes
    start: float = field(default_factory=time.monotonic)  # when it arrived
    companions: int = 1  # leads in the client's request
    kind: str = "create"  # a choice of crm.lead.api.request.kind
    # Method and address of a request that is not for new leads, "PATCH /lead/12": an
    # Idempotency-Key counts for one route
    route: str = ""
    if_match: Any = None  # werkzeug's ETags of the header If-Match, if sent

    @cached_property
    def fingerprint(self) -> str:
        return get_fingerprint(self.data)

    @property
    def tells_warnings(self) -> bool:
        return self.is_dry_run or self.client.has_warnings

    @property
    def duration(self) -> int:
        """The milliseconds since the request arrived, shared among its leads."""
        return round((time.monotonic() - self.start) * 1000 / self.companions)

    def get_ticket_of_route(self) -> str:
        """Return the ticket in the address, as a text, or ``""``."""
        query = urlsplit(self.route.partition(" ")[2]).query
        return parse_qs(query).get("ticket_id", [""])[0]

    def check_match(self, answer, message: LazyGettext) -> None:
        """Check that the request has no ``If-Match``, or the record's ETag there.

        :param answer: with the record as it is now; ``None``: there is no record
        :raise AnswerError: the record has another ETag (412)
        """
        # A proxy that compresses answers marks their ETags as weak.
        if self.if_match is not None and not (
            answer and self.if_match.contains_weak(answer.data.get_etag())
        ):
            raise AnswerError(412, "precondition_failed", message)
