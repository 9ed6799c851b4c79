# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Let schemathesis send what it has taken from an answer: loaded by schemathesis."""

import schemathesis


@schemathesis.hook
def before_call(context, case, kwargs):
    """Turn headers into texts: the tool takes X-Request-Id for the id of a lead, a
    number, which no client of HTTP can send as a header."""
    for name, value in list((case.headers or {}).items()):
        case.headers[name] = str(value)
