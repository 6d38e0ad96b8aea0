"""A file of JSON lines that only grows, each line bound to the one before: what every audit log stands on."""

from __future__ import annotations

import errno
import hashlib
import hmac
import json
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

SM3 = "sm3"
Mark = Callable[[str, dict[str, Any]], str]
"""The mark of a line, out of the mark of the line before and the line itself (without its mark)."""


@dataclass(frozen=True, slots=True)
class End:
    """Where a chain ends: how many lines it has, and the mark of the last."""

    count: int = 0
    mark: str = "0" * 64

    def __str__(self) -> str:
        return f"{self.count}:{self.mark}"


class ChainBroken(Exception):
    """A line was changed, removed, added or reordered; `line` is the first that does not follow from those before."""

    def __init__(self, line: int) -> None:
        super().__init__(f"line {line}")
        self.line = line


def canonical(line: dict[str, Any]) -> bytes:
    """A line as the bytes its mark is made from.

    >>> canonical({"n": 1, "a": "é"})
    b'{"a": "\\\\u00e9", "n": 1}'
    """
    return json.dumps(line, ensure_ascii=True, sort_keys=True).encode()


def digest(before: str, line: dict[str, Any]) -> str:
    """The mark without a key, which anyone can check, and make: SHA-256 over the mark before and the line.

    A line that says so (`"hash": "sm3"`) is marked by SM3 instead; its word for it is under the mark like the rest.
    """
    said = before.encode() + canonical(line)
    if line.get("hash") != SM3:
        return hashlib.sha256(said).hexdigest()
    from cryptography.hazmat.primitives import hashes

    made = hashes.Hash(hashes.SM3())
    made.update(said)
    return made.finalize().hex()


def follow(lines: Iterable[Any], mark: Mark, start: End | None = None) -> Iterator[tuple[dict[str, Any], End]]:
    """Each line (without its mark) and the end after it; raises `ChainBroken` at the first that does not follow.

    >>> first = {"n": 1, "who": "ann"}
    >>> [(_, end)] = follow([{**first, "mark": digest(End().mark, first)}], digest)
    >>> end.count
    1
    """
    end = start or End()
    for held in lines:
        try:
            line = dict(held)
            found = line.pop("mark")
            good = line["n"] == end.count + 1 and hmac.compare_digest(found, mark(end.mark, line))
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            good = False
        if not good:
            raise ChainBroken(end.count + 1)
        end = End(end.count + 1, found)
        yield line, end


def read_chain(stream: BinaryIO, mark: Mark, start: End | None = None) -> Iterator[tuple[dict[str, Any], End]]:
    """`follow` from where a file of JSON lines stands."""
    return follow(map(_parsed, stream), mark, start)


def _parsed(raw: bytes) -> Any:
    try:
        return json.loads(raw)
    except (ValueError, RecursionError):
        return None


def end_of(stream: BinaryIO, mark: Mark, start: End | None = None) -> End:
    """Where the chain ends, every line from where the stream stands checked; raises `ChainBroken`."""
    return end_of_lines(map(_parsed, stream), mark, start)


def end_of_lines(lines: Iterable[Any], mark: Mark, start: End | None = None) -> End:
    """The same of lines that are read already."""
    last = deque(follow(lines, mark, start), maxlen=1)
    return last[0][1] if last else start or End()


def add_line(stream: BinaryIO, mark: Mark, end: End, line: dict[str, Any]) -> End:
    """Write one line after `end` and see it on the disk; when it cannot be written whole, nothing of it stays."""
    numbered = {"n": end.count + 1, **line}
    made = mark(end.mark, numbered)
    add_whole(stream, json.dumps({**numbered, "mark": made}, ensure_ascii=True).encode() + b"\n")
    return End(end.count + 1, made)


def add_whole(stream: BinaryIO, written: bytes) -> None:
    """Write at the end of a file and see it on the disk; raises OSError and leaves no part when it does not fit."""
    handle, size = stream.fileno(), stream.seek(0, os.SEEK_END)
    try:
        if os.write(handle, written) != len(written):  # a full disk takes a part and reports no error
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        os.fsync(handle)
    except OSError:
        os.ftruncate(handle, size)
        raise


@contextmanager
def locked(path: Path, *, append: bool = True) -> Iterator[BinaryIO]:
    """The file open for reading and writing, alone (an advisory lock, where the system has one); mode 0600."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT | (os.O_APPEND if append else 0), 0o600)
    with os.fdopen(handle, "r+b") as log:
        try:
            import fcntl
        except ImportError:
            yield log
            return
        fcntl.flock(log, fcntl.LOCK_EX)
        try:
            yield log
        finally:
            fcntl.flock(log, fcntl.LOCK_UN)
