# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Turn bytes into the payload of a route, and its result or an exception into JSON.

The way of ``POST /api/v1/lead`` through the addon, a line for each step::

    http/patches/request.py       Request._post_init         errors are JSON after it
    http/ir_http.py               IrHttp._match              find the route
    http/ir_http.py               IrHttp._authenticate       find token, client and user
    http/receiver.py              Receiver.admit             networks, pause, rate limit
    http/dispatcher.py            LeadApiDispatcher.dispatch
      http/receiver.py            Receiver._receive          read headers and body:
      http/request_body.py        parse_body                 bytes -> JSON object
      models/access/crm_lead_api_client_payload.py            JSON object -> schema
    controllers/lead.py           LeadController.create_lead
    models/request/crm_lead_api_engine.py    _serve_one      the steps of a request:
      models/request/crm_lead_api_answer.py                  take the key
      models/request/crm_lead_api_engine.py  _replay         repeat a kept answer, or
      models/intake/crm_lead.py   _create_from_payload       schema -> records
        models/intake/crm_lead_records.py                    check the named records
        models/intake/res_partner.py                         find or make the customer
        models/follow_up/         queue the work that may follow the answer
      models/request/crm_lead_api_request.py                 write the log's entry
      models/request/crm_lead_api_answer.py                  keep the answer
    http/dispatcher.py            LeadApiDispatcher._render  outcome -> response
    http/dispatcher.py            LeadApiDispatcher.handle_error, for any exception
      models/request/errors.py    describe_error             exception -> answer
"""

import inspect
import logging
import threading
import time
from collections.abc import Callable
from http import HTTPStatus

import psycopg2
from psycopg2.errors import ReadOnlySqlTransaction
from werkzeug.exceptions import NotFound

from odoo.http import Dispatcher, HttpDispatcher, Response

from ..models.request.errors import describe_error, to_legacy_error
from ..models.request.outcome import Outcome
from ..models.request.received_request import get_schemas
from ..tools import media_type
from ..tools.json_body import to_json
from ..tools.mode import TEST
from ..tools.update import explain_error
from .api_path import API_PATH
from .headers import PRIVATE, format_ignored_fields, make_conditional
from .missing_database import explain_missing_database
from .receiver import Receiver
from .request_body import read_text

_logger = logging.getLogger(__name__)


class LeadApiDispatcher(Receiver, Dispatcher):
    """Serve the routes of ``type="lead_api"``.

    A route's endpoint may take ``received``, the :class:`ReceivedRequest`, and
    ``query``, the part of the address after the question mark. Its annotations have the
    schemas: ``received: ReceivedRequest[LeadChange]`` and ``query: TicketOptions``. It
    returns an :class:`Outcome`, a schema or a response.
    """

    routing_type = "lead_api"
    mimetypes = (media_type.JSON, *media_type.FORMS)
    database: str | None = None
    operation = "-"
    response: Response | None = None
    after_answer: Callable[[], None] | None = None  # may fail without harm
    is_committed = False

    @classmethod
    def is_compatible_with(cls, request):
        # dispatch() checks media types, so that a 415 is in JSON. For other requests
        # Odoo asks only to name the compatible types of routes in an error.
        return bool(API_PATH.fullmatch(request.httprequest.path))

    @staticmethod
    def reads_changes(endpoint) -> bool:
        """Tell whether a route reads pages of records in the order of their changes."""
        annotations = inspect.get_annotations(endpoint.original_endpoint)
        _payload_schema, query_schema = get_schemas(annotations)
        return "updated_since" in query_schema.model_fields

    def dispatch(self, endpoint, args):
        self.operation = endpoint.original_endpoint.__name__
        annotations = inspect.get_annotations(endpoint.original_endpoint)
        # A dict, because other addons read it.
        self.request.params = dict(args)
        payload_schema, query_schema = get_schemas(annotations)
        query = self._parse_query(query_schema)
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
        except psycopg2.OperationalError as error:
            cr = self.request.env.cr
            if cr.readonly and cr.closed:
                # Odoo runs the request again, on the primary.
                raise ReadOnlySqlTransaction("The replica has gone") from error
            raise
        self.response = self._render(result)
        return self.response

    def _render(self, result):
        """Turn a result, which is an outcome, schema or response, into a response."""
        if isinstance(result, Outcome):
            self.after_answer = result.after_answer
            self.ignored_fields = [*self.ignored_fields, *result.ignored_fields]
            return self._make_response(result.body, result.status, result.headers)
        if isinstance(result, Response):
            self._finish(result)
        else:
            headers = {**PRIVATE, **result.get_headers()}
            body = to_json(result.to_body())
            result = self._make_response(body, HTTPStatus.OK, headers)
        result.add_etag()  # of the body, if there is none of a record
        return make_conditional(result, self.request.httprequest.environ)

    def _mark_as_committed(self):
        self.is_committed = True
        self._count_queries()

    def handle_error(self, exc):
        if self.is_committed and self.response:
            # The records are there: only a mail or a notice about them has failed.
            return self.response
        registry = self.request.registry
        if registry is not None and "crm.lead.api.client" not in registry:
            # In this database the addon is not installed.
            return HttpDispatcher(self.request).handle_error(exc)
        if not self.request.db and isinstance(exc, NotFound):
            sent = self.request.httprequest.headers.get("X-Odoo-Database")
            exc = explain_missing_database(self.database or sent)
        body, status, headers = describe_error(exc, self.lang)
        if update := self._find_update(exc, status):
            body, status, headers = describe_error(update, self.lang)
            return self._make_response(to_json(body), status, headers)
        if status == HTTPStatus.INTERNAL_SERVER_ERROR:
            _logger.error(
                "Reference %s: request %s", body["reference"], self.request_id
            )
        # Requests that only read are not in the log.
        if self.received and self.request.httprequest.method not in ("GET", "HEAD"):
            self._log_after_rollback(status, to_json(body))
        if self.has_legacy_errors and status == HTTPStatus.UNPROCESSABLE_ENTITY:
            body, status = to_legacy_error(body)
        return self._make_response(to_json(body), status, headers)

    def _find_update(self, exc, status):
        """Return an exception for a 503, if an error comes while database and code do
        not fit together, and may come from that."""
        may_come_from_it = (
            status == HTTPStatus.INTERNAL_SERVER_ERROR
            or not self.request.db  # its registry cannot be loaded
            # of a column that the code does not know
            or isinstance(exc.__cause__, psycopg2.IntegrityError)
        )
        name = self.request.db or self.database
        if not may_come_from_it or not name:
            return None
        return explain_error(exc, name, self.request.registry, self.request.env)

    def _log_after_rollback(self, status, body):
        """Roll the records back, and log the request: it was refused or a dry run, or a
        fault ended it."""
        # Long bodies, with many people in them, are not kept.
        if self.is_body_kept and not self.received.body:
            self.received.body = read_text(self.request.httprequest)
        env = self.request.env
        if env is None:  # Odoo has closed the cursor: the first answer failed
            return
        try:
            env.cr.rollback()
            env["crm.lead.api.engine"]._log_after_rollback(self.received, status, body)
            env.cr.commit()  # pylint: disable=invalid-commit
        except psycopg2.Error as error:
            _logger.error(
                "Request %s, answered with %s, is not in the lead API's log: %s",
                self.request_id,
                status,
                type(error).__name__,
            )

    def _make_response(self, body, status, headers):
        headers = dict(headers)  # a copy: other responses may share the given headers
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
        if self.received and self.received.is_test:
            response.headers["X-Mode"] = TEST
        if self.rate:
            response.headers.update(self.rate.to_headers())
        response.call_on_close(lambda: self._end(response.status_code))

    def _end(self, status):
        """Write Odoo's log line and run the work for the time after the answer."""
        self._write_line(status)
        if self.file:
            self.file.file.close()
        if self.is_committed and self.after_answer:
            try:
                self.after_answer()
            except psycopg2.Error as error:
                _logger.warning("After the answer: %s", type(error).__name__)

    def _write_line(self, status):
        """Write a line about the request to Odoo's log, without personal data."""
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

    def _count_queries(self):
        # Odoo's own count, which Odoo resets when it writes its log line
        self.queries = threading.current_thread().query_count
