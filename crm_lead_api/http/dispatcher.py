# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Bytes in, a schema to the endpoint; a schema or an exception out, JSON back."""

import inspect
import logging
import re
import threading
import time
import uuid
from collections.abc import Callable
from functools import cached_property
from http import HTTPStatus
from types import MappingProxyType
from urllib.parse import quote

import psycopg2
from werkzeug.exceptions import (
    HTTPException,
    NotFound,
    ServiceUnavailable,
    TooManyRequests,
)

from odoo.http import Dispatcher, HttpDispatcher, Response, db_list
from odoo.sql_db import PoolError
from odoo.tools.translate import LazyTranslate

from ..exceptions import MalformedRequestError, PayloadError
from ..models.request.call import Call
from ..models.request.errors import describe_error, to_legacy_error
from ..schemas import LeadsRequest, LeadsResponse, Query
from ..schemas.error import IMPOSSIBLE_KEY
from ..schemas.value import is_idempotency_key
from ..tools import media_type
from ..tools.json_body import to_json
from ..tools.rate import Rate
from ..tools.token_text import TOKEN
from .request_body import is_form, parse_body, parse_json_body

_lt = LazyTranslate(__name__, default_lang="en_US")
_logger = logging.getLogger(__name__)

# A tenant's name may stand in front; it changes nothing.
API_PATH = re.compile(r"(?:/[^/]+)?/api/v1(?:/.*)?", re.DOTALL)
LANGUAGES = {"en": "en_US", "vi": "vi_VN"}
# Headers of a response to a request that only reads
PRIVATE = MappingProxyType(
    {
        "Cache-Control": "private, no-cache",
        "Vary": "Authorization, Access-Token, Accept-Language",
    }
)
MAX_IGNORED_HEADER = 1024  # bytes
ITEM_DEPTH = 2  # of a lead among many: in a list, in an object
SANE_REQUEST_ID = re.compile(r"[\w.:/+=@-]{1,128}", re.ASCII)


class LeadApiDispatcher(Dispatcher):
    """Serves the routes of ``type="lead_api"``.

    The endpoint takes the request's body as its ``payload`` and what stands after the
    address's question mark as its ``query``, instances of the schemas that the
    parameters are annotated with. It returns the lead that it made from a payload, else
    a schema or a response.
    """

    routing_type = "lead_api"
    mimetypes = (media_type.JSON, *media_type.FORMS)
    database: str | None = None
    operation = "-"
    call: Call | None = None
    rate: Rate | None = None
    response: Response | None = None
    after_answer: Callable[[], None] | None = None  # may fail without harm
    has_legacy_errors = False
    is_body_kept = True
    is_committed = False
    is_counted = False

    def __init__(self, request):
        super().__init__(request)
        self.ignored_fields: list[str] = []

    @classmethod
    def is_compatible_with(cls, request):
        # Media types are judged in dispatch(): there a 415 is answered in JSON. Of all
        # other requests Odoo asks in order to say which types of routes take them.
        return bool(API_PATH.fullmatch(request.httprequest.path))

    @cached_property
    def request_id(self) -> str:
        """The caller's ``X-Request-Id`` where it is sane, else one of ours."""
        sent = self.request.httprequest.headers.get("X-Request-Id", "")
        is_sane = SANE_REQUEST_ID.fullmatch(sent) and not TOKEN.search(sent)
        return sent if is_sane else str(uuid.uuid4())

    @cached_property
    def lang(self) -> str:
        """The language of the texts in the answer, from ``Accept-Language``.

        It need not be installed in the database: the texts are the addon's own.
        """
        # Not best_match(): for "en-GB, vi;q=0.5" that finds vi.
        for language, quality in self.request.httprequest.accept_languages:
            code = language.partition("-")[0].lower()
            if code in LANGUAGES and quality > 0:
                return LANGUAGES[code]
        return LANGUAGES["en"]

    def begin_call(self, access, address: str, max_body_factor: int) -> None:
        """Let a request in whose token is valid, if its client may send one now.

        :param access: of ``crm.lead.api.token._find_valid``
        :param address: the caller's
        :param max_body_factor: how many times as long as others the body may be
        :raise ClientRefusedError: not now, or not from there
        :raise TooManyRequests: the client has made as many as it may in a minute
        """
        env, token = self.request.env, access.records["token"]
        client = access.records["client"]
        # What is refused here is read too, for the log.
        self.request.httprequest.max_content_length = (
            env["ir.config_parameter"]._get_lead_api_int("max_body")
            * 1024
            * max_body_factor
        )
        self.is_body_kept = max_body_factor == 1
        if not self.call:
            self.call = Call(client, self.request_id, token=token, address=address)
        self.has_legacy_errors = client.has_legacy_errors
        client._check_call(address)
        if not self.is_counted:  # else Odoo runs the request again: it is one request
            self.rate = env["crm.lead.api.rate"]._count_call(client)
            self.is_counted = True
            access.fill_cache()
        if self.rate and self.rate.is_exceeded:
            raise TooManyRequests(retry_after=self.rate.reset)

    def dispatch(self, endpoint, args):
        self.operation = endpoint.original_endpoint.__name__
        # First of all that is done after the commit, for some of it may fail.
        self.request.env.cr.postcommit.add(self._mark_as_committed)
        annotations = inspect.get_annotations(endpoint.original_endpoint)
        # A dict, because other addons read it.
        self.request.params = dict(args)
        query = self._parse_query(annotations.get("query", Query))
        if "query" in annotations:
            self.request.params["query"] = query
        if schema := annotations.get("payload"):
            is_bulk = issubclass(schema, LeadsRequest)
            serve = self._serve_payloads if is_bulk else self._serve_payload
            self.call.is_dry_run = (
                query.is_dry_run or "dry-run" in self._get_preferences()
            )
            self.response = serve(endpoint, schema)
        else:
            self.response = self._serve_query(endpoint)
        return self.response

    def _parse_query(self, schema):
        """Read what stands after the address's question mark."""
        query = schema.parse_query(self.request.httprequest.args)
        if errors := query.get_errors():
            raise PayloadError(schema.sort_errors(errors))
        self.ignored_fields = query.get_ignored_fields()
        return query

    def _serve_query(self, endpoint):
        """Answer a request that changes nothing."""
        self._use_accepted_language()
        result = self.request.registry["ir.http"]._dispatch(endpoint)
        if not isinstance(result, Response):
            body = to_json(result.to_body())
            result = self._make_response(body, HTTPStatus.OK, PRIVATE)
        else:
            self._finish(result)
        result.add_etag()
        return result.make_conditional(self.request.httprequest.environ)

    def _use_accepted_language(self):
        """Let names be in the caller's language, where the database has it."""
        is_wanted = "Accept-Language" in self.request.httprequest.headers
        installed = dict(self.request.env["res.lang"].get_installed())
        if is_wanted and self.lang in installed:
            self.request.update_context(lang=self.lang)

    def _serve_payload(self, endpoint, schema):
        """Answer a request that makes something."""
        self.call.idempotency_key = self._get_idempotency_key()
        schema = self.call.client._get_schema(schema)
        data = parse_body(self.request.httprequest, schema, self._get_max_depth())
        self.call.data, self.call.body = data, self._read_body(data)
        payload = self.call.client._parse(schema, data, self.call.unknown_codes)
        self.call.payload = payload
        self.ignored_fields += payload.get_ignored_fields()
        self.call.ignored_fields = self.ignored_fields
        requests = self.request.env["crm.lead.api.request"]
        _entry, outcome = requests._serve(
            self.call, lambda payloads: [self._call(endpoint, payloads[0])]
        )
        headers = {"Idempotency-Replayed": "true"} if outcome.is_replayed else {}
        if outcome.lead_state:
            headers["X-Lead-State"] = outcome.lead_state
        return self._make_response(outcome.body, HTTPStatus.OK, headers)

    def _serve_payloads(self, endpoint, schema):
        """Answer a request that makes many things, each with an answer of its own."""
        if self.request.httprequest.headers.get("Idempotency-Key", "").strip():
            raise MalformedRequestError(
                _lt(
                    "This address takes no Idempotency-Key: put an idempotency_key "
                    "into each lead."
                )
            )
        data = parse_json_body(
            self.request.httprequest, self._get_max_depth() + ITEM_DEPTH
        )
        payload = schema.parse(data)
        if errors := payload.get_errors():
            raise PayloadError(schema.sort_errors(errors))
        self.call.ignored_fields = self.ignored_fields + payload.get_ignored_fields()
        results = self.request.env["crm.lead.api.request"]._serve_many(
            self.call,
            payload.leads,
            lambda leads: self._call(
                endpoint, payload.model_copy(update={"leads": leads})
            ),
            self.lang,
            bool(payload.atomic),
        )
        self.ignored_fields = self.call.ignored_fields
        headers = {"Preference-Applied": "dry-run"} if self.call.is_dry_run else {}
        body = to_json(LeadsResponse.from_results(results))
        return self._make_response(body, HTTPStatus.OK, headers)

    def _call(self, endpoint, payload):
        self.request.params["payload"] = payload
        return self.request.registry["ir.http"]._dispatch(endpoint)

    def _get_max_depth(self):
        parameters = self.request.env["ir.config_parameter"]
        return parameters._get_lead_api_int("max_depth")

    def _get_preferences(self):
        """Return what the caller prefers, without values; see RFC 7240."""
        prefer = self.request.httprequest.headers.get("Prefer", "")
        return [re.split("[;=]", each)[0].strip().lower() for each in prefer.split(",")]

    def _get_idempotency_key(self):
        """Return the caller's ``Idempotency-Key``, or ``""``."""
        key = self.request.httprequest.headers.get("Idempotency-Key", "").strip()
        if key and not is_idempotency_key(key):
            raise MalformedRequestError(IMPOSSIBLE_KEY)
        return key

    def _mark_as_committed(self):
        self.is_committed = True
        self._count_queries()

    def handle_error(self, exc):
        if self.is_committed and self.response:
            # The lead is there: a mail or a notice about it could not be sent.
            return self.response
        registry = self.request.registry
        if registry is not None and "crm.lead.api.client" not in registry:
            # In this database the addon is not installed.
            return HttpDispatcher(self.request).handle_error(exc)
        if not self.request.db and isinstance(exc, NotFound):
            exc = self._explain_missing_database()
        body, status, headers = describe_error(exc, self.lang)
        if status == HTTPStatus.INTERNAL_SERVER_ERROR:
            _logger.error(
                "Reference %s: request %s", body["reference"], self.request_id
            )
        # Calls that only read are not in the log.
        if self.call and self.request.httprequest.method == "POST":
            self._log_failure(status, to_json(body))
        if self.has_legacy_errors and status == HTTPStatus.UNPROCESSABLE_ENTITY:
            body, status = to_legacy_error(body)
        return self._make_response(to_json(body), status, headers)

    def _explain_missing_database(self):
        """Return why Odoo has no database for the request."""
        try:
            databases = db_list(force=True)
        except PoolError:
            databases = []  # as where PostgreSQL is away
        name = self.database or self.request.httprequest.headers.get("X-Odoo-Database")
        is_known = name in databases if name else len(databases) == 1
        if is_known or not databases:
            return ServiceUnavailable()
        return MalformedRequestError(
            _lt("Name a database of this server in the header X-Odoo-Database.")
        )

    def _log_failure(self, status, body):
        """Write the log's entry after the transaction has failed."""
        # Of many leads nothing is kept: nobody would find a person among them.
        if self.is_body_kept:
            self.call.body = self.call.body or self._read_body()
        cr = self.request.env.cr
        try:
            cr.rollback()
            self.request.env["crm.lead.api.request"]._log(
                self.call,
                status,
                body,
            )
            self.request.env["crm.lead.api.code"]._keep_unknown(
                self.call.client, self.call.unknown_codes
            )
            cr.commit()  # pylint: disable=invalid-commit
        except psycopg2.Error as error:
            _logger.error(
                "Request %s, answered with %s, is not in the lead API's log: %s",
                self.request_id,
                status,
                type(error).__name__,
            )

    def _read_body(self, data=None):
        """Return the body as a text, or ``""`` where it is too long to be read.

        :param dict data: what it says, which for a form is kept as JSON
        """
        httprequest = self.request.httprequest
        if data and is_form(httprequest):
            return to_json(data)
        try:
            return httprequest.get_data().decode(errors="replace")
        except HTTPException:
            return ""

    def _make_response(self, body, status, headers):
        headers = dict(headers)  # the given ones may be those of other responses, too
        if self.rate:
            headers |= self.rate.to_headers()
        if self.ignored_fields:
            headers["X-Ignored-Fields"] = format_ignored_fields(self.ignored_fields)
        # Not request.make_json_response: it counts characters, not bytes, for the
        # Content-Length, which cuts Vietnamese short.
        response = Response(
            body.encode(),
            status=status,
            headers=headers,
            content_type="application/json; charset=utf-8",
        )
        self._finish(response)
        return response

    def _finish(self, response):
        self._count_queries()
        response.headers["X-Request-Id"] = self.request_id
        # Once it is sent
        response.call_on_close(lambda: self._end_call(response.status_code))

    def _end_call(self, status):
        self._log_call(status)
        if self.is_committed and self.after_answer:
            try:
                self.after_answer()
            except psycopg2.Error as error:
                _logger.warning("After the answer: %s", type(error).__name__)

    def _log_call(self, status):
        """Write a line about the call to Odoo's log, without personal data."""
        start = threading.current_thread().perf_t0
        _logger.info(
            "call operation=%s request=%s client=%s status=%s ms=%.0f queries=%s",
            self.operation,
            self.request_id,
            self.call.client.id if self.call else "-",
            status,
            (time.time() - start) * 1000,
            self.queries,
        )

    def _count_queries(self):
        # Odoo's own count, which it forgets when it writes its line
        self.queries = threading.current_thread().query_count


def format_ignored_fields(paths: list[str]) -> str:
    """Return attribute paths as a header's value: percent-encoded, and cut if long."""
    value = ", ".join(quote(path, errors="replace") for path in paths)
    if len(value) > MAX_IGNORED_HEADER:
        value = value[:MAX_IGNORED_HEADER]
        value = (value.rpartition(", ")[0] or value) + ", ..."
    return value
