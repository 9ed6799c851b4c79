# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from typing import get_args

from odoo import http
from odoo.tools.translate import LazyTranslate

from ..http.routes import api_route
from ..models.request.received_request import ReceivedRequest
from ..schemas import (
    MeResponse,
    ReferenceListsResponse,
    ReferenceQuery,
    ReferenceResponse,
)
from ..schemas.reference import ListName

_lt = LazyTranslate(__name__, default_lang="en_US")

LISTS = _lt("What a lead can name")  # generated clients name a module after it
ACCOUNT = _lt("Your token")
SERVICES = _lt(
    "**Services** are the products for sale of the type Service, or of the category "
    "that an administrator has chosen for your client. A lead can name any product for "
    "sale."
)
LIST = f"any({', '.join(map(repr, get_args(ListName)))})"


class ReferenceController(http.Controller):
    @api_route("/ref", "GET", _lt("Read which reference lists there are"), tag=LISTS)
    def read_lists(self) -> ReferenceListsResponse:
        return ReferenceListsResponse.from_references(self.env.lang or "en_US")

    @api_route(
        f"/ref/<{LIST}:list_name>",
        "GET",
        _lt("Read a reference list: the records that a lead can name"),
        tag=LISTS,
        details=(SERVICES,),
        errors=(404, 422),
    )
    def read_list(
        self, list_name: ListName, query: ReferenceQuery
    ) -> ReferenceResponse:
        items, cursor = self.env["crm.lead.api.reference"]._get_page(list_name, query)
        return ReferenceResponse.from_items(items, cursor)

    @api_route(
        "/me", "GET", _lt("Read the client of the token, and its rights"), tag=ACCOUNT
    )
    def read_me(self, received: ReceivedRequest) -> MeResponse:
        return MeResponse.from_token(received.token)
