# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import http
from odoo.tools.translate import LazyTranslate

from ..reference import BY_PATH, CHOICES
from ..schemas import (
    MeResponse,
    ReferenceListsResponse,
    ReferenceQuery,
    ReferenceResponse,
)
from .routes import api_route

_lt = LazyTranslate(__name__, default_lang="en_US")

LIST = f"any({','.join([*(repr(path) for path in BY_PATH), repr(CHOICES)])})"


class ReferenceController(http.Controller):
    @api_route("/ref", "GET", _lt("Read which reference lists there are"))
    def read_lists(self) -> ReferenceListsResponse:
        return ReferenceListsResponse.from_references(self.env.lang or "en_US")

    @api_route(
        f"/ref/<{LIST}:path>",
        "GET",
        _lt("Read a reference list: what a lead can name"),
        errors=(404, 422),
    )
    def read_list(self, path: str, query: ReferenceQuery) -> ReferenceResponse:
        items, cursor = self.env["crm.lead.api.reference"]._get_page(path, query)
        return ReferenceResponse.from_items(items, cursor)

    @api_route("/me", "GET", _lt("Read whose token it is, and what it may do"))
    def read_me(self) -> MeResponse:
        return MeResponse.from_token(http.request.dispatcher.call.token)
