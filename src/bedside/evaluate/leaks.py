"""What crosses from one part of a split to another: patients, the same texts, texts nearly the same."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from bedside.errors import LeakError
from bedside.lang import counted, tr

INSIST = "leaks accepted"
"""The words by which a user takes a leaking split upon himself."""

ASIDE = ("unused", "undated")
"""The parts for rows that are neither trained nor tested on; what lies there leaks nothing."""

NearPairs = Callable[[Sequence[str]], Iterable[tuple[int, int]]]
"""Finds pairs of rows with near-same text; MinHash in `cleaning` is one such."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LeakReport:
    """What crosses from part to part: patients, identical texts, near-same texts; counts only, never text."""

    rows: Mapping[str, int]
    shared_patients: int
    same_texts: int
    near_texts: int
    patients_known: bool
    near_checked: bool

    @property
    def clean(self) -> bool:
        """Nothing was found to cross."""
        return not (self.shared_patients or self.same_texts or self.near_texts)


def leaks(
    parts: Sequence[Hashable],
    patients: Sequence[Hashable] | None = None,
    texts: Sequence[str] | None = None,
    *,
    near: NearPairs | None = None,
) -> LeakReport:
    """Count what lies in more than one part; rows marked `unused` or `undated` are left aside."""
    used = [number for number, part in enumerate(parts) if part not in ASIDE]
    words = [" ".join(text.split()) for text in texts] if texts is not None else []
    pairs = near(words) if near is not None and texts is not None else ()
    unused = set(range(len(parts))) - set(used)
    crossing = {
        row
        for pair in pairs
        if parts[pair[0]] != parts[pair[1]] and not unused & set(pair) and words[pair[0]] != words[pair[1]]
        for row in pair
    }
    return LeakReport(
        rows={str(part): list(parts).count(part) for part in dict.fromkeys(parts)},
        shared_patients=_shared(parts, patients, used) if patients is not None else 0,
        same_texts=_shared(parts, words, [row for row in used if words[row]]) if words else 0,
        near_texts=len(crossing),
        patients_known=patients is not None,
        near_checked=near is not None and texts is not None,
    )


def refuse_leaks(report: LeakReport, insist: str | None = None) -> None:
    """Raise LeakError for a leaking split, unless the user wrote `INSIST` out in words."""
    if report.clean or insist == INSIST:
        return
    raise LeakError(
        tr(
            f"the split leaks: {counted(report.shared_patients, 'patient')}, "
            f"{counted(report.same_texts, 'identical text')} and {counted(report.near_texts, 'row')} of near-same text "
            "in more than one part",
            f"划分存在泄漏：{report.shared_patients} 名患者、{report.same_texts} 段相同文本、"
            f"{report.near_texts} 行近似文本同时出现在多个部分",
        ),
        next=tr("split by patient, remove duplicates, or insist with", "请按患者划分、去除重复，或明确坚持：")
        + f' --insist "{INSIST}"',
    )


def _shared(parts: Sequence[Hashable], keys: Sequence[Hashable], used: list[int]) -> int:
    """Keys that lie in more than one part."""
    seen: dict[Hashable, set[Hashable]] = {}
    for row in used:
        seen.setdefault(keys[row], set()).add(parts[row])
    return sum(len(where) > 1 for where in seen.values())
