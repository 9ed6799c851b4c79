# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Define the tickets of outside systems."""


def get_pattern(ticket: int) -> str:
    """Return the regular expression of references with a ticket, for PostgreSQL."""
    return rf"(^|[^0-9])0*{ticket}([^0-9]|$)"
