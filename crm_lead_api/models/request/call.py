# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import hashlib
import json
import time
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from ...tools.json_body import parse_leniently


def get_fingerprint(data: dict) -> str:
    """Return a hash that equal JSON has in common, in whatever order."""
    canonical = json.dumps(data, sort_keys=True)
    return hashlib.sha256(canonical.encode()).hexdigest()


@dataclass
class Call:
    """A call of the lead API, as far as it is known before it is answered.

    :param client: ``crm.lead.api.client``, with superuser rights
    :param request_ref: the ``X-Request-Id``
    :param idempotency_key: the caller's; ``""``: it sent none
    :param body: as it was sent; ``""``: it was not read
    :param data: what the body says
    :param payload: :class:`LeadRequest` that was read from it, with or without errors
    :param is_dry_run: nothing of it is to be kept
    :param token: ``crm.lead.api.token`` that it came with
    :param address: of the caller, of IPv4 or IPv6
    :param origin: the entry of the log, ``crm.lead.api.request``, that is sent again
    :param sender: ``res.users`` who sends it again
    :param ignored_fields: paths of what was sent but means nothing
    :param unknown_codes: ``(attribute, code)`` of those that mean nothing yet
    :param start: when it came, in seconds of ``time.monotonic()``
    :param companions: how many calls came together, this one included
    """

    client: Any
    request_ref: str
    idempotency_key: str = ""
    body: str = ""
    data: dict = field(default_factory=dict)
    payload: Any = None
    is_dry_run: bool = False
    token: Any = None
    address: str = ""
    origin: Any = None
    sender: Any = None
    ignored_fields: list[str] = field(default_factory=list)
    unknown_codes: set[tuple[str, str]] = field(default_factory=set)
    start: float = field(default_factory=time.monotonic)
    companions: int = 1

    def get_earlier_payloads(self) -> list[dict]:
        """Return what was sent before it was corrected."""
        entries = self.origin._get_attempts() if self.origin else ()
        # What is no JSON object never made a lead.
        return list(filter(None, (parse_leniently(e.payload or "") for e in entries)))

    @cached_property
    def fingerprint(self) -> str:
        """What the payload has in common with equal ones only."""
        return get_fingerprint(self.data)

    def to_values(self) -> dict:
        """Return what is known, by columns of ``crm.lead.api.request``."""
        return {
            "client_id": self.client.id,
            "token_id": self.token and self.token.id,
            "address": self.address,
            "request_ref": self.request_ref,
            "idempotency_key": self.idempotency_key,
            "payload": self.body,
            "ignored_fields": ", ".join(self.ignored_fields),
            "origin_id": self.origin and self.origin.id,
            "sender_id": self.sender and self.sender.id,
            "duration": round((time.monotonic() - self.start) * 1000 / self.companions),
        }
