"""Pieces of one patient's chart as one: what is said twice is there once, and where sources disagree is noted."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field

from bedside.lang import tr
from bedside.types import Entry, Identifier, RawChart, Sex


@dataclass(slots=True)
class Merge:
    """What merging found: how many patients and entries, repeats left out, and charts whose sources disagree.

    And how many records were joined and entries withdrawn as later messages said, and where one said so in vain.
    """

    patients: int = 0
    entries: int = 0
    duplicates: int = 0
    conflicts: list[tuple[int, str]] = field(default_factory=list)
    joined: int = 0
    withdrawn: int = 0
    unresolved: list[tuple[str, str]] = field(default_factory=list)


def joined(pieces: Iterable[RawChart]) -> RawChart:
    """One chart out of pieces known to be of one person, in the order they came; what is said twice is there once.

    >>> piece = RawChart(patient="7", entries=(Entry(id="1", kind="Condition", text="Gout"),))
    >>> len(joined([piece, piece]).entries)
    1
    """
    merge, person = Merge(), None
    for piece in pieces:
        person = person or Person(1, piece.patient)
        person.take(piece, merge)
    if person is None:
        raise ValueError("no piece, no chart")
    return person.chart(merge)


@dataclass(slots=True)
class Person:
    """One patient while pieces come in: entries alike in all but their origin once, first sex, fullest birth date."""

    number: int
    patient: str
    sex: Sex = "unknown"
    birth: str = ""
    entries: dict[Hashable, Entry] = field(default_factory=dict)
    known: dict[Identifier, None] = field(default_factory=dict)

    def other_sex(self, piece: RawChart) -> bool:
        """Whether the piece says another sex."""
        return "unknown" not in (self.sex, piece.sex) and self.sex != piece.sex

    def other_birth(self, piece: RawChart) -> bool:
        """Whether the piece says a date of birth that is not the same one more or less precisely."""
        other = piece.birth_date or ""
        return not (self.birth.startswith(other) or other.startswith(self.birth))

    def take(self, piece: RawChart, merge: Merge) -> None:
        """Add a piece; what it contradicts is noted."""
        for entry in piece.entries:
            if self.entries.setdefault(_said(entry), entry) is not entry:
                merge.duplicates += 1
        self.known.update(dict.fromkeys(piece.identifiers))
        if self.other_sex(piece):
            self._conflict(merge, tr("sources disagree on the sex; the first is kept", "各来源性别不一致；保留第一个"))
        if self.sex == "unknown":
            self.sex = piece.sex
        if self.other_birth(piece):
            what = tr("sources disagree on the date of birth; the first is kept", "各来源出生日期不一致；保留第一个")
            self._conflict(merge, what)
        elif len(piece.birth_date or "") > len(self.birth):
            self.birth = piece.birth_date or ""

    def chart(self, merge: Merge) -> RawChart:
        """The whole."""
        merge.entries += len(self.entries)
        return RawChart(
            patient=self.patient,
            sex=self.sex,
            birth_date=self.birth or None,
            entries=tuple(self.entries.values()),
            identifiers=tuple(self.known),
        )

    def _conflict(self, merge: Merge, what: str) -> None:
        if (self.number, what) not in merge.conflicts[-4:]:
            merge.conflicts.append((self.number, what))


def _said(entry: Entry) -> Hashable:
    """All of an entry but where it was read."""
    return (entry.id, entry.kind, entry.text, entry.time, entry.codes, entry.value, entry.unit)
