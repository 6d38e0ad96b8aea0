"""The audit log: who did what to whose chart, when, and how it ended; chained, signed, without patient text."""

from __future__ import annotations

import json
import os
import re
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

from bedside.chain import SM3, ChainBroken, End, add_line, add_whole, canonical, digest, end_of, locked
from bedside.clinic.audit.signer import Signer
from bedside.errors import AuditError
from bedside.lang import tr

CHECKPOINT_EVERY = 256
HEAD_BYTES = 512
_NAME = re.compile(r"[\w.@:-]{1,128}")
_CODE = re.compile(r"[A-Za-z0-9_.:/{}+-]{0,128}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One act. Every word of it is an id, a code or a number; anything else is refused, so no text can slip in.

    `patient` is our id, never the hospital's number; `route` the address with its variables unfilled.
    """

    action: str
    outcome: str
    status: int = 0
    who: str = ""
    name: str = ""
    role: str = ""
    via: str = ""
    patient: str = ""
    request_id: str = ""
    method: str = ""
    route: str = ""
    detail: Mapping[str, str | int] = field(default_factory=dict)

    def line(self) -> dict[str, Any]:
        """What is written: only the parts that are there."""
        parts = {name: getattr(self, name) for name in self.__slots__ if name != "detail"}
        detail = {key: _code(value) for key, value in self.detail.items()}
        said = {key: _code(part, _NAME if key in ("who", "name") else _CODE) for key, part in parts.items() if part}
        return {**said, **({"detail": detail} if detail else {})}


def _code(value: str | int, allowed: re.Pattern[str] = _CODE) -> str | int:
    """An id, code or number as it is; what looks like text is only counted."""
    if isinstance(value, int) or allowed.fullmatch(value):
        return value
    return f"text:{len(value)}"


class AuditLog:
    """The log of one data folder: a file a year, signed checkpoints, and a signed head that tells where it ends.

    With `sm`, lines are chained by SM3; the lines before stay as they were, and are checked as they were.
    Several processes and threads may write at once. An event is on the disk when `write` returns; when it cannot be
    written, `AuditError`, and whoever wanted to act must not.
    """

    def __init__(
        self, folder: Path, signer: Signer, now: Callable[[], datetime] = lambda: datetime.now(UTC), *, sm: bool = False
    ) -> None:
        self.folder, self._signer, self._now = folder, signer, now
        self._says = {"hash": SM3} if sm else {}
        self._lock = threading.Lock()
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)

    def write(self, event: Event) -> int:
        """Append one event, and return its number."""
        when = self._now()
        try:
            with self._lock, locked(self.folder / "head.json", append=False) as head:
                year = max(when.year, int(_head(head).get("year", 0)))  # a clock put back must not reopen a closed file
                with locked(self.folder / f"{year}.jsonl") as log:
                    before = self._end(head, log, year)
                    line = {"time": when.isoformat(timespec="milliseconds"), **event.line(), **self._says}
                    end = add_line(log, digest, before, line)
                    self._sign(head, end, year, log.seek(0, os.SEEK_END), when)
            return end.count
        except OSError as fault:
            raise AuditError(tr("the audit log cannot be written", "无法写入审计日志"), value=fault.strerror) from None
        except ChainBroken as fault:
            raise broken(f"{year}.jsonl", fault.line) from None

    def _end(self, head: BinaryIO, log: BinaryIO, year: int) -> End:
        """Where the log ends: what the head says, and what a killed writer added after it, checked."""
        said = _head(head)
        end = End(int(said["n"]), str(said["mark"])) if said else End()
        size = log.seek(0, os.SEEK_END)
        known = int(said["size"]) if said and said["year"] == year else 0
        if size < known or (size and not said):
            raise ChainBroken(end.count)
        if size > known:
            os.ftruncate(log.fileno(), known + _whole_lines(log, known))
            log.seek(known)
            end = end_of(log, digest, end)
        return end

    def _sign(self, head: BinaryIO, end: End, year: int, size: int, when: datetime) -> None:
        said = {"n": end.count, "mark": end.mark, "year": year, "size": size}
        said["time"] = when.isoformat(timespec="milliseconds")
        point = {**said, "signature": self._signer.sign(canonical(said))}
        written = json.dumps(point).encode()
        os.pwrite(head.fileno(), written.ljust(HEAD_BYTES), 0)
        if end.count % CHECKPOINT_EVERY == 0:
            with locked(self.folder / "checkpoints.jsonl") as points:
                add_whole(points, written + b"\n")


def _head(head: BinaryIO) -> dict[str, Any]:
    head.seek(0)
    written = head.read().strip()
    try:
        return json.loads(written) if written else {}
    except ValueError:
        raise broken("head.json", 0) from None


def _whole_lines(log: BinaryIO, start: int) -> int:
    """How many bytes after `start` are whole lines: one torn by a power cut was never acknowledged, and is dropped."""
    log.seek(start)
    return log.read().rfind(b"\n") + 1


def broken(file: str, line: int) -> AuditError:
    """What to say when the log does not follow from itself."""
    return AuditError(
        tr("the audit log was changed", "审计日志被改动"),
        where=f"{file} {tr('line', '第')} {line}" if line else file,
        next=tr("keep the files and tell whoever is responsible", "请保留文件并报告负责人"),
    )
