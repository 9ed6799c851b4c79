# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from werkzeug.exceptions import MethodNotAllowed

from odoo import http
from odoo.http import request
from odoo.tools.translate import LazyTranslate

from ..http.routes import api_route
from ..models.request.received_request import ReceivedRequest
from ..schemas import CustomersQuery, CustomersResponse

_lt = LazyTranslate(__name__, default_lang="en_US")

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


class CustomerController(http.Controller):
    @api_route(
        "/customers",
        "GET",
        _lt("Look up a customer"),
        tag=CUSTOMERS,
        details=(FOUND, KEPT),
        errors=(422,),
    )
    def read_customers(
        self, received: ReceivedRequest, query: CustomersQuery
    ) -> CustomersResponse:
        if request.httprequest.method == "HEAD":
            # Would tell by its headers whether there is such a customer, and show
            # nobody: there would be a look-up to keep without a reason to look.
            raise MethodNotAllowed(["GET"])
        reader = self.env["crm.lead.api.customer.reader"]
        return reader._look_up(received, query)
