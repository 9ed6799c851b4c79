# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Replace functions of Odoo's HTTP server, when the addon is imported.

The functions belong to the process, which may also serve databases without the addon:
there each replacement behaves as Odoo's own function. A server that does not import the
addon keeps Odoo's own functions.
"""

import functools
import re
import threading
from collections.abc import Callable
from typing import Any

from odoo import http
from odoo.modules.registry import Registry
from odoo.service.server import CommonRequestHandler
from odoo.tools import config

from ..tools.token_text import redact
from ..tools.update import check_loading
from .dispatcher import API_PATH, LeadApiDispatcher
from .headers import IDEMPOTENCY_KEYS

ADDON = "crm_lead_api"
# Marks requests that have lost no header: a server that has just started already takes
# requests while it still loads this module.
IS_COMPLETE = "crm_lead_api.is_complete"
# The query may have phones and e-mails.
QUERY = re.compile(r"(/api/v1/[^?]*)\?.*", re.DOTALL)
PATCHED: list[tuple[Any, str]] = []  # class or module, and name of the function


def replace(owner: Any, name: str) -> Callable[[Callable], Callable]:
    """Replace a function of Odoo; the new one has it as ``__wrapped__``."""

    def decorate(function):
        PATCHED.append((owner, name))
        setattr(owner, name, functools.wraps(getattr(owner, name))(function))
        return function

    return decorate


@replace(http.Request, "_post_init")
def post_init(self):
    """Answer a request of the lead API in JSON, even if no database can be reached.

    Odoo knows routes, and so the form of an error, only with a database: while
    PostgreSQL is away it answers with a web page, most often a 404, after which no
    client would send the request again. In a database without the addon Odoo's own
    dispatcher answers.
    """
    if not API_PATH.fullmatch(self.httprequest.path):
        return post_init.__wrapped__(self)
    self.dispatcher = LeadApiDispatcher(self)
    self.db = None  # until Odoo knows the database
    # Requests of HTTP/1.0, such as health checks, may have no header Host.
    self.httprequest.environ.setdefault("HTTP_HOST", self.httprequest.host)
    post_init.__wrapped__(self)
    self.dispatcher.database = self.db
    check_loading(self.db)


@replace(CommonRequestHandler, "make_environ")
def make_environ(self):
    """Let the header ``access_token`` through Odoo's own HTTP server, and keep tokens,
    and the queries of the API, which may name customers, out of its log.

    werkzeug drops headers with an underscore, because ``a_b`` could pass for ``a-b``;
    for the API they are dropped here, because older werkzeugs keep them. The clients of
    the original API send ``access_token``, which means the same as ``access-token``;
    the latter wins. The values of ``Idempotency-Key`` are kept apart: werkzeug joins
    them by commas, which may also be in a key.
    """
    self.path = redact(self.path)
    access_token = self.headers.get("access_token")
    if API_PATH.fullmatch(self.path.partition("?")[0]):
        for name in {name for name in self.headers if "_" in name}:
            del self.headers[name]
    environ = make_environ.__wrapped__(self)
    environ[IS_COMPLETE] = True
    self.path = QUERY.sub(r"\1?***", self.path)  # for the log
    if access_token is not None:
        environ.setdefault("HTTP_ACCESS_TOKEN", access_token)
    environ[IDEMPOTENCY_KEYS] = self.headers.get_all("Idempotency-Key")
    return environ


@replace(http, "_generate_routing_rules")
def generate_routing_rules(modules, nodb_only, converters=None):
    """Leave the addon's routes out of databases that do not have the addon.

    Odoo adds the routes of ``server_wide_modules`` to every database: tokens would be
    refused there, and no other addon could have routes of these names.
    """
    if not nodb_only and ADDON in config["server_wide_modules"]:
        # Odoo finds the database in the same way when it builds the routes.
        registry = Registry(threading.current_thread().dbname)
        if ADDON not in registry._init_modules:
            modules = [module for module in modules if module != ADDON]
    return generate_routing_rules.__wrapped__(modules, nodb_only, converters)
