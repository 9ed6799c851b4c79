# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import json
from pathlib import Path

from werkzeug.exceptions import NotFound

from odoo import http
from odoo.http import request

from ..models.crm_team import PATH

PAGE = Path(__file__).parents[1] / "static" / "wallboard" / "wallboard.html"
HEADERS = {
    "Cache-Control": "private, no-cache",
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
        "img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex",
}
LANGUAGES = {"en": "en_US", "vi": "vi_VN"}


def wallboard_route(path):
    """Declare a route without login, and so without a session of Odoo."""
    return http.route(
        f"{PATH}/<token>{path}",
        type="http",
        auth="none",
        methods=["GET"],
        save_session=False,
        readonly=True,
    )


class WallboardController(http.Controller):
    """Serve the wallboard of a team to whoever has its link."""

    @wallboard_route("")
    def read_page(self, token, **_others):
        version = self._read(token)["version"]
        return request.make_response(
            PAGE.read_text(encoding="utf-8").replace("{version}", version),
            {**HEADERS, "Content-Type": "text/html; charset=utf-8"},
        )

    @wallboard_route("/figures")
    def read_figures(self, token, lang=None, **_others):
        figures = self._read(token, LANGUAGES.get(lang))
        response = request.make_response(
            json.dumps(figures, ensure_ascii=False),
            {**HEADERS, "Content-Type": "application/json; charset=utf-8"},
        )
        response.add_etag()
        return response.make_conditional(request.httprequest)

    def _read(self, token, lang=None):
        figures = request.env["crm.team"]._read_wallboard(token, lang)
        if not figures:
            raise NotFound
        return figures
