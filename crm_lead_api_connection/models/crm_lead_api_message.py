# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import hashlib
import uuid
from datetime import timedelta
from functools import partial

from pydantic_core import PydanticCustomError

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL, email_normalize

from odoo.addons.crm_lead_api.exceptions import PayloadError
from odoo.addons.crm_lead_api.http.received_request import ReceivedRequest
from odoo.addons.crm_lead_api.models.access.crm_lead_api_code import MAX_CODE
from odoo.addons.crm_lead_api.models.request.crm_lead_api_engine import CLOSED
from odoo.addons.crm_lead_api.schemas.error import miss
from odoo.addons.crm_lead_api.schemas.lead_change import ADD, REMOVE
from odoo.addons.crm_lead_api.schemas.record_list import BY_ATTRIBUTE
from odoo.addons.crm_lead_api.tools.action import get_action
from odoo.addons.crm_lead_api.tools.fields import LooseMany2one
from odoo.addons.crm_lead_api.tools.json_body import (
    get_fingerprint,
    get_value,
    indent_json,
    set_value,
    to_json,
)
from odoo.addons.crm_lead_api.tools.text import to_nfc

from ..schemas import PHONES, ConnectionChange, ConnectionLead
from ..tools.message_values import fit, set_path, split_words, to_text
from ..tools.place import (
    ANSWERS,
    find_names,
    read,
    read_answers,
    read_labels,
    remove,
)
from .crm_lead import FILLS_IN
from .crm_lead_api_connection_field import OTHERS, PORTRAIT

PREFIX = "crm_lead_api_connection"
SAME = timedelta(hours=24)  # in which equal content without an id is a repetition
WAITING = ("fetching", "waiting")
MAX_REF = 200  # characters
PHONE_DIGITS = 9  # without the prefixes of country and city
TEST_ANSWER = "<test lead:"  # of Meta's testing tool
SERVICES = "crm_line_ids"
CAMPAIGN = "campaign_id"
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

    connection_id = fields.Many2one(
        "crm.lead.api.connection", required=True, ondelete="restrict"
    )
    client_id = fields.Many2one(related="connection_id.client_id")
    date = fields.Datetime("Time", required=True, index=True)
    message_ref = fields.Char(
        "Platform's ID", required=True, help="Or else a hash of the content."
    )
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
    body_text = fields.Text("Message", compute="_compute_body_text")
    customer = fields.Char(compute="_compute_customer", help="As the message says it.")
    customer_key = fields.Char(help="Messages of a customer are processed in order.")
    lead_id = LooseMany2one("crm.lead", index="btree_not_null")
    request_id = fields.Many2one(
        "crm.lead.api.request",
        "Log Entry",
        index="btree_not_null",
        ondelete="set null",
        help="Of the last attempt, where a refused message is sent again.",
    )
    fetch_error = fields.Char(help="Why the lead could not be fetched the last time.")
    problems = fields.Text("Errors", compute="_compute_problems", compute_sudo=True)
    origin = fields.Char("Came by")
    unknown = fields.Json(
        "Unknown Words", help="Pairs of attribute and word that the lead lacks."
    )
    questions = fields.Json(
        "Other Questions", help="Names of the answers that were not mapped."
    )
    discard_reason = fields.Char(readonly=True)
    discard_user_id = fields.Many2one("res.users", "Discarded by", ondelete="set null")

    _ref_unique = models.UniqueIndex("(connection_id, message_ref)")
    _waiting_index = models.Index("(id) WHERE state = 'waiting'")
    _fetching_index = models.Index("(id) WHERE state = 'fetching'")
    _customer_index = models.Index(
        "(connection_id, customer_key, id) WHERE state = 'waiting'"
    )
    _erased_index = models.Index("(customer_key) WHERE customer_key IS NOT NULL")
    _unknown_index = models.Index(
        "USING gin (unknown jsonb_path_ops) WHERE unknown IS NOT NULL"
    )
    _questions_index = models.Index(
        "USING gin (questions jsonb_path_ops) WHERE questions IS NOT NULL"
    )
    _connection_date_index = models.Index("(connection_id, date)")
    _body_date_index = models.Index("(date) WHERE body IS NOT NULL")
    _test_date_index = models.Index("(date) WHERE is_test IS TRUE")

    @api.depends("message_ref", "connection_id.name")
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
            message.customer = ", ".join(known[:2]) or message.customer_key

    @api.depends("request_id.problems", "fetch_error")
    def _compute_problems(self):
        for message in self:
            message.problems = message.fetch_error or message.request_id.problems

    def _fetch_query(self, query, fields):
        """Read messages; leave out leads that are gone, for the link has no key."""
        fetched = super()._fetch_query(query, fields)
        field = self._fields["lead_id"]
        if field in fields and (leads := fetched.lead_id):
            gone = leads - leads.exists()
            dangling = fetched.filtered(lambda message: message.lead_id in gone)
            field._update_cache(dangling, None)
        return fetched

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
        self._get_own("refused")._queue()

    def _queue(self):
        """Let messages be made or, if their platform has yet to tell the content, be
        fetched, with superuser rights."""
        unfetched = self.filtered(
            lambda each: not each._has_answers(each.connection_id, each.body)
        )
        unfetched.state, (self - unfetched).state = "fetching", "waiting"
        self.write({"retries": False, "fetch_error": False})
        self._update_customer_keys(self.connection_id)  # which lets the queue run
        self._trigger("ir_cron_fetch_leads")

    def action_discard(self):
        """Ask why messages shall never become leads."""
        actions = self.env["ir.actions.act_window"]
        action = actions._for_xml_id(f"{PREFIX}.crm_lead_api_discard_action")
        return action | {"context": {"default_message_ids": self.ids}}

    def action_undiscard(self):
        """Let discarded messages be what they were before."""
        messages = self._get_own("discarded")
        messages.write({"discard_reason": False, "discard_user_id": False})
        refused = messages.filtered("problems")
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
                ref = _shorten(str(ref))
            else:
                ref = f"={get_fingerprint(body)}"
                contents.append(ref)
            values = self._prepare_values(connection, body)
            rows.append((connection.id, now, ref, *values))
        self._release_content(connection, contents)
        if not rows:
            return 0
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO crm_lead_api_message
                            (connection_id, date, message_ref, body, is_test, state,
                             customer_key, origin)
                     VALUES %s
                ON CONFLICT (connection_id, message_ref) DO NOTHING
                """,
                SQL(", ").join(
                    SQL("(%s, %s, %s, %s::jsonb, %s, %s, %s, %s)", *row) for row in rows
                ),
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
    def _release_content(self, connection, refs):
        """Let equal content without an id be a new message, after 24 hours. The name of
        the message of a content changes then: the last one is always found by it."""
        if refs:
            self.env.cr.execute(
                SQL(
                    """
                    UPDATE crm_lead_api_message
                       SET message_ref = message_ref || '@' || id
                     WHERE connection_id = %s AND message_ref = ANY(%s) AND date <= %s
                    """,
                    connection.id,
                    sorted(set(refs)),
                    fields.Datetime.now() - SAME,
                ),
                log_exceptions=False,
            )

    @api.model
    def _prepare_values(self, connection, body):
        """Prepare the values of a message by its body, in the order of the columns."""
        platform = connection.platform_id
        return (
            to_json(body),
            self._is_of_test(platform, body),
            "waiting" if self._has_answers(connection, body) else "fetching",
            self._get_customer_key(connection, body) or None,
            to_text(read(platform.origin_place, body))[:255] or None,
        )

    @api.model
    def _has_answers(self, connection, body):
        """Tell whether a body has the answers, which some platforms do not send."""
        fetches = connection.platform_id.fetches
        return not fetches or bool(self._get_content(connection, body)[ANSWERS])

    @api.model
    def _is_of_test(self, platform, body):
        """Tell whether a platform, or who set it up, only tries the connection."""
        test = read(platform.test_place, body)
        if test and str(test).lower() not in ("false", "0", "no"):
            return True
        answers = read_answers(platform.answers_place, body).values()
        return any(to_text(each).startswith(TEST_ANSWER) for each in answers)

    @api.model
    def _get_customer_key(self, connection, body):
        """Return the last digits of the customer's first phone, or else the e-mail."""
        content = self._get_content(connection, body)
        names = (*PHONES, "email_from")
        # sudo: a message has no user
        lines = self.env["crm.lead.api.connection.field"].sudo()
        lines = lines.search_fetch(
            [("connection_id", "=", connection.id), ("attribute", "in", names)]
        )
        lines = lines.grouped("attribute")
        for name in filter(lines.__contains__, names):
            if text := to_text(lines[name]._read(content)):
                return self._to_customer_key(text)
        return ""

    @api.model
    def _to_customer_key(self, text):
        """Return what is common to the spellings of a phone, or of an e-mail, without
        looking anything up: a platform waits for its answer."""
        digits = "".join(char for char in text if char.isdecimal())
        if "@" not in text and len(digits) >= PHONE_DIGITS:
            return digits[-PHONE_DIGITS:]
        email = len(text) <= MAX_REF and email_normalize(text)
        return _shorten(email or text.lower())

    @api.model
    def _update_customer_keys(self, connections):
        """Find out anew whose the waiting messages are, after a change of the mapping,
        with superuser rights."""
        waiting = self.search(
            Domain("connection_id", "in", connections.ids)
            & Domain("state", "=", "waiting")
            & Domain("body", "!=", False)
        )
        for message in waiting:
            key = self._get_customer_key(message.connection_id, message.body)
            if key != (message.customer_key or ""):
                message.customer_key = key or False
        self._trigger()

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
        cron = self.env.ref(f"{PREFIX}.{name}", False)
        if cron:  # messages are kept even if somebody has deleted the action
            # sudo: scheduled actions are for administrators
            cron.sudo()._trigger(at)

    # ------------------------------------------------------------ making leads

    @api.model
    def _get_working_domain(self):
        """Return the domain of the messages whose client may make leads now."""
        client = "connection_id.client_id"
        return (
            Domain("connection_id.is_live", "=", True)
            & Domain(f"{client}.active", "=", True)
            & Domain(f"{client}.is_paused", "=", False)
            & Domain(f"{client}.user_id.active", "=", True)
        )

    @api.model
    def _cron_make_leads(self):
        """Make the leads of messages, one after the other in the order of arrival; a
        message waits for the earlier ones of its customer."""

        def to_sql(_model, alias, _query):
            return SQL(
                """
                NOT EXISTS (
                    SELECT
                      FROM crm_lead_api_message AS earlier
                     WHERE earlier.state = 'waiting'
                       AND earlier.connection_id = %(connection)s
                       AND earlier.customer_key = %(key)s
                       AND earlier.id < %(id)s
                    )
                """,
                connection=SQL.identifier(alias, "connection_id"),
                key=SQL.identifier(alias, "customer_key"),
                id=SQL.identifier(alias, "id"),
            )

        due = Domain("state", "=", "waiting") & Domain.custom(to_sql=to_sql)
        due &= self._get_working_domain()
        self._do_due(due, "_make_lead", "id", batch=1)

    def _make_lead(self):
        """Make the lead of the message, or refuse the message; anything but an error of
        the message itself is raised, and tried again."""
        earlier = self.request_id
        received = self._to_request(origin=earlier.origin_id or earlier)
        env = self.client_id._get_request_env(self.is_test)
        lang = self.client_id.owner_id.lang or "en_US"
        serve = partial(self._serve, received, env, self.connection_id)
        entry, error = env["crm.lead.api.engine"]._serve_and_log(received, serve, lang)
        if error and not isinstance(error, UserError):
            raise error
        self._finish(received, entry, is_done=not error)
        if not error and earlier:
            entry._get_attempts().filtered("is_failed").write(
                {
                    "state": "resent",
                    "lead_id": entry.lead_id.id,
                    "partner_id": entry.partner_id.id,
                }
            )

    def _finish(self, received, entry, is_done):
        """Keep what has become of the message, with superuser rights.

        :param entry: of the log, of the last attempt
        """
        words = self._get_words(received)
        content = self._get_content(self.connection_id, self.body or {})
        others = self._get_other_answers(content)
        place = self.connection_id.platform_id.answers_place
        labels = read_labels(place, self.body or {})
        self.env["crm.lead.api.question"]._keep(
            self.connection_id, others, labels, is_test=self.is_test
        )
        self.write(
            {
                "request_id": entry.id,
                "unknown": words or False,
                "questions": sorted(others) or False,
                "state": "done" if is_done else "refused",
                "lead_id": entry.lead_id.id,
            }
        )

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

    def _to_request(self, **values):
        """Return the message as a :class:`ReceivedRequest` with a parsed payload."""
        client = self.client_id.sudo()  # making a lead reads secrets of the client
        received = ReceivedRequest(
            client,
            str(uuid.uuid4()),
            **{
                "lang": client.owner_id.lang or "en_US",
                "kind": "message",
                "route": f"POST /connections/{self.connection_id.id}",
                "idempotency_key": f"message {self.id}",
                "is_test": self.is_test,
                **values,
            },
        )
        received.data = self._map()
        self._parse(received, self.connection_id)
        received.body = to_json(received.data)
        return received

    # ------------------------------------------------------------ mapping

    def _map(self) -> dict:
        """Return the attributes of the lead, as a client would send them."""
        self.ensure_one()
        content = self._get_content(self.connection_id, self.body or {})
        data = self._map_lines(self.connection_id.field_ids, content)
        if others := self._get_other_answers(content):
            data[OTHERS] = others
        return data

    @api.model
    def _map_lines(self, lines, content):
        """Return what a message says of the attributes of some lines of a mapping."""
        connection, data = lines.connection_id, {}
        # sudo: a client may not be read by its user
        schema = connection.client_id.sudo()._get_schema(ConnectionLead)
        for line in lines._get_known():
            value = line._read(content)
            if value is not None:
                day_first = connection.platform_id.day_first
                value = fit(schema, line.attribute, value, day_first)
                value = self._to_choice(schema, connection, line.attribute, value)
                set_path(data, line.attribute, value)
        return data

    @api.model
    def _to_choice(self, schema, connection, attribute, value):
        """Return the value of a closed list by the label that people read, in any of
        the languages that Odoo has: ``Nữ`` is ``female``."""
        choices = schema.get_choices().get(attribute)
        if not choices or value in choices or not isinstance(value, str):
            return value
        labels = connection._get_choice_labels(attribute)
        text = to_nfc(value).strip().lower()
        folded = {choice.lower(): choice for choice in choices}
        return folded.get(text) or labels.get(text, value)

    def _get_other_answers(self, content):
        """Return the answers to questions that are not mapped, by question."""
        platform = self.connection_id.platform_id
        used = self.connection_id.field_ids._get_answer_names()
        if platform.answers_place in (False, "@"):
            places = (
                *(platform.id_place, platform.test_place, platform.secret_place),
                *(platform.time_place, platform.origin_place),
            )
            used = used.union(*(find_names(place) for place in places if place))
        return {
            name: text
            for name, value in content[ANSWERS].items()
            if not any(f"{name}.".startswith(f"{each}.") for each in used)
            if not any(each.startswith(f"{name}.") for each in used)
            if (text := to_text(value))
        }

    @api.model
    def _parse(self, received, connection):
        """Parse the attributes of a message, without words that nobody knows and what
        is wrong in any other way, unless the connection requires their attribute."""
        client, data = received.client, received.data
        schema = client._get_schema(ConnectionLead)
        companies = client.company_ids
        if not (client.company_id or "company_id" in data) and len(companies) == 1:
            data["company_id"] = companies.id
        self._make_campaign(received, connection)
        while True:
            unknown = set()
            received.payload = payload = client._parse(schema, data, unknown)
            if not self._leave_out(received, connection, payload.get_errors()):
                break
        received.unknown_codes |= unknown
        sent, lines = payload.get_sent_fields(), connection.field_ids
        payload.add_errors(
            [
                miss(name)
                for name in lines.filtered("is_required").mapped("attribute")
                if name not in sent
                and get_value(data, name) is None
                and not payload._has_error(name)
            ]
        )
        received.ignored_fields = []

    @api.model
    def _leave_out(self, received, connection, errors) -> bool:
        """Leave wrong values of a message out, and keep them among the other answers;
        of services the right ones stay, and without any the lead gets the service for
        that. Tell whether anything was left out."""
        lines = connection.field_ids.filtered(
            lambda line: line.place and not line.is_required
        ).grouped("attribute")
        lines.pop("contact_name", None)
        is_less, items = False, {}
        for error in errors:
            name, *rest = error.field.split(".")
            if name == PORTRAIT:
                name = ".".join([name, *rest[:1]])
            value = get_value(received.data, name)
            if name not in lines or value is None or error.code == "required":
                continue
            if name == "email_from" and received.data.keys().isdisjoint(PHONES):
                continue
            if isinstance(value, list) and rest[-1:] and rest[-1].isdecimal():
                items.setdefault(name, set()).add(int(rest[-1]))
                continue
            set_value(received.data, name, None)
            self._keep_left_out(received, lines[name], name, value)
            is_less = True
        for name, wrong in items.items():
            self._leave_out_items(received, connection, lines[name], name, wrong)
        return is_less or bool(items)

    @api.model
    def _leave_out_items(self, received, connection, line, name, wrong):
        """Leave wrong items of a list out; a text that is a list becomes its words."""
        kept, left_out = [], []
        for position, value in enumerate(get_value(received.data, name)):
            words = split_words(value)
            if position not in wrong:
                kept.append(value)
            elif len(words) > 1 and self._is_any_known(received, name, words):
                kept += words
            else:
                left_out.append(value)
        unclear = connection.unclear_service_id
        if name == SERVICES and not kept and unclear.id not in left_out:
            kept = unclear.ids
        set_value(received.data, name, kept or None)
        for value in left_out:
            self._keep_left_out(received, line, name, value)

    @api.model
    def _is_any_known(self, received, name, words):
        """Tell whether any of some words is a code or name of a record."""
        codes = self.env["crm.lead.api.code"]
        data = {**received.data, name: words}
        [resolve] = codes._get_resolvers(received.client, [data], set())
        payload = received.payload
        before = {each: getattr(payload, each) for each in type(payload).model_fields}
        for word in words:
            try:
                if resolve and isinstance(resolve(name, word, before), int):
                    return True
            except PydanticCustomError:
                continue
        return False

    @api.model
    def _keep_left_out(self, received, line, name, value):
        """Keep a value that was left out: where staff read it, and, of a record, among
        the words whose meaning somebody may enter."""
        text = to_text(value)
        question = min(line._get_answer_names(), default=name)
        others = received.data.setdefault(OTHERS, {})
        others[question] = f"{others[question]}, {text}" if question in others else text
        if name in BY_ATTRIBUTE:
            received.unknown_codes.add((name, to_nfc(text)))

    @api.model
    def _get_words(self, received) -> list[list[str]]:
        """Return the words without a meaning, each with its attribute, and keep them
        for those who know it."""
        words = {
            (name, text)
            for name, text in received.unknown_codes
            if text and len(text) <= MAX_CODE
        }
        # A word whose meaning the lead cannot have, an archived product, has one.
        _known, words = self._sort_words(received.client, sorted(words))
        codes = self.env["crm.lead.api.code"]
        codes._keep_unknown(received.client, set(map(tuple, words)))
        return words

    @api.model
    def _make_campaign(self, received, connection):
        """Make a campaign by its name, if the connection says so, but not for tests."""
        name = received.data.get(CAMPAIGN)
        if not connection.makes_campaigns or received.is_test:
            return None
        if not isinstance(name, str) or not name.strip() or name.strip().isdecimal():
            return None
        codes = self.env["crm.lead.api.code"]
        data = {CAMPAIGN: name}
        [resolve] = codes._get_resolvers(received.client, [data], set())
        try:
            return resolve and resolve(CAMPAIGN, name, {})
        except PydanticCustomError as error:
            if error.type != "code_unknown":
                return None
            # Another transaction that makes the same campaign is a serialization
            # failure: this one is repeated, and finds it.
            self.env["crm.lead.api.lock"]._lock([f"campaign {name.strip()}"])
            # sudo: the client's user may only name campaigns
            campaign = self.env["utm.campaign"].sudo().create({"title": name.strip()})
            received.data[CAMPAIGN] = campaign.id
        return None

    # ------------------------------------------------------------ healing

    @api.model
    def _cron_heal_leads(self):
        """Give leads what their messages said, and nobody understood then: words whose
        meaning somebody has entered, and answers that have an attribute since."""

        def to_sql(_model, alias, _query):
            connections = self.env["crm.lead.api.connection"]
            connections = connections.with_context(active_test=False)
            names = [
                (connection.id, to_json([name]))
                for connection in connections.search([("is_live", "=", True)])
                for name in connection.field_ids._get_answer_names()
            ]
            return SQL(
                """
                %(id)s IN (
                    SELECT message.id
                      FROM crm_lead_api_code AS code
                      JOIN crm_lead_api_connection AS connection
                        ON connection.client_id = code.client_id
                CROSS JOIN LATERAL (
                        SELECT id, connection_id
                          FROM crm_lead_api_message
                         WHERE unknown IS NOT NULL
                               AND unknown @> jsonb_build_array(
                                   jsonb_build_array(code.attribute, code.code)
                               )
                        OFFSET 0  -- by the index, for each code
                        ) AS message
                     WHERE code.res_id > 0 AND message.connection_id = connection.id
                 UNION
                    SELECT message.id
                      FROM unnest(%(connections)s::int[], %(names)s::text[])
                           AS mapped (connection_id, name)
                CROSS JOIN LATERAL (
                        SELECT id, connection_id
                          FROM crm_lead_api_message
                         WHERE questions IS NOT NULL
                               AND questions @> mapped.name::jsonb
                               AND state = 'done'
                        OFFSET 0  -- by the index, for each name
                        ) AS message
                     WHERE message.connection_id = mapped.connection_id
                    )
                """,
                id=SQL.identifier(alias, "id"),
                connections=[connection for connection, _name in names],
                names=[name for _connection, name in names],
            )

        due = Domain("state", "in", ("done", "refused")) & Domain.custom(to_sql=to_sql)
        due &= self._get_working_domain()
        self._do_due(due, "_heal", "id")

    def _heal(self):
        """Give the lead what is understood now, if it is empty there, or else propose
        it; a refused message becomes a lead."""
        known, unknown = self._sort_words(self.client_id, self.unknown or ())
        if self.state == "refused":
            values = {"unknown": unknown or False}
            if self.body:
                values |= {"state": "waiting", "retries": False}
                self._trigger()
            self.write(values)
            return
        names = self.connection_id.field_ids._get_answer_names()
        answered = names & set(self.questions or ())
        others = sorted(set(self.questions or ()) - answered)
        lead = self.lead_id
        if lead and lead.lead_api_state not in CLOSED:
            unknown += self._heal_lead(lead, known, unknown, answered)
        self.write({"unknown": unknown or False, "questions": others or False})

    @api.model
    def _sort_words(self, client, words):
        """Return the words that have a meaning by now, and the others.

        :param words: pairs of attribute and word
        """
        known, unknown = [], []
        codes = self.env["crm.lead.api.code"].search(
            Domain("client_id", "=", client.id)
            & Domain("code", "in", [text for _name, text in words])
            & Domain("is_mapped", "=", True)
        )
        meant = {(code.attribute, code.code) for code in codes}
        for name, text in words:
            (known if (name, text) in meant else unknown).append([name, text])
        return known, unknown

    def _heal_lead(self, lead, known, unknown, answered):
        """Change the lead by words and answers, as a client's request would. Return the
        words that nobody knows, each with its attribute.

        :param known: words with their attributes that have a meaning by now
        :param unknown: the same of the words that have none
        :param answered: names of answers
        """
        connection = self.connection_id
        lines = connection.field_ids.filtered(
            lambda line: not answered.isdisjoint(line._get_answer_names())
        )
        # The content may have been erased, but the lead has the answers.
        content = self._get_content(connection, self.body or {})
        content[ANSWERS] = {**(lead.other_answers or {}), **content[ANSWERS]}
        client = self.client_id.sudo()  # changing a lead reads secrets of the client
        received = ReceivedRequest(
            client,
            str(uuid.uuid4()),
            kind="change",
            route=f"PATCH /lead/{lead.id}",
            is_test=self.is_test,
            lang=client.owner_id.lang or "en_US",
            data=self._map_lines(lines.filtered("place"), content),
        )
        for name, text in known:
            if name == SERVICES:
                received.data.setdefault(name, []).append(text)
            else:
                received.data.setdefault(name, text)
        self._parse_change(received, lead, unknown)
        received.body = to_json(received.data)
        env = client._get_request_env(self.is_test)
        if received.data:
            engine = env["crm.lead.api.engine"]
            serve = partial(self._serve_change, received, env, lead)
            _entry, error = engine._serve_and_log(received, serve, received.lang)
            if error and not isinstance(error, UserError):
                raise error
            if error:  # such as of a lead that the client may not change any more
                return []
        self._drop_answers(lead, lines, known, unknown, answered, received)
        return self._get_words(received)

    def _parse_change(self, received, lead, unknown):
        """Parse what is understood now as a change of the lead, without what is wrong
        in it; the service for unknown words goes when none is unknown any more."""
        client, data = received.client, received.data
        connection = self.connection_id
        services = data.pop(SERVICES, None)
        if services:
            data[ADD] = services
        schema = client._get_schema(ConnectionChange)
        while True:
            received.payload = client._parse(schema, data, received.unknown_codes)
            errors = received.payload.get_errors()
            names = {error.field.partition(".")[0] for error in errors} & data.keys()
            if not names:
                break
            for name in names:
                wrong = {
                    int(error.field.rpartition(".")[2])
                    for error in errors
                    if error.field.startswith(f"{name}.")
                    and error.field.rpartition(".")[2].isdecimal()
                }
                values = data.pop(name)
                if isinstance(values, list) and wrong:
                    right = [v for n, v in enumerate(values) if n not in wrong]
                    data |= {name: right} if right else {}
        if ADD not in data:
            return
        present, unclear = lead.service_ids.product_id, connection.unclear_service_id
        wanted = received.payload.add_crm_line_ids
        # Staff may have added the service meanwhile.
        data[ADD] = [each for each in wanted if each not in present.ids]
        is_clear = not (received.unknown_codes or unknown)
        if is_clear and unclear in present and unclear.id not in wanted:
            data[REMOVE] = unclear.ids
        received.data = data = {name: value for name, value in data.items() if value}
        received.payload = client._parse(schema, data)

    @api.model
    def _serve_change(self, received, env, lead):
        """Change the lead like a request of its client that only fills in.

        :raise AnswerError: the client may not change the lead any more
        """
        env = env(context={**env.context, FILLS_IN: True})
        engine = env["crm.lead.api.engine"]
        lead = env["crm.lead.api.reader"]._get_own_lead(lead.id)
        outcome = engine._change_lead(received, lead, received.payload)
        engine._keep([received], [outcome])
        return outcome

    def _drop_answers(self, lead, lines, known, unknown, answered, received):
        """Leave out of the lead's other answers what is a value of the lead now."""
        lead = lead.exists()
        values = dict(lead.other_answers or {})
        unclear = {name for name, _text in received.unknown_codes}
        sent = {SERVICES if name == ADD else name for name in received.data}
        by_attribute = self.connection_id.field_ids.grouped("attribute")
        for name in answered:
            attributes = {
                line.attribute.partition(".")[0]
                for line in lines
                if name in line._get_answer_names()
            }
            if attributes <= sent - unclear:
                values.pop(name, None)
        unclear |= {name for name, _text in unknown}
        for name in {name for name, _text in known} - unclear:
            line = by_attribute.get(name)
            question = min(line._get_answer_names(), default=name) if line else name
            values.pop(question, None)
        if lead and values != (lead.other_answers or {}):
            lead.other_answers = values or False

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
        messages.write(dict.fromkeys(["body", "customer_key", "origin"], False))

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


def _shorten(text: str) -> str:
    """Return a text, or else its hash, that is short enough for an index."""
    text = text.strip()
    return text if len(text) <= MAX_REF else hashlib.sha256(text.encode()).hexdigest()
