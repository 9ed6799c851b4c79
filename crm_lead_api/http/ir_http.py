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
)

from odoo import SUPERUSER_ID, models
from odoo.http import HttpDispatcher, request

from ..exceptions import INVALID_TOKEN, UNKNOWN_PATH, AnswerError
from ..schemas.value import MAX_ID
from ..tools.token_text import Refusal
from ..tools.transaction import use_primary
from ..tools.update import get_problem, keep_loaded_code, make_error
from ..translate import _lt
from .dispatcher import API_PATH, LeadApiDispatcher
from .patches import IS_COMPLETE
from .received_request import get_schemas

WRONG_TOKENS = _lt(
    "Too many wrong tokens came from your address, and this one is wrong, too: it will "
    "not work after a pause either. Stop, and correct the token."
)
# Below these names Odoo's own web client takes every address without another route.
NAMES_OF_ODOO = ("odoo", "scoped_app", "json", "report")
# What clients send for the API by mistake; other addons may have such addresses.
NEAR_API_PATH = re.compile(
    r"/api/?|(?:/[^/]+)?/api/(?:v[0-9]+|leads?)(?:/.*)?", re.DOTALL
)
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
        """Find the route of a request; a tenant's name in front changes nothing. Other
        addons answer their routes below ``/api/v1``, also for methods that they lack.

        :raise AnswerError: there is nothing (404), or database and code do not fit
            together (503)
        """
        api = API_PATH.fullmatch(path_info)
        if not api:
            return super()._match(path_info)
        is_own = path_info == request.httprequest.path
        if is_own and not isinstance(request.dispatcher, LeadApiDispatcher):
            # The request came before the server had loaded the patches.
            request.dispatcher = LeadApiDispatcher(request)
        method, tenant, path = request.httprequest.method, *api.groups()
        found, failure = None, None
        try:
            found = super()._match(path_info)
        except HTTPException as error:
            failure = error
        is_ours = found and _is_ours(found)
        if found and not is_ours and tenant not in NAMES_OF_ODOO:
            request.dispatcher = HttpDispatcher(request)
            return found
        if problem := get_problem(request.registry, request.env.cr):
            raise make_error(problem)
        # Odoo adds OPTIONS to every route, for CORS, which the lead API lacks.
        is_found = is_ours and method != "OPTIONS"
        ours = {method: found} if is_found else cls._find_ours(path)
        if method in ours:
            rule, args = ours[method]
            numbers = [each for each in args.values() if isinstance(each, int)]
            if not all(0 < each <= MAX_ID for each in numbers):
                raise AnswerError(*UNKNOWN_PATH)
            # Whatever a website has found: there is no page in a language.
            request.is_frontend = request.is_frontend_multilang = False
            return rule, args
        may_be_others = tenant and tenant not in NAMES_OF_ODOO
        if ours and not (may_be_others and cls._has_route(path_info)):
            # Another addon may take more methods at this address.
            methods = {*ours, *cls._bind_routes().allowed_methods(path_info)}
            raise MethodNotAllowed(sorted(methods - {"OPTIONS"})) from failure
        if isinstance(failure, NotFound):
            raise failure
        # Odoo redirects a browser to the page in its language, even without a page.
        if not found and not cls._has_route(path_info):
            if not cls._is_language(tenant) or not cls._has_route(path):
                raise AnswerError(*UNKNOWN_PATH) from failure
        request.dispatcher = HttpDispatcher(request)
        if failure:
            raise failure
        return found

    @classmethod
    def _find_ours(cls, path):
        """Return the routes of the lead API at an address, each with its arguments, by
        method; none: the address does not belong to the lead API."""
        urls, found = cls._bind_routes(), {}
        for method in ("GET", "HEAD", "POST", "PATCH", "PUT"):
            with suppress(HTTPException):
                found[method] = urls.match(path, method, return_rule=True)
        return {method: match for method, match in found.items() if _is_ours(match)}

    @classmethod
    def _has_route(cls, path):
        try:
            cls._bind_routes().match(path, return_rule=True)
        except NotFound:
            return False
        except HTTPException:
            return "//" not in path  # which werkzeug takes for a single slash
        return True

    @classmethod
    def _is_language(cls, name):
        env = request.env(user=SUPERUSER_ID)
        code = name and env["res.lang"]._get_data(url_code=name).code
        return bool(name and env["ir.http"].get_nearest_lang(code or name))

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
            return request.dispatcher.handle_error(AnswerError(*UNKNOWN_PATH))
        return super()._handle_error(exception)

    @classmethod
    def _authenticate(cls, endpoint):
        """Run a request of the lead API as the token's user, in its language and zone.

        Not by Odoo's own ways: they read the browser's session, which must not count,
        and turn a database error, which has to be retried, into a refusal.

        :raise AnswerError: as :meth:`_refuse`; as the dispatcher's ``admit``
        """
        routing = endpoint.routing
        if routing["auth"] not in ("lead_api", "lead_api_optional", "lead_api_none"):
            return super()._authenticate(endpoint)
        has_token = routing["auth"] != "lead_api_none"
        text = cls._get_lead_api_token() if has_token else ""
        if not text and routing["auth"] != "lead_api":
            env = request.env(user=SUPERUSER_ID)
            return request.update_env(user=env.ref("base.public_user").id, context={})
        # Without the context of a browser's session, which includes its language
        env = request.env(context={})
        tokens = env["crm.lead.api.token"]
        if env.cr.readonly:
            # sudo: the request has no user yet
            token = tokens.sudo().browse(request.dispatcher.token_id)
        else:
            token, refusal = tokens._find_valid(text)
            if not token:
                cls._refuse(text, refusal)
        request.update_env(user=token.client_id.user_id.id, context={})
        request.update_context(**request.env.user.context_get())
        request.update_context(**token.client_id._get_request_context(token.is_test))
        request.dispatcher.admit(token, request.httprequest.remote_addr, endpoint)

    @classmethod
    def _may_use_replica(cls, endpoint):
        """Tell whether a replica of the database may serve a request that reads.

        The primary says whether the replica has token and client as they are now, so
        that rights count at once, and counts the request, in one transaction. A client
        reads what it wrote itself: otherwise the primary serves the request. See
        ``crm.lead.api.horizon``.
        """
        env, dispatcher = request.env(context={}), request.dispatcher
        if not env.cr.readonly:
            return False  # Odoo has no replica, or the replica does not answer
        text = cls._get_lead_api_token()
        if not text and endpoint.routing["auth"] == "lead_api_optional":
            return True
        horizons = env["crm.lead.api.horizon"]
        try:
            horizon, is_near = horizons._read_arrived()
            token, _refusal = env["crm.lead.api.token"]._find_valid(text)
            client, is_admitted = token.client_id, False
            client_id, limit = client.id, client.requests_per_minute
            with suppress(AnswerError):  # which admit() raises
                client._check_request(request.httprequest.remote_addr)
                is_admitted = True
            with use_primary(env) as primary:
                if not is_near:
                    primary["crm.lead.api.horizon"]._write_current()
                    return False
                if not client_id:
                    return False  # the primary knows whether and why
                is_due, ids = primary["crm.lead.api.horizon"]._find_news(token, horizon)
                if is_due:
                    primary["crm.lead.api.horizon"]._write_current()
                if ids is None:
                    return False
                if is_admitted:
                    dispatcher.count(primary, client_id, limit)
            env.cr.rollback()  # what follows sees what has arrived meanwhile
            if any(ids.values()):
                # A page of changes shows none that is later than the horizon.
                _payload, query = get_schemas(endpoint)
                if "updated_since" in query.model_fields or not horizons._has(ids):
                    return False
        except (OperationalError, UndefinedTable):
            return False  # the replica is ending, or has not yet got the addon
        dispatcher.token_id = token.id
        return True

    @classmethod
    def _refuse(cls, text, refusal):
        """Count and refuse a request without a valid token.

        Whoever has a token that was valid once gets the reason, however many wrong
        tokens come from the address.

        :raise ServiceUnavailable: the server may have dropped the token's header
        :raise AnswerError: otherwise always (401); with 429 if too many wrong tokens
            came from the address
        """
        environ = request.httprequest.environ
        is_odoo_server = environ.get("SERVER_SOFTWARE", "").startswith("Werkzeug/")
        if not text and is_odoo_server and IS_COMPLETE not in environ:
            # It took the request before it had loaded the patch for access_token.
            raise ServiceUnavailable()
        # As superuser, because without a valid token there is no user.
        refusals = request.env(user=SUPERUSER_ID, context={})["crm.lead.api.refusal"]
        address = request.httprequest.remote_addr
        is_guess = bool(text) and refusal == Refusal.UNKNOWN
        ended = "" if refusal == Refusal.UNKNOWN else text
        if seconds := refusals._count_refusal(address, is_guess, ended):
            headers = {"Retry-After": str(seconds)}
            raise AnswerError(429, "wrong_tokens", WRONG_TOKENS, headers)
        raise AnswerError(*INVALID_TOKEN, headers=cls._get_challenge(text, refusal))

    @classmethod
    def _get_lead_api_token(cls):
        """Return the token in the headers, or ``""``."""
        headers = request.httprequest.headers
        if bearer := BEARER.fullmatch(headers.get("Authorization", "").strip()):
            return bearer[1]
        # The client's header access_token arrives here, too: see http/patches.py.
        return headers.get("access-token", "").strip()

    @classmethod
    def _get_challenge(cls, text, refusal):
        """Return the header of a 401 (RFC 6750, section 3), with the reason for the
        refusal, unless no token was sent."""
        headers, args = request.httprequest.headers, request.httprequest.args
        if not text:
            refusal = ""
            if headers.get("Authorization", "").strip():
                refusal = Refusal.NO_BEARER
            elif "X-Api-Key" in headers or TOKEN_PARAMETERS & args.keys():
                refusal = Refusal.ELSEWHERE
        reason = f' error="invalid_token", error_description="{refusal}"'
        return {"WWW-Authenticate": f"Bearer{reason if refusal else ''}"}


def _is_ours(match):
    rule, _args = match
    return rule.endpoint.routing["type"] == LeadApiDispatcher.routing_type
