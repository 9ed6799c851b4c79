# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Turn bytes into the payload of a route, and its result or an exception into JSON.

docs/developers.rst has the path of a request.
"""

import inspect
import logging
import re
import threading
import time
import uuid
from contextlib import suppress
from functools import cached_property
from http import HTTPStatus

import psycopg2
from psycopg2.errors import ReadOnlySqlTransaction, SerializationFailure
from werkzeug.exceptions import NotFound, ServiceUnavailable, TooManyRequests

from odoo.http import Dispatcher, HttpDispatcher, Response, db_list
from odoo.sql_db import PoolError

from ..exceptions import AnswerError, malformed
from ..tools.json_body import to_json
from ..tools.mode import TEST
from ..tools.token_text import TOKEN
from ..tools.update import explain_error
from ..translate import _lt
from .body import FORMS, JSON, ReceivedFile, parse_body, read_text, receive_file
from .errors import describe_error, to_legacy_error
from .headers import (
    PRIVATE,
    Rate,
    format_ignored_fields,
    get_idempotency_key,
    prefers_dry_run,
)
from .outcome import Outcome
from .received_request import ReceivedRequest, get_schemas

_logger = logging.getLogger(__name__)

# A tenant's name may stand in front; it changes nothing.
API_PATH = re.compile(r"(?:/(?P<tenant>[^/]+))?(?P<path>/api/v1(?:/.*)?)", re.DOTALL)
LANGUAGES = {"en": "en_US", "vi": "vi_VN"}
SANE_REQUEST_ID = re.compile(r"[\w.:/+=@-]{1,128}", re.ASCII)


class LeadApiDispatcher(Dispatcher):
    """Serve the routes of ``type="lead_api"``.

    A route's endpoint may take ``received``, the :class:`ReceivedRequest`, and
    ``query``, the part of the address after the question mark. Its annotations have the
    schemas: ``received: ReceivedRequest[LeadChange]`` and ``query: TicketOptions``. It
    returns an :class:`Outcome`, a schema or a response.
    """

    routing_type = "lead_api"
    mimetypes = (JSON, *FORMS)
    database: str | None = None
    operation = "-"
    token_id: int | None = None  # that the primary has found for a replica
    received: ReceivedRequest | None = None
    file: ReceivedFile | None = None
    max_size: int | None = None  # of the body, in bytes
    is_body_kept = True
    ignored_fields: list[str] = []  # noqa: RUF012  never changed in place
    has_legacy_errors = False
    attempts_at_once = 2  # of a request, before those of Odoo
    is_counted = False
    rate: Rate | None = None
    response: Response | None = None
    is_committed = False
    queries = 0

    @classmethod
    def is_compatible_with(cls, request):
        # dispatch() checks media types, so that a 415 is in JSON. For other requests
        # Odoo asks only to name the compatible types of routes in an error.
        return bool(API_PATH.fullmatch(request.httprequest.path))

    @cached_property
    def request_id(self) -> str:
        """Return the client's ``X-Request-Id`` if it is sane, otherwise a new UUID."""
        sent = self.request.httprequest.headers.get("X-Request-Id", "")
        is_sane = SANE_REQUEST_ID.fullmatch(sent) and not TOKEN.search(sent)
        return sent if is_sane else str(uuid.uuid4())

    @cached_property
    def lang(self) -> str:
        """Return the code of the language for the answer's texts, by
        ``Accept-Language``: they are the addon's own, whatever the database has."""
        # Not best_match(), which finds vi for "en-GB, vi;q=0.5".
        for language, quality in self.request.httprequest.accept_languages:
            code = language.partition("-")[0].lower()
            if code in LANGUAGES and quality > 0:
                return LANGUAGES[code]
        return LANGUAGES["en"]

    # ------------------------------------------------------------ receiving

    def admit(self, token, address: str, endpoint) -> None:
        """Admit a request with a valid token from an IP address, if that may be now.

        :raise AnswerError: the client is paused, or the address is not allowed (403)
        :raise TooManyRequests: the client has used up its requests of this minute
        """
        env, client, routing = self.request.env, token.client_id, endpoint.routing
        file = routing["file"]
        if file and file.get_max_size:
            limit = file.get_max_size(env)
        else:
            limit = env["ir.config_parameter"]._get_lead_api_int("max_body") * 1024
            limit *= routing["max_body_factor"]
        # Refused requests are read too, for the log.
        self.request.httprequest.max_content_length = self.max_size = limit
        self.is_body_kept = routing["max_body_factor"] == 1 and not file
        if not self.received or self.received.client.env.cr is not env.cr:
            who = {"token": token, "is_test": token.is_test, "address": address}
            self.received = ReceivedRequest(client, self.request_id, self.lang, **who)
        payload_schema, query_schema = get_schemas(endpoint)
        if payload_schema:
            with suppress(AnswerError):  # which _receive() raises
                self._receive_head(self._parse_query(query_schema), routing["kind"])
        self.has_legacy_errors = client.has_legacy_errors
        client._check_request(address)
        self.count(env, client.id, client.requests_per_minute)
        if self.rate and self.rate.requests > self.rate.limit:
            raise TooManyRequests(retry_after=self.rate.reset)

    def pre_dispatch(self, rule, args):
        result = super().pre_dispatch(rule, args)
        if self.max_size:  # Odoo has set the limit of its own uploads
            self.request.httprequest.max_content_length = self.max_size
        return result

    def count(self, primary, client_id: int, limit: int) -> None:
        """Count a request on the primary database, once, even if Odoo runs it again; a
        limit of 0 requests in a minute is none."""
        if not self.is_counted:
            self.rate = primary["crm.lead.api.rate"]._count_request(client_id, limit)
            self.is_counted = True

    def dispatch(self, endpoint, args):
        """Run a route, again at once if another transaction was in the way: the other
        one has ended. Later Odoo tries again, each time after a pause of seconds."""
        while self.attempts_at_once:
            with suppress(SerializationFailure):
                return self._run(endpoint, args)
            self.attempts_at_once -= 1
            env = self.request.env
            env.cr.rollback()
            env.transaction.reset()
            env.registry.reset_changes()
        return self._run(endpoint, args)

    def _run(self, endpoint, args):
        self.operation = endpoint.original_endpoint.__name__
        annotations = inspect.get_annotations(endpoint.original_endpoint)
        # A dict, because other addons read it.
        self.request.params = dict(args)
        payload_schema, query_schema = get_schemas(endpoint)
        query = self._parse_query(query_schema)
        if not query.is_checked_by_model:
            query.check()
        self.ignored_fields = query.get_ignored_fields()
        if payload_schema:
            self._receive(payload_schema, query, endpoint.routing)
        for name, value in (("received", self.received), ("query", query)):
            if name in annotations:
                self.request.params[name] = value
        if endpoint.routing["kind"] != "create":
            self._use_accepted_language()
        # Before all other post-commit hooks, because some of them may fail.
        self.request.env.cr.postcommit.add(self._mark_as_committed)
        try:
            result = self.request.registry["ir.http"]._dispatch(endpoint)
            self.request.env.cr.flush()  # as Odoo does next: it may meet others, too
        except psycopg2.OperationalError as error:
            cr = self.request.env.cr
            if cr.readonly and cr.closed:
                # Odoo runs the request again, on the primary.
                raise ReadOnlySqlTransaction("The replica has gone") from error
            raise
        self.response = self._render(result)
        return self.response

    def _parse_query(self, schema):
        httprequest = self.request.httprequest
        if self.received:
            schema = self.received.client._get_schema(schema)
        is_encoded = httprequest.query_string.isascii()
        return schema.parse_query(httprequest.args, is_encoded)

    def _receive_head(self, query, kind):
        """Receive address and headers, before anything is refused: a dry run counts as
        none of the refused requests, and a request that is sent again keeps its kind.
        """
        received, httprequest = self.received, self.request.httprequest
        if kind != "create":  # requests for new leads share one address
            received.kind = kind
            path, text = httprequest.path.partition("/api/v1/")[2], query.to_text()
            received.route = f"{httprequest.method} /{path}{text and f'?{text}'}"
            if "If-Match" in httprequest.headers:
                received.if_match = httprequest.if_match
        prefers = prefers_dry_run(httprequest.headers)
        received.is_dry_run = query.is_dry_run or prefers
        received.idempotency_key = get_idempotency_key(httprequest)

    def _receive(self, schema, query, routing):
        """Receive the payload of a request, and the headers for the engine."""
        received, httprequest = self.received, self.request.httprequest
        client = received.client
        self._receive_head(query, routing["kind"])
        if schema is ReceivedFile and not self.file:
            # A request that Odoo runs again keeps the file.
            self.file = receive_file(self.request, routing["file"])
            received.data = self.file.to_data()  # as it was declared
        if self.file:
            received.payload = self.file
            received.body = to_json(received.data)
            return
        schema = client._get_schema(schema)
        depth = self.request.env["ir.config_parameter"]._get_lead_api_int("max_depth")
        depth += routing["nesting"]
        data, text = parse_body(httprequest, schema, depth, routing["takes_forms"])
        if self.is_body_kept:
            received.data, received.body = data, text
        received.unknown_codes.clear()  # of an earlier attempt
        received.payload = client._parse(schema, data, received.unknown_codes)
        self.ignored_fields += received.payload.get_ignored_fields()
        received.ignored_fields = self.ignored_fields

    def _use_accepted_language(self):
        """Use the accepted language for names, if the database has it. Not for new
        leads: their texts are in the language of the client's user."""
        is_wanted = "Accept-Language" in self.request.httprequest.headers
        installed = dict(self.request.env["res.lang"].get_installed())
        if is_wanted and self.lang in installed:
            self.request.update_context(lang=self.lang)

    # ------------------------------------------------------------ answering

    def _render(self, result):
        if isinstance(result, Outcome):
            self.ignored_fields = [*self.ignored_fields, *result.ignored_fields]
            return self._make_response(result.body, result.status, result.headers)
        if isinstance(result, Response):
            self._finish(result)
        else:
            headers = {**PRIVATE, **result.get_headers()}
            result = self._make_response(result.to_body(), HTTPStatus.OK, headers)
        result.add_etag()  # of the body, if there is none of a record
        # A 304 for what the client already has. If-Match is for requests that write:
        # werkzeug would answer a read with a 412, and the body of a success.
        environ = self.request.httprequest.environ
        return result.make_conditional({**environ, "HTTP_IF_MATCH": ""})

    def _mark_as_committed(self):
        self.is_committed = True
        # Odoo's own count, which Odoo resets when it writes its log line
        self.queries = threading.current_thread().query_count

    def handle_error(self, exc):
        if self.is_committed and self.response:
            # The records are there: only a mail or a notice about them has failed.
            return self.response
        registry = self.request.registry
        if registry is not None and "crm.lead.api.client" not in registry:
            # In this database the addon is not installed.
            return HttpDispatcher(self.request).handle_error(exc)
        if not self.request.db and isinstance(exc, NotFound):
            exc = self._explain_missing_database()
        body, status, headers = describe_error(exc, self.lang)
        if update := self._find_update(exc, status):
            return self._make_response(*describe_error(update, self.lang))
        if status == HTTPStatus.INTERNAL_SERVER_ERROR:
            reference = body["reference"]
            _logger.error("Reference %s: request %s", reference, self.request_id)
        # Requests that only read are not in the log.
        if self.received and self.request.httprequest.method not in ("GET", "HEAD"):
            self._log_after_rollback(status, body, exc)
        if self.has_legacy_errors and status == HTTPStatus.UNPROCESSABLE_ENTITY:
            body, status = to_legacy_error(body)
        return self._make_response(body, status, headers)

    def _explain_missing_database(self):
        """Return the reason why Odoo has no database for a request, as an exception."""
        name = self.database or self.request.httprequest.headers.get("X-Odoo-Database")
        databases = []  # as if PostgreSQL were away
        with suppress(PoolError):
            databases = db_list(force=True)
        is_known = name in databases if name else len(databases) == 1
        if is_known or not databases:
            return ServiceUnavailable()
        return malformed(
            _lt("Name a database of this server in the header X-Odoo-Database.")
        )

    def _find_update(self, exc, status):
        """Return an exception for a 503, if an error comes while database and code do
        not fit together, and may come from that."""
        request, name = self.request, self.request.db or self.database
        may_come_from_it = (
            status == HTTPStatus.INTERNAL_SERVER_ERROR
            or not request.db  # its registry cannot be loaded
            # of a column that the code does not know
            or isinstance(exc.__cause__, psycopg2.IntegrityError)
        )
        is_asked = may_come_from_it and name
        return is_asked and explain_error(exc, name, request.registry, request.env)

    def _log_after_rollback(self, status, body, exc):
        """Roll back, and log a request that was refused, dry, or ended by an error."""
        # Long bodies, with many people in them, are not kept.
        if self.is_body_kept and not self.received.body:
            self.received.body = read_text(self.request.httprequest)
        env, received = self.request.env, self.received
        if env is None:  # Odoo has closed the cursor: the first answer failed
            return
        try:
            env.cr.rollback()
            env["crm.lead.api.request"]._log(received, status, body, exc)
            codes = env["crm.lead.api.code"]
            codes._keep_unknown(received.client, received.unknown_codes)
            env.cr.commit()  # pylint: disable=invalid-commit
        except Exception as error:  # of the database, or of any addon
            _logger.error(
                "Request %s, answered with %s, is not in the lead API's log: %s",
                self.request_id,
                status,
                type(error).__name__,
                # The text of a database error may have personal data.
                exc_info=not isinstance(error, psycopg2.Error),
            )

    def _make_response(self, body, status, headers):
        headers = dict(headers)  # a copy: other responses may share the given headers
        if self.ignored_fields:
            headers["X-Ignored-Fields"] = format_ignored_fields(self.ignored_fields)
        # Not request.make_json_response: it counts characters, not bytes, for the
        # Content-Length, which cuts Vietnamese short.
        response = Response(
            to_json(body).encode(),
            status=status,
            headers=headers,
            content_type="application/json; charset=utf-8",
        )
        self._finish(response)
        return response

    def _finish(self, response):
        self.queries = threading.current_thread().query_count
        response.headers["X-Request-Id"] = self.request_id
        if self.received and self.received.is_test:
            response.headers["X-Mode"] = TEST
        if self.rate:
            response.headers.update(self.rate.to_headers())
        response.call_on_close(lambda: self._end(response.status_code))

    def _end(self, status):
        """Write a line to Odoo's log, without personal data."""
        start = threading.current_thread().perf_t0
        _logger.info(
            "served operation=%s request=%s client=%s status=%s ms=%.0f queries=%s",
            self.operation,
            self.request_id,
            self.received.client.id if self.received else "-",
            status,
            (time.time() - start) * 1000,
            self.queries,
        )
        if self.file:
            self.file.file.close()
