"""English names of findings in a text: runs of words whose stems, in any order, are those of a name; longest wins."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from bedside.phenotypes._english import SKIPPED, SMALL, key, spelled, stem, words

LONGEST = 7
"""Words of a name that are looked at."""
LONG = 8
"""Letters from which a word may stand for a name of its stem."""
_GAP = re.compile(r"[\s'’\-/]*\Z")
_DENIALS = ("no", "not", "without")
_ABBREVIATION = re.compile(r"[A-Z][A-Z0-9\-]{1,7}\Z")


class Hit(NamedTuple):
    """A finding by its number, and where it is named, or where its own words deny it: all is `fine`."""

    term: int
    start: int
    end: int
    size: int
    fine: bool = False


class EnglishNames:
    """Names: `keys` are sorted stems with a space between, `short` abbreviations as written, `alone` names of one word.

    A short word must be such a name, its plural aside: stems of few letters are shared by words of any meaning.
    """

    def __init__(self, keys: Mapping[str, int], short: Mapping[str, int], alone: Iterable[str]) -> None:
        self.keys, self.short, self.alone = keys, short, frozenset(alone)
        self.known = {one for many in keys for one in many.split(" ")}
        self._measures = {word for word in SKIPPED - SMALL if stem(word) in self.known}

    def find(self, text: str) -> list[Hit]:
        """Every name in the text, without overlaps."""
        lower = text.lower()
        whole = self._runs(text, SMALL) if any(word in lower for word in self._measures) else ()
        return longest([*self._runs(text, SKIPPED), *whole, *self._abbreviations(text)])

    def _runs(self, text: str, skipped: frozenset[str]) -> Iterator[Hit]:
        run: list[tuple[str, int, int]] = []
        end, joints = 0, set[int]()
        for word, start, stop in words(text):
            gap = text[end:start]
            listing = word in ("and", "or")
            if run and not _GAP.match(gap):
                if gap.strip() == "," and len(run) < 40:
                    joints.add(len(run))
                else:
                    yield from self._windows(text, run, joints)
                    run, joints = [], set()
            end = stop
            if listing:
                joints.add(len(run))
                continue
            if word in skipped:
                continue
            found = stem(word)
            run.append((found if found in self.known else "", start, stop))
        yield from self._windows(text, run, joints)

    def _windows(self, text: str, run: list[tuple[str, int, int]], joints: set[int]) -> Iterator[Hit]:
        """Names among neighbouring words; across `and`, a word left out: large [liver and] spleen."""
        for first, (one, start, _) in enumerate(run):
            if not one:
                continue
            stems: list[str] = []
            for last in range(first, min(first + LONGEST, len(run))):
                found, _, end = run[last]
                if not found or (last > first and last in joints):
                    break
                stems.append(found)
                term = self.keys.get(" ".join(sorted(stems)))
                if term is not None and (len(stems) > 1 or self._stands(text, start, end)):
                    yield Hit(term, start, end, len(stems))
            yield from self._shared(text, run, joints, first)

    def _stands(self, text: str, start: int, end: int) -> bool:
        return end - start >= LONG or singular(text[start:end].lower()) in self.alone

    def _shared(self, text: str, run: list[tuple[str, int, int]], joints: set[int], first: int) -> Iterator[Hit]:
        joint = next((place for place in range(first + 1, min(first + 4, len(run))) if place in joints), None)
        if joint is None:
            return
        head = run[first]
        for last in range(joint, min(joint + 3, len(run))):
            if last > joint and last in joints:
                break
            tail = [one[0] for one in run[joint : last + 1]]
            if joint - first >= 2 and all(tail) and tail[0] not in _DENIALS:  # enlarged liver and spleen
                term = self.keys.get(" ".join(sorted([head[0], *tail])))
                if term is not None:
                    yield Hit(term, run[joint][1], run[last][2], len(tail))
            listed = "," in text[run[joint - 1][2] : run[joint][1]]
            if last > joint and run[last][0] and not listed:  # hepatic and renal failure
                term = self.keys.get(" ".join(sorted([*(one[0] for one in run[first:joint]), run[last][0]])))
                if term is not None:
                    yield Hit(term, head[1], run[joint - 1][2], joint - first)

    def _abbreviations(self, text: str) -> Iterator[Hit]:
        for match in re.finditer(r"\b[A-Z][A-Z0-9\-]{1,7}\b", text):
            term = self.short.get(match[0])
            if term is not None:
                yield Hit(term, match.start(), match.end(), 1)


def longest(hits: Iterable[Hit]) -> list[Hit]:
    """Those kept where some overlap: of most words, then of most characters, then the first."""
    kept: list[Hit] = []
    taken: set[int] = set()
    for hit in sorted(hits, key=lambda hit: (-hit.size, hit.start - hit.end, hit.start)):
        places = range(hit.start, hit.end)
        if taken.isdisjoint(places):
            taken.update(places)
            kept.append(hit)
    return sorted(kept, key=lambda hit: hit.start)


def is_abbreviation(name: str) -> bool:
    """Letters that only mean the finding as they are written."""
    return bool(_ABBREVIATION.match(name))


def singular(word: str) -> str:
    """A word in American spelling, without the s of a plural."""
    word = spelled(word)
    return word[:-1] if word.endswith("s") and not word.endswith(("ss", "us", "is")) else word


class Tables(NamedTuple):
    """What `EnglishNames` is made of."""

    keys: dict[str, int]
    short: dict[str, int]
    alone: list[str]


def tables(names: Iterable[tuple[int, int, str]]) -> Tables:
    """The tables from (rank, term, name): the lowest rank has a key that several terms share."""
    keys: dict[str, int] = {}
    short: dict[str, int] = {}
    alone: set[str] = set()
    for _, term, name in sorted(names):
        if is_abbreviation(name):
            if len(name) > 2:
                short.setdefault(name, term)
            continue
        for form in {name, name.replace("-", "")}:
            for found in key_forms(form):
                if len("".join(found)) > 2 and len(found) <= LONGEST:
                    keys.setdefault(" ".join(found), term)
                    if len(found) == 1:
                        alone.update(singular(word) for word, _, _ in words(form))
    return Tables(keys, short, sorted(alone))


def key_forms(name: str) -> list[tuple[str, ...]]:
    """The key of a name, and that of `enlarged X` where it is an increased size of X."""
    found = key(name)
    forms = [found] if found else []
    if "high" in found and stem("size") in found and len(found) > 2:
        rest = [one for one in found if one not in ("high", stem("size"))]
        forms.append(tuple(sorted([*rest, "enlarged"])))
    return forms
