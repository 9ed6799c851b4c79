# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Let whatever happens to a request of the lead API be answered in JSON.

Odoo decides by its routes how errors are answered, and has them of a database: what
goes wrong before, such as that PostgreSQL is away, it answers with a web page, and most
often with a 404, which no caller would send again.
"""

from odoo.http import Request

from .dispatcher import LeadApiDispatcher
from .routes import API_PATH

_post_init = Request._post_init


def post_init(self):
    if not API_PATH.fullmatch(self.httprequest.path):
        return _post_init(self)
    self.dispatcher = LeadApiDispatcher(self)
    self.db = None  # until Odoo knows it
    # Of HTTP/1.0 there are requests without, such as those of health checks.
    self.httprequest.environ.setdefault("HTTP_HOST", self.httprequest.host)
    _post_init(self)
    self.dispatcher.database = self.db


Request._post_init = post_init
