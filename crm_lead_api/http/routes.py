# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import http
from odoo.tools.translate import LazyGettext

from ..schemas import ErrorResponse
from .dispatcher import LeadApiDispatcher

# What a route says besides Odoo's own options, with the defaults
OPTIONS = {
    "tag": None,  # LazyGettext; None: the OpenAPI document omits the route
    "details": (),  # paragraphs in Markdown, each a LazyGettext
    "answers": (),  # schemas of a 200 besides the annotation's
    "errors": (),  # HTTP statuses besides those of all routes
    "error": ErrorResponse,  # schema of the errors, with further attributes
    "max_body_factor": 1,  # the body may be so many times as long as usual
    "takes_forms": True,
    "nesting": 0,  # the body may be so many levels deeper than usual
    # FileContent: the body is a file instead of an object, and the payload a
    # ReceivedFile; of a GET, the answer is such a file
    "file": None,
    # Of the log's entry, crm.lead.api.request.kind; None: the route only reads
    "kind": None,
    "key": None,  # LazyGettext: what an Idempotency-Key is for; None: a change
    "auth": "lead_api",  # token required; lead_api_optional: allowed
}


def api_route(
    path: str, method: str, summary: LazyGettext, *, on_primary: bool = False, **options
):
    """Declare a route of the lead API; its texts go into the OpenAPI document.

    :param path: below /api/v1
    :param method: GET, POST, PATCH or PUT
    :param on_primary: no replica of the database serves a GET
    :param options: see :data:`OPTIONS`
    """
    if unknown := options.keys() - OPTIONS.keys():
        raise TypeError(f"Routes have no {', '.join(unknown)}")
    return http.route(
        f"/api/v1{path}",
        type=LeadApiDispatcher.routing_type,
        methods=["GET", "HEAD"] if method == "GET" else [method],
        save_session=False,
        readonly=_may_use_replica if method == "GET" and not on_primary else False,
        summary=summary,
        **{**OPTIONS, **options},
    )


def _may_use_replica(_controller, rule, _args):
    """Tell Odoo whether a replica may serve a request of a route."""
    return http.request.registry["ir.http"]._may_use_replica(rule.endpoint)
