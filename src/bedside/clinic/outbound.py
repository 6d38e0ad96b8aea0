"""No connection leaves this machine but to addresses an administrator has listed: the interpreter itself refuses."""

from __future__ import annotations

import ipaddress
import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from bedside.errors import ConfigError
from bedside.lang import tr

WATCHED = ("socket.connect", "socket.sendto", "socket.sendmsg", "socket.getaddrinfo", "socket.gethostbyname")
"""What the interpreter tells its audit hooks of (PEP 578): looking a name up leaves the machine too."""


_refusals = Counter[str]()
"""Of this process, which is shut in once and for all; two at once may count as one, which hides no refusal."""


def refused() -> int:
    """How many connections this process was refused."""
    return _refusals["out"]


class Outbound(PermissionError):
    """A connection to an address that is not on the list; says neither what was to be sent nor to whom."""


@dataclass(frozen=True)
class Allowed:
    """The addresses on the list: host names or IP addresses, each with a port or any."""

    places: frozenset[tuple[str, int | None]]

    def lets(self, host: str, port: int | None) -> bool:
        """Whether a connection there may be made; this machine itself always.

        >>> allowed(["https://fhir.hospital.lan:8443"]).lets("fhir.hospital.lan", 8443)
        True
        >>> allowed(["fhir.hospital.lan:8443"]).lets("example.org", 443)
        False
        """
        if host in ("", "localhost") or _loopback(host):
            return True
        return any(host == place and (port is None or listed in (None, port)) for place, listed in self.places)

    def lets_address(self, url: str) -> bool:
        """Whether an address is on the list, and reached so that nobody on the way can listen.

        >>> allowed(["https://hook.lan/a"]).lets_address("https://hook.lan/a"), allowed([]).lets_address("http://[")
        (True, False)
        """
        try:
            parts = urlsplit(url)
            host, port = parts.hostname or "", parts.port or {"https": 443, "http": 80}.get(parts.scheme)
        except ValueError:
            return False
        safe = parts.scheme == "https" or (parts.scheme == "http" and (host == "localhost" or _loopback(host)))
        return bool(host) and safe and parts.username is None and self.lets(host, port)

    def check(self, event: str, arguments: tuple[Any, ...]) -> None:
        """Refuse one event of the interpreter's that would leave the machine."""
        if event not in WATCHED:
            return
        if event in ("socket.getaddrinfo", "socket.gethostbyname"):
            host, port = _text(arguments[0]), None
        else:
            address = arguments[1]
            if not isinstance(address, tuple) or len(address) < 2:  # a socket of this machine's own, or a connected one
                return
            host, port = _text(address[0]), int(address[1])
        if not self.lets(host, port):
            _refusals["out"] += 1
            raise Outbound(tr("a connection out that is not on the list", "未列入允许名单的对外连接"))


def allowed(written: Iterable[str]) -> Allowed:
    """The list as written: `host`, `host:port` or an address such as `https://host:port/path`.

    Host names on it are looked up once, now, and their addresses are on the list too.
    """
    places: set[tuple[str, int | None]] = set()
    for one in written:
        try:
            parts = urlsplit(one if "//" in one else f"//{one}")
            host, port = parts.hostname, parts.port
        except ValueError:
            raise _no_address(one) from None
        if not host:
            raise _no_address(one)
        places.add((host, port or {"https": 443, "http": 80}.get(parts.scheme)))
    return Allowed(frozenset(places))


def shut_in(written: Iterable[str]) -> None:
    """From here on this process connects to itself and to the list alone; there is no way back.

    It holds for everything that goes through Python's sockets; a database driver in C is not seen, so a firewall
    belongs beside it (docs/threat-model.md).
    """
    listed = allowed(written)
    resolved = {(address, port) for host, port in listed.places for address in _addresses(host)}
    whole = Allowed(listed.places | resolved)
    sys.addaudithook(whole.check)


def _no_address(written: str) -> ConfigError:
    return ConfigError([tr(f"outbound: not an address: {written}", f"outbound：地址无效：{written}")])


def _addresses(host: str) -> set[str]:
    import socket

    try:
        return {str(found[4][0]) for found in socket.getaddrinfo(host, None)}
    except OSError:
        return set()


def _loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host.split("%")[0]).is_loopback
    except ValueError:
        return False


def _text(host: Any) -> str:
    return host.decode("ascii", "replace") if isinstance(host, bytes) else str(host or "")
