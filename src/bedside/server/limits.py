"""How much one caller may ask: texts a second for each key, bytes in a body, seconds for it to arrive."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock

from starlette.requests import Request

from bedside.lang import tr
from bedside.server.errors import Refusal

MOST_KEYS = 10_000
"""Beyond so many callers, those whose budget is full again are forgotten: a flood of addresses must not fill memory."""


@dataclass
class RateLimit:
    """A token bucket for each key: `rate` texts a second, bursts of up to `burst_s` seconds' worth. 0: no limit.

    Threads may share it: logins are answered in several.
    """

    rate: float
    clock: Callable[[], float] = time.monotonic
    burst_s: float = 2.0
    _levels: dict[str, tuple[float, float]] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock, repr=False)

    def take(self, key: str, texts: int) -> None:
        """Spend `texts` of the key's budget, or refuse with the seconds to wait. A full bucket lets any request in."""
        if self.rate > 0:
            with self._lock:
                self._take(key, texts)

    def _take(self, key: str, texts: int) -> None:
        burst, now = self.burst_s * self.rate, self.clock()
        if len(self._levels) >= MOST_KEYS and key not in self._levels:
            self._levels = {one: (had, then) for one, (had, then) in self._levels.items() if now - then < self.burst_s}
        level, since = self._levels.get(key, (burst, now))
        level = min(burst, level + (now - since) * self.rate)
        if level < min(texts, burst):
            self._levels[key] = (level, now)
            wait = (min(texts, burst) - level) / self.rate
            raise Refusal(429, "rate_limited", tr("too many texts a second", "请求过于频繁"), retry_after_s=wait)
        self._levels[key] = (level - texts, now)


async def read_body(request: Request, *, max_bytes: int, timeout_s: float) -> bytes:
    """The whole body, refused as soon as it is known to be too long (413) or is too slow in coming (408)."""
    declared = request.headers.get("content-length", "0")
    if not declared.isdecimal() or int(declared) > max_bytes:
        raise _too_long(max_bytes)
    body, more = bytearray(), True
    try:
        async with asyncio.timeout(timeout_s):
            while more:
                part = await request.receive()
                if part["type"] == "http.disconnect":
                    raise Refusal(400, "disconnected", tr("the caller hung up", "客户端已断开"), close=True)
                body += part.get("body", b"")
                if len(body) > max_bytes:
                    raise _too_long(max_bytes)
                more = part.get("more_body", False)
    except TimeoutError:
        raise Refusal(
            408, "body_timeout", tr("the body did not arrive in time", "请求体接收超时"), close=True
        ) from None
    return bytes(body)


def _too_long(max_bytes: int) -> Refusal:
    what = tr("the body is too long", "请求体过大")
    return Refusal(
        413, "body_too_large", what, allowed=tr(f"<= {max_bytes} bytes", f"不超过 {max_bytes} 字节"), close=True
    )
