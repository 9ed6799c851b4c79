# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import re

from werkzeug.exceptions import (
    MethodNotAllowed,
    NotFound,
    ServiceUnavailable,
    TooManyRequests,
)

from odoo import SUPERUSER_ID, models
from odoo.http import request

from ..controllers.dispatcher import API_PATH, LeadApiDispatcher
from ..exceptions import InvalidTokenError, UnknownPathError
from ..http.patches.request_handler import IS_COMPLETE

BEARER = re.compile(r"bearer\s+(\S+)", re.IGNORECASE)


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    @classmethod
    def _match(cls, path_info):
        if not (api_path := API_PATH.fullmatch(path_info)):
            return super()._match(path_info)
        try:
            rule, args = super()._match(api_path[1])
            if rule.endpoint.routing["type"] != LeadApiDispatcher.routing_type:
                # Another addon's; which may have one for the whole path.
                rule, args = super()._match(path_info)
        except NotFound:
            try:
                return super()._match(path_info)
            except NotFound as error:
                raise UnknownPathError() from error
        except MethodNotAllowed as error:
            raise cls._refuse_method(error.valid_methods) from error
        routing = rule.endpoint.routing
        if routing["type"] == LeadApiDispatcher.routing_type:
            # Odoo adds OPTIONS to every route, for CORS, which these have not.
            if request.httprequest.method not in routing["methods"]:
                routes = request.env["ir.http"].routing_map()
                urls = routes.bind_to_environ(request.httprequest.environ)
                raise cls._refuse_method(urls.allowed_methods(api_path[1]))
        return rule, args

    @classmethod
    def _refuse_method(cls, methods):
        return MethodNotAllowed(sorted(set(methods) - {"OPTIONS"}))

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
        request.dispatcher.begin_call(access, address, routing["max_body_factor"])

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
