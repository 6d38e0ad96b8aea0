"""What was worked out lately, kept under a keyed digest of the text it came from: bounded in number and in age."""

from __future__ import annotations

import hashlib
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import Generic, TypeVar

T = TypeVar("T")


class Recent(Generic[T]):
    """Answers that hold for a while; the texts they were worked out from are not kept, and cannot be found by guessing.

    >>> sizes = Recent[int](most=100, seconds=60)
    >>> sizes.of("chest pain", lambda: 10), sizes.of("chest pain", lambda: 99)
    (10, 10)

    The key of the digests is this object's own and random. Threads may share it; two that ask for the same at once may
    both work it out. What raises is not kept.
    """

    def __init__(self, *, most: int, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._most, self._seconds, self._clock = most, seconds, clock
        self._key, self._lock = secrets.token_bytes(32), Lock()
        self._kept: OrderedDict[bytes, tuple[float, T]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._kept)

    def of(self, text: str, make: Callable[[], T]) -> T:
        """What is kept of that text and not too old, else what `make` says now."""
        name, now = self._name(text), self._clock()
        with self._lock:
            held = self._kept.get(name)
            if held is not None and now - held[0] <= self._seconds:
                self._kept.move_to_end(name)
                return held[1]
        made = make()
        with self._lock:
            self._kept[name] = (now, made)
            self._kept.move_to_end(name)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
        return made

    def _name(self, text: str) -> bytes:
        return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), key=self._key, digest_size=16).digest()
