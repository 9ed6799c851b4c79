# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from dataclasses import dataclass


@dataclass(frozen=True)
class Rate:
    """What a client may still do after a call.

    :param limit: calls per minute
    :param calls: how many it has made in the current minute, this one included
    :param reset: whole seconds until that minute is over
    """

    limit: int
    calls: int
    reset: int

    @property
    def is_exceeded(self) -> bool:
        return self.calls > self.limit

    def to_headers(self) -> dict[str, str]:
        return {
            "RateLimit-Limit": str(self.limit),
            "RateLimit-Remaining": str(max(self.limit - self.calls, 0)),
            "RateLimit-Reset": str(self.reset),
        }
