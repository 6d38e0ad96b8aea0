"""The file of decisions: one line a decision, only ever added to; the last of a reviewer on a paper stands."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from bedside.errors import DataError
from bedside.lang import tr

INCLUDE, EXCLUDE, UNSURE = "include", "exclude", "unsure"
DECISIONS = (INCLUDE, EXCLUDE, UNSURE)
CONSENSUS = "consensus"
"""Who speaks last where two reviewers differ."""
_WORDS = {
    INCLUDE: ("include", "included", "i", "yes", "y", "1", "1.0", "true", "relevant", "纳入", "是", "入选"),
    EXCLUDE: ("exclude", "excluded", "e", "no", "n", "0", "0.0", "false", "irrelevant", "排除", "否", "剔除"),
    UNSURE: ("unsure", "maybe", "u", "?", "不确定", "待定"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """A decision on the paper `id`; `order` is how it came to be read: ranked, random, or given from elsewhere."""

    id: str
    decision: str
    who: str
    when: str
    reason: str = ""
    order: str = "ranked"

    @property
    def relevant(self) -> bool:
        """Whether the paper goes on to be read in full: what is unsure does."""
        return self.decision != EXCLUDE


def decision_of(said: str) -> str | None:
    """A decision in the words that people and tables use, None for any other.

    >>> decision_of("Yes"), decision_of("排除"), decision_of("perhaps")
    ('include', 'exclude', None)
    """
    word = said.strip().lower()
    return next((decision for decision, words in _WORDS.items() if word in words), None)


def read_labels(path: Path) -> list[Label]:
    """The decisions of a file in order, none where there is no file; DataError, by line, for one that is none."""
    if not path.exists():
        return []
    labels = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if line.strip():
            labels.append(_label(line, f"{path.name} {tr(f'line {number}', f'第 {number} 行')}"))
    return labels


def add_labels(path: Path, labels: Iterable[Label]) -> None:
    """Write decisions at the end, through to the disk; after a line that a power cut left half, on a new one."""
    lines = "".join(json.dumps(asdict(one), ensure_ascii=False) + "\n" for one in labels)
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "a+b", opener=lambda name, flags: os.open(name, flags, 0o600)) as out:
        if out.tell():
            out.seek(-1, os.SEEK_END)
            lines = lines if out.read(1) == b"\n" else "\n" + lines
        out.write(lines.encode())
        out.flush()
        os.fsync(out.fileno())


def standing(labels: Iterable[Label]) -> dict[tuple[str, str], Label]:
    """The last decision of each reviewer on each paper, by (paper, reviewer), in the order of the first ones."""
    last: dict[tuple[str, str], Label] = {}
    for one in labels:
        last[one.id, one.who] = one
    return last


def resolved(labels: Iterable[Label]) -> dict[str, Label | None]:
    """What stands for each paper, in the order first decided; None where reviewers differ and nobody settled it."""
    each: dict[str, list[Label]] = {}
    for one in standing(labels).values():
        each.setdefault(one.id, []).append(one)
    return {id: _agreed(said) for id, said in each.items()}


def reviewers(labels: Iterable[Label]) -> list[str]:
    """Who decided, without the consensus."""
    return [who for who in dict.fromkeys(one.who for one in labels) if who != CONSENSUS]


def by(labels: Sequence[Label], who: str) -> list[Label]:
    """The decisions of one reviewer."""
    return [one for one in labels if one.who == who]


def now() -> str:
    """The time, in UTC, to the second."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _agreed(said: list[Label]) -> Label | None:
    settled = next((one for one in said if one.who == CONSENSUS), None)
    if settled:
        return settled
    return said[0] if len({one.decision for one in said}) == 1 else None


def _label(line: str, where: str) -> Label:
    try:
        row = json.loads(line)
    except ValueError:
        row = None
    if not isinstance(row, Mapping):
        raise DataError(tr("not a decision", "不是筛选决定"), where=where, next=tr("remove this line", "请删除这一行"))
    known = {name: str(row[name]) for name in Label.__dataclass_fields__ if row.get(name) is not None}
    if missing := [name for name in ("id", "decision") if not known.get(name)]:
        raise DataError(tr("a decision without", "筛选决定缺少"), where=where, value=", ".join(missing))
    decision = decision_of(known["decision"])
    if decision is None:
        strange = known["decision"][:40]
        raise DataError(tr("no such decision", "没有此种决定"), where=where, value=strange, allowed=DECISIONS)
    return Label(**{"who": "reviewer", "when": "", **known, "decision": decision})
