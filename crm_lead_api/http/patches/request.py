# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Answer a request of the lead API in JSON, whatever happens.

Odoo chooses the form of an error by the route, and knows routes only with a database.
An earlier error, for example while PostgreSQL is away, becomes a web page, most often
with a 404, after which no client would send the request again.
"""

from odoo.http import Request

from ...tools.update import check_loading
from ..api_path import API_PATH
from ..dispatcher import LeadApiDispatcher
from .patch import Patch


def build(original):
    def _post_init(self):
        if not API_PATH.fullmatch(self.httprequest.path):
            return original(self)
        self.dispatcher = LeadApiDispatcher(self)
        self.db = None  # until Odoo knows the database
        # Requests of HTTP/1.0, such as health checks, may have no header Host.
        self.httprequest.environ.setdefault("HTTP_HOST", self.httprequest.host)
        original(self)
        self.dispatcher.database = self.db
        check_loading(self.db)

    return _post_init


PATCH = Patch(Request, "_post_init", build)
