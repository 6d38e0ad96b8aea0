"""How another program is called: straight to the address named, through no proxy, following no redirect."""

from __future__ import annotations

from typing import Any
from urllib.parse import SplitResult
from urllib.request import HTTPRedirectHandler, OpenerDirector, ProxyHandler, build_opener

LOCAL = ("127.0.0.1", "::1", "localhost")


def caller() -> OpenerDirector:
    """An opener that follows no redirect and knows no proxy."""
    return build_opener(_Stay, ProxyHandler({}))


def unheard(parts: SplitResult) -> bool:
    """Whether nobody on the way can listen: https, or this machine itself.

    >>> from urllib.parse import urlsplit
    >>> unheard(urlsplit("https://llm.hospital.lan/v1")), unheard(urlsplit("http://llm.hospital.lan/v1"))
    (True, False)
    """
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOCAL)


class _Stay(HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        return None
