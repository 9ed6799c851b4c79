# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Replace functions of Odoo's HTTP server.

The functions belong to the process, which may also serve databases without the addon:
there each replacement behaves as Odoo's own function.

``request.py`` (``Request._post_init``)
    Answers a request below ``/api/v1`` in JSON even if no database can be reached.
    In a database without the addon Odoo's own dispatcher answers the errors.

``request_handler.py`` (``CommonRequestHandler.make_environ``)
    Lets the header ``access_token`` through, and keeps tokens in addresses, and the
    customers looked up, out of Odoo's log. Nothing but the lead API reads that header.
    Keeps several headers ``Idempotency-Key`` apart.

``routing_rules.py`` (``odoo.http._generate_routing_rules``)
    Leaves the addon's routes out of databases without the addon: Odoo puts the routes
    of ``server_wide_modules`` into all of them.

:func:`apply` replaces the functions when the addon is imported, and does nothing the
second time. :func:`undo` puts Odoo's own functions back. A server that does not import
the addon keeps Odoo's own functions.
"""

from . import request, request_handler, routing_rules

PATCHES = (request.PATCH, request_handler.PATCH, routing_rules.PATCH)


def apply() -> None:
    """Replace the functions, unless they are already replaced."""
    for patch in PATCHES:
        patch.apply()


def undo() -> None:
    """Put Odoo's own functions back."""
    for patch in PATCHES:
        patch.undo()
