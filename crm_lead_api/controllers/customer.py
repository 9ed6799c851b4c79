# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from werkzeug.exceptions import MethodNotAllowed

from odoo import http
from odoo.http import request
from odoo.tools.translate import LazyTranslate

from ..http.routes import api_route
from ..schemas import CustomersQuery, CustomersResponse

_lt = LazyTranslate(__name__, default_lang="en_US")

CUSTOMERS = _lt("Customers")


class CustomerController(http.Controller):
    @api_route(
        "/customers", "GET", _lt("Look up a customer"), tag=CUSTOMERS, errors=(422,)
    )
    def read_customers(self, query: CustomersQuery) -> CustomersResponse:
        if request.httprequest.method == "HEAD":
            # Would tell by its headers whether there is such a customer, and show
            # nobody: there would be a look-up to keep without a reason to look.
            raise MethodNotAllowed(["GET"])
        reader = self.env["crm.lead.api.customer.reader"]
        return reader._look_up(request.dispatcher.received, query)
