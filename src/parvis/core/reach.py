"""Which addresses the house may call from within: those of the open web, and what the operator allows besides.

A host's name and an address that it resolved to flow in, a yes or a no flows out. Whatever is not plainly a public
unicast address is a no: loopback, private and shared networks, link-local, multicast, reserved and documentation
ranges, and every IPv6 form that carries an IPv4 address (mapped, NAT64) is judged by the one that it carries.
"""

import ipaddress
import re
from collections.abc import Iterable

from parvis.core.config import Settings, WrongSetting

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

OPEN_PORTS = frozenset({80, 443, 8080, 8443})
"""Ports of the web. What the operator allows may listen anywhere."""

_HOST = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*")
_UNICAST = ipaddress.IPv6Network("2000::/3")  # the only block of IPv6 that is given out (RFC 4291, IANA)
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")  # RFC 6052
_NEVER = tuple(
    ipaddress.ip_network(block)
    for block in (
        "192.88.99.0/24",  # 6to4 relays, RFC 7526
        "2001::/23",  # protocol assignments, Teredo among them, RFC 2928
        "2002::/16",  # 6to4, RFC 3056
        "2001:db8::/32",  # documentation, RFC 3849
        "3fff::/20",  # documentation, RFC 9637
    )
)


def is_open(address: Address) -> bool:
    """Whether it is a public unicast address."""
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped
        if inner is None and address in _NAT64:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return is_open(inner)
        if address not in _UNICAST:
            return False
    if any(address.version == block.version and address in block for block in _NEVER):
        return False
    return address.is_global and not (address.is_multicast or address.is_reserved or address.is_unspecified)


class Reach:
    """What the operator allows besides the open web: addresses, blocks of them, and hosts by name."""

    def __init__(self, allowed: Iterable[str] = ()) -> None:
        self._blocks: list[ipaddress.IPv4Network | ipaddress.IPv6Network] = []
        self._hosts: set[str] = set()
        for entry in allowed:
            try:
                self._blocks.append(ipaddress.ip_network(entry, strict=False))
            except ValueError:
                if not _HOST.fullmatch(entry.lower()):
                    raise WrongSetting(f"PARVIS_OUTBOUND_ALLOW: {entry} is no address, block or host.") from None
                self._hosts.add(entry.lower())

    @classmethod
    def of(cls, settings: Settings) -> "Reach":
        """What the settings allow.

        Raises:
            WrongSetting: an entry is neither an address, a block (CIDR) nor a host's name.
        """
        return cls(settings.outbound_allow.replace(",", " ").split())

    def permits(self, host: str, port: int, address: str) -> bool:
        """Whether this host's port may be called at this address, which it resolved to."""
        try:
            found = ipaddress.ip_address(address)
        except ValueError:
            return False
        if host.lower() in self._hosts:
            return True
        if any(found.version == block.version and found in block for block in self._blocks):
            return True
        return port in OPEN_PORTS and is_open(found)
