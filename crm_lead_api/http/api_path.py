# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import re

# A tenant's name may stand in front; it changes nothing.
API_PATH = re.compile(r"(?:/[^/]+)?/api/v1(?:/.*)?", re.DOTALL)


def keep_route(received, httprequest, routing: dict, query) -> None:
    """Keep the kind of a request for the log, and its method and address, to which an
    Idempotency-Key is bound; requests for new leads share one address.

    :param received: the :class:`ReceivedRequest` so far; ``None`` without a token
    :param routing: of the route, see :func:`api_route`
    :param Query query: the parsed query
    """
    if not received or routing["kind"] == "create":
        return
    path = f"/{httprequest.path.partition('/api/v1/')[2]}"
    if text := query.to_text():
        path += f"?{text}"
    received.kind = routing["kind"]
    received.route = f"{httprequest.method} {path}"
    if "If-Match" in httprequest.headers:
        received.if_match = httprequest.if_match
