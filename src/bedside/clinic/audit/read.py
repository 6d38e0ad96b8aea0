"""Reads the audit log: is it whole and unchanged, who did what, and a copy for an auditor."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bedside.chain import ChainBroken, End, canonical, digest, read_chain
from bedside.clinic.audit.log import broken
from bedside.clinic.audit.signer import public_key, signed
from bedside.errors import AuditError
from bedside.lang import tr

SIGNED = ("n", "mark", "year", "size", "time")


@dataclass(frozen=True, kw_only=True)
class Verified:
    """What a check found: how many lines, how many checkpoints vouch for them, and what is odd though unbroken.

    `unsigned` lines stand after the last signed one: one at most after a kill, more only where the head was put back.
    `clock_back` are the numbers of lines written at an earlier time than the line before.
    """

    lines: int
    first: int
    checkpoints: int
    unsigned: int
    public_key: str
    clock_back: tuple[int, ...] = ()

    @property
    def good(self) -> bool:
        """Whether every line is vouched for, but for one that a kill may leave."""
        return self.unsigned <= 1


@dataclass(frozen=True)
class Point:
    """A signed place in the log."""

    n: int
    mark: str


@dataclass(frozen=True)
class _Seen:
    """What a walk has come past: first and last number, and the lines written earlier than the one before."""

    first: int = 0
    last: int = 0
    early: tuple[int, ...] = ()

    def then(self, n: int, *, early: bool) -> _Seen:
        return _Seen(self.first or n, n, (*self.early, n) if early else self.early)


@dataclass(frozen=True)
class AuditReader:
    """The log of one folder; needs no secret, so that an auditor can check a copy.

    `public` is the key whose signatures count: by default the one that lies beside the log.
    """

    folder: Path
    public: str = field(default="")

    def lines(self) -> Iterator[dict[str, Any]]:
        """Every line in order, the chain checked on the way; raises `AuditError` at the first that does not follow."""
        for line, _ in self._walk():
            yield line

    def search(self, wanted: Mapping[str, str], since: str = "", until: str = "") -> Iterator[dict[str, Any]]:
        """The lines whose fields are as wanted, from one ISO 8601 time up to another."""
        for line in self.lines():
            when = since <= line["time"] and (not until or line["time"] < until)
            if when and all(str(line.get(name, "")) == value for name, value in wanted.items()):
                yield line

    def verify(self, kept: Mapping[str, Any] | None = None) -> Verified:
        """Check every line against the one before and against every signature.

        `kept` is a checkpoint that was taken away earlier (`bedside audit export`): with it, even a log that was put
        back whole to an older state is noticed. Raises `AuditError` when lines were changed, removed or added.
        """
        public = self.public or public_key(self.folder / "signer.json") or ""
        points = self._points(public, kept)
        seen, open_points, before = _Seen(), dict(points), ""
        for line, end in self._walk():
            seen = seen.then(line["n"], early=line["time"] < before)
            before = line["time"]
            if open_points.pop(end.count, end.mark) != end.mark:
                raise broken("checkpoints.jsonl", end.count)
        if open_points:
            raise AuditError(
                tr("lines are missing at the end of the audit log", "审计日志末尾缺失"),
                value=f"{seen.last} < {max(open_points)}",
                next=tr("keep the files and tell whoever is responsible", "请保留文件并报告负责人"),
            )
        head = self._head(public)  # read anew: a server may have gone on writing meanwhile
        return Verified(
            lines=seen.last - seen.first + 1 if seen.first else 0,
            first=seen.first,
            checkpoints=len(points),
            unsigned=max(seen.last - head.n, 0) if head and seen.first else 0,
            public_key=public,
            clock_back=seen.early,
        )

    def head(self) -> dict[str, Any] | None:
        """The signed end of the log, to be kept elsewhere; None where nothing was ever written."""
        return _json(self.folder / "head.json")

    def years(self) -> list[Path]:
        """The files of the log, oldest first."""
        return sorted(self.folder.glob("[0-9][0-9][0-9][0-9].jsonl"))

    def start(self) -> End:
        """What the first line that is still there follows: the end of what was lawfully deleted, or nothing."""
        pruned = _json(self.folder / "pruned.json")
        return End(int(pruned["n"]), str(pruned["mark"])) if pruned else End()

    def _walk(self) -> Iterator[tuple[dict[str, Any], End]]:
        end = self.start()
        for path in self.years():
            with path.open("rb") as log:
                try:
                    for line, after in read_chain(log, digest, end):
                        yield line, after
                        end = after
                except ChainBroken as fault:
                    raise broken(path.name, fault.line) from None

    def _head(self, public: str) -> Point | None:
        said = self.head()
        if said is None:
            if self.years():
                raise broken("head.json", 0)
            return None
        return _point(said, public, "head.json")

    def _points(self, public: str, kept: Mapping[str, Any] | None) -> dict[int, str]:
        """The mark that each signature vouches for, by the number of its line."""
        found = [_point(said, public, "checkpoints.jsonl") for said in self._checkpoints()]
        found += [point for point in (self._head(public),) if point]
        found += [_point(kept, public, "--checkpoint")] if kept else []
        found += [_point(said, public, "pruned.json") for said in (_json(self.folder / "pruned.json"),) if said]
        return {point.n: point.mark for point in found if point.n > self.start().count}

    def _checkpoints(self) -> list[dict[str, Any]]:
        path = self.folder / "checkpoints.jsonl"
        try:
            return [json.loads(line) for line in path.read_bytes().splitlines() if line.strip()]
        except FileNotFoundError:
            return []
        except ValueError:
            raise broken(path.name, 0) from None


def _point(said: Mapping[str, Any], public: str, file: str) -> Point:
    """A signed place, its signature checked."""
    try:
        values = {name: said[name] for name in SIGNED}
        if signed(public, canonical(values), said["signature"]):
            return Point(int(said["n"]), str(said["mark"]))
    except (KeyError, TypeError, ValueError):
        pass
    raise broken(file, 0)


def _json(path: Path) -> dict[str, Any] | None:
    try:
        return json.loads(path.read_bytes())
    except FileNotFoundError:
        return None
    except ValueError:
        raise broken(path.name, 0) from None
