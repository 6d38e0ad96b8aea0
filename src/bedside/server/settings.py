"""What the server is told at start: address, limits, threads, files. Checked once, then frozen."""

from __future__ import annotations

import ipaddress
import os
from dataclasses import dataclass
from pathlib import Path

from bedside.errors import ServeError
from bedside.lang import tr


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Where to listen and how much to take on.

    Units: bytes, texts, seconds. `texts_per_second` is the rate of one key (0: no limit); `waiting_texts` bounds the
    queue, so that a flood is answered with 503 at once instead of with a late answer; `notice_s` is how long /readyz
    says no before the server stops taking requests, for a load balancer to look away.
    """

    host: str = "127.0.0.1"
    port: int = 8765
    keys: Path | None = None
    audit: Path | None = None
    max_body_bytes: int = 4_000_000
    max_texts: int = 256
    max_chars: int = 200_000
    texts_per_second: float = 1000.0
    waiting_texts: int = 1024
    batch_texts: int = 16
    workers: int = 0
    timeout_s: float = 30.0
    notice_s: float = 1.0
    drain_s: float = 20.0

    def __post_init__(self) -> None:
        if self.keys is None and not is_loopback(self.host):
            raise ServeError(
                tr("an open address needs API keys", "对外地址必须使用 API 密钥"),
                value=self.host,
                allowed=tr(
                    "127.0.0.1 without keys, any address with --keys FILE", "无密钥仅限 127.0.0.1；其他需 --keys"
                ),
                next="bedside serve --make-key NAME >> keys.txt",
            )
        for name in (
            "max_body_bytes",
            "max_texts",
            "max_chars",
            "waiting_texts",
            "batch_texts",
            "timeout_s",
            "drain_s",
        ):
            if getattr(self, name) <= 0:
                raise ServeError(tr("must be above 0", "必须大于 0"), where=name, value=getattr(self, name))
        if not 0 <= self.port <= 65535:
            raise ServeError(tr("no such port", "端口无效"), value=self.port, allowed="0-65535")

    @property
    def worker_threads(self) -> int:
        """Threads that run the model: as told, or one for each core this process may use."""
        return self.workers or usable_cores()


def usable_cores() -> int:
    """Cores this process may run on (a container's share where the platform tells it)."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach `host`. A name other than localhost is taken as reachable by others."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
