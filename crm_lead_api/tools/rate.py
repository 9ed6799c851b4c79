# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from dataclasses import dataclass

POLICY = "default"
WINDOW = 60  # seconds in which the requests count


@dataclass(frozen=True)
class Rate:
    """Hold a client's rate limit, and the requests that count towards it.

    :param limit: requests per minute
    :param requests: the client's requests in the current minute, this request included
    :param reset: whole seconds until the current minute is over
    """

    limit: int
    requests: int
    reset: int

    @property
    def is_exceeded(self) -> bool:
        return self.requests > self.limit

    def to_headers(self) -> dict[str, str]:
        """Return the headers of draft-ietf-httpapi-ratelimit-headers, in the present
        form, and in the form of its drafts up to 06."""
        remaining = max(self.limit - self.requests, 0)
        return {
            "RateLimit-Policy": f'"{POLICY}";q={self.limit};w={WINDOW}',
            "RateLimit": f'"{POLICY}";r={remaining};t={self.reset}',
            "RateLimit-Limit": str(self.limit),
            "RateLimit-Remaining": str(remaining),
            "RateLimit-Reset": str(self.reset),
        }
