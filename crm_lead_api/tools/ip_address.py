# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import ipaddress
import socket
from itertools import chain
from urllib.parse import urlsplit

import psutil

GLOBAL_IPV6 = ipaddress.ip_network("2000::/3")
NAT64 = ipaddress.ip_network("64:ff9b::/96")
# IPv6 networks whose addresses end with an IPv4 address: NAT64, and the oldest form
ENDING_WITH_IPV4 = (
    NAT64,
    ipaddress.ip_network("64:ff9b:1::/48"),
    ipaddress.ip_network("::/96"),
)
IPV4_BITS = 0xFFFFFFFF
THIS_HOST = ipaddress.ip_network("0.0.0.0/8")
# Services that clouds offer to each machine at addresses that are not link-local
CLOUD_SERVICES = [
    *map(ipaddress.ip_network, ("fd00:ec2::/32", "fd20:ce::254")),  # AWS, Google
    *map(ipaddress.ip_network, ("100.100.100.200", "168.63.129.16")),  # Alibaba, Azure
    ipaddress.ip_network("192.0.0.192"),  # Oracle
]


def parse_address(
    address: str | None,
) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """Parse an IP address; return ``None`` if the text is no address. One that was
    mapped to IPv6 becomes IPv4 again; a port, which some proxies add, is dropped."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        try:
            parsed = ipaddress.ip_address(urlsplit(f"//{address}").hostname)
        except ValueError:
            return None
    return getattr(parsed, "ipv4_mapped", None) or parsed


def is_public(address: str) -> bool:
    """Tell whether an address belongs to one host on the public internet; that of a
    NAT64 gateway counts as the IPv4 address behind the gateway."""
    parsed = parse_address(address)
    if parsed is None:
        return False
    if parsed.version == 6:
        if parsed in NAT64:
            parsed = ipaddress.IPv4Address(int(parsed) & IPV4_BITS)
        elif parsed not in GLOBAL_IPV6 or parsed.sixtofour:
            return False
    # Python counts groups of hosts (multicast) among the global addresses.
    return parsed.is_global and not (parsed.is_multicast or parsed.is_reserved)


def is_link_local(address: str) -> bool:
    """Tell whether an address is link-local, or belongs to a cloud's own services."""
    return any(
        form.is_link_local or any(form in network for network in CLOUD_SERVICES)
        for form in _list_forms(address)
    )


def is_own(address: str) -> bool:
    interfaces = {
        parse_address(each.address)
        for each in chain.from_iterable(psutil.net_if_addrs().values())
        if each.family in (socket.AF_INET, socket.AF_INET6)
    }
    return any(
        form.is_loopback or form in THIS_HOST or form in interfaces
        for form in _list_forms(address)
    )


def _list_forms(address):
    """Return the parsed address, and the IPv4 addresses that are hidden in it."""
    parsed = parse_address(address)
    if parsed is None:
        return []
    if parsed.version == 4:
        return [parsed]
    forms = [parsed, parsed.sixtofour, *(parsed.teredo or ())]
    if any(parsed in network for network in ENDING_WITH_IPV4):
        forms.append(ipaddress.IPv4Address(int(parsed) & IPV4_BITS))
    return list(filter(None, forms))
