# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from werkzeug.exceptions import Gone, NotFound

from odoo import http


class ShopController(http.Controller):
    @http.route("/shop/api/v1/health", type="http", auth="none", methods=["GET"])
    def read_health(self):
        return "the shop is open"

    @http.route("/shop/api/v1/lead", type="jsonrpc", auth="public")
    def create_order(self, **values):
        return {"shop": values}

    @http.route("/shop/api/v1/gone", type="http", auth="none", methods=["GET"])
    def read_gone(self):
        raise Gone()

    @http.route("/market/<path:rest>", type="http", auth="none", csrf=False)
    def read_market(self, rest):
        return f"market: {rest}"

    @http.route("/api/v1/offers", type="http", auth="none", methods=["GET"])
    def read_offers(self):
        return "offers"

    @http.route("/api/v3/offers/<int:n>", type="http", auth="none", methods=["GET"])
    def read_offer(self, n):
        if n != 1:
            raise NotFound()
        return "offer 1"

    @http.route("/api/v1/pages", type="http", auth="public", website=True)
    def read_pages(self):
        return "pages"

    @http.route(
        "/api/v1/lead", type="http", auth="none", methods=["DELETE"], csrf=False
    )
    def change_lead(self):
        return "deleted"
