# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from typing import get_args

from werkzeug.exceptions import MethodNotAllowed, ServiceUnavailable

from odoo import http
from odoo.http import request

from .. import schemas
from ..exceptions import FORBIDDEN, AnswerError
from ..http.received_request import ReceivedRequest
from ..http.routes import api_route
from ..schemas.reference import ListName
from ..translate import _lt

CUSTOMERS = _lt("Customers")
FOUND = _lt(
    "**Who is found:** the contact with account_id; otherwise contacts with any of the "
    "phones; otherwise contacts with the same e-mail and the same name. A customer has "
    "the details of the contact: what a request has proposed appears after staff have "
    "accepted it."
)
KEPT = _lt(
    "**Who looked:** Odoo keeps each look-up with agent_email as it was sent, whether "
    "the agent is a user of Odoo or not."
)
LISTS = _lt("What a lead can name")  # generated clients name a module after it
ACCOUNT = _lt("Your token")
SERVICES = _lt(
    "**Services** are the products for sale of the type Service, or of the category "
    "that an administrator has chosen for your client. A lead can name any product for "
    "sale."
)
LIST = f"any({', '.join(map(repr, get_args(ListName)))})"
# Of Prometheus' text format
CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


class ReadingController(http.Controller):
    @api_route(
        "/customers",
        "GET",
        _lt("Look up a customer"),
        tag=CUSTOMERS,
        details=(FOUND, KEPT),
        errors=(422,),
    )
    def read_customers(
        self, received: ReceivedRequest, query: schemas.CustomersQuery
    ) -> schemas.CustomersResponse:
        if request.httprequest.method == "HEAD":
            # Would tell by its headers whether there is such a customer, and show
            # nobody: there would be a look-up to keep without a reason to look.
            raise MethodNotAllowed(["GET"])
        reader = self.env["crm.lead.api.customer.reader"]
        return reader._look_up(received, query)

    @api_route("/ref", "GET", _lt("Read which reference lists there are"), tag=LISTS)
    def read_lists(self) -> schemas.ReferenceListsResponse:
        return schemas.ReferenceListsResponse.from_references(self.env.lang or "en_US")

    @api_route(
        f"/ref/<{LIST}:list_name>",
        "GET",
        _lt("Read a reference list: the records that a lead can name"),
        tag=LISTS,
        details=(SERVICES,),
        errors=(404, 422),
    )
    def read_list(
        self, list_name: ListName, query: schemas.ReferenceQuery
    ) -> schemas.ReferenceResponse:
        items, cursor = self.env["crm.lead.api.reference"]._get_page(list_name, query)
        return schemas.ReferenceResponse(data={"items": items, "next_cursor": cursor})

    @api_route(
        "/me", "GET", _lt("Read the client of the token, and its rights"), tag=ACCOUNT
    )
    def read_me(self, received: ReceivedRequest) -> schemas.MeResponse:
        return schemas.MeResponse.from_token(received.token)

    @api_route(
        "/health",
        "GET",
        _lt("Read whether the API works"),
        auth="lead_api_optional",
        on_primary=True,
    )
    def read_health(self) -> schemas.HealthResponse:
        """Check that the database can be written to.

        If Odoo cannot reach the database, it answers earlier: see http/patches.py.
        """
        self.env.cr.execute("SELECT pg_is_in_recovery()")
        [is_read_only] = self.env.cr.fetchone()
        if is_read_only:
            raise ServiceUnavailable()
        # sudo: anybody may read the health, which tells nothing about a lead
        metrics = self.env["crm.lead.api.metrics"].sudo()
        return schemas.HealthResponse.from_health(metrics)

    @api_route("/metrics", "GET", _lt("Read the figures, for Prometheus"))
    def read_metrics(self, received: ReceivedRequest):
        if not received.client.reads_metrics:
            raise AnswerError(
                *FORBIDDEN,
                _lt("An administrator has to let this client read the figures."),
            )
        # sudo: only administrators of the lead API may read the log
        metrics = self.env["crm.lead.api.metrics"].sudo()
        return request.make_response(
            metrics._render().encode(),
            {"Content-Type": CONTENT_TYPE, "Cache-Control": "no-store"},
        )
