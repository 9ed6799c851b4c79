# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import json
import re
import secrets
from datetime import timedelta
from functools import partial

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.http import Response
from odoo.service.model import retrying
from odoo.tools import SQL, format_date
from odoo.tools.translate import LazyTranslate

from odoo.addons.crm_lead_api.exceptions import UNKNOWN_PATH, AnswerError, malformed
from odoo.addons.crm_lead_api.http.body import (
    FORMS,
    JSON,
    decode,
    parse_form,
    read_body,
)
from odoo.addons.crm_lead_api.http.outcome import Outcome
from odoo.addons.crm_lead_api.schemas import Schema
from odoo.addons.crm_lead_api.schemas.customer_portrait import CustomerPortrait
from odoo.addons.crm_lead_api.tools.token_text import get_digest
from odoo.addons.crm_lead_api.tools.transaction import count_at_once

from ..schemas import ConnectionLead
from ..tools.graph import TOKEN, Graph, GraphError
from ..tools.message_body import MAX_DEPTH, clean, load_json
from ..tools.proof import Message, is_equal, is_proven
from .res_config_settings import get_graph_version

_lt = LazyTranslate(__name__, default_lang="en_US")

KEY_BYTES = 32
HINT_LENGTH = 4  # of a key
MAX_SIZE = 256 * 1024  # bytes of a message
JSON_TYPE = re.compile(r"|application/([\w.-]+\+)?json")
MAX_ITEMS = 1000  # leads in a message
OVERLAP = timedelta(days=7)  # in which a replaced key is still taken
REMINDER = timedelta(days=7)  # before the end of an access token
RECENT = timedelta(hours=12)  # in which no further run is made for an access token
DONE = {"error": 0, "message": "Success"}
NO_PROOF = (
    401,
    "no_proof",
    _lt(
        "The message has no proof that it comes from its platform: its signature or "
        "secret is missing, or is another one than that of the connection."
    ),
)
NO_MESSAGE = _lt("Send a JSON object, or a form.")
TOO_MANY = _lt("The message has more than %(limit)s leads.", limit=MAX_ITEMS)
SECRETS = ("secret", "verify_token", "access_token")


class CrmLeadApiConnection(models.Model):
    """Connect a platform, which sends leads in its own shape to an address of its own,
    and make them by the client's rights and defaults."""

    _name = "crm.lead.api.connection"
    _description = "Lead API Connection"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "name, id"

    name = fields.Char(required=True, tracking=True)
    active = fields.Boolean(default=True, tracking=True)
    platform_id = fields.Many2one("crm.lead.api.platform", required=True, tracking=True)
    client_id = fields.Many2one(
        "crm.lead.api.client",
        required=True,
        index=True,
        tracking=True,
        help="The leads are made with the rights and the defaults of this client.",
    )
    is_live = fields.Boolean(
        "Live",
        tracking=True,
        help="Messages become leads. Until then they are kept, so that you can map "
        "their answers.",
    )
    is_paused = fields.Boolean(
        "Paused", tracking=True, help="The address does not exist for the platform."
    )

    # The address
    key_digest = fields.Char(readonly=True, copy=False, groups=fields.NO_ACCESS)
    key_hint = fields.Char("Key", readonly=True, copy=False, help="Its end.")
    old_key_digest = fields.Char(readonly=True, copy=False, groups=fields.NO_ACCESS)
    old_key_date = fields.Datetime(
        "Former Key until",
        readonly=True,
        copy=False,
        help="Until then the platform may still use the address before.",
    )

    # The proof. No columns: what is entered here is never shown again.
    secret = fields.Char(
        compute="_compute_secrets",
        inverse=lambda self: self._write_secret("secret"),
        help="By which the platform signs its messages, or which it sends along.",
    )
    verify_token = fields.Char(
        compute="_compute_secrets",
        inverse=lambda self: self._write_secret("verify_token"),
        help="By which the platform checks the address: enter the same there.",
    )
    access_token = fields.Char(
        compute="_compute_secrets",
        inverse=lambda self: self._write_secret("access_token"),
        help="With which the leads are fetched from the platform.",
    )
    known_secrets = fields.Char(
        compute="_compute_secrets", help="Which of the secrets were entered."
    )
    app_ref = fields.Char(
        "App ID",
        help="Of your app on the platform: for its proof, or for Meta to say when the "
        "access token ends.",
    )

    # Fetching
    access_token_date = fields.Datetime(
        "Access Token until", readonly=True, copy=False, help="Empty: it has no end."
    )
    access_token_reminded = fields.Datetime(
        readonly=True, copy=False, help="The end of which the owner was reminded."
    )
    access_token_checked = fields.Datetime(
        readonly=True, copy=False, help="When its end was last asked about."
    )
    is_fetching_stopped = fields.Boolean(
        readonly=True,
        copy=False,
        help="The access token is not valid: leads wait until a new one is entered.",
    )
    fetch_date = fields.Datetime("Fetching Pauses until", readonly=True, copy=False)
    fetch_error = fields.Char(
        "Last Error of Fetching",
        readonly=True,
        copy=False,
        help="Why leads could not be fetched, until it works again.",
    )
    form_names = fields.Json(copy=False, help="The names of forms by their ids.")

    # The leads
    field_ids = fields.One2many(
        "crm.lead.api.connection.field", "connection_id", string="Mapping", copy=True
    )
    question_ids = fields.One2many("crm.lead.api.question", "connection_id")
    message_record_ids = fields.One2many("crm.lead.api.message", "connection_id")
    unclear_service_id = fields.Many2one(
        "product.product",
        "Service If Unknown",
        help="A lead with a service that nobody knows yet gets this service; without "
        "one here it has none.",
    )
    makes_campaigns = fields.Boolean(
        help="Unknown names of campaigns become campaigns."
    )

    _key_unique = models.UniqueIndex("(key_digest) WHERE key_digest IS NOT NULL")
    _old_key_index = models.Index("(old_key_digest) WHERE old_key_digest IS NOT NULL")

    def _compute_secrets(self):
        known = self._read_secrets()
        for connection in self:
            connection.update(dict.fromkeys(SECRETS, False))
            names = known.get(connection._origin.id, ())
            connection.known_secrets = ",".join(sorted(names)) or False

    def _write_secret(self, name):
        entered = self.filtered(lambda each: (each[name] or "").strip())
        # sudo: nobody may write secrets in any other way
        secrets_ = self.env["crm.lead.api.connection.secret"].sudo()
        for connection in entered:
            connection.check_access("write")
            value = connection[name].strip()
            known = connection._read_secrets()[connection.id]
            secrets_._set(connection, json.dumps({**known, name: value}))
        # Not even whoever has entered it reads it again.
        self.invalidate_recordset([name, "known_secrets"], flush=False)
        if name == "access_token":
            entered._restart_fetching()

    def _read_secrets(self) -> dict[int, dict[str, str]]:
        # sudo: nobody may read secrets
        known = self.env["crm.lead.api.connection.secret"].sudo()._get(self)
        return {each.id: json.loads(known.get(each.id, "{}")) for each in self._origin}

    @api.constrains("client_id")
    def _check_client(self):
        for connection in self:
            # sudo: whoever makes a connection need not see all clients
            client = connection.client_id.sudo()
            if not (client.takes_own_codes and client.takes_codes):
                client.write({"takes_own_codes": True, "takes_codes": True})

    @api.constrains("is_live", "platform_id", "field_ids")
    def _check_live(self):
        if any(not each.field_ids for each in self.filtered("is_live")):
            raise ValidationError(
                self.env._(
                    "Map at least the name, and a phone or an e-mail, before the "
                    "connection goes live."
                )
            )

    def write(self, vals):
        result = super().write(vals)
        if "client_id" in vals:
            # The new client, too, must be of companies of the user.
            self.check_access("write")
        # sudo: no user may write messages in any other way
        messages = self.env["crm.lead.api.message"].sudo()
        if vals.get("is_live"):
            messages._update_customer_keys(self)
        if not vals.get("active", True):
            messages._refuse_archived()
        return result

    # ------------------------------------------------------------ labels

    @api.model
    def _get_labels(self) -> dict[str, str]:
        """Return the names of attributes for people, in the user's language."""
        schema = self.env["crm.lead.api.client"]._get_schema(ConnectionLead)
        paths = (f"customer_portrait.{name}" for name in CustomerPortrait.model_fields)
        references = self.env["crm.lead.api.reference"]
        return {
            path: label
            for path in (*schema.model_fields, *paths)
            if (label := references._get_label(schema, path))
        }

    def _get_choice_labels(self, attribute) -> dict[str, str]:
        """Return the values of a closed list by their labels in small letters, in all
        languages that are installed."""
        # sudo: a client may not be read by its user
        schema = self.client_id.sudo()._get_schema(ConnectionLead)
        labels, references = {}, self.env["crm.lead.api.reference"]
        for code, _name in self.env["res.lang"].get_installed():
            own = references.with_context(lang=code)._get_choice_labels(
                schema, attribute
            )
            for value, label in own.items():
                labels.setdefault(label.lower(), value)
        return labels

    # ------------------------------------------------------------ the address

    def _generate_key(self) -> str:
        """Make a new key, and return it; a former one is taken for some more days."""
        self.ensure_one()
        self.check_access("write")
        key = secrets.token_urlsafe(KEY_BYTES)
        # sudo: nobody may write keys in any other way
        connection = self.sudo()
        connection.write(
            {
                "old_key_digest": connection.key_digest,
                "old_key_date": connection.key_digest
                and fields.Datetime.now() + OVERLAP,
                "key_digest": get_digest(key),
                "key_hint": f"…{key[-HINT_LENGTH:]}",
            }
        )
        self.message_post(
            body=self.env._("New address, whose key ends in %s", self.key_hint)
        )
        return key

    @api.model
    def _find_by_key(self, key):
        """Return the connection with a key, with superuser rights.

        :raise AnswerError: there is none, or it is paused (404)
        """
        digest = get_digest(key)
        is_former = Domain("old_key_digest", "=", digest)
        is_former &= Domain("old_key_date", ">", fields.Datetime.now())
        # sudo: a message has no user
        connection = self.sudo().search_fetch(
            (Domain("key_digest", "=", digest) | is_former)
            & Domain("is_paused", "=", False)
            & Domain("client_id.active", "=", True)
            & Domain("client_id.is_paused", "=", False)
        )
        if not connection:
            raise AnswerError(*UNKNOWN_PATH)
        return connection

    # ------------------------------------------------------------ a message arrives

    @api.model
    def _receive(self, key, httprequest) -> Outcome:
        """Keep a message, and answer it; its leads are made afterwards.

        :raise AnswerError: no such connection (404); no proof (401); no JSON or form
            (400, 415); too long (413)
        """
        connection = self._find_by_key(key)
        platform = connection.platform_id
        httprequest.max_content_length = MAX_SIZE
        raw = read_body(httprequest)
        body = _parse(httprequest, raw)
        message = Message(raw, body, httprequest.headers)
        known, app = connection._read_secrets()[connection.id], connection.app_ref or ""
        if not is_proven(platform, message, known.get("secret", ""), app):
            connection._count_unproven()
            raise AnswerError(*NO_PROOF)
        items = platform._split(body)
        ref = httprequest.headers.get(platform.id_header or "")
        if len(items) > MAX_ITEMS:
            raise AnswerError(413, "too_large", TOO_MANY)
        if items:
            # sudo: nobody is logged in; the proof was checked
            self.env["crm.lead.api.message"].sudo()._keep(connection, items, ref)
        return Outcome(body=json.loads(platform.answer) if platform.answer else DONE)

    @api.model
    def _verify(self, key, args) -> Response:
        """Answer the GET by which a platform checks the address.

        :raise AnswerError: no such connection (404); another token (401)
        """
        connection = self._find_by_key(key)
        if not connection.platform_id.is_verified:
            raise AnswerError(*UNKNOWN_PATH)
        token = connection._read_secrets()[connection.id].get("verify_token")
        if args.get("hub.mode") != "subscribe" or not token:
            raise AnswerError(*NO_PROOF)
        if not is_equal(args.get("hub.verify_token", ""), token):
            connection._count_unproven()
            raise AnswerError(*NO_PROOF)
        return Response(args.get("hub.challenge", ""), content_type="text/plain")

    def _count_unproven(self):
        """Count a message without proof, and keep nothing else of it."""
        count = SQL(
            """
            INSERT INTO crm_lead_api_connection_day AS day
                        (connection_id, date, unproven)
                 VALUES (%s, %s, 1)
            ON CONFLICT (connection_id, date) DO UPDATE
                    SET unproven = day.unproven + 1
            """,
            self.id,
            fields.Date.today(),
        )
        execute = partial(self.env.cr.execute, count, log_exceptions=False)
        count_at_once(self.env, execute)

    # ------------------------------------------------------------ fetching

    def _get_graph(self):
        """Return Meta's Graph API with the connection's token; ``None`` without one."""
        known = self._read_secrets()[self.id]
        token, secret = known.get("access_token"), known.get("secret")
        app = f"{self.app_ref}|{secret}" if self.app_ref and secret else ""
        return Graph(token, get_graph_version(self.env), app) if token else None

    def _restart_fetching(self):
        """Fetch the leads that wait for a new access token."""
        self.activity_unlink(["crm_lead_api.mail_activity_type_token"])
        names = ["access_token_date", "access_token_reminded", "access_token_checked"]
        names += ["is_fetching_stopped", "fetch_date", "fetch_error"]
        self.write(dict.fromkeys(names, False))
        # sudo: users may not write messages
        messages = self.env["crm.lead.api.message"].sudo()
        waiting = messages.search(
            [("connection_id", "in", self.ids), ("state", "=", "fetching")]
        )
        waiting.retries = False
        if self:
            messages._trigger("ir_cron_fetch_leads")
            messages._trigger("ir_cron_check_tokens")

    def _stop_fetching(self, reason, token=None):
        """Fetch nothing until a new access token is entered, and tell the owner.

        :param token: that was refused; if there is another by now, that is tried
        """
        graph = self._get_graph()
        if token and graph and graph.token != token:
            return
        # sudo: the owner may be of another company
        lang = self.client_id.sudo().owner_id.lang or "en_US"
        self.write(
            {"is_fetching_stopped": True, "fetch_error": reason._translate(lang)}
        )
        self._alarm_fetching(reason)

    def _alarm_fetching(self, reason):
        """Tell the owner of the client that leads cannot be fetched."""
        self._alert_owner(
            "crm_lead_api.mail_activity_type_refusals",
            lambda env: env._(
                "%(connection)s: leads cannot be fetched. %(reason)s",
                connection=self.name,
                reason=reason._translate(env.lang or "en_US"),
            ),
        )

    # ------------------------------------------------------------ tokens

    @api.model
    def _cron_check_tokens(self):
        """Ask when access tokens end, and remind the owners of their clients."""
        connections = self.search(
            Domain("platform_id.fetches", "=", "meta")
            & Domain("is_fetching_stopped", "=", False)
            & Domain("client_id.active", "=", True),
            order="access_token_checked NULLS FIRST, id",  # each has its turn
        )
        cron, recently = self.env["ir.cron"], fields.Datetime.now() - RECENT
        due = connections.filtered(
            lambda each: (each.access_token_checked or recently) <= recently
        )
        for number, connection in enumerate(connections, 1):
            if graph := retrying(connection._get_graph, self.env):
                try:
                    end, error = graph.get_token_end(), None
                except GraphError as failure:
                    end, error = None, failure
                save = partial(connection._save_token_end, graph.token, end, error)
                retrying(save, self.env)
            if not cron._commit_progress(1):
                if number < len(due):
                    cron._run_again()
                break

    def _save_token_end(self, token, end, error):
        self.access_token_checked = fields.Datetime.now()
        if error:
            # An absent Graph says nothing about the token.
            if error.kind == TOKEN:
                self._stop_fetching(error.reason, token)
            return
        graph = self._get_graph()
        if not graph or graph.token != token:  # replaced meanwhile
            return
        self.access_token_date = end
        if not end or end > fields.Datetime.now() + REMINDER:
            return
        if self.access_token_reminded != end:
            self.access_token_reminded = end
            self._remind_owner()

    def _remind_owner(self):
        self._alert_owner(
            "crm_lead_api.mail_activity_type_token",
            lambda env: env._(
                "%(connection)s: the access token ends on %(date)s. Enter a new one.",
                connection=self.name,
                date=format_date(env, self.access_token_date, date_format="medium"),
            ),
            date_deadline=self.access_token_date.date(),
        )


class CrmLeadApiConnectionSecret(models.Model):
    """Hold what a connection knows and nobody sees, as a JSON object: what proves its
    messages, and the token with which it fetches leads."""

    _name = "crm.lead.api.connection.secret"
    _description = "Secrets of a Connection"
    _inherit = "crm.lead.api.secret.mixin"
    _log_access = False
    _owner = "connection_id"

    connection_id = fields.Many2one(
        "crm.lead.api.connection", required=True, ondelete="cascade"
    )

    _connection_unique = models.UniqueIndex("(connection_id)")


class CrmLeadApiConnectionDay(models.Model):
    """Count the messages without proof of a connection on a day."""

    _name = "crm.lead.api.connection.day"
    _description = "Messages without Proof"
    _order = "date desc, connection_id"
    _log_access = False

    connection_id = fields.Many2one(
        "crm.lead.api.connection", required=True, ondelete="cascade"
    )
    date = fields.Date(required=True)
    unproven = fields.Integer("Without Proof", required=True)

    _day_unique = models.UniqueIndex("(connection_id, date)")


def _parse(httprequest, raw):
    """Parse a body as a JSON object, or a list of them, or a form.

    :raise AnswerError: it is none (400), or of another media type (415)
    """
    if httprequest.mimetype in FORMS:
        return clean(parse_form(httprequest, raw, Schema, MAX_DEPTH))  # of any names
    if not JSON_TYPE.fullmatch(httprequest.mimetype):
        headers = {"Accept": ", ".join((JSON, *FORMS))}
        raise AnswerError(415, "unsupported_media_type", NO_MESSAGE, headers)
    try:
        body = load_json(decode(raw))
    except ValueError:
        raise malformed(NO_MESSAGE) from None
    if not isinstance(body, dict | list):
        raise malformed(NO_MESSAGE)
    return body
