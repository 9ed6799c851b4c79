# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import http
from odoo.tools.translate import LazyGettext

from ..schemas import ErrorResponse
from ..schemas.value import MAX_ID
from .dispatcher import LeadApiDispatcher
from .request_body import FileContent

# The route's argument for a tenant's name; endpoints do not get the argument.
TENANT = "lead_api_tenant"
# Below these names Odoo's own web client takes every address without another route.
NAMES_OF_ODOO = ("odoo", "scoped_app", "json", "report")
# A record's id that fits into a PostgreSQL integer
ID = f"int(min=1, max={MAX_ID})"


def api_route(
    path: str,
    method: str,
    summary: LazyGettext,
    *,
    tag: LazyGettext | None = None,
    details: tuple[LazyGettext, ...] = (),
    answers: tuple[type, ...] = (),
    errors: tuple[int, ...] = (),
    error: type = ErrorResponse,
    max_body_factor: int = 1,
    takes_forms: bool = True,
    nesting: int = 0,
    file: FileContent | None = None,
    kind: str | None = None,
    key: LazyGettext | None = None,
    auth: str = "lead_api",
    on_primary: bool = False,
):
    """Declare a route of the lead API.

    :param path: below ``/api/v1``
    :param method: ``GET``, ``POST``, ``PATCH`` or ``PUT``
    :param summary: the purpose of the route, for the OpenAPI document
    :param tag: heading in the OpenAPI document; ``None``: the document omits the route
    :param details: paragraphs about the route in the OpenAPI document, in Markdown
    :param answers: schemas of a 200 besides the endpoint's annotation
    :param errors: HTTP statuses of errors besides the statuses of all routes
    :param error: schema of the errors, with further attributes
    :param max_body_factor: the body may be so many times as long as usual
    :param takes_forms: the body may also be a form
    :param nesting: the body may be nested so many levels deeper than usual
    :param file: the body is a file instead of an object, and the payload a
        :class:`ReceivedFile`; of a ``GET``, the answer is such a file
    :param kind: of the log's entry, a choice of ``crm.lead.api.request.kind``;
        ``None``: the route only reads
    :param key: the purpose of an ``Idempotency-Key``, for the OpenAPI document;
        ``None``: as for a change
    :param auth: ``lead_api``: token required; ``lead_api_optional``: token allowed
    :param on_primary: no replica of the database serves the route, as none serves what
        is no ``GET``
    """
    # Odoo prefers a literal route to a route with a placeholder: another addon's route
    # /shop/api/v1 is not taken for the tenant "shop".
    tenants = ("", *(f"/{name}" for name in NAMES_OF_ODOO), f"/<{TENANT}>")
    return http.route(
        [f"{tenant}/api/v1{path}" for tenant in tenants],
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
