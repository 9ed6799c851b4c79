# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import ipaddress
from urllib.parse import urlsplit

GLOBAL_IPV6 = ipaddress.ip_network("2000::/3")
NAT64 = ipaddress.ip_network("64:ff9b::/96")
IPV4_BITS = 0xFFFFFFFF


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


def is_public(address: str) -> bool:
    """Say whether an address is that of one host on the public internet.

    One of IPv6 that a gateway (NAT64) takes to one of IPv4 is what that one is.
    """
    parsed = parse_address(address)
    if parsed is None:
        return False
    if parsed.version == 6:
        if parsed in NAT64:
            parsed = ipaddress.IPv4Address(int(parsed) & IPV4_BITS)
        elif parsed not in GLOBAL_IPV6 or parsed.sixtofour:
            return False
    # Python counts groups of hosts (multicast) among the global ones.
    return parsed.is_global and not (parsed.is_multicast or parsed.is_reserved)
