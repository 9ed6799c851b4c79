# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Bytes in, a schema to the endpoint; a schema or an exception out, JSON back."""

import inspect
import logging
import re
import uuid
from functools import cached_property
from http import HTTPStatus
from urllib.parse import quote

import psycopg2
from werkzeug.exceptions import HTTPException, TooManyRequests

from odoo.http import Dispatcher, Response
from odoo.tools.translate import LazyTranslate

from ..call import Call
from ..exceptions import MalformedRequestError
from ..json_body import to_json
from ..rate import Rate
from ..token_text import TOKEN
from .error_answer import describe_error
from .request_body import MEDIA_TYPE, parse_body

_lt = LazyTranslate(__name__, default_lang="en_US")
_logger = logging.getLogger(__name__)

LANGUAGES = {"en": "en_US", "vi": "vi_VN"}
MAX_IGNORED_HEADER = 1024  # bytes
IDEMPOTENCY_KEY = re.compile(r"[!-~]{1,255}")
SANE_REQUEST_ID = re.compile(r"[\w.:/+=@-]{1,128}", re.ASCII)


class LeadApiDispatcher(Dispatcher):
    """Serves the routes of ``type="lead_api"``.

    The endpoint takes the request's body as its ``payload``, an instance of the schema
    that the parameter is annotated with, and returns a schema.
    """

    routing_type = "lead_api"
    mimetypes = (MEDIA_TYPE,)
    call: Call | None = None
    rate: Rate | None = None
    ignored_fields: list[str] = []
    response: Response | None = None
    is_committed = False
    is_counted = False

    @classmethod
    def is_compatible_with(cls, request):
        # Media types are judged in dispatch(): there a 415 is answered in JSON.
        return True

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

    def begin_call(self, token, address: str) -> None:
        """Let a call in whose token is valid, if its client may call now.

        :param token: ``crm.lead.api.token``
        :param address: the caller's
        :raise ClientRefusedError: not now, or not from there
        :raise TooManyRequests: the client has made as many as it may in a minute
        """
        env = self.request.env
        # What is refused here is read too, for the log.
        self.request.httprequest.max_content_length = (
            env["ir.config_parameter"]._get_lead_api_int("max_body") * 1024
        )
        if not self.call:
            self.call = Call(
                token.client_id, self.request_id, token=token, address=address
            )
        self.call.client._check_call(address)
        if not self.is_counted:  # else Odoo runs the request again: it is one call
            self.rate = env["crm.lead.api.rate"]._count_call(token.client_id)
            self.is_counted = True
        if self.rate and self.rate.is_exceeded:
            raise TooManyRequests(retry_after=self.rate.reset)

    def dispatch(self, endpoint, args):
        # First of all that is done after the commit, for some of it may fail.
        self.request.env.cr.postcommit.add(self._mark_as_committed)
        schema = inspect.get_annotations(endpoint.original_endpoint)["payload"]
        parameters = self.request.env["ir.config_parameter"]
        data = parse_body(
            self.request.httprequest, parameters._get_lead_api_int("max_depth")
        )
        payload = self.call.client._parse(schema, data)
        self.ignored_fields = payload.get_ignored_fields()
        # A dict, because other addons read it.
        self.request.params = {**args, "payload": payload}
        self.call.idempotency_key = self._get_idempotency_key()
        self.call.body = self._read_body()
        requests = self.request.env["crm.lead.api.request"]
        _entry, body, is_replayed = requests._serve(
            self.call,
            data,
            payload,
            lambda _payload: self.request.registry["ir.http"]._dispatch(endpoint),
        )
        headers = {"Idempotency-Replayed": "true"} if is_replayed else {}
        self.response = self._make_response(body, HTTPStatus.OK, headers)
        return self.response

    def _get_idempotency_key(self):
        """Return the caller's ``Idempotency-Key``, or ``""``."""
        key = self.request.httprequest.headers.get("Idempotency-Key", "").strip()
        if key and not IDEMPOTENCY_KEY.fullmatch(key):
            raise MalformedRequestError(
                _lt(
                    "Send an Idempotency-Key of at most 255 visible ASCII characters, "
                    "without spaces."
                )
            )
        return key

    def _mark_as_committed(self):
        self.is_committed = True

    def handle_error(self, exc):
        if self.is_committed:
            # The lead is there: a mail or a notice about it could not be sent.
            return self.response
        body, status, headers = describe_error(exc, self.lang)
        if status == HTTPStatus.INTERNAL_SERVER_ERROR:
            _logger.error(
                "Reference %s: request %s", body["reference"], self.request_id
            )
        body = to_json(body)
        if self.call:
            self._log_failure(status, body)
        return self._make_response(body, status, headers)

    def _log_failure(self, status, body):
        """Write the log's entry after the transaction has failed."""
        self.call.body = self._read_body()
        cr = self.request.env.cr
        try:
            cr.rollback()
            self.request.env["crm.lead.api.request"]._log(
                self.call,
                status,
                body,
                ignored_fields=", ".join(self.ignored_fields),
            )
            cr.commit()  # pylint: disable=invalid-commit
        except psycopg2.Error as error:
            _logger.error(
                "Request %s, answered with %s, is not in the lead API's log: %s",
                self.request_id,
                status,
                type(error).__name__,
            )

    def _read_body(self):
        """Return the body as a text, or ``""`` where it is too long to be read."""
        try:
            return self.request.httprequest.get_data().decode(errors="replace")
        except HTTPException:
            return ""

    def _make_response(self, body, status, headers):
        headers = {**headers, "X-Request-Id": self.request_id}
        if self.rate:
            headers |= self.rate.to_headers()
        if self.ignored_fields:
            headers["X-Ignored-Fields"] = format_ignored_fields(self.ignored_fields)
        # Not request.make_json_response: it counts characters, not bytes, for the
        # Content-Length, which cuts Vietnamese short.
        return Response(
            body.encode(),
            status=status,
            headers=headers,
            content_type="application/json; charset=utf-8",
        )


def format_ignored_fields(paths: list[str]) -> str:
    """Return attribute paths as a header's value: percent-encoded, and cut if long."""
    value = ", ".join(quote(path, errors="replace") for path in paths)
    if len(value) > MAX_IGNORED_HEADER:
        value = value[:MAX_IGNORED_HEADER]
        value = (value.rpartition(", ")[0] or value) + ", ..."
    return value
