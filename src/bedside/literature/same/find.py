"""Finds the pairs worth comparing among many records, compares them, and gathers what is certainly one paper."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from bedside.cleaning.duplicates import near_pairs
from bedside.literature._record import Record
from bedside.literature.same.compare import DUPLICATE, FIGURES_SHARED, NEAR, compare
from bedside.literature.same.traits import Traits, traits_of

CROWD = 30
"""A trait that more records share tells nothing of any two."""


@dataclass(frozen=True, slots=True)
class Match:
    """`other` belongs to `kept`: a duplicate (left out), a version, or perhaps the same study (both stay)."""

    kept: str
    other: str
    kind: str
    reason: str


def duplicates_of(records: Sequence[Record], on_record: Callable[[int], None] = lambda count: None) -> list[Match]:
    """All matches; of certain duplicates each but the fullest record, once. In the order of the records.

    A record is not merged into a group in which another has a different PMID or DOI.
    """
    traits = [traits_of(one) for one in records]
    found = [(at, to, *said) for at, to in candidates(traits, on_record) if (said := compare(traits[at], traits[to]))]
    certain = [(at, to, reason) for at, to, kind, reason in found if kind == DUPLICATE]
    groups = _Groups(traits)
    joined = [one for one in certain if groups.join(one[0], one[1])]
    kept = {at: at for at in range(len(records))}
    for group in groups.several():
        kept.update(dict.fromkeys(group, min(group, key=lambda at: (_empty(records[at]), at))))
    matches = [
        Match(records[kept[at]].key, records[at].key, DUPLICATE, _why(at, kept[at], joined))
        for at in range(len(records))
        if kept[at] != at
    ]
    others: dict[tuple[int, int], Match] = {}
    for at, to, kind, reason in found:
        first, second = sorted((kept[at], kept[to]))
        if kind != DUPLICATE and first != second:
            others.setdefault((first, second), Match(records[first].key, records[second].key, kind, reason))
    return [*matches, *others.values()]


def candidates(
    traits: Sequence[Traits], on_record: Callable[[int], None] = lambda count: None
) -> list[tuple[int, int]]:
    """Pairs that share something, each once."""
    pairs: set[tuple[int, int]] = set()
    pairs.update(_sharing(((one.pmid,) if one.pmid else ()) for one in traits))
    pairs.update(_sharing(((one.doi,) if one.doi else ()) for one in traits))
    pairs.update(_sharing(((one.title,) if one.title else ()) for one in traits))
    pairs.update(_sharing(one.trials for one in traits))
    pairs.update(_in_two_languages(traits))
    pairs.update(near_pairs([one.title for one in traits], threshold=NEAR))
    pairs.update(near_pairs([one.abstract or one.title for one in traits], threshold=NEAR, on_text=on_record))
    return sorted(pairs)


def _sharing(marks: Iterable[Iterable[Hashable]]) -> Iterator[tuple[int, int]]:
    places: dict[Hashable, list[int]] = {}
    for at, own in enumerate(marks):
        for mark in own:
            places.setdefault(mark, []).append(at)
    for those in places.values():
        if len(those) <= CROWD:
            yield from combinations(those, 2)


def _in_two_languages(traits: Sequence[Traits]) -> Iterator[tuple[int, int]]:
    """Pairs of a Chinese and another record that share enough figures that few others have."""
    if len({one.chinese for one in traits}) < 2:
        return
    shared: dict[tuple[int, int], int] = {}
    for pair in _sharing(one.figures for one in traits):
        if traits[pair[0]].chinese != traits[pair[1]].chinese:
            shared[pair] = shared.get(pair, 0) + 1
    yield from (pair for pair, count in shared.items() if count >= FIGURES_SHARED - 2)


class _Groups:
    """Records joined to groups in which no two PMIDs or DOIs differ."""

    def __init__(self, traits: Sequence[Traits]) -> None:
        self._group = list(range(len(traits)))
        self._members = {at: [at] for at in range(len(traits))}
        self._pmids = {at: {one.pmid} - {""} for at, one in enumerate(traits)}
        self._dois = {at: {one.doi} - {""} for at, one in enumerate(traits)}

    def of(self, at: int) -> int:
        """The group of a record."""
        return self._group[at]

    def join(self, one: int, other: int) -> bool:
        """Make one group of two; False where they may not be."""
        first, second = sorted((self._group[one], self._group[other]))
        if first == second:
            return True
        pmids, dois = self._pmids[first] | self._pmids[second], self._dois[first] | self._dois[second]
        if len(pmids) > 1 or len(dois) > 1:
            return False
        self._pmids[first], self._dois[first] = pmids, dois
        for at in self._members.pop(second):
            self._group[at] = first
            self._members[first].append(at)
        return True

    def several(self) -> list[list[int]]:
        """The groups of more than one."""
        return [sorted(group) for group in self._members.values() if len(group) > 1]


def _why(at: int, kept: int, joined: Sequence[tuple[int, int, str]]) -> str:
    """The reason that ties a record to the one kept, or else to any of its group."""
    own = [one for one in joined if at in one[:2]]
    return next((reason for first, second, reason in own if kept in (first, second)), own[0][2])


def _empty(record: Record) -> int:
    """How little a record tells: the fullest is kept."""
    paper = record.paper
    told = (paper.pmid, paper.doi, record.authors, paper.year, paper.journal, record.pages)
    has_abstract = paper.abstract not in ("", paper.title)
    return -(10 * has_abstract + sum(map(bool, told)) + min(len(paper.abstract), 9999) // 1000)
