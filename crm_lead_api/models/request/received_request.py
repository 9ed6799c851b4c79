# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import hashlib
import json
import time
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Generic, TypeVar, get_args
from urllib.parse import parse_qs, urlsplit

from ...schemas import LeadOptions, Query
from ...tools.json_body import parse_leniently

Payload = TypeVar("Payload")


def get_fingerprint(data: dict) -> str:
    """Hash a payload: equal JSON has equal hashes, in any order of attributes."""
    canonical = json.dumps(data, sort_keys=True)
    return hashlib.sha256(canonical.encode()).hexdigest()


def get_schemas(annotations: dict) -> tuple[type | None, type[Query]]:
    """Return the schemas of a route's payload and query.

    :param annotations: of the endpoint: ``received: ReceivedRequest[LeadChange]`` and
        ``query: TicketOptions``, both of them optional
    :return: the schema of the payload, ``None`` if the route reads no body; the schema
        of the query
    """
    payload = next(iter(get_args(annotations.get("received"))), None)
    return payload, annotations.get("query", LeadOptions if payload else Query)


@dataclass
class ReceivedRequest(Generic[Payload]):
    """Hold a client's request, as far as it is known before the answer; the payload of
    ``ReceivedRequest[LeadRequest]`` is a ``LeadRequest``.

    :param client: ``crm.lead.api.client``, with superuser rights
    :param request_ref: the ``X-Request-Id``
    :param lang: code of the language of the answer's texts, ``vi_VN``
    :param idempotency_key: of the client; ``""``: no key was sent
    :param body: as sent; ``""``: the body has not been read
    :param data: the JSON object in the body
    :param payload: the data, parsed by the schema, with or without errors; or the file
    :param is_dry_run: nothing is to be saved
    :param token: ``crm.lead.api.token`` of the request
    :param is_test: the token is for tests
    :param address: of the sender, IPv4 or IPv6
    :param origin: the entry of the log, ``crm.lead.api.request``, that is sent again
    :param sender: ``res.users`` who sends the request again
    :param ignored_fields: paths of unknown attributes
    :param unknown_codes: ``(attribute, code)`` of unknown codes
    :param start: the time of arrival, in seconds of ``time.monotonic()``
    :param companions: the number of leads in the client's request
    :param kind: a choice of ``crm.lead.api.request.kind``
    :param route: method and address of a request that is not for new leads,
        ``PATCH /lead/12``; an Idempotency-Key counts for one route
    :param if_match: werkzeug's ``ETags`` of the header ``If-Match``, if sent
    """

    client: Any
    request_ref: str
    lang: str = "en_US"
    idempotency_key: str = ""
    body: str = ""
    data: dict = field(default_factory=dict)
    payload: Payload | None = None
    is_dry_run: bool = False
    token: Any = None
    is_test: bool = False
    address: str = ""
    origin: Any = None
    sender: Any = None
    ignored_fields: list[str] = field(default_factory=list)
    unknown_codes: set[tuple[str, str]] = field(default_factory=set)
    start: float = field(default_factory=time.monotonic)
    companions: int = 1
    kind: str = "create"
    route: str = ""
    if_match: Any = None

    def keep_route(self, httprequest, kind: str, query: Query) -> None:
        """Keep the kind of the request for the log, and its method and address, to
        which an Idempotency-Key is bound; requests for new leads share one address.

        :param httprequest: of Odoo
        :param kind: of the route
        :param query: as parsed
        """
        if kind == "create":
            return
        path = f"/{httprequest.path.partition('/api/v1/')[2]}"
        if text := query.to_text():
            path += f"?{text}"
        self.kind = kind
        self.route = f"{httprequest.method} {path}"
        if "If-Match" in httprequest.headers:
            self.if_match = httprequest.if_match

    def get_earlier_payloads(self) -> list[dict]:
        """Return the payloads of earlier attempts, before corrections."""
        entries = self.origin._get_attempts() if self.origin else ()
        payloads = (parse_leniently(entry.payload or "") for entry in entries)
        return list(filter(None, payloads))  # a body without JSON object made no lead

    @cached_property
    def fingerprint(self) -> str:
        """Return the hash of the payload; see :func:`get_fingerprint`."""
        return get_fingerprint(self.data)

    @property
    def is_compared_by_content(self) -> bool:
        """Tell whether equal content without a key is a repetition: of ``POST`` alone,
        because a change back to earlier values is a change."""
        return not self.route or self.route.startswith("POST")

    def matches(self, etag: str | None) -> bool:
        """Tell whether the request allows a change of a record: it has no ``If-Match``,
        or the record's ETag there.

        :param etag: of the record as it is now; ``None``: there is no record
        """
        if self.if_match is None:
            return True
        # A proxy that compresses answers marks their ETags as weak.
        return etag is not None and self.if_match.contains_weak(etag)

    def get_ticket_of_route(self) -> str:
        """Return the ticket in the address, as a text, or ``""``."""
        query = urlsplit(self.route.partition(" ")[2]).query
        return parse_qs(query).get("ticket_id", [""])[0]

    def to_values(self) -> dict:
        """Return the values of the log's entry, ``crm.lead.api.request``, by field."""
        return {
            "client_id": self.client.id,
            "token_id": self.token and self.token.id,
            "is_test": self.is_test,
            "address": self.address,
            "request_ref": self.request_ref,
            "kind": self.kind,
            "route": self.route,
            "idempotency_key": self.idempotency_key,
            "payload": self.body,
            "ignored_fields": ", ".join(self.ignored_fields),
            "origin_id": self.origin and self.origin.id,
            "sender_id": self.sender and self.sender.id,
            "duration": round((time.monotonic() - self.start) * 1000 / self.companions),
        }
