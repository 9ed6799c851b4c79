# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import http
from odoo.tools.translate import LazyGettext

from ..schemas.value import MAX_ID
from .dispatcher import LeadApiDispatcher

# The argument of a route that has a tenant's name; no endpoint gets it.
TENANT = "lead_api_tenant"
# Below these Odoo's own web client takes every address that no other route has.
NAMES_OF_ODOO = ("odoo", "scoped_app", "json", "report")
# A record's id, which PostgreSQL has room for
ID = f"int(min=1, max={MAX_ID})"


def api_route(
    path: str,
    method: str,
    summary: LazyGettext,
    *,
    tag: LazyGettext | None = None,
    answers: tuple[type, ...] = (),
    errors: tuple[int, ...] = (),
    max_body_factor: int = 1,
    takes_forms: bool = True,
    nesting: int = 0,
    auth: str = "lead_api",
):
    """Declare a route of the lead API.

    :param path: below ``/api/v1``
    :param method: ``GET`` or ``POST``
    :param summary: what it does, for the OpenAPI document
    :param tag: what it is listed under; without one it is not in the document
    :param answers: schemas of a 200 besides the one that the endpoint is annotated with
    :param errors: the HTTP statuses that it may answer with besides those of all routes
    :param max_body_factor: how many times as long as others a body may be
    :param takes_forms: a body may be a form, too
    :param nesting: how many levels deeper than others a body may be nested
    :param auth: ``lead_api``: only with a token; ``lead_api_optional``: with or without
    """
    # Odoo prefers a route with a name of its own to one with a placeholder: what
    # another addon has at /shop/api/v1 is not taken for the tenant "shop".
    tenants = ("", *(f"/{name}" for name in NAMES_OF_ODOO), f"/<{TENANT}>")
    return http.route(
        [f"{tenant}/api/v1{path}" for tenant in tenants],
        type=LeadApiDispatcher.routing_type,
        auth=auth,
        methods=["GET", "HEAD"] if method == "GET" else [method],
        save_session=False,
        summary=summary,
        tag=tag,
        answers=answers,
        errors=errors,
        max_body_factor=max_body_factor,
        takes_forms=takes_forms,
        nesting=nesting,
    )
