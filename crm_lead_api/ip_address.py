# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import ipaddress
from urllib.parse import urlsplit


def parse_address(
    address: str | None,
) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """Return the address of a caller, or ``None`` if it is none.

    One of IPv4 that came by IPv6 is what it was; some proxies add a port.
    """
    for text in (address, urlsplit(f"//{address}").hostname):
        try:
            parsed = ipaddress.ip_address(text)
        except ValueError:
            continue
        return getattr(parsed, "ipv4_mapped", None) or parsed
    return None
