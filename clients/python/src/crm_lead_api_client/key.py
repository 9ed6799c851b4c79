# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The keys by which Odoo recognizes a request that comes again."""

import uuid
from urllib.parse import quote

MAX_LENGTH = 255


def make_key() -> str:
    """Return the key of a request without a name of its own."""
    return str(uuid.uuid4())


def make_ticket_key(ticket: object) -> str:
    """Return the key of a ticket's lead: the same whenever the lead is sent.

    The client in TypeScript makes the same keys.
    """
    # Without a ticket the lead is refused. A long ticket with letters of three bytes
    # does not fit; then the key is good for the retries of this request.
    name = quote(str(ticket).strip(), safe="!~*'()")
    key = f"ticket-{name}"
    return key if ticket is not None and len(key) <= MAX_LENGTH else make_key()
