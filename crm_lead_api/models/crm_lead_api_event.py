# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import logging
import random
import time
import uuid
from collections import defaultdict
from datetime import timedelta
from http import HTTPStatus

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL, LazyTranslate

from ..json_body import indent_json, to_json
from ..webhook import WebhookError, post

_logger = logging.getLogger(__name__)
_lt = LazyTranslate(__name__, default_lang="en_US")

TEST = "ping"
# Between the attempts to send an event; after the last one, a day later, it has failed
PAUSES = (
    *(timedelta(seconds=10), timedelta(seconds=30)),
    *(timedelta(minutes=2), timedelta(minutes=10), timedelta(minutes=30)),
    *(timedelta(hours=hours) for hours in (1, 2, 4, 8, 8)),
)
MAX_JITTER = 0.05  # of a pause, longer: not all come back in the same instant
MAX_RETRY_AFTER = timedelta(hours=8)
CLIENT_SECONDS = 5  # that a client may take of a run, before it is another one's turn
GC_LIMIT = 10_000  # events that lose their bodies at once
CHANGES = "crm_lead_api.event.changes"
MERGERS = "crm_lead_api.event.mergers"
REDIRECTED = _lt("The address leads to another one: write that one.")


class CrmLeadApiEvent(models.Model):
    """What outside systems are told of their leads: the queue, and the log of it.

    An event is written in the transaction of the change that it tells of, once for all
    that the transaction does; a scheduled action sends it after the commit.
    """

    _name = "crm.lead.api.event"
    _description = "Lead API Event"
    _order = "id desc"
    _log_access = False

    date = fields.Datetime("Time", required=True, index=True)
    client_id = fields.Many2one(
        "crm.lead.api.client", required=True, index=True, ondelete="cascade"
    )
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
    body_text = fields.Text("Body in Lines", compute="_compute_body_text")

    # What came of it
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
        compute="_compute_is_held",
        compute_sudo=True,
        help="It waits, and the client's events are paused.",
    )
    attempts = fields.Integer(aggregator=None)
    date_tried = fields.Datetime("First Attempt")  # since the last pause of the client
    next_date = fields.Datetime("Next Attempt")
    date_delivered = fields.Datetime("Delivered on")
    status = fields.Integer(
        "HTTP Status", aggregator=None, help="Of the last answer; 0: there was none."
    )
    error = fields.Char(help="Why it was not delivered the last time.")
    duration = fields.Integer("Duration (ms)", aggregator="avg")

    _waiting_index = models.Index("(next_date, id) WHERE state = 'waiting'")
    _body_date_index = models.Index("(date) WHERE body IS NOT NULL")

    @api.depends("type", "ticket_ref")
    def _compute_display_name(self):
        names = dict(self._fields["type"]._description_selection(self.env))
        for event in self:
            ticket = event.ticket_ref
            name = names[event.type]
            event.display_name = f"{name} ({ticket})" if ticket else name

    @api.depends("body")
    def _compute_body_text(self):
        for event in self:
            event.body_text = indent_json(event.body)

    @api.depends("state", "type", "client_id.is_webhook_paused")
    def _compute_is_held(self):
        for event in self:
            is_sent = event.state != "waiting" or event.type == TEST
            event.is_held = not is_sent and event.client_id.is_webhook_paused

    # ------------------------------------------------------------ what happens to leads

    @api.model
    def _watch(self, leads, is_new=False):
        """Remember leads as they are before a change, to tell their clients of it at
        the end of the transaction.

        Costs next to nothing where no client wants to be told.

        :param bool is_new: they were made just now, and were nothing before
        """
        for lead in leads.sudo():  # sudo: clients are not for salespeople to see
            if (
                lead.lead_api_client_id
                and lead.lead_api_client_id._get_webhook_events()
            ):
                state = "new" if is_new else lead._get_lead_api_state()
                owner = lead.user_id.browse() if is_new else lead.user_id
                self._get_notes(CHANGES).setdefault(lead.id, (state, owner))

    @api.model
    def _watch_merger(self, lead, others):
        """Remember that leads are being merged into another one.

        :param lead: lives on
        :param others: will be gone
        """
        lead, others = lead.sudo(), others.sudo()  # sudo: clients, as above
        # What is still to be sent of them goes before what follows.
        self.sudo().search([("lead_id", "in", others.ids)]).lead_id = lead
        for other in others:
            client = other.lead_api_client_id
            if client and "lead.merged" in client._get_webhook_events():
                # The number of a ticket is for the system that it is of.
                is_same = lead.lead_api_client_id == client
                ticket = lead._get_first_ticket() if is_same else ""
                note = (client, other._get_first_ticket(), lead.id, ticket)
                self._get_notes(MERGERS)[other.id] = note

    @api.model
    def _get_notes(self, key):
        """Return what is remembered until the end of the transaction."""
        precommit = self.env.cr.precommit
        if key not in precommit.data:
            # sudo: it is written in the name of nobody; without the defaults of others
            precommit.add(self.with_env(self.env(su=True, context={}))._queue_noted)
        return precommit.data.setdefault(key, {})

    @api.model
    def _queue_noted(self):
        """Queue the events of what has been changed and merged in this transaction."""
        notes = self.env.cr.precommit.data
        mergers, changes = notes.pop(MERGERS, {}), notes.pop(CHANGES, {})
        values = [
            *self._prepare_merger_values(mergers),
            *self._prepare_change_values(changes),
        ]
        if values:
            self.create(values)._trigger_sending()
            # Odoo has flushed already.
            self.env.flush_all()

    @api.model
    def _prepare_merger_values(self, mergers):
        """Return the values of the events of merged leads.

        :param dict mergers: (client, ticket, id and ticket of the lead that lives on)
            by the id of the one that is gone
        """
        values = []
        leads = self.env["crm.lead"].browse(note[2] for note in mergers.values())
        leads = leads.exists()
        for lead_id, (client, ticket, target_id, target_ticket) in mergers.items():
            # That one may have been merged, too.
            while target_id in mergers and target_id not in leads.ids:
                _client, _ticket, target_id, target_ticket = mergers[target_id]
            lead = leads.browse(target_id)
            if lead in leads:
                data = {
                    **self._prepare_data(client, lead),
                    "id_lead": lead_id,
                    "ticket_id": to_ticket_id(ticket),
                    "merged_into": {
                        "id_lead": lead.id,
                        "ticket_id": to_ticket_id(target_ticket),
                    },
                }
                values.append(
                    self._prepare_values(client, "lead.merged", data, lead, ticket)
                )
        return values

    @api.model
    def _prepare_change_values(self, changes):
        """Return the values of the events of changed leads.

        :param dict changes: (state, owner) of before by the lead's id
        """
        values = []
        for lead in self.env["crm.lead"].browse(changes).exists():
            old_state, old_owner = changes[lead.id]
            client, state = lead.lead_api_client_id, lead._get_lead_api_state()
            wanted = client._get_webhook_events() if client else ()
            happened = {
                "lead.assigned": lead.user_id and lead.user_id != old_owner,
                f"lead.{state}": state != old_state,
            }
            values += [
                self._prepare_values(
                    client,
                    event_type,
                    self._prepare_data(client, lead),
                    lead,
                    lead._get_first_ticket(),
                )
                for event_type, is_so in happened.items()
                if is_so and event_type in wanted
            ]
        return values

    @api.model
    def _prepare_values(self, client, event_type, data, lead=None, ticket=""):
        """Return the values of an event.

        :param client: is told of it
        :param dict data: what it is told
        """
        now = fields.Datetime.now()
        message_ref = f"msg_{uuid.uuid4()}"
        body = {
            "id": message_ref,
            "type": event_type,
            "timestamp": f"{now.isoformat()}Z",
            "data": data,
        }
        return {
            "date": now,
            "next_date": now,
            "client_id": client.id,
            "company_id": (lead.company_id if lead else client.company_id).id,
            "type": event_type,
            "message_ref": message_ref,
            "lead_id": lead and lead.id,
            "ticket_ref": ticket or False,
            "body": to_json(body),
            "state": "waiting",
        }

    @api.model
    def _prepare_data(self, client, lead):
        """Return what a client is told of a lead: nothing about the customer."""
        owner, state = lead.user_id, lead._get_lead_api_state()
        # In the language of the client's user, whoever made the change
        reason = lead.with_context(lang=client.user_id.lang).lost_reason_id.name
        return {
            "id_lead": lead.id,
            "ticket_id": to_ticket_id(lead._get_first_ticket()),
            "state": state,
            "owner": {"id": owner.id, "name": owner.name, "email": owner.email or None}
            if owner
            else None,
            "lost_reason": (state == "lost" and reason) or None,
            "link_lead_detail": lead._get_staff_url(),
        }

    @api.model
    def _queue_test(self, client):
        """Queue an event that means nothing.

        :return: the event
        """
        # sudo: events are made in no other way
        events = self.sudo()
        event = events.create(self._prepare_values(client, TEST, {}))
        event._trigger_sending()
        return event.with_env(self.env)

    # ------------------------------------------------------------ sending

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

    # ------------------------------------------------------------ administrators

    def action_send_again(self):
        """Send events that failed, or were delivered, once more."""
        events = self.filtered(lambda event: event.state != "waiting" and event.body)
        if not events:
            raise UserError(
                self.env._("There is nothing to send again: it waits, or is forgotten.")
            )
        events.check_access("read")
        events.client_id.check_access("write")
        if not all(client._is_listening() for client in events.client_id):
            raise UserError(self.env._("The client has no address for events."))
        # sudo: the log of events is not to be edited but by what is done here
        events.sudo().write(
            {
                "state": "waiting",
                "attempts": 0,
                "date_tried": False,
                "next_date": fields.Datetime.now(),
                "date_delivered": False,
                "error": False,
            }
        )
        events._trigger_sending()

    def _cancel(self):
        self.write({"state": "cancelled", "next_date": False})

    @api.autovacuum
    def _gc_bodies(self):
        """Forget what was told long ago; the figures stay."""
        days = self.env["ir.config_parameter"]._get_lead_api_int("payload_days")
        oldest = fields.Datetime.now() - timedelta(days=days)
        events = self.search(
            Domain("date", "<", oldest) & Domain("body", "!=", False), limit=GC_LIMIT
        ).try_lock_for_update(allow_referencing=True)
        events.filtered(lambda event: event.state == "waiting")._cancel()
        events.write({"body": False, "ticket_ref": False, "error": False})
        return len(events), len(events) == GC_LIMIT


def to_ticket_id(ticket: str) -> int | str | None:
    """Return a ticket's number as callers send it: digits are a number."""
    if ticket and ticket.isascii() and ticket.isdigit():
        return int(ticket)
    return ticket or None
