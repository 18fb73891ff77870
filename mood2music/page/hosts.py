"""Tells from a request's Host and Origin whether they name this page.

A page that answers to any name can be read by any web site: the site lets its own name point to
127.0.0.1 for a moment (DNS rebinding), and the browser takes both for one. An address of digits
cannot be rebound; a name can, so only names that whoever runs the page gave are answered.
"""

import ipaddress
import re
from collections.abc import Iterable
from dataclasses import dataclass

# What a browser sends: a name or an address, IPv6 in brackets, and perhaps a port (RFC 9110, 7.2).
HOST = re.compile(
    r"(\[[0-9a-f:.]+\]|[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?\.?)(?::(\d{0,5}))?", re.I | re.A
)
PORTS = {"http": 80, "https": 443}
LOCAL = ("localhost", "127.0.0.1", "[::1]")


@dataclass(frozen=True)
class Place:
    """A host in one spelling, lower case and without a last dot; port: None where none is named."""

    name: str
    port: int | None

    def reached(self, scheme: str) -> tuple[str, int | None]:
        """Name and port that a browser asks, the scheme's own port filled in."""
        return self.name, PORTS.get(scheme) if self.port is None else self.port


def parse_host(text: str) -> Place | None:
    """Read `name`, `name:port` or `[IPv6]:port`; None for anything else."""
    found = HOST.fullmatch(text)
    if found is None:
        return None
    name, port = found[1].lower(), found[2]
    if name.startswith("["):
        try:
            name = f"[{ipaddress.IPv6Address(name[1:-1])}]"
        except ValueError:
            return None
    elif ".." in name:
        return None
    if port and int(port) > 65535:
        return None
    return Place(name.removesuffix("."), int(port) if port else None)


def as_host(address: str) -> str:
    """Spell an address as it stands in a Host: IPv6 in brackets, without its zone."""
    bare = address.split("%")[0]
    return f"[{bare}]" if ":" in bare and not bare.startswith("[") else bare


class Hosts:
    """The names that a page answers to."""

    def __init__(self, names: Iterable[str]) -> None:
        """`names`: each with or without a port; one without a port stands for all ports.

        Raises ValueError for one that is no host.
        """
        self._places: set[Place] = set()
        for name in (*LOCAL, *names):
            place = parse_host(as_host(name) if name.count(":") > 1 else name)
            if place is None:
                raise ValueError(name)
            self._places.add(place)

    def answers(self, host: Place, arrived: str | None = None) -> bool:
        """Whether the page answers to `host`; `arrived`: the address that the request came to.

        A port need not be this page's own: it is reached through tunnels and proxies as well.
        """
        if arrived is not None and parse_host(as_host(arrived)) == Place(host.name, None):
            return True
        return host in self._places or Place(host.name, None) in self._places


def is_own(origin: str, host: Place) -> bool:
    """Whether an Origin header is that of the page that `host` names; "null" never is.

    The scheme may differ from what the page speaks: a proxy speaks HTTPS for it.
    """
    scheme, split, rest = origin.partition("://")
    place = parse_host(rest) if split and scheme in PORTS else None
    return place is not None and place.reached(scheme) == host.reached(scheme)
