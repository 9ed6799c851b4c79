# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""When a request is sent again, and after which pause."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tenacity import RetryCallState, stop_after_attempt, wait_random

from .answer import LeadApiError

# Waiting makes no token right.
WRONG_TOKENS = "wrong_tokens"
# No answer; too many requests; the proxy or Odoo is busy, or away
TEMPORARY = (0, 429, 502, 503, 504)

_logger = logging.getLogger(__package__)


@dataclass(frozen=True)
class Retry:
    """Say how often a request is sent, and how long the pauses are.

    The pauses grow twofold and are random, so that many clients do not come back at
    once. ``Retry-After`` of an answer makes a pause longer. Without settings a request
    outlasts a server that is started again, which takes half a minute.

    :param attempts: how often a request is sent at most
    :param first_pause: the longest first pause, in seconds
    :param max_pause: the longest pause, in seconds; if an answer asks for a longer
        pause, the request fails at once
    :param sleep: wait for some seconds, instead of ``time.sleep``; of
        ``AsyncLeadApi`` a coroutine function, instead of ``asyncio.sleep``
    """

    attempts: int = 8
    first_pause: float = 0.5
    max_pause: float = 120
    sleep: Callable[[float], Any] | None = None

    def to_options(self) -> dict[str, Any]:
        """Return the options for tenacity."""
        return {
            "stop": stop_after_attempt(self.attempts),
            "wait": self._get_pause,
            "retry": self._is_temporary,
            "before_sleep": _log,
            "reraise": True,
            **({"sleep": self.sleep} if self.sleep else {}),
        }

    def _is_temporary(self, state: RetryCallState) -> bool:
        error = _get_error(state)
        return (
            error is not None
            and error.status in TEMPORARY
            and error.type != WRONG_TOKENS
            and (error.retry_after or 0) <= self.max_pause
        )

    def _get_pause(self, state: RetryCallState) -> float:
        error = _get_error(state)
        grown = self.first_pause * 2 ** (state.attempt_number - 1)
        longest = min(grown, self.max_pause)
        pause = wait_random(longest / 2, longest)(state)
        return max(pause, (error and error.retry_after) or 0)


def _get_error(state: RetryCallState) -> LeadApiError | None:
    error = state.outcome.exception() if state.outcome else None
    return error if isinstance(error, LeadApiError) else None


def _log(state: RetryCallState) -> None:
    error = _get_error(state)
    _logger.info(
        "%s: sending the request again in %.1f s",
        *(error and error.status or "No answer", state.upcoming_sleep),
    )
