# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import uuid
from datetime import timedelta
from functools import partial

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL, email_normalize
from odoo.tools.translate import LazyTranslate

from odoo.addons.crm_lead_api.http.received_request import ReceivedRequest
from odoo.addons.crm_lead_api.schemas.error import miss
from odoo.addons.crm_lead_api.tools.fields import LooseMany2one
from odoo.addons.crm_lead_api.tools.json_body import (
    get_fingerprint,
    indent_json,
    to_json,
)

from ..schemas import PHONES, ConnectionLead
from ..tools.message_values import fit, set_path
from ..tools.place import ANSWERS, read, read_answers, read_labels

_lt = LazyTranslate(__name__, default_lang="en_US")

SAME = timedelta(hours=24)  # in which equal content without an id is a repetition
WAITING = ("fetching", "waiting")


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
    customer_key = fields.Char(help="Messages of a customer are processed in order.")
    lead_id = LooseMany2one("crm.lead", index="btree_not_null")
    request_id = fields.Many2one(
        "crm.lead.api.request",
        "Log Entry",
        index="btree_not_null",
        ondelete="set null",
        help="Of the last attempt, where a refused message is sent again.",
    )
    problems = fields.Text("Errors", related="request_id.problems")
    origin = fields.Char("Came by")
    unknown = fields.Json(
        "Unknown Words", help="Pairs of attribute and word that the lead lacks."
    )
    discard_reason = fields.Char()
    discard_user_id = fields.Many2one("res.users", "Discarded by", ondelete="set null")

    _ref_unique = models.UniqueIndex("(connection_id, message_ref)")
    _waiting_index = models.Index("(id) WHERE state = 'waiting'")
    _fetching_index = models.Index("(id) WHERE state = 'fetching'")
    _customer_index = models.Index("(customer_key, id) WHERE state = 'waiting'")
    _unknown_index = models.Index("(connection_id) WHERE unknown IS NOT NULL")
    _body_date_index = models.Index("(date) WHERE body IS NOT NULL")

    @api.depends("message_ref", "connection_id.name")
    def _compute_display_name(self):
        for message in self:
            message.display_name = f"{message.connection_id.name} {message.id}"

    @api.depends("body")
    def _compute_body_text(self):
        for message in self:
            message.body_text = message.body and indent_json(to_json(message.body))

    def _fetch_query(self, query, fields):
        """Read messages; leave out leads that are gone, for the link has no key."""
        fetched = super()._fetch_query(query, fields)
        field = self._fields["lead_id"]
        if field in fields and (leads := fetched.lead_id):
            gone = leads - leads.exists()
            dangling = fetched.filtered(lambda message: message.lead_id in gone)
            field._update_cache(dangling, None)
        return fetched

    # ------------------------------------------------------------ arriving

    @api.model
    def _keep(self, connection, items) -> int:
        """Keep the items of a message, each once, and return how many are new."""
        platform, now = connection.platform_id, fields.Datetime.now()
        rows = []
        for item in items:
            ref = read(platform.id_place, item)
            body = item if isinstance(item, dict) else {"value": item}
            has_ref = isinstance(ref, str | int) and str(ref).strip()
            ref = f"{ref}"[:200] if has_ref else self._get_content_ref(connection, body)
            if not ref:
                continue
            values = self._prepare_values(connection, body)
            rows.append((connection.id, now, ref, *values))
        if not rows:
            return 0
        kept = self.env.execute_query(
            SQL(
                """
                INSERT INTO crm_lead_api_message
                            (connection_id, date, message_ref, body, is_test, state,
                             customer_key, origin)
                     VALUES %s
                ON CONFLICT (connection_id, message_ref) DO NOTHING
                  RETURNING id
                """,
                SQL(", ").join(
                    SQL("(%s, %s, %s, %s::jsonb, %s, %s, %s, %s)", *row) for row in rows
                ),
            )
        )
        if kept and connection.is_live:
            self._trigger()
        return len(kept)

    @api.model
    def _get_content_ref(self, connection, body):
        """Return the name of a message without an id: a hash of its content; none if
        equal content arrived within 24 hours."""
        text = f"={get_fingerprint(body)}"
        self.env["crm.lead.api.lock"]._lock([f"message {connection.id} {text}"])
        now = fields.Datetime.now()
        last = self.search(
            Domain("connection_id", "=", connection.id)
            & Domain("message_ref", "=like", f"{text}%"),
            order="id desc",
            limit=1,
        )
        if last and last.date > now - SAME:
            return None
        return f"{text}@{now:%Y%m%d%H%M%S}" if last else text

    @api.model
    def _prepare_values(self, connection, body):
        """Prepare the values of a message by its body, in the order of the columns."""
        platform = connection.platform_id
        test = read(platform.test_place, body)
        return (
            to_json(body),
            bool(test) and test not in ("false", "0"),
            "fetching" if platform.fetches else "waiting",
            self._get_customer_key(connection, body) or None,
            _to_text(read(platform.origin_place, body))[:255] or None,
        )

    @api.model
    def _get_customer_key(self, connection, body):
        """Return the customer's first phone in its common form, or e-mail."""
        content = self._get_content(connection, body)
        # sudo: a message has no user
        lines = connection.sudo().field_ids.grouped("attribute")
        client = connection.sudo().client_id
        for name in (*PHONES, "email_from"):
            if name in lines and (value := lines[name]._read(content)):
                text = _to_text(value)
                if name == "email_from":
                    return email_normalize(text) or text.lower()
                partners = self.env["res.partner"]
                return partners._get_phone_key(text, client._get_phone_country())
        return ""

    @api.model
    def _get_content(self, connection, body):
        """Return a body with the customer's answers, in which places are read."""
        answers = read_answers(connection.platform_id.answers_place, body)
        return {**body, ANSWERS: answers}

    @api.model
    def _trigger(self, at=None):
        cron = self.env.ref("crm_lead_api_connection.ir_cron_make_leads", False)
        if cron:  # messages are kept even if somebody has deleted the action
            # sudo: scheduled actions are for administrators
            cron.sudo()._trigger(at)

    # ------------------------------------------------------------ making leads

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
                       AND earlier.customer_key = %(key)s
                       AND earlier.id < %(id)s
                    )
                """,
                key=SQL.identifier(alias, "customer_key"),
                id=SQL.identifier(alias, "id"),
            )

        due = Domain("state", "=", "waiting") & Domain.custom(to_sql=to_sql)
        due &= Domain("connection_id.is_live", "=", True)
        self._do_due(due, "_make_lead", "id", batch=1)

    def _make_lead(self):
        """Make the lead of the message, or refuse the message; anything but an error of
        the message itself is raised, and tried again."""
        if self.state != "waiting" or not self.connection_id.is_live:
            return
        received = self._to_request()
        env = self.client_id._get_request_env(self.is_test)
        serve = partial(self._serve, received, env)
        lang = self.client_id.owner_id.lang or "en_US"
        engine = env["crm.lead.api.engine"]
        entry, error = engine._serve_and_log(received, serve, lang)
        self.env["crm.lead.api.code"]._keep_unknown(
            received.client, received.unknown_codes
        )
        values = {"request_id": entry.id, "unknown": self._list_unknown(received)}
        if not error:
            self.write({**values, "state": "done", "lead_id": entry.lead_id.id})
            self._keep_questions(received)
        elif isinstance(error, UserError):
            self.write({**values, "state": "refused"})
        else:
            raise error

    def _serve(self, received, env):
        """Serve the message like a request of its client for a new lead."""
        received.payload.check()
        return env["crm.lead.api.engine"]._serve(received)

    def _to_request(self, body="", **values):
        """Return the message as a :class:`ReceivedRequest` with a parsed payload.

        :param body: of the lead, in JSON, as an administrator has corrected it
        """
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
        self._parse(received)
        received.body = to_json(received.data)
        return received

    def _parse(self, received):
        """Parse the attributes of a request, without words that nobody knows, unless
        the connection requires their attribute."""
        client = received.client
        schema = client._get_schema(ConnectionLead)
        lines = self.connection_id.field_ids
        required = set(lines.filtered("is_required").mapped("attribute"))
        while True:
            received.payload = client._parse(
                schema, received.data, received.unknown_codes
            )
            unknown = {
                error.field.partition(".")[0]: error
                for error in received.payload.get_errors()
                if error.code == "unknown"
            }
            left_out = unknown.keys() - required & received.data.keys()
            if not left_out:
                break
            for name in left_out:
                self._leave_out(received, name)
        missing = required - received.payload.get_sent_fields()
        missing = {name for name in missing if "." not in name}
        received.payload.add_errors(
            [miss(name) for name in missing if not received.payload._has_error(name)]
        )
        received.ignored_fields = []

    def _leave_out(self, received, name):
        """Leave the unknown words of an attribute out; of services the others stay, and
        without any the lead gets the service for that."""
        values = received.data.pop(name)
        if name != "crm_line_ids":
            return
        unknown = {word for attribute, word in received.unknown_codes}
        known = [each for each in values if str(each).strip() not in unknown]
        unclear = self.connection_id.unclear_service_id.id
        if known and len(known) < len(values):
            received.data[name] = known
        elif unclear:
            received.data[name] = [unclear]

    def _list_unknown(self, received):
        return sorted(map(list, received.unknown_codes)) or False

    def _map(self) -> dict:
        """Return the attributes of the lead, as a client would send them."""
        self.ensure_one()
        connection, body = self.connection_id, self.body or {}
        content = self._get_content(connection, body)
        schema = self.client_id.sudo()._get_schema(ConnectionLead)
        data = {}
        for line in connection.field_ids:
            value = line._read(content)
            if value is None:
                continue
            value = fit(schema, line.attribute, value, connection.platform_id.day_first)
            value = self._to_choice(schema, line.attribute, value)
            set_path(data, line.attribute, value)
        if others := self._get_other_answers(content):
            data["other_answers"] = others
        return data

    def _to_choice(self, schema, attribute, value):
        """Return the value of a closed list by the label that people read, in any of
        the languages that Odoo has: ``Nữ`` is ``female``."""
        choices = schema.get_choices().get(attribute)
        if not choices or value in choices or not isinstance(value, str):
            return value
        labels = self.connection_id._get_choice_labels(attribute)
        return labels.get(value.strip().lower(), value)

    def _get_other_answers(self, content):
        """Return the answers to questions that are not mapped, by question."""
        platform = self.connection_id.platform_id
        if platform.answers_place in (False, "@"):
            used = set()
            ids = {platform.id_place, platform.test_place, platform.secret_place}
            used |= {place for place in ids if place}
        else:
            used = set()
        used |= self.connection_id.field_ids._get_answer_names()
        return {
            name: text
            for name, value in content[ANSWERS].items()
            if name not in used and (text := _to_text(value))
        }

    def _keep_questions(self, received):
        platform = self.connection_id.platform_id
        labels = read_labels(platform.answers_place, self.body or {})
        questions = self.env["crm.lead.api.question"].sudo()
        questions._keep(
            self.connection_id, received.data.get("other_answers") or {}, labels
        )

    def _alarm(self, reason):
        """Tell the owner of the client that a message has failed several times."""
        self.client_id.sudo()._schedule_activity(
            "crm_lead_api.mail_activity_type_refusals",
            lambda env: env._(
                "%(connection)s: a message could not become a lead (%(reason)s)",
                connection=self.connection_id.name,
                reason=reason,
            ),
        )


def _to_text(value) -> str:
    """Return a value as people read it: of a list its values, with commas."""
    if isinstance(value, list):
        return ", ".join(filter(None, map(_to_text, value)))
    if isinstance(value, dict):
        return to_json(value)
    return "" if value is None else str(value).strip()
