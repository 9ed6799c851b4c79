# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from functools import cached_property

from werkzeug.exceptions import TooManyRequests

from ..models.request.received_request import ReceivedRequest
from ..tools.json_body import to_json
from ..tools.rate import Rate
from ..tools.received_file import ReceivedFile
from .headers import get_idempotency_key, get_lang, get_request_id, prefers_dry_run
from .request_body import (
    get_max_size,
    parse_body,
    parse_query,
    read_text,
    receive_file,
)


class Receiver:
    """Receive a request for the dispatcher: its token, query and payload."""

    received: ReceivedRequest | None = None
    rate: Rate | None = None
    has_legacy_errors = False
    is_body_kept = True
    access = None
    is_counted = False
    file: ReceivedFile | None = None

    def __init__(self, request):
        super().__init__(request)
        self.ignored_fields: list[str] = []

    @cached_property
    def request_id(self) -> str:
        return get_request_id(self.request.httprequest.headers)

    @cached_property
    def lang(self) -> str:
        return get_lang(self.request.httprequest.accept_languages)

    def count(self, primary, client) -> None:
        """Count a request, once, even if Odoo runs it again.

        :param primary: the environment of the primary database
        :param client: ``crm.lead.api.client``
        """
        if not self.is_counted:
            self.rate = primary["crm.lead.api.rate"]._count_request(client)
            self.is_counted = True

    def admit(self, access, address: str, routing: dict) -> None:
        """Admit a request with a valid token, if its client may send requests now.

        :param access: the records that ``crm.lead.api.token._find_valid`` has found
        :param address: of the sender, IPv4 or IPv6
        :param routing: of the route, see :func:`api_route`
        :raise ClientRefusedError: the client is paused, or the address is not allowed
        :raise TooManyRequests: the client has used up its requests of this minute
        """
        env, token = self.request.env, access.records["token"]
        client = access.records["client"]
        # Refused requests are read too, for the log.
        self.request.httprequest.max_content_length = get_max_size(env, routing)
        self.is_body_kept = routing["max_body_factor"] == 1 and not routing["file"]
        if not self.received or self.received.client.env.cr is not env.cr:
            self.received = ReceivedRequest(
                client,
                self.request_id,
                self.lang,
                token=token,
                is_test=token.is_test,
                address=address,
            )
        self.has_legacy_errors = client.has_legacy_errors
        client._check_request(address)
        self.count(env, client)
        access.fill_cache()
        if self.rate and self.rate.is_exceeded:
            raise TooManyRequests(retry_after=self.rate.reset)

    def _parse_query(self, schema):
        """Parse the query by the client's variant of a route's schema."""
        if self.received:
            schema = self.received.client._get_schema(schema)
        query = parse_query(self.request.httprequest, schema)
        self.ignored_fields = query.get_ignored_fields()
        return query

    def _receive(self, schema, query, routing):
        """Receive the payload of a request, and the headers for the engine.

        :param schema: of the payload
        :param Query query: as parsed
        :param dict routing: of the route, see :func:`api_route`
        """
        received, httprequest = self.received, self.request.httprequest
        received.keep_route(httprequest, routing["kind"], query)
        if schema is ReceivedFile and not self.file:
            # A request that Odoo runs again keeps the file.
            self.file = receive_file(self.request, routing["file"])
        received.idempotency_key = get_idempotency_key(httprequest)
        if self.file:
            received.payload, received.data = self.file, self.file.to_data()
            received.body = to_json(received.data)
        else:
            received.payload = self._parse_payload(schema, routing)
            self.ignored_fields += received.payload.get_ignored_fields()
            received.ignored_fields = self.ignored_fields
        prefers = prefers_dry_run(httprequest.headers)
        received.is_dry_run = query.is_dry_run or prefers

    def _parse_payload(self, schema, routing):
        """Parse the body by the client's variant of a route's schema.

        :return: an instance of the schema, with or without errors
        """
        received, httprequest = self.received, self.request.httprequest
        schema = received.client._get_schema(schema)
        parameters = self.request.env["ir.config_parameter"]
        max_depth = parameters._get_lead_api_int("max_depth") + routing["nesting"]
        data = parse_body(httprequest, schema, max_depth, routing["takes_forms"])
        if self.is_body_kept:
            received.data, received.body = data, read_text(httprequest, data)
        return received.client._parse(schema, data, received.unknown_codes)

    def _use_accepted_language(self):
        """Use the accepted language for names, if the database has the language.

        Not for new leads: their texts are in the language of the client's user.
        """
        is_wanted = "Accept-Language" in self.request.httprequest.headers
        installed = dict(self.request.env["res.lang"].get_installed())
        if is_wanted and self.lang in installed:
            self.request.update_context(lang=self.lang)
