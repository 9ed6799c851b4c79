# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import http
from odoo.tools.translate import LazyGettext

from ..schemas import ErrorResponse
from .body import FileContent
from .dispatcher import LeadApiDispatcher


def api_route(
    path: str,  # below /api/v1
    method: str,  # GET, POST, PATCH or PUT
    summary: LazyGettext,
    *,
    tag: LazyGettext | None = None,  # None: the OpenAPI document omits the route
    details: tuple[LazyGettext, ...] = (),  # paragraphs in Markdown
    answers: tuple[type, ...] = (),  # schemas of a 200 besides the annotation's
    errors: tuple[int, ...] = (),  # HTTP statuses besides those of all routes
    error: type = ErrorResponse,  # schema of the errors, with further attributes
    max_body_factor: int = 1,  # the body may be so many times as long as usual
    takes_forms: bool = True,
    nesting: int = 0,  # the body may be so many levels deeper than usual
    # The body is a file instead of an object, and the payload a ReceivedFile; of a GET,
    # the answer is such a file
    file: FileContent | None = None,
    # Of the log's entry, crm.lead.api.request.kind; None: the route only reads
    kind: str | None = None,
    key: LazyGettext | None = None,  # what an Idempotency-Key is for; None: a change
    # The token is required; lead_api_optional: allowed; lead_api_none: not read
    auth: str = "lead_api",
    on_primary: bool = False,  # no replica of the database serves a GET
):
    """Declare a route of the lead API; its texts go into the OpenAPI document."""
    return http.route(
        f"/api/v1{path}",
        type=LeadApiDispatcher.routing_type,
        auth=auth,
        methods=["GET", "HEAD"] if method == "GET" else [method],
        save_session=False,
        readonly=_may_use_replica if method == "GET" and not on_primary else False,
        summary=summary,
        tag=tag,
        details=details,
        answers=answers,
        errors=errors,
        error=error,
        max_body_factor=max_body_factor,
        takes_forms=takes_forms,
        nesting=nesting,
        file=file,
        kind=kind,
        key=key,
    )


def _may_use_replica(_controller, rule, _args):
    """Tell Odoo whether a replica may serve a request of a route."""
    return http.request.registry["ir.http"]._may_use_replica(rule.endpoint)
