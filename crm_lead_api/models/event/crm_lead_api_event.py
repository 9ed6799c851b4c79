# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import logging
import random
import time
from collections import defaultdict
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from http import HTTPStatus

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.service.model import retrying
from odoo.tools import SQL

from ...tools.action import get_notice
from ...tools.fields import keep_until
from ...tools.json_body import indent_json
from ...tools.webhook import Answer, WebhookError, post
from ...translate import _lt
from .crm_lead_api_retry_mixin import PAUSES, get_pause

_logger = logging.getLogger(__name__)

TEST = "ping"
GC_LIMIT = 10_000  # events whose bodies are erased at once
SENDERS = 8  # clients that events are sent to at the same time
LEASE = timedelta(minutes=1)  # an attempt takes much less
LOOK_SECONDS = 1  # between two searches for events that have become due
CLIENT_SECONDS = 5  # that a client may use of a run, so that others have their turn
RUN_SECONDS = 60  # after which no event is sent: Odoo kills a run after two minutes
MAX_JITTER = 0.05  # of a pause, added so that retries do not come all at once
MAX_RETRY_AFTER = timedelta(hours=8)
REDIRECTED = _lt("The address redirects. Enter the final address.")


@dataclass(frozen=True)
class Claim:
    """Hold the right of a run to send an event once."""

    event_id: int
    client_id: int
    until: datetime  # after which another run may send the event
    message: tuple = field(repr=False)  # the arguments of :func:`attempt`


def attempt(
    url: str, secret: str, message_ref: str, body: str, allow_private: bool
) -> Answer:
    """Send an event once, and return an answer even if sending fails.

    Runs in a thread without an environment of Odoo.
    """
    start, answer, reason = time.monotonic(), Answer(0), None
    try:
        answer = post(url, secret, message_ref, body, allow_private)
        reason = REDIRECTED if answer.status // 100 == 3 else None
    except WebhookError as error:
        reason = error.reason
    except Exception as error:  # else the event would come first in each run for ever
        name = type(error).__name__  # not the text, which may contain a secret
        _logger.error("Event %s could not be sent: %s", message_ref, name)
        reason = _lt("It could not be sent: %(reason)s", reason=name)
    milliseconds = round((time.monotonic() - start) * 1000)
    return replace(answer, reason=reason, milliseconds=milliseconds)


class CrmLeadApiEvent(models.Model):
    """Queue, log and send the events about leads for clients.

    An event is written in the transaction that changes the lead, once for all changes
    in the transaction; a scheduled action sends the event after the commit. It claims
    an event, commits, sends the event, and saves the outcome.

    Nothing is locked while a receiver works. A claim expires: if the server dies while
    it sends an event, the event is sent again with the same message id.
    """

    _name = "crm.lead.api.event"
    _description = "Lead API Event"
    _order = "id desc"
    _log_access = False

    date = fields.Datetime("Time", required=True, index=True)
    client_id = fields.Many2one(
        "crm.lead.api.client", required=True, index=True, ondelete="cascade"
    )
    is_test = fields.Boolean("Test", help="The event is about a test lead.")
    company_id = fields.Many2one("res.company", ondelete="set null")
    type = fields.Selection(
        [
            ("lead.assigned", "Assigned"),
            ("lead.contacted", "Contacted"),
            ("lead.won", "Won"),
            ("lead.lost", "Lost"),
            ("lead.merged", "Merged"),
            (TEST, "Test"),
        ],
        string="Event",
        required=True,
    )
    message_ref = fields.Char(
        "Message ID",
        required=True,
        index=True,
        help="The header webhook-id: the same each time it is sent.",
    )
    lead_id = fields.Many2one("crm.lead", index="btree_not_null", ondelete="set null")
    ticket_ref = fields.Char("Ticket", index="btree_not_null")
    body = fields.Text(help="In JSON; forgotten after some time.")
    kept_until = keep_until()
    body_text = fields.Text("Body in Lines", compute="_compute_body_text")

    # Result
    state = fields.Selection(
        [
            ("waiting", "Waiting"),
            ("delivered", "Delivered"),
            ("failed", "Failed"),
            ("cancelled", "Cancelled"),
        ],
        string="Status",
        required=True,
        default="waiting",
    )
    is_held = fields.Boolean(
        compute="_compute_waiting_reason",
        compute_sudo=True,
        help="The event waits, because the client's events are paused.",
    )
    waiting_reason = fields.Char(
        "Why It Waits", compute="_compute_waiting_reason", compute_sudo=True
    )
    attempts = fields.Integer(aggregator=None)
    date_tried = fields.Datetime("First Attempt")  # since the last pause of the client
    next_date = fields.Datetime("Next Attempt")
    claimed_until = fields.Datetime(
        "Claimed until",
        help="Until then a server is sending the event. If the server dies, the event "
        "is sent again afterwards.",
    )
    date_delivered = fields.Datetime("Delivered on")
    status = fields.Integer(
        "HTTP Status",
        aggregator=None,
        help="The status of the last answer; 0: there was no answer.",
    )
    error = fields.Char(help="The reason why the last delivery failed.")
    duration = fields.Integer("Duration (ms)", aggregator="avg")

    _waiting_index = models.Index("(next_date, id) WHERE state = 'waiting'")
    _claimed_index = models.Index("(client_id) WHERE claimed_until IS NOT NULL")
    _body_date_index = models.Index("(date) WHERE body IS NOT NULL")
    _test_date_index = models.Index("(date) WHERE is_test IS TRUE")

    @api.depends("type", "ticket_ref")
    def _compute_display_name(self):
        names = dict(self._fields["type"]._description_selection(self.env))
        for event in self:
            name, ticket = names[event.type], event.ticket_ref
            event.display_name = f"{name} ({ticket})" if ticket else name

    @api.depends("body")
    def _compute_body_text(self):
        for event in self:
            event.body_text = indent_json(event.body)

    @api.depends("state", "type", "next_date", "client_id.is_webhook_paused")
    @api.depends_context("lang")
    def _compute_waiting_reason(self):
        """Say why a due event is not sent: see ``_lock_next`` and ``_send_due``."""
        now = fields.Datetime.now()
        due = self.filtered(
            lambda event: event.state == "waiting" and (event.next_date or now) <= now
        )
        waiting = Domain("state", "=", "waiting")
        waiting &= Domain("client_id", "in", due.client_id.ids)
        of_leads = waiting & Domain("lead_id", "in", due.lead_id.ids)
        groups = self._read_group(of_leads, ["client_id", "lead_id"], ["id:min"])
        first = {(client, lead): event_id for client, lead, event_id in groups}
        failed = waiting & Domain("attempts", ">", 0)
        failed &= Domain("claimed_until", "=", False)
        silent = {
            (client, is_test): self.browse(event_id)
            for client, is_test, event_id in self._read_group(
                failed, ["client_id", "is_test"], ["id:max"]
            )
        }
        for event in self:
            reason, is_paused = False, event.client_id.is_webhook_paused
            is_sent = event.state != "waiting" or event.type == TEST
            event.is_held = is_paused and not is_sent
            if event.is_held:
                reason = self.env._("The client's events are paused.")
            elif event in due:
                key = event.client_id, event.lead_id
                if first.get(key, event.id) < event.id:
                    reason = self.env._("An earlier event of the lead is sent first.")
                elif (place := (event.client_id, event.is_test)) in silent:
                    reason = self.env._(
                        "The client's address does not take events: one a minute is "
                        "tried."
                    )
                    last = silent[place]
                    reason += f" ({last.error or f'HTTP {last.status}'})"
            event.waiting_reason = reason

    def action_send_again(self):
        """Send failed, delivered or cancelled events again."""
        events = self.filtered(lambda event: event.state != "waiting" and event.body)
        if not events:
            raise UserError(
                self.env._(
                    "Nothing to resend: these events are still queued, or "
                    "their content was erased."
                )
            )
        events.check_access("read")
        events.client_id.check_access("write")
        if not all(event._get_url() for event in events):
            raise UserError(self.env._("The client has no address for events."))
        # sudo: users may not write the log of events
        events.sudo().write(
            {
                "state": "waiting",
                "attempts": 0,
                "date_tried": False,
                "next_date": fields.Datetime.now(),
                "claimed_until": False,
                "status": 0,
                "error": False,
            }
        )
        events._trigger_sending()
        text = self.env._("Odoo sends this within a minute: reload to see the result.")
        if any(events.mapped("is_held")):
            text = self.env._(
                "This is sent once the client's events are not paused: see the page "
                "Events of the client."
            )
        elif all(reasons := events.mapped("waiting_reason")):
            text = reasons[0]
        return get_notice("success", text)

    def _get_url(self):
        """Return the address that the event goes to; ``False`` if there is none."""
        return self.client_id._get_webhook_url(self.is_test)

    def _get_body(self):
        """Return the body to send now, in JSON; ``None`` if nobody needs the event any
        more, which then is cancelled."""
        return self.body

    def _cancel(self):
        self.write({"state": "cancelled", "next_date": False})

    @api.autovacuum
    def _gc_bodies(self):
        """Erase the content of old events; the figures stay."""
        days = self.env["ir.config_parameter"]._get_lead_api_int("payload_days")
        oldest = fields.Datetime.now() - timedelta(days=days)
        events = self.search(
            Domain("date", "<", oldest) & Domain("body", "!=", False), limit=GC_LIMIT
        ).try_lock_for_update(allow_referencing=True)
        events.filtered(lambda event: event.state == "waiting")._cancel()
        events.write({"body": False, "ticket_ref": False, "error": False})
        return len(events), len(events) == GC_LIMIT

    # ------------------------------------------------------------ sending

    def _trigger_sending(self, at=None):
        self.env["ir.cron"]._run_soon("crm_lead_api.ir_cron_send_events", at)

    @api.model
    def _cron_send(self):
        """Send the events that are due, to several clients at the same time, to each
        client one event at a time. A client that does not answer has to wait for its
        next attempt, a slow one for the next run. If little time is left, each still
        gets its first turn."""
        with ThreadPoolExecutor(SENDERS, "crm_lead_api_event") as senders:
            silent = self._send_due(senders)

        def trigger_rest():
            if self._lock_next(silent):
                self._trigger_sending()

        retrying(trigger_rest, self.env)

    def _send_due(self, senders):
        """Send the events that are, or become due, in threads that do nothing but talk
        to receivers; return the ids of the clients that did not answer."""
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
        while event := self._lock_next(client_ids, served):
            client = event.client_id
            url, body = event._get_url(), event._get_body()
            if url and body:
                until = event._claim(body)
                message = (
                    *(url, client.webhook_secret, event.message_ref),
                    *(body, client.webhook_allow_private),
                )
                return Claim(event.id, client.id, until, message)
            event._cancel()
        return None

    @api.model
    def _lock_next(self, client_ids, served=()):
        """Lock and return the next event that is due.

        The events of a lead are sent in their order, those about tests last. A test
        event is sent even if the client's events are paused."""
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
              ORDER BY event.client_id = ANY(%(served)s),
                       event.is_test IS TRUE, event.next_date, event.id
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

    def _claim(self, body):
        """Claim the event, whose row is locked, for this run, and return the claim's
        end. The attempt counts from now on. If no outcome is ever saved, the event is
        sent again after the usual pause: no other addon can cause an endless loop."""
        now = fields.Datetime.now()
        until = now + LEASE
        attempts = self.attempts + 1
        self.env.cr.execute(
            SQL(
                """
                UPDATE crm_lead_api_event
                   SET claimed_until = %(until)s,
                       body = %(body)s,
                       attempts = %(attempts)s,
                       date_tried = COALESCE(date_tried, %(now)s),
                       next_date = %(next_date)s
                 WHERE id = %(id)s
                """,
                until=until,
                body=body,
                attempts=attempts,
                now=now,
                next_date=now + get_pause(attempts),
                id=self.id,
            ),
            log_exceptions=False,
        )
        self.invalidate_recordset()
        return until

    # ------------------------------------------------------------ outcome

    @api.model
    def _save_outcome(self, claim, answer):
        """Save an answer, and tell whether the client's next event can be sent."""
        try:
            retrying(partial(self._write_outcome, claim, answer), self.env)
        except Exception:  # of other addons: the events of other clients go on
            self.env.cr.rollback()
            _logger.exception("No outcome of event %s could be saved", claim.event_id)
            return False
        return answer.is_good

    @api.model
    def _write_outcome(self, claim, answer):
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
        if not self.env.cr.fetchall():  # deleted, or claimed by another run
            return
        event = self.browse(claim.event_id)
        # Search before writing, so that there is one UPDATE: a second UPDATE of the row
        # would check its lead, which others may have changed meanwhile.
        overdue = event._find_overdue()
        lang = event.client_id.owner_id.lang or "en_US"
        reason = answer.reason and answer.reason._translate(lang)
        values = {
            "claimed_until": False,
            "status": answer.status,
            "error": event.body and reason,  # an erased event stays erased
            "duration": answer.milliseconds,
        }
        if answer.is_good:  # even if the event was cancelled meanwhile
            values |= {"state": "delivered", "date_delivered": fields.Datetime.now()}
            values["next_date"] = False
        elif event.state == "waiting":
            values |= event._prepare_next_attempt(answer.get_pause(), overdue)
        event.write(values)
        event.flush_recordset()
        if event.state == "waiting":
            event._trigger_sending(event.next_date)
        if not answer.is_good:
            event._pause_client(overdue)

    def _prepare_next_attempt(self, pause, overdue):
        """Prepare the values of a failed event; receivers may ask for a pause."""
        is_last = self.attempts > len(PAUSES) or self in overdue
        if is_last or self.type == TEST:
            return {"state": "failed", "next_date": False}
        jitter = random.uniform(0, MAX_JITTER)  # noqa: S311  no secret
        usual = get_pause(self.attempts) * (1 + jitter)
        pause = max(usual, min(pause, MAX_RETRY_AFTER))
        return {"next_date": fields.Datetime.now() + pause}

    def _pause_client(self, overdue):
        """Pause the client's events if sending them is in vain."""
        is_vain = overdue or self.status == HTTPStatus.GONE or self.state == "failed"
        is_live = self.type != TEST and not self.is_test
        if is_vain and is_live and self.state != "cancelled":
            self.client_id._pause_webhook(self._describe_failure)

    def _find_overdue(self):
        """Find the client's events that have been tried for as long as all pauses. In a
        long queue an event has its turn so seldom that all attempts take days."""
        return self.search(
            [
                ("client_id", "=", self.client_id.id),
                ("is_test", "=", self.is_test),
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
