# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import gzip
from pathlib import Path

from markupsafe import Markup
from werkzeug.http import parse_accept_header

from odoo import http
from odoo.http import request

from ..exceptions import PayloadError
from ..http.dispatcher import LeadApiDispatcher
from ..http.errors import describe_error
from ..http.headers import PRIVATE
from ..http.routes import api_route
from ..openapi.document import fill, find_schemas, prepare_document, render_samples
from ..schemas import DocumentQuery, LeadsRequest
from ..translate import _lt

HISTORY = Path(__file__).parents[1] / "openapi" / "history.html"
# The page loads nothing from other servers; the viewer sets inline styles.
POLICY = (
    "default-src 'none'; script-src 'self'; connect-src 'self'; img-src 'self' data:; "
    "style-src 'self' 'unsafe-inline'; font-src 'self' data:; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'"
)
# Not texts of the template, which have only the languages of the database
TEXTS = {
    "title": _lt("Lead API"),
    "token": _lt("Your token"),
    "use": _lt("Use it"),
    "refused": _lt("Invalid token: it may be mistyped, expired or revoked."),
    "unreachable": _lt("The server does not answer: try again."),
    "hint": _lt(
        "With a token this page has ids of your database, and requests that work as "
        "they stand. The token is not stored, and goes nowhere but to this server."
    ),
    "guide": _lt("From the token to production, on one page"),
    "first": _lt("Your first lead"),
    "missing": _lt(
        "Odoo would refuse these samples, because it has no record yet for what is "
        "named here. Ask an administrator of Odoo, whose page “First Steps” of your "
        "client makes them:"
    ),
    "dry_run": _lt(
        "“Try it out”, like the samples, sends dry runs, which save nothing: choose "
        "“--” for dry_run to make leads."
    ),
    "copy": _lt("Copy"),
    "copied": _lt("Copied"),
    "history": _lt("What changed, by version"),
}


class OpenApiController(http.Controller):
    @api_route("/openapi.json", "GET", _lt("This document"), auth="lead_api_optional")
    def read_document(self, query: DocumentQuery):
        # Without a token there is no client: the document has the shared schemas.
        client = self.env.user._get_lead_api_client()
        lang, routes = request.dispatcher.lang, _get_routes(self.env)
        document = prepare_document(
            routes,
            tuple(map(client._get_schema, find_schemas(routes))),
            tuple(client._get_defaults()) if client else (),
            lang if query.is_strict else None,
        )
        body = fill(document, self._make_examples(client, lang))
        headers = {**PRIVATE, "Vary": f"{PRIVATE['Vary']}, Accept-Encoding"}
        accepted = request.httprequest.headers.get("Accept-Encoding")
        if parse_accept_header(accepted)["gzip"]:
            headers["Content-Encoding"] = "gzip"
            body = gzip.compress(body, 6, mtime=0)  # equal texts are equal bytes
        return request.make_response(
            body, {**headers, "Content-Type": "application/json; charset=utf-8"}
        )

    def _make_examples(self, client, lang):
        schema = client._get_schema()
        reference = self.env["crm.lead.api.reference"]
        payload = reference._get_example(schema)
        # Usual mistakes
        wrong = {**payload, "gender": "femal", "birth_date": "20/10/1992"}
        wrong.pop("street", None)
        return {
            "lead": payload,
            "missing": reference._find_missing(schema, payload),
            "leads": {"leads": [{**payload, "ref": "row-17"}], "atomic": False},
            "samples": render_samples(request.httprequest.url_root, payload),
            "wrong_lead": _describe_errors(client._parse(schema, wrong), lang),
            "no_leads": _describe_errors(LeadsRequest.parse({"leads": []}), lang),
        }

    @api_route("/docs", "GET", _lt("The documentation"), auth="lead_api_optional")
    def read_documentation(self):
        lang = request.dispatcher.lang
        page = self.env["ir.qweb"]._render(
            "crm_lead_api.documentation",
            {
                # Odoo takes "lang" for its own.
                "html_lang": lang.replace("_", "-"),
                "texts": {name: text._translate(lang) for name, text in TEXTS.items()},
                # As setup/docs has rendered it: no text of a user is in the file.
                "history": Markup(HISTORY.read_text(encoding="utf-8")),  # noqa: S704
                "guide": self.env.user.with_context(lang=lang)._find_lead_api_guide(
                    "integrators"
                ),
            },
        )
        return request.make_response(
            f"<!DOCTYPE html>\n{page}",
            {
                "Content-Type": "text/html; charset=utf-8",
                "Content-Security-Policy": POLICY,
                "Referrer-Policy": "no-referrer",
            },
        )


def _describe_errors(payload, lang):
    errors = payload.sort_errors(payload.get_errors())
    return describe_error(PayloadError(errors), lang)[0]


def _get_routes(env):
    """Return the routes for integrators, path and endpoint, in the document's order."""
    rules = [
        rule
        for rule in env["ir.http"].routing_map().iter_rules()
        if rule.endpoint.routing["type"] == LeadApiDispatcher.routing_type
        and rule.endpoint.routing.get("tag")
    ]
    rules.sort(key=lambda r: ("POST" not in r.endpoint.routing["methods"], r.rule))
    return tuple((rule.rule, rule.endpoint) for rule in rules)
