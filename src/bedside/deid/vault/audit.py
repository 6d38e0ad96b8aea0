"""The audit log of re-identification: who asked when, why, for which pseudonym; appended, chained, never rewritten."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

from bedside.chain import ChainBroken, End, add_line, canonical, end_of, locked
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
        with self._alone() as log:
            end = add_line(log, self._mark, self._end(log), {**asdict(disclosure), "when": when})
            told = f"{end.count}:{end.mark}"
            if on_end is not None:
                on_end(told)
            return told

    def verify(self, end: str | None = None) -> int:
        """Walk the whole chain and return its length; `end` is what the last `append` returned.

        Raises `VaultError` when a line was changed, removed, added or reordered, or when lines are missing at the end.
        """
        if not self.path.exists():
            if end is not None:
                raise _broken(self.path, 0)
            return 0
        with self.path.open("rb") as log:
            found = self._end(log)
        if end is not None and f"{found.count}:{found.mark}" != end:
            raise _broken(self.path, found.count)
        return found.count

    def _end(self, log: BinaryIO) -> End:
        """Where the log ends, every line of it checked."""
        log.seek(0)
        try:
            return end_of(log, self._mark)
        except ChainBroken as fault:
            raise _broken(self.path, fault.line) from fault

    def _mark(self, before: str, line: dict[str, Any]) -> str:
        return hmac.digest(subkey(self.key, "audit"), before.encode() + canonical(line), "sha256").hex()

    @contextmanager
    def _alone(self) -> Iterator[BinaryIO]:
        try:
            with locked(self.path) as log:
                yield log
        except OSError as error:
            what = tr("the audit log cannot be written, so nothing is shown", "审计日志无法写入，因此不予显示")
            raise VaultError(what, value=self.path) from error


def _broken(path: Path, line: int) -> VaultError:
    what = tr("the audit log was changed", "审计日志被改动")
    return VaultError(
        what,
        where=f"{path} line {line}",
        next=tr("keep the file and tell whoever is responsible", "请保留该文件并报告负责人"),
    )
