# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import re
from contextlib import suppress

from werkzeug.exceptions import (
    HTTPException,
    MethodNotAllowed,
    NotFound,
    ServiceUnavailable,
    TooManyRequests,
)

from odoo import SUPERUSER_ID, models
from odoo.http import HttpDispatcher, request

from ..exceptions import InvalidTokenError, UnknownPathError
from .dispatcher import API_PATH, LeadApiDispatcher
from .patches.request_handler import IS_COMPLETE
from .routes import NAMES_OF_ODOO, TENANT

BEARER = re.compile(r"bearer\s+(\S+)", re.IGNORECASE)


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    @classmethod
    def _match(cls, path_info):
        """Find the route of a request.

        Below ``/api/v1`` another addon's routes are answered by that addon, also where
        a route does not take the method. Where no addon has anything the answer is a
        404 in JSON.
        """
        if not API_PATH.fullmatch(path_info):
            return super()._match(path_info)
        method = request.httprequest.method
        try:
            rule, args = super()._match(path_info)
        except NotFound:
            raise
        except HTTPException as error:
            if methods := cls._find_lead_api_methods(path_info):
                raise MethodNotAllowed(methods) from error
            # Odoo sends a browser to the page in its language, whether there is one.
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
        elif method not in routing["methods"]:
            # Odoo adds OPTIONS to every route, for CORS, which these have not.
            raise MethodNotAllowed(cls._find_lead_api_methods(path_info))
        args.pop(TENANT, None)
        return rule, args

    @classmethod
    def _find_lead_api_methods(cls, path_info):
        """Return the methods that an address of the lead API takes, sorted; without
        any the address is none of the lead API's."""
        urls, methods = cls._bind_routes(), set()
        for method in ("GET", "POST"):
            with suppress(HTTPException):
                rule, _args = urls.match(path_info, method, return_rule=True)
                routing = rule.endpoint.routing
                if routing["type"] == LeadApiDispatcher.routing_type:
                    methods.update(routing["methods"])
        if methods:  # another addon may have some more there
            methods.update(urls.allowed_methods(path_info))
        return sorted(methods - {"OPTIONS"})

    @classmethod
    def _has_route(cls, path_info):
        """Say whether there is a route for an address, of whatever method."""
        try:
            cls._bind_routes().match(path_info, return_rule=True)
        except NotFound:
            return False
        except HTTPException as error:
            # werkzeug takes a// for a/ here, and only here.
            return "//" not in path_info or not isinstance(error, MethodNotAllowed)
        return True

    @classmethod
    def _has_page(cls, path_info):
        """Say whether an address begins with a language, and has a route after it."""
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
            # A website sends everybody to the address without the slash.
            return None
        return super()._serve_fallback()

    @classmethod
    def _authenticate(cls, endpoint):
        auth = endpoint.routing["auth"]
        if auth not in ("lead_api", "lead_api_optional"):
            return super()._authenticate(endpoint)
        if auth == "lead_api_optional" and not cls._get_lead_api_token(
            request.httprequest.headers
        ):
            # As nobody in particular, whatever session may have come along.
            env = request.env(user=SUPERUSER_ID)
            return request.update_env(user=env.ref("base.public_user").id, context={})
        # Odoo's own way there looks at the browser's session, which must not count,
        # and turns a database error, which is to be retried, into a refusal.
        return cls._auth_method_lead_api(endpoint.routing)

    @classmethod
    def _auth_method_lead_api(cls, routing):
        """Take on the identity of the token's user, and its language and time zone.

        :param dict routing: of the route, see :func:`api_route`
        :raise InvalidTokenError: whatever is wrong with the token
        :raise ServiceUnavailable: the token may have been lost on the way here
        :raise TooManyRequests: the address has to wait, or the client
        :raise ClientRefusedError: the client may not call now, or not from there
        """
        address = request.httprequest.remote_addr
        text = cls._get_lead_api_token(request.httprequest.headers)
        if not text and cls._may_have_lost_a_header():
            raise ServiceUnavailable()
        # Not with the context of the browser's session, nor with a language from there.
        env = request.env(context={})
        access = env["crm.lead.api.token"]._find_valid(text)
        if not access.records["token"]:
            # As superuser, for the caller is nobody.
            refusals = request.env(user=SUPERUSER_ID)["crm.lead.api.refusal"]
            if seconds := refusals._count_refusal(address, bool(text)):
                raise TooManyRequests(retry_after=seconds)
            raise InvalidTokenError()
        # A browser's session may have come along: its context must not count either.
        request.update_env(user=access.records["user"].id, context={})
        request.update_context(**request.env.user.context_get())
        request.dispatcher.admit(access, address, routing["max_body_factor"])

    @classmethod
    def _get_lead_api_token(cls, headers):
        """Return the token that the caller sent, or ``""``."""
        if bearer := BEARER.fullmatch(headers.get("Authorization", "").strip()):
            return bearer[1]
        # Also what the caller's access_token arrives as: see http/patches.
        return headers.get("access-token", "").strip()

    @classmethod
    def _may_have_lost_a_header(cls):
        """Say whether Odoo's own server took the request before it knew of the header
        ``access_token``. The caller is to try again, not to believe in a bad token."""
        environ = request.httprequest.environ
        is_odoo_server = environ.get("SERVER_SOFTWARE", "").startswith("Werkzeug/")
        return is_odoo_server and IS_COMPLETE not in environ
