# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import json
import re
from datetime import timedelta
from functools import partial
from itertools import product

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.crm_lead_api.exceptions import PayloadError
from odoo.addons.crm_lead_api.models.event.crm_lead_api_retry_mixin import ALARM
from odoo.addons.crm_lead_api.tools.action import get_action, get_notice
from odoo.addons.crm_lead_api.tools.fields import LooseMany2one, keep_until
from odoo.addons.crm_lead_api.tools.json_body import (
    get_fingerprint,
    indent_json,
    to_json,
)
from odoo.addons.crm_lead_api.tools.token_text import get_digest

from ..schemas import PHONES
from ..tools.message_values import to_text
from ..tools.place import (
    ANSWERS,
    read,
    read_answers,
    read_labels,
    remove,
)

PREFIX = "crm_lead_api_connection"
SAME = timedelta(hours=24)  # in which equal content without an id is a repetition
WAITING = ("fetching", "waiting")
MAX_REF = 200  # characters
PHONE_DIGITS = 9  # without the prefixes of country and city
TEST_ANSWER = "<test lead:"  # of Meta's testing tool
# Reasons by which the database does not take a record that a message names
UNUSABLE = ("unknown", "archived", "mismatch")


class CrmLeadApiMessage(models.Model):
    """Keep a message of a platform, which is about one lead, and make the lead.

    A message is kept, and committed, before it is answered. A scheduled action makes
    its lead: what fails is tried again, and what cannot become a lead is refused.
    """

    _name = "crm.lead.api.message"
    _description = "Lead API Message"
    _inherit = "crm.lead.api.retry.mixin"
    _order = "id desc"
    _log_access = False
    _has_texts_of_clients = True

    connection_id = fields.Many2one("crm.lead.api.connection", required=True)
    client_id = fields.Many2one(related="connection_id.client_id")
    mapped_by = fields.Char(related="connection_id.mapped_by")
    date = fields.Datetime("Time", required=True, index=True)
    message_ref = fields.Char(
        "Platform's ID",
        required=True,
        help="Or else a hash of the content; that of an erased person is a hash, too.",
    )
    # By which a repetition is known, also after the person is erased
    ref_digest = fields.Char(readonly=True, groups=fields.NO_ACCESS)
    is_test = fields.Boolean("Test")
    state = fields.Selection(
        [
            ("fetching", "Being Fetched"),
            ("waiting", "Waiting"),
            ("done", "Lead"),
            ("refused", "Refused"),
            ("discarded", "Discarded"),
        ],
        string="Status",
        required=True,
        default="waiting",
    )
    body = fields.Json(help="As it came, or was fetched; forgotten after some time.")
    kept_until = keep_until()
    body_text = fields.Text("Message", compute="_compute_body_text")
    customer = fields.Char(
        compute="_compute_customer",
        search="_search_customer",
        help="As the message says it.",
    )
    customer_keys = fields.Char(
        help="Messages with a phone or an e-mail in common are processed in order."
    )
    lead_id = LooseMany2one("crm.lead", index="btree_not_null")
    request_id = fields.Many2one(
        "crm.lead.api.request",
        "Log Entry",
        index="btree_not_null",
        help="Of the last attempt, where a refused message is sent again.",
    )
    fetch_error = fields.Char(help="Why the lead could not be fetched the last time.")
    problems = fields.Text("Errors", compute="_compute_problems", compute_sudo=True)
    reason = fields.Selection(
        "_select_reason", readonly=True, help="Of the refusal: the first error."
    )
    origin = fields.Char("Came by")
    unknown = fields.Json(
        "Unknown Words", help="Pairs of attribute and word that the lead lacks."
    )
    questions = fields.Json(
        "Other Questions", help="Names of the answers that were not mapped."
    )
    discard_reason = fields.Char(readonly=True)
    discard_user_id = fields.Many2one("res.users", "Discarded by")

    _ref_unique = models.UniqueIndex("(connection_id, ref_digest)")
    _waiting_index = models.Index("(id) WHERE state = 'waiting'")
    _fetching_index = models.Index("(id) WHERE state = 'fetching'")
    # LIKE: a search by keys takes this index, not that of all waiting messages; without
    # GIN's list of new entries, which each search reads as a whole
    _customer_index = models.Index(
        "USING gin (string_to_array(customer_keys, ' ')) WITH (fastupdate = off) "
        "WHERE state LIKE 'waiting'"
    )
    _erased_index = models.Index(
        "USING gin (string_to_array(customer_keys, ' ')) "
        "WHERE customer_keys IS NOT NULL"
    )
    _unknown_index = models.Index(
        "USING gin (unknown jsonb_path_ops) WHERE unknown IS NOT NULL"
    )
    _questions_index = models.Index(
        "USING gin (questions jsonb_path_ops) WHERE questions IS NOT NULL"
    )
    _connection_date_index = models.Index("(connection_id, date)")
    _body_date_index = models.Index("(date) WHERE body IS NOT NULL")
    _test_date_index = models.Index("(date) WHERE is_test IS TRUE")

    @api.depends("connection_id.name")
    def _compute_display_name(self):
        for message in self:
            message.display_name = f"{message.connection_id.name} {message.id}"

    @api.depends("body")
    def _compute_body_text(self):
        for message in self:
            message.body_text = message.body and indent_json(to_json(message.body))

    @api.depends("body", "connection_id.field_ids")
    def _compute_customer(self):
        for message in self:
            data = message._map() if message.body else {}
            names = ("contact_name", *PHONES, "email_from")
            known = [to_text(data[name]) for name in names if data.get(name)]
            message.customer = ", ".join(known[:2]) or message.customer_keys

    @api.model
    def _select_reason(self):
        """Return the reasons of refusals: attribute and code of an error, or else the
        type of the answer."""
        texts = {
            "required": self.env._("missing"),
            "unknown": self.env._("not known"),
            "archived": self.env._("archived"),
            "mismatch": self.env._("does not go with the rest"),
            "choice": self.env._("none of the choices"),
            "ambiguous": self.env._("several have this name"),
            "format": self.env._("wrong format"),
            "type": self.env._("wrong type"),
            "range": self.env._("out of range"),
            "characters": self.env._("forbidden characters"),
            "too_long": self.env._("too long"),
            "too_many": self.env._("too many"),
            "too_few": self.env._("too few"),
        }
        others = {
            "archived": self.env._("The connection was archived before"),
            "not_found": self.env._("The platform does not know the lead"),
            "forbidden": self.env._("The client lacks the right"),
            "refused": self.env._("Odoo refuses the lead"),
        }
        attributes = self.env["crm.lead.api.connection.field"]._select_attribute()
        pairs = product(attributes, texts.items())
        return [
            *others.items(),
            *(
                (f"{n} {code}", f"{label}: {text}")
                for (n, label), (code, text) in pairs
            ),
        ]

    @api.model
    def _get_reason(self, entry):
        """Return the reason of the refusal that an entry of the log is about."""
        errors = json.loads(entry.answer or "{}").get("errors")
        if not entry.error_type or not errors:
            return entry.error_type
        name = re.sub(r"\.\d+", "", errors[0]["field"])  # without the place in a list
        return f"{name} {errors[0]['code']}"

    @api.depends("request_id.problems", "fetch_error", "reason")
    @api.depends_context("lang")
    def _compute_problems(self):
        reasons = dict(self._select_reason()) if any(self.mapped("reason")) else {}
        for message in self:
            problems = message.fetch_error or message.request_id.problems
            message.problems = problems or reasons.get(message.reason)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_tests(self):
        if not all(self.mapped("is_test")):
            raise UserError(
                self.env._("Messages are kept. Discard a message, and say why.")
            )

    def action_make_again(self):
        """Let the queue make the leads of refused messages again, by the mapping as it
        is now, and fetch those that could not be fetched; a message whose content was
        erased stays refused."""
        messages = self._get_own("refused")
        messages._queue()
        message = self.env._(
            "Messages read again: %s. Within seconds each becomes a lead, or is "
            "refused again.",
            len(messages),
        )
        return get_notice("success", message)

    def _queue(self):
        """Let messages be made or, if their platform has yet to tell the content, be
        fetched, with superuser rights."""
        for message in self:
            values = self._prepare_values(message.connection_id, message.body)
            kept = {name: values[name] for name in ("state", "customer_keys")}
            gone = dict.fromkeys(["retries", "fetch_error", "reason"], False)
            message.write({**kept, **gone})
        self._trigger()
        self._trigger("ir_cron_fetch_leads")

    def action_discard(self):
        """Ask why messages shall never become leads."""
        context = {"default_message_ids": self.ids}
        return get_action(
            self.env, f"{PREFIX}.crm_lead_api_discard_action", context=context
        )

    def action_undiscard(self):
        """Let discarded messages be what they were before."""
        messages = self._get_own("discarded")
        messages.write({"discard_reason": False, "discard_user_id": False})
        refused = messages.filtered("reason")
        refused.state = "refused"
        (messages - refused)._queue()

    def _discard(self, reason):
        """Discard messages that are no leads, with the reason."""
        messages = self._get_own()
        if "done" in messages.mapped("state"):
            raise UserError(self.env._("The message is a lead already."))
        messages.write(
            {
                "state": "discarded",
                "discard_reason": reason,
                "discard_user_id": self.env.uid,
            }
        )

    def _get_own(self, state=None):
        """Return the messages with superuser rights; the user must be allowed to write
        their clients.

        :param state: only messages in it whose content is still there
        """
        self.check_access("read")
        self.connection_id.client_id.check_access("write")
        # sudo: no user may write messages in any other way
        messages = self.sudo()
        if not state:
            return messages
        messages = messages.filtered(lambda each: each.state == state and each.body)
        if not messages:
            raise UserError(
                self.env._(
                    "Only a refused or discarded message whose content is still there "
                    "can become a lead."
                )
            )
        return messages

    def action_send_again(self):
        """Open the dialog in which a refused message is corrected, and sent again."""
        context = {"default_request_ids": self.request_id.ids}
        return get_action(self.env, "crm_lead_api_resend_action", context=context)

    # ------------------------------------------------------------ arriving

    @api.model
    def _keep(self, connection, items, message_ref=None) -> int:
        """Keep the items of a message, each once, and return how many are new.

        :param message_ref: the platform's id of the message as a whole
        """
        platform, now = connection.platform_id, fields.Datetime.now()
        rows, contents = [], []
        for number, item in enumerate(items):
            body = item if isinstance(item, dict) else {"value": item}
            ref = read(platform.id_place, body)
            if ref is None and message_ref:
                ref = f"{message_ref}/{number}" if number else message_ref
            is_ref = isinstance(ref, str | int) and not isinstance(ref, bool)
            # What proves the message is shown to nobody.
            body = remove(platform.secret_place, body)
            if is_ref and str(ref).strip():
                ref = shorten(str(ref))
            else:
                ref = f"={get_fingerprint(body)}"
                contents.append(get_digest(ref))
            values = {
                "connection_id": connection.id,
                "date": now,
                "message_ref": ref,
                "ref_digest": get_digest(ref),
                **self._prepare_values(connection, body),
            }
            if values["is_test"] and not platform.fetches:
                # Google's tests all have the same id.
                values["ref_digest"] = get_digest(f"{ref} {now}")
            rows.append({**values, "body": to_json(body)})
        self._release_content(connection, contents)
        if not rows:
            return 0
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO crm_lead_api_message (%s)
                     VALUES %s
                ON CONFLICT (connection_id, ref_digest) DO NOTHING
                """,
                SQL(", ").join(map(SQL.identifier, rows[0])),
                SQL(", ").join(SQL("%s", tuple(row.values())) for row in rows),
            ),
            # Of two equal messages at once one fails, and is repeated.
            log_exceptions=False,
        )
        count = self.env.cr.rowcount
        if count and connection.is_live:
            self._trigger()
        if count and connection.platform_id.fetches:
            self._trigger("ir_cron_fetch_leads")
        return count

    @api.model
    def _release_content(self, connection, digests):
        """Let equal content without an id be a new message, after 24 hours. The digest
        of the message changes then: the last one is always found by it."""
        if digests:
            self.env.cr.execute(
                SQL(
                    """
                    UPDATE crm_lead_api_message
                       SET ref_digest = ref_digest || '@' || id
                     WHERE connection_id = %s AND ref_digest = ANY(%s) AND date <= %s
                    """,
                    connection.id,
                    sorted(set(digests)),
                    fields.Datetime.now() - SAME,
                ),
                log_exceptions=False,
            )

    @api.model
    def _prepare_values(self, connection, body):
        """Prepare the values of a message by its body."""
        platform, content = connection.platform_id, self._get_content(connection, body)
        is_complete = content[ANSWERS] or not platform.fetches
        return {
            "body": body,
            "is_test": self._is_of_test(platform, body, content[ANSWERS]),
            "state": "waiting" if is_complete else "fetching",
            "customer_keys": self._get_customer_keys(connection, content) or None,
            "origin": to_text(read(platform.origin_place, body))[:255] or None,
        }

    @api.model
    def _is_of_test(self, platform, body, answers):
        """Tell whether a platform, or who set it up, only tries the connection."""
        test = read(platform.test_place, body)
        if test and str(test).lower() not in ("false", "0", "no"):
            return True
        return any(to_text(each).startswith(TEST_ANSWER) for each in answers.values())

    @api.model
    def _get_content(self, connection, body):
        """Return a body with the customer's answers, in which places are read. A body
        of an imported file has them there already."""
        answers = read_answers(connection.platform_id.answers_place, body)
        if not answers and isinstance(body.get(ANSWERS), dict):
            answers = body[ANSWERS]
        return {**body, ANSWERS: answers}

    @api.model
    def _trigger(self, name="ir_cron_make_leads", at=None):
        """Let a scheduled action run soon."""
        self.env["ir.cron"]._run_soon(f"{PREFIX}.{name}", at)

    # ------------------------------------------------------------ making leads

    @api.model
    def _find_working(self):
        """Return a query for the connections whose clients may make leads now."""
        connections = self.env["crm.lead.api.connection"]
        return connections.with_context(active_test=False)._search(
            Domain("is_live", "=", True)
            & Domain("client_id.active", "=", True)
            & Domain("client_id.is_paused", "=", False)
            & Domain("client_id.user_id.active", "=", True)
        )

    @api.model
    def _cron_make_leads(self):
        """Make the leads of messages, one after the other in the order of arrival. A
        message waits for the earlier ones of its customer, of all connections that make
        leads now, but not for one that goes on failing."""
        working = self._find_working()

        def to_sql(_model, alias, _query):
            return SQL(
                """
                NOT EXISTS (
                    SELECT
                      FROM crm_lead_api_message AS earlier
                     WHERE earlier.state LIKE 'waiting'  -- by the index of keys
                       AND string_to_array(earlier.customer_keys, ' ')
                           && string_to_array(%(keys)s, ' ')
                       AND earlier.id < %(id)s
                       AND earlier.connection_id IN %(working)s
                       AND COALESCE(
                           (earlier.retries -> '_make_lead' ->> 0)::int, 0
                           ) < %(alarm)s
                    )
                """,
                keys=SQL.identifier(alias, "customer_keys"),
                id=SQL.identifier(alias, "id"),
                working=working.subselect(),
                alarm=ALARM,
            )

        due = Domain("state", "=", "waiting") & Domain.custom(to_sql=to_sql)
        due &= Domain("connection_id", "in", working)
        self._do_due(due, "_make_lead", "id", batch=1)

    @api.model
    def _refuse_archived(self):
        """Refuse messages of archived connections, which nobody looks at any more, that
        would wait for somebody: to go live, or to enter an access token."""
        is_stopped = Domain("state", "=", "fetching")
        is_stopped &= Domain("connection_id.is_fetching_stopped", "=", True)
        waiting = Domain("state", "in", WAITING)
        waiting &= Domain("connection_id.active", "=", False)
        waiting &= Domain("connection_id", "not in", self._find_working()) | is_stopped
        values = {"state": "refused", "retries": False, "reason": "archived"}
        self.search(waiting).write(values)

    def _make_lead(self):
        """Make the lead of the message, or refuse the message; anything but an error of
        the message itself is raised, and tried again."""
        earlier, received = self.request_id, self._to_request()
        entry, error = self._serve_and_log(received, self._serve, self.connection_id)
        self._finish(received, entry, is_done=not error)
        if earlier and not error:
            entry._settle_attempts()

    def _finish(self, received, entry, is_done):
        """Keep what has become of the message, with superuser rights.

        :param entry: of the log, of the last attempt
        """
        words = self._get_words(received)
        content = self._get_content(self.connection_id, self.body or {})
        others = self._get_other_answers(content)
        place = self.connection_id.platform_id.answers_place
        labels = read_labels(place, self.body or {})
        self.env["crm.lead.api.question"]._keep(self, others, labels)
        self.write(
            {
                "request_id": entry.id,
                "reason": self._get_reason(entry),
                "unknown": words or False,
                "questions": sorted(others) or False,
                "state": "done" if is_done else "refused",
                "lead_id": entry.lead_id.id,
                # The log may have sent a discarded message again.
                "discard_reason": False,
                "discard_user_id": False,
            }
        )
        if is_done:
            self.connection_id._close_alarms()

    @api.model
    def _serve(self, received, env, connection):
        """Serve a message like a request of its client for a new lead, without records
        that the client may not use, unless the connection requires them."""
        while True:
            received.payload.check()
            try:
                return env["crm.lead.api.engine"]._serve(received)
            except PayloadError as error:  # nothing was written before
                wrong = [each for each in error.errors if each.code in UNUSABLE]
                if not self._leave_out(received, connection, wrong):
                    raise
                self._parse(received, connection)
                received.body = to_json(received.data)

    def _serve_and_log(self, received, serve, *args):
        """Serve a request about the message, by a method of requests, environments and
        further arguments. Return the log's entry, and the error if it is refused; any
        other error is raised, and tried again."""
        env = received.client._get_request_env(self.is_test)
        engine = env["crm.lead.api.engine"]
        serve = partial(serve, received, env, *args)
        entry, error = engine._serve_and_log(received, serve, received.lang)
        if error and not isinstance(error, UserError):
            raise error
        return entry, error

    # ------------------------------------------------------------ content

    @api.model
    def _cron_forget_bodies(self):
        """Erase the content of old messages that need it no more; the figures stay."""
        days = self.env["ir.config_parameter"]._get_lead_api_int("payload_days")
        oldest = fields.Datetime.now() - timedelta(days=days)
        questions = self.env["crm.lead.api.question"]
        is_old = Domain("last_date", "<", oldest) & Domain("example", "!=", False)
        questions.search(is_old).example = False
        domain = Domain("date", "<", oldest)
        domain &= Domain("body", "!=", False) & Domain("state", "not in", WAITING)
        self.env["ir.cron"]._do_in_batches(self, domain, "date", "_forget_body")

    def _forget_body(self):
        """Erase the content; words and questions that are not understood yet stay."""
        messages = self.filtered(lambda message: message.state not in WAITING)
        messages.write(dict.fromkeys(["body", "customer_keys", "origin"], False))

    def _anonymize(self):
        """Erase all that the messages tell about a person who is erased; a message that
        still waits never becomes a lead."""
        waiting = self.filtered(lambda message: message.state in WAITING)
        waiting.write(
            {
                "state": "discarded",
                "discard_reason": self.env._("The customer was erased."),
            }
        )
        self._forget_body()
        names = {name for message in self for name in message.questions or ()}
        questions = self.connection_id.question_ids
        questions.filtered(lambda question: question.name in names).example = False
        self.write({"unknown": False, "questions": False})
        for message in self:
            message.message_ref = get_digest(message.message_ref)

    def _alarm(self, reason):
        """Tell the owner of the client that a message has failed several times."""
        self.connection_id._alert_owner(
            "crm_lead_api.mail_activity_type_refusals",
            lambda env: env._(
                "%(connection)s: a message could not become a lead (%(reason)s)",
                connection=self.connection_id.name,
                reason=reason,
            ),
        )


def shorten(text: str) -> str:
    """Return a text, or else its hash, that is short enough for an index."""
    text = text.strip()
    return text if len(text) <= MAX_REF else get_digest(text)
