"""The newest lines of the audit log, read backwards from its end: for looking, not for checking (`AuditReader`)."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

BLOCK = 64 * 1024
MOST_READ = 200_000
"""Lines looked at for one search: a page must not read fifteen years."""


@dataclass(frozen=True, slots=True)
class Newest:
    """Lines that fit, newest first; `whole` is False where older ones were not looked at."""

    lines: tuple[dict[str, Any], ...]
    whole: bool


def newest(
    folder: Path,
    wanted: Mapping[str, str],
    *,
    since: str = "",
    until: str = "",
    limit: int = 100,
    most: int = MOST_READ,
) -> Newest:
    """The last lines whose fields are as wanted, from one ISO 8601 time up to another.

    `who` fits an account's name or its id. A line that cannot be read is passed over here, and found by a check.
    """
    found: list[dict[str, Any]] = []
    for count, line in enumerate(_backwards(folder)):
        if count >= most or len(found) >= limit:
            return Newest(tuple(found), whole=False)
        if since <= line["time"] and (not until or line["time"] < until) and _fits(line, wanted):
            found.append(line)
    return Newest(tuple(found), whole=True)


def _fits(line: Mapping[str, Any], wanted: Mapping[str, str]) -> bool:
    plain = {name: value for name, value in wanted.items() if value and name != "who"}
    who = wanted.get("who", "")
    named = not who or who in (line.get("name"), line.get("who"))
    return named and all(str(line.get(name, "")) == value for name, value in plain.items())


def _backwards(folder: Path) -> Iterator[dict[str, Any]]:
    for path in sorted(folder.glob("[0-9][0-9][0-9][0-9].jsonl"), reverse=True):
        with path.open("rb") as log:
            for raw in _lines_backwards(log):
                line = _parsed(raw)
                if line is not None:
                    yield line


def _lines_backwards(log: BinaryIO) -> Iterator[bytes]:
    """The lines of a file from its end, in blocks, so that its beginning is not read for its end."""
    at, rest = log.seek(0, os.SEEK_END), b""
    while at > 0:
        size = min(BLOCK, at)
        at = log.seek(at - size)
        first, *whole = (log.read(size) + rest).split(b"\n")
        yield from reversed(whole)
        rest = first
    yield rest


def _parsed(raw: bytes) -> dict[str, Any] | None:
    try:
        line = json.loads(raw)
    except (ValueError, RecursionError):
        return None
    return line if isinstance(line, dict) and isinstance(line.get("time"), str) else None
