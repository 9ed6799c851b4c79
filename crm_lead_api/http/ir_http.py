# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import re
from contextlib import suppress

from psycopg2.errors import OperationalError, UndefinedTable
from werkzeug.exceptions import (
    HTTPException,
    MethodNotAllowed,
    NotFound,
    ServiceUnavailable,
    TooManyRequests,
)

from odoo import SUPERUSER_ID, models
from odoo.http import HttpDispatcher, request

from ..exceptions import ClientRefusedError, InvalidTokenError, UnknownPathError
from ..tools.mode import TEST_CONTEXT
from ..tools.primary import use_primary
from ..tools.token_text import Refusal
from ..tools.update import check_code, keep_loaded_code
from .api_path import API_PATH, NEAR_API_PATH
from .dispatcher import LeadApiDispatcher
from .patches.request_handler import IS_COMPLETE
from .routes import NAMES_OF_ODOO, TENANT

BEARER = re.compile(r"bearer\s+(\S+)", re.IGNORECASE)
# Parameters in which some programs send a token; none is read from there.
TOKEN_PARAMETERS = frozenset(("access_token", "api_key", "token"))


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    def _register_hook(self):
        super()._register_hook()
        if not self.env.registry.ready:  # not again when a custom field is added
            keep_loaded_code(self.env.registry, self.env.cr)

    @classmethod
    def _match(cls, path_info):
        """Find the route of a request.

        Another addon's routes below ``/api/v1`` are answered by that addon, even if a
        route does not take the method. An address without a route gets a 404 in JSON.

        :raise AnswerError: database and code do not fit together (503)
        """
        if not API_PATH.fullmatch(path_info):
            return super()._match(path_info)
        is_own = path_info == request.httprequest.path
        if is_own and not isinstance(request.dispatcher, LeadApiDispatcher):
            # The request came before the server had loaded the patch: see http/patches.
            request.dispatcher = LeadApiDispatcher(request)
        method = request.httprequest.method
        try:
            rule, args = super()._match(path_info)
        except HTTPException as error:
            check_code(request.registry, request.env.cr)
            if isinstance(error, NotFound):
                raise
            if methods := cls._find_lead_api_methods(path_info):
                raise MethodNotAllowed(methods) from error
            # Odoo redirects a browser to the page in its language, even without a page.
            if not cls._has_route(path_info) and not cls._has_page(path_info):
                raise UnknownPathError() from error
            request.dispatcher = HttpDispatcher(request)
            raise
        routing = rule.endpoint.routing
        if routing["type"] != LeadApiDispatcher.routing_type:
            if path_info.split("/")[1] in NAMES_OF_ODOO:
                if methods := cls._find_lead_api_methods(path_info):
                    raise MethodNotAllowed(methods)
            request.dispatcher = HttpDispatcher(request)
            return rule, args
        check_code(request.registry, request.env.cr)
        if method not in routing["methods"]:
            # Odoo adds OPTIONS to every route, for CORS, which the lead API lacks.
            raise MethodNotAllowed(cls._find_lead_api_methods(path_info))
        args.pop(TENANT, None)
        return rule, args

    @classmethod
    def _find_lead_api_methods(cls, path_info):
        """Return the methods that an address of the lead API takes, sorted; none: the
        address does not belong to the lead API."""
        urls, methods = cls._bind_routes(), set()
        for method in ("GET", "POST", "PATCH", "PUT"):
            with suppress(HTTPException):
                rule, _args = urls.match(path_info, method, return_rule=True)
                routing = rule.endpoint.routing
                if routing["type"] == LeadApiDispatcher.routing_type:
                    methods.update(routing["methods"])
        if methods:  # another addon may take more methods at this address
            methods.update(urls.allowed_methods(path_info))
        return sorted(methods - {"OPTIONS"})

    @classmethod
    def _has_route(cls, path_info):
        """Tell whether an address has a route, for any method."""
        urls = cls._bind_routes()
        try:
            urls.match(path_info, return_rule=True)
        except NotFound:
            return False
        except MethodNotAllowed as error:
            # Only in this case werkzeug takes a// for a/. It also names the methods of
            # routes that refuse the address, because its number is out of range.
            return "//" not in path_info and any(
                cls._takes(urls, path_info, method) for method in error.valid_methods
            )
        except HTTPException:
            # Up to 3.0.1 werkzeug redirects a// to a/, whatever Odoo tells it.
            return "//" not in path_info
        return True

    @classmethod
    def _takes(cls, urls, path_info, method):
        try:
            urls.match(path_info, method, return_rule=True)
        except (NotFound, MethodNotAllowed):
            return False
        except HTTPException:
            return True  # a redirect leads to the route
        return True

    @classmethod
    def _has_page(cls, path_info):
        """Tell whether an address begins with a language that a route follows."""
        env = request.env(user=SUPERUSER_ID)
        _slash, name, rest = path_info.split("/", 2)
        code = env["res.lang"]._get_data(url_code=name).code or name
        language = env["ir.http"].get_nearest_lang(code)
        return bool(language) and cls._has_route(f"/{rest}")

    @classmethod
    def _bind_routes(cls):
        routes = request.env["ir.http"].routing_map()
        return routes.bind_to_environ(request.httprequest.environ)

    @classmethod
    def _serve_fallback(cls):
        """Serve a page or an attachment where there is no route."""
        path = request.httprequest.path
        if path.endswith("/") and API_PATH.fullmatch(path):
            # A website would redirect to the address without the slash.
            return None
        return super()._serve_fallback()

    @classmethod
    def _handle_error(cls, exception):
        """Name the right address in JSON where a client of the API finds nothing: no
        route, page or attachment of anybody."""
        path = request.httprequest.path
        is_near = isinstance(exception, NotFound) and NEAR_API_PATH.fullmatch(path)
        if is_near and not cls._has_route(path):
            request.dispatcher = LeadApiDispatcher(request)
            return request.dispatcher.handle_error(UnknownPathError())
        return super()._handle_error(exception)

    @classmethod
    def _authenticate(cls, endpoint):
        if endpoint.routing["auth"] not in ("lead_api", "lead_api_optional"):
            return super()._authenticate(endpoint)
        if cls._is_public(endpoint.routing):
            # As the public user, even if the request has a browser's session.
            env = request.env(user=SUPERUSER_ID)
            return request.update_env(user=env.ref("base.public_user").id, context={})
        # Not Odoo's own method: it reads the browser's session, which must not count,
        # and turns a database error, which has to be retried, into a refusal.
        return cls._auth_method_lead_api(endpoint.routing)

    @classmethod
    def _may_use_replica(cls, endpoint):
        """Tell whether a replica of the database may serve a request that reads.

        The primary finds the token, so that rights count at once, and counts the
        request, in one transaction. A client reads what it wrote itself: otherwise the
        primary serves the request. See ``crm.lead.api.horizon``.
        """
        env, dispatcher = request.env(context={}), request.dispatcher
        if not env.cr.readonly:
            return False  # Odoo has no replica, or the replica does not answer
        if cls._is_public(endpoint.routing):
            return True
        text = cls._get_lead_api_token(request.httprequest.headers)
        horizons = env["crm.lead.api.horizon"]
        try:
            horizon, is_near = horizons._read_arrived()
            env.cr.rollback()
        except (OperationalError, UndefinedTable):
            return False  # the replica is ending, or has not yet got the addon
        with use_primary(env) as primary:
            if not is_near:
                primary["crm.lead.api.horizon"]._write_current()
                return False
            access, refusal, news = env["crm.lead.api.token"]._find_valid(
                text, primary, horizons._get_news(horizon)
            )
            if not access.records["token"]:
                cls._refuse(text, refusal, primary)
            if news["is_due"]:
                primary["crm.lead.api.horizon"]._write_current()
            if news["ids"] is None:
                return False
            client = access.records["client"]
            with suppress(ClientRefusedError):  # which admit() raises
                client._check_request(request.httprequest.remote_addr)
                dispatcher.count(primary, client)
        if any(news["ids"].values()):
            # A page of changes shows none that is later than the horizon.
            if dispatcher.reads_changes(endpoint) or not horizons._has(news["ids"]):
                return False
        dispatcher.access = access
        return True

    @classmethod
    def _is_public(cls, routing):
        """Tell whether a request needs no token, and has none."""
        return routing["auth"] == "lead_api_optional" and not cls._get_lead_api_token(
            request.httprequest.headers
        )

    @classmethod
    def _auth_method_lead_api(cls, routing):
        """Run the request as the token's user, in the user's language and time zone.

        :param dict routing: of the route, see :func:`api_route`
        :raise InvalidTokenError: the token is missing or wrong, for whatever reason
        :raise ServiceUnavailable: the server may have dropped the token's header
        :raise TooManyRequests: the address, or the client, has to wait
        :raise ClientRefusedError: the client is paused, or the address is not allowed
        """
        text = cls._get_lead_api_token(request.httprequest.headers)
        # Without the context of a browser's session, which includes its language
        env = request.env(context={})
        if env.cr.readonly:
            access = request.dispatcher.access
        else:
            access, refusal, _news = env["crm.lead.api.token"]._find_valid(text)
            if not access.records["token"]:
                cls._refuse(text, refusal, env)
        # Again without the context of a browser's session
        request.update_env(user=access.records["user"].id, context={})
        request.update_context(**request.env.user.context_get())
        if access.records["token"].is_test:
            request.update_context(**TEST_CONTEXT)
        request.dispatcher.admit(access, request.httprequest.remote_addr, routing)

    @classmethod
    def _refuse(cls, text, refusal, env):
        """Count and refuse a request without a valid token.

        :param str text: the token as sent
        :param str refusal: the reason
        :param env: the environment of the primary database
        :raise InvalidTokenError: always, unless one of the others is raised
        :raise ServiceUnavailable: the server may have dropped the token's header
        :raise TooManyRequests: the address has to wait
        """
        if not text and cls._may_have_lost_a_header():
            raise ServiceUnavailable()
        # As superuser, because without a valid token there is no user.
        refusals = env(user=SUPERUSER_ID)["crm.lead.api.refusal"]
        address = request.httprequest.remote_addr
        if seconds := refusals._count_refusal(address, bool(text)):
            raise TooManyRequests(retry_after=seconds)
        raise InvalidTokenError(cls._get_refusal(text, refusal))

    @classmethod
    def _get_lead_api_token(cls, headers):
        """Return the token in the headers, or ``""``."""
        if bearer := BEARER.fullmatch(headers.get("Authorization", "").strip()):
            return bearer[1]
        # The client's header access_token arrives here, too: see http/patches.
        return headers.get("access-token", "").strip()

    @classmethod
    def _get_refusal(cls, text, refusal):
        """Return the reason for a 401; ``""`` if no token was sent.

        :param str text: of the token
        :param str refusal: the reason, if a token was sent where it belongs
        """
        if text:
            return refusal
        headers, args = request.httprequest.headers, request.httprequest.args
        if headers.get("Authorization", "").strip():
            return Refusal.NO_BEARER
        is_elsewhere = "X-Api-Key" in headers or not TOKEN_PARAMETERS.isdisjoint(args)
        return Refusal.ELSEWHERE if is_elsewhere else ""

    @classmethod
    def _may_have_lost_a_header(cls):
        """Tell whether Odoo's own server took the request before it had loaded the
        patch for the header ``access_token``.

        The client has to try again, and must not take its token for invalid.
        """
        environ = request.httprequest.environ
        is_odoo_server = environ.get("SERVER_SOFTWARE", "").startswith("Werkzeug/")
        return is_odoo_server and IS_COMPLETE not in environ
