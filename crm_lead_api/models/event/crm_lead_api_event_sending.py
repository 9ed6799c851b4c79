# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import time
from collections import defaultdict
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from odoo import api, fields, models
from odoo.service.model import retrying
from odoo.tools import SQL

from .crm_lead_api_event import TEST
from .crm_lead_api_event_outcome import attempt, get_pause

SENDERS = 8  # clients that events are sent to at the same time
LEASE = timedelta(minutes=1)  # an attempt takes much less
LOOK_SECONDS = 1  # between two searches for events that have become due
CLIENT_SECONDS = 5  # that a client may use of a run, so that others have their turn
RUN_SECONDS = 60  # after which no event is sent: Odoo kills a run after two minutes


@dataclass(frozen=True)
class Claim:
    """Hold the right of a run to send an event once.

    :param until: the time after which another run may send the event
    :param message: arguments of :func:`attempt`, without an environment of Odoo
    """

    event_id: int
    client_id: int
    until: datetime
    message: tuple = field(repr=False)


class CrmLeadApiEvent(models.Model):
    """Send events to clients: claim an event, commit, send it, save the outcome.

    Nothing is locked while a receiver works. A claim expires: if the server dies while
    it sends an event, the event is sent again with the same message id.
    """

    _inherit = "crm.lead.api.event"

    def _trigger_sending(self, at=None):
        cron = self.env.ref("crm_lead_api.ir_cron_send_events", False)
        if cron:  # a lead is saved even if somebody has deleted the scheduled action
            # sudo: scheduled actions are for administrators
            cron.sudo()._trigger(at)

    @api.model
    def _cron_send(self):
        """Send the events that are due.

        Events are sent to several clients at the same time, to each client one event at
        a time. A client that does not answer has to wait for its next attempt, a slow
        client for the next run. If little time is left, each client still gets its
        first turn.
        """
        with ThreadPoolExecutor(SENDERS, "crm_lead_api_event") as senders:
            silent = self._send_due(senders)
        retrying(partial(self._trigger_rest, silent), self.env)

    def _send_due(self, senders):
        """Send the events that are due, or become due meanwhile.

        :param senders: executor, whose threads do nothing but talk to receivers
        :return: the ids of the clients that did not answer
        """
        end = time.monotonic() + RUN_SECONDS
        seconds = defaultdict(float)  # used by each client, by its id
        sending, served, silent, done = {}, set(), set(), set()
        while True:
            while len(sending) < SENDERS and time.monotonic() < end:
                busy = {claim.client_id for claim, _start in sending.values()}
                claim_next = partial(self._claim_next, done | busy, served)
                if not (claim := retrying(claim_next, self.env)):
                    break
                served.add(claim.client_id)
                future = senders.submit(attempt, *claim.message)
                sending[future] = claim, time.monotonic()
            if not sending:
                return silent
            finished, _others = wait(sending, LOOK_SECONDS, FIRST_COMPLETED)
            for future in finished:
                claim, start = sending.pop(future)
                client_id = claim.client_id
                if not self._save_outcome(claim, future.result()):
                    silent.add(client_id)
                seconds[client_id] += time.monotonic() - start
                if client_id in silent or seconds[client_id] > CLIENT_SECONDS:
                    done.add(client_id)
            if not self.env["ir.cron"]._commit_progress(len(finished)):
                done |= served

    @api.model
    def _claim_next(self, client_ids, served):
        """Claim the next event that is due.

        :param set client_ids: of clients that have to wait
        :param set served: ids of clients that had their turn: other clients come first
        :return: the claim, or ``None``
        """
        while event := self._lock_next(client_ids, served):
            client = event.client_id
            if url := event._get_url():
                until = event._claim()
                message = (
                    *(url, client.webhook_secret, event.message_ref),
                    *(event.body, client.webhook_allow_private),
                )
                return Claim(event.id, client.id, until, message)
            event._cancel()  # the client was changed while the event's row was locked
        return None

    @api.model
    def _lock_next(self, client_ids, served=()):
        """Lock and return the next event that is due.

        The events of a lead are sent in their order. A test event is sent even if the
        client's events are paused.

        :param set client_ids: of clients that have to wait
        :param set served: ids of clients that had their turn: other clients come first
        """
        self.env.flush_all()
        self.env.cr.execute(
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
                   AND NOT EXISTS (
                       SELECT
                         FROM crm_lead_api_event AS claimed
                        WHERE claimed.client_id = event.client_id
                          AND claimed.claimed_until > %(now)s
                       )
              ORDER BY event.client_id = ANY(%(served)s), event.next_date, event.id
                 LIMIT 1
                   FOR NO KEY UPDATE OF event SKIP LOCKED
                """,
                now=fields.Datetime.now(),
                client_ids=list(client_ids),
                served=list(served),
                test=TEST,
            ),
            # A quicker transaction is no error: this transaction is retried.
            log_exceptions=False,
        )
        return self.browse(event_id for (event_id,) in self.env.cr.fetchall())

    def _claim(self):
        """Claim the event, whose row is locked, for this run.

        The attempt counts from now on. If no outcome is ever saved, the event is sent
        again after the usual pause: no other addon can cause an endless loop.

        :return: the end of the claim
        """
        now = fields.Datetime.now()
        until = now + LEASE
        attempts = self.attempts + 1
        self.env.cr.execute(
            SQL(
                """
                UPDATE crm_lead_api_event
                   SET claimed_until = %(until)s,
                       attempts = %(attempts)s,
                       date_tried = COALESCE(date_tried, %(now)s),
                       next_date = %(next_date)s
                 WHERE id = %(id)s
                """,
                until=until,
                attempts=attempts,
                now=now,
                next_date=now + get_pause(attempts),
                id=self.id,
            ),
            log_exceptions=False,
        )
        self.invalidate_recordset()
        return until

    @api.model
    def _trigger_rest(self, silent):
        """Start the next run at once if there are events left.

        :param set silent: ids of clients that did not answer
        """
        if self._lock_next(silent):
            self._trigger_sending()

    def _send_soon(self):
        """Send the waiting events without waiting for their next attempt."""
        now = fields.Datetime.now()
        self.filtered(lambda event: event.next_date > now).next_date = now
        if self:
            self._trigger_sending()
