# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import logging
import random
import time
from collections import defaultdict
from datetime import timedelta
from http import HTTPStatus

from odoo import api, fields, models
from odoo.tools import SQL, LazyTranslate

from ..webhook import WebhookError, post
from .crm_lead_api_event import TEST

_logger = logging.getLogger(__name__)
_lt = LazyTranslate(__name__, default_lang="en_US")

# Between the attempts to send an event; after the last one, a day later, it has failed
PAUSES = (
    *(timedelta(seconds=10), timedelta(seconds=30)),
    *(timedelta(minutes=2), timedelta(minutes=10), timedelta(minutes=30)),
    *(timedelta(hours=hours) for hours in (1, 2, 4, 8, 8)),
)
MAX_JITTER = 0.05  # of a pause, longer: not all come back in the same instant
MAX_RETRY_AFTER = timedelta(hours=8)
CLIENT_SECONDS = 5  # that a client may take of a run, before it is another one's turn
REDIRECTED = _lt("The address leads to another one: write that one.")


class CrmLeadApiEvent(models.Model):
    """How an event gets to its client."""

    _inherit = "crm.lead.api.event"

    def _trigger_sending(self, at=None):
        cron = self.env.ref("crm_lead_api.ir_cron_send_events", False)
        if cron:  # a lead is saved even where somebody has deleted it
            # sudo: scheduled actions are for administrators
            cron.sudo()._trigger(at)

    @api.model
    def _cron_send(self):
        """Send what is due.

        Each event is committed for itself right after it was sent. A client that does
        not answer, or takes long, has to wait for the next run, so that the others need
        not wait for it: a run goes on until each of them has had its turn.
        """
        cron = self.env["ir.cron"]
        seconds = defaultdict(float)
        silent, done = set(), set()
        while event := self._lock_next(done):
            client_id, start = event.client_id.id, time.monotonic()
            if not event._send():
                silent.add(client_id)
            seconds[client_id] += time.monotonic() - start
            is_time_left = cron._commit_progress(1)
            is_long = seconds[client_id] > CLIENT_SECONDS
            if client_id in silent or is_long or not is_time_left:
                done.add(client_id)
        if self._lock_next(silent):
            self._trigger_sending()

    @api.model
    def _lock_next(self, client_ids):
        """Return the next event that is due, for this transaction and no other one.

        Those of a lead go out in their order. A test goes out even though the client's
        events are paused.

        :param set client_ids: of those whose turn it is not
        """
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT event.id
                  FROM crm_lead_api_event AS event
                  JOIN crm_lead_api_client AS client
                    ON client.id = event.client_id
                 WHERE event.state = 'waiting'
                   AND event.next_date <= %(now)s
                   AND event.client_id != ALL(%(client_ids)s)
                   AND (client.is_webhook_paused IS NOT TRUE OR event.type = %(test)s)
                   AND NOT EXISTS (
                       SELECT
                         FROM crm_lead_api_event AS earlier
                        WHERE earlier.state = 'waiting'
                          AND earlier.client_id = event.client_id
                          AND earlier.lead_id = event.lead_id
                          AND earlier.id < event.id
                       )
              ORDER BY event.next_date, event.id
                 LIMIT 1
                   FOR NO KEY UPDATE OF event SKIP LOCKED
                """,
                now=fields.Datetime.now(),
                client_ids=list(client_ids),
                test=TEST,
            )
        )
        return self.browse(event_id for (event_id,) in rows)

    def _send(self):
        """Send the event once, and write down what came of it.

        :return: whether the client can be sent the next one at once
        """
        client, start = self.client_id, time.monotonic()
        if not client._is_listening():  # it was being sent while that changed
            self._cancel()
            return True
        answer, pause, reason = self._post()
        is_delivered = bool(answer and answer.is_good)
        lang = client.owner_id.lang or "en_US"
        # Before all that is written, so that it is written at once: a second UPDATE of
        # the row would look at the lead, which others may have changed meanwhile.
        overdue = self._find_overdue()
        now = fields.Datetime.now()
        self.write(
            {
                "attempts": self.attempts + 1,
                "date_tried": self.date_tried or now,
                "status": answer.status if answer else 0,
                "error": reason and reason._translate(lang),
                "duration": round((time.monotonic() - start) * 1000),
            }
        )
        if is_delivered:
            self.write({"state": "delivered", "date_delivered": now})
        else:
            self._put_off(pause, overdue)
        return is_delivered

    def _post(self):
        """Send the event once, whatever the receiver makes of it.

        :return: its answer, or none; the pause that it asks for; why it was not
            delivered, where the answer does not say so
        """
        client = self.client_id
        # Read here: what the database has to say is not for the last except below.
        message = (
            *(client.webhook_url, client.webhook_secret, self.message_ref, self.body),
            client.webhook_allow_private,
        )
        try:
            answer = post(*message)
            pause = timedelta(0) if answer.is_good else answer.get_pause()
            return answer, pause, REDIRECTED if answer.is_redirect else None
        except WebhookError as error:
            return None, timedelta(0), error.reason
        except Exception as error:  # or it would be the first one in each run, for ever
            name = type(error).__name__  # no more: the rest may tell a secret
            _logger.error("Event %s could not be sent: %s", self.message_ref, name)
            reason = _lt("It could not be sent: %(reason)s", reason=name)
            return None, timedelta(0), reason

    def _put_off(self, pause, overdue):
        """Send it again later; if that is in vain, pause the client's events.

        :param pause: that the receiver asks for
        :param overdue: what :meth:`_find_overdue` found
        """
        if self.type == TEST:
            self.state = "failed"
            return
        if self in overdue or self.attempts > len(PAUSES):
            self.state = "failed"
        else:
            self._schedule(pause)
        is_gone = self.status == HTTPStatus.GONE
        if overdue or is_gone or self.state == "failed":
            self.client_id._pause_webhook(self._describe_failure)

    def _find_overdue(self):
        """Return those of the client that have been tried for as long as all pauses.

        Where many wait, each has its turn so seldom that its attempts would take days.
        """
        return self.search(
            [
                ("client_id", "=", self.client_id.id),
                ("state", "=", "waiting"),
                ("date_tried", "<=", fields.Datetime.now() - sum(PAUSES, timedelta(0))),
            ]
        )

    def _schedule(self, pause):
        jitter = random.uniform(0, MAX_JITTER)  # noqa: S311  no secret
        usual = PAUSES[self.attempts - 1] * (1 + jitter)
        pause = max(usual, min(pause, MAX_RETRY_AFTER))
        self.next_date = fields.Datetime.now() + pause
        self._trigger_sending(self.next_date)

    def _describe_failure(self, env):
        if self.status == HTTPStatus.GONE:
            return env._("410: the receiver wants no more of them")
        if self.error:
            return self.error
        return env._("answer %(status)s for a day", status=self.status)

    def _send_soon(self):
        """Send what waits without waiting any longer."""
        now = fields.Datetime.now()
        self.filtered(lambda event: event.next_date > now).next_date = now
        if self:
            self._trigger_sending()
