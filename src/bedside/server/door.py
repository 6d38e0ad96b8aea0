"""The listening socket of a server, opened before it answers: so its port is known where any free one was asked for."""

from __future__ import annotations

import contextlib
import socket

from bedside.errors import ServeError
from bedside.lang import tr


def open_door(host: str, port: int, *, or_any: bool = False) -> socket.socket:
    """The socket; with `or_any`, at a free port where the one asked for is taken. ServeError where none can be opened.

    >>> with open_door("127.0.0.1", 0) as door:
    ...     url_of(door) == f"http://127.0.0.1:{door.getsockname()[1]}"
    True
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    for tried in (port, 0) if or_any else (port,):
        # With its protocol named asyncio sends small answers at once; without, each waits 40 ms for an acknowledgement.
        door = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        with contextlib.suppress(OSError):
            door.bind((host, tried))
            door.listen(2048)
            return door
        door.close()
    raise ServeError(tr("the port cannot be opened", "端口无法打开"), value=f"{host}:{port}")


def url_of(door: socket.socket, scheme: str = "http") -> str:
    """Where the server is reached from this machine."""
    host, port = door.getsockname()[:2]
    return f"{scheme}://[{host}]:{port}" if ":" in host else f"{scheme}://{host}:{port}"
