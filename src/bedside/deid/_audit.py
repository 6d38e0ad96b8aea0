"""The audit log of re-identification: who asked when, why, for which pseudonym; appended, chained, never rewritten."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

from bedside.audit import Broken, End, mark, walk
from bedside.deid._policy import subkey
from bedside.errors import VaultError
from bedside.lang import tr


@dataclass(frozen=True, slots=True, kw_only=True)
class Disclosure:
    """One re-identification: the pseudonym, never the person behind it."""

    who: str
    why: str
    pseudonym: str
    when: str = ""


@dataclass(frozen=True, slots=True)
class AuditLog:
    """A JSON Lines file; each line carries an HMAC over itself and the one before: none can be changed or taken out.

    The last lines can be cut off without a trace in the file itself: keep what `append` returns (the vault does) and
    give it to `verify`.
    """

    path: Path
    key: bytes = field(repr=False)

    def append(self, disclosure: Disclosure, *, on_end: Callable[[str], None] | None = None) -> str:
        """Write one line to the disk before returning; returns the log's new end, `<lines>:<mark>`.

        `on_end` is given it too, while no other process can append.
        """
        if not disclosure.why.strip() or not disclosure.who.strip():
            raise VaultError(tr("a re-identification needs a person and a reason", "重新识别须注明人员和理由"))
        when = disclosure.when or datetime.now(UTC).isoformat(timespec="seconds")
        with self._locked() as log:
            before = self._walk(log)
            line: dict[str, Any] = {"n": before.lines + 1, **asdict(disclosure), "when": when}
            line["mark"] = mark(before.mark, line, self._chain_key)
            log.seek(0, os.SEEK_END)
            log.write(json.dumps(line, ensure_ascii=True).encode() + b"\n")
            log.flush()
            os.fsync(log.fileno())
            end = str(End(line["n"], line["mark"]))
            if on_end is not None:
                on_end(end)
            return end

    def verify(self, end: str | None = None) -> int:
        """Walk the whole chain and return its length; `end` is what the last `append` returned.

        Raises `VaultError` when a line was changed, removed, added or reordered, or when lines are missing at the end.
        """
        if not self.path.exists():
            if end is not None:
                raise _broken(self.path, 0)
            return 0
        with self.path.open("rb") as log:
            found = self._walk(log)
        if end is not None and str(found) != end:
            raise _broken(self.path, found.lines)
        return found.lines

    @property
    def _chain_key(self) -> bytes:
        return subkey(self.key, "audit")

    def _walk(self, log: BinaryIO) -> End:
        log.seek(0)
        try:
            return walk(map(json.loads, log), self._chain_key)
        except Broken as fault:
            raise _broken(self.path, fault.line) from fault

    @contextmanager
    def _locked(self) -> Iterator[BinaryIO]:
        """The file open for appending, alone (an advisory lock, where the system has one)."""
        try:
            handle = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        except OSError as error:
            what = tr("the audit log cannot be written, so nothing is shown", "审计日志无法写入，因此不予显示")
            raise VaultError(what, value=self.path) from error
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


def _broken(path: Path, line: int) -> VaultError:
    what = tr("the audit log was changed", "审计日志被改动")
    return VaultError(
        what,
        where=f"{path} line {line}",
        next=tr("keep the file and tell whoever is responsible", "请保留该文件并报告负责人"),
    )
