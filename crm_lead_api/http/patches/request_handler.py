# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Let the header ``access_token`` through Odoo's own HTTP server, and keep tokens, and
the queries of the API, which may name customers, out of its log.

werkzeug drops every header with an underscore in its name, because ``a_b`` and ``a-b``
become the same variable of the WSGI environment and one could pass for the other; for
the API they are dropped here, because older werkzeugs keep them. The clients of the
original API send ``access_token``, so this header is let through. It cannot pass for
another header: it means the same as ``access-token``, which wins when both are sent.

werkzeug also joins headers of the same name by commas. The values of the headers
``Idempotency-Key`` are kept apart, because a key may contain commas.
"""

import re

from odoo.service.server import CommonRequestHandler

from ...tools.token_text import redact
from ..api_path import API_PATH
from ..headers import IDEMPOTENCY_KEYS
from .patch import Patch

# Marks requests that have lost no header: a server that has just started already takes
# requests while it still loads this module.
IS_COMPLETE = "crm_lead_api.is_complete"
# The query may have phones and e-mails.
QUERY = re.compile(r"(/api/v1/[^?]*)\?.*", re.DOTALL)


def build(original):
    def make_environ(self):
        self.path = redact(self.path)
        access_token = self.headers.get("access_token")
        if API_PATH.fullmatch(self.path.partition("?")[0]):
            for name in {name for name in self.headers if "_" in name}:
                del self.headers[name]
        environ = original(self)
        environ[IS_COMPLETE] = True
        self.path = QUERY.sub(r"\1?***", self.path)  # for the log
        if access_token is not None:
            environ.setdefault("HTTP_ACCESS_TOKEN", access_token)
        environ[IDEMPOTENCY_KEYS] = self.headers.get_all("Idempotency-Key")
        return environ

    return make_environ


PATCH = Patch(CommonRequestHandler, "make_environ", build)
