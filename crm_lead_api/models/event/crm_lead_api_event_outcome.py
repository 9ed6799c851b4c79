# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import logging
import random
import time
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from http import HTTPStatus

from odoo import api, fields, models
from odoo.service.model import retrying
from odoo.tools import SQL, LazyTranslate
from odoo.tools.translate import LazyGettext

from ...tools.webhook import Answer, WebhookError, post
from .crm_lead_api_event import TEST

_logger = logging.getLogger(__name__)
_lt = LazyTranslate(__name__, default_lang="en_US")

# Pauses between attempts; after the last attempt, a day later, the event has failed
PAUSES = (
    *(timedelta(seconds=10), timedelta(seconds=30)),
    *(timedelta(minutes=2), timedelta(minutes=10), timedelta(minutes=30)),
    *(timedelta(hours=hours) for hours in (1, 2, 4, 8, 8)),
)
MAX_JITTER = 0.05  # of a pause, added so that retries do not come all at once
MAX_RETRY_AFTER = timedelta(hours=8)
REDIRECTED = _lt("The address redirects. Enter the final address.")


@dataclass(frozen=True)
class Outcome:
    """Hold the result of an attempt to send an event.

    :param answer: of the receiver, if the receiver answered
    :param reason: why the event was not delivered, if the answer's status is not enough
    :param milliseconds: duration of the attempt
    """

    answer: Answer | None
    reason: LazyGettext | None
    milliseconds: int

    @property
    def is_delivered(self) -> bool:
        return bool(self.answer and self.answer.is_good)


def attempt(
    url: str, secret: str, message_ref: str, body: str, allow_private: bool
) -> Outcome:
    """Send an event once, and return the outcome even if sending fails.

    Runs in a thread without an environment of Odoo.
    """
    start, answer, reason = time.monotonic(), None, None
    try:
        answer = post(url, secret, message_ref, body, allow_private)
        reason = REDIRECTED if answer.is_redirect else None
    except WebhookError as error:
        reason = error.reason
    except Exception as error:  # else the event would come first in each run for ever
        name = type(error).__name__  # not the text, which may contain a secret
        _logger.error("Event %s could not be sent: %s", message_ref, name)
        reason = _lt("It could not be sent: %(reason)s", reason=name)
    return Outcome(answer, reason, round((time.monotonic() - start) * 1000))


def get_pause(attempts: int) -> timedelta:
    """Return the usual pause after some attempts to send an event."""
    return PAUSES[min(attempts, len(PAUSES)) - 1]


class CrmLeadApiEvent(models.Model):
    """Save the results of attempts to send events."""

    _name = "crm.lead.api.event"
    _inherit = "crm.lead.api.event"

    @api.model
    def _save_outcome(self, claim, outcome):
        """Save the outcome of an event in a transaction of its own.

        :param claim: on the event, which others may have changed meanwhile
        :return: ``True`` if the client's next event can be sent at once
        """
        try:
            retrying(partial(self._write_outcome, claim, outcome), self.env)
        except Exception:  # of other addons: the events of other clients go on
            self.env.cr.rollback()
            _logger.exception("No outcome of event %s could be saved", claim.event_id)
            return False
        return outcome.is_delivered

    @api.model
    def _write_outcome(self, claim, outcome):
        event = self._lock_claimed(claim)
        if not event:  # deleted, or claimed by another run
            return
        # Search before writing, so that there is one UPDATE: a second UPDATE of the row
        # would check its lead, which others may have changed meanwhile.
        overdue = event._find_overdue()
        lang = event.client_id.owner_id.lang or "en_US"
        reason = outcome.reason and outcome.reason._translate(lang)
        values = {
            "claimed_until": False,
            "status": outcome.answer.status if outcome.answer else 0,
            "error": event.body and reason,  # an erased event stays erased
            "duration": outcome.milliseconds,
        }
        if outcome.is_delivered:  # even if the event was cancelled meanwhile
            values |= {"state": "delivered", "date_delivered": fields.Datetime.now()}
            values["next_date"] = False
        elif event.state == "waiting":
            pause = outcome.answer.get_pause() if outcome.answer else timedelta(0)
            values |= event._prepare_next_attempt(pause, overdue)
        event.write(values)
        event.flush_recordset()
        if event.state == "waiting":
            event._trigger_sending(event.next_date)
        if not outcome.is_delivered:
            event._pause_client(overdue)

    @api.model
    def _lock_claimed(self, claim):
        """Lock and return the event of a claim; return none if the claim is over."""
        self.env.cr.execute(
            SQL(
                """
                SELECT id
                  FROM crm_lead_api_event
                 WHERE id = %s AND claimed_until = %s
                   FOR NO KEY UPDATE
                """,
                claim.event_id,
                claim.until,
            ),
            # A change by another transaction is no error: this transaction is retried.
            log_exceptions=False,
        )
        return self.browse(event_id for (event_id,) in self.env.cr.fetchall())

    def _prepare_next_attempt(self, pause, overdue):
        """Prepare the values of an event that was not delivered.

        :param pause: requested by the receiver
        :param overdue: the result of :meth:`_find_overdue`
        """
        is_last = self.attempts > len(PAUSES) or self in overdue
        if is_last or self.type == TEST:
            return {"state": "failed", "next_date": False}
        jitter = random.uniform(0, MAX_JITTER)  # noqa: S311  no secret
        usual = get_pause(self.attempts) * (1 + jitter)
        pause = max(usual, min(pause, MAX_RETRY_AFTER))
        return {"next_date": fields.Datetime.now() + pause}

    def _pause_client(self, overdue):
        """Pause the client's events if sending them is in vain.

        :param overdue: the result of :meth:`_find_overdue`
        """
        is_vain = overdue or self.status == HTTPStatus.GONE or self.state == "failed"
        if is_vain and self.type != TEST and self.state != "cancelled":
            self.client_id._pause_webhook(self._describe_failure)

    def _find_overdue(self):
        """Find the client's events that have been tried for as long as all pauses.

        In a long queue an event has its turn so seldom that all attempts take days.
        """
        return self.search(
            [
                ("client_id", "=", self.client_id.id),
                ("state", "=", "waiting"),
                ("date_tried", "<=", fields.Datetime.now() - sum(PAUSES, timedelta(0))),
            ]
        )

    def _describe_failure(self, env):
        if self.status == HTTPStatus.GONE:
            return env._("410: the receiver wants no more events")
        if self.error:
            return self.error
        return env._("answer %(status)s for a day", status=self.status)
