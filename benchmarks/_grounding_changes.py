"""The sentences of a case, true ones made false in one thing, and clauses of its chart: what the reader is fitted on.

A changed sentence is in the words of the true one, and a clause in those of the chart: what is false is told otherwise
than what is true in most written cases (_grounding_alone.py), and that the reader must not learn.
"""

from __future__ import annotations

import random
import re
import tomllib
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from bedside.cleaning.language import HAN
from bedside.grounding._apart import _read as apart_table
from bedside.grounding._apart import marks, sets
from bedside.grounding._claims import Reading
from bedside.grounding._terms import terms

CLAUSES = 5
"""Clauses of a chart that are given as sentences, each also changed."""
SHORTEST, LONGEST = {"en": 18, "zh": 8}, 90
"""Characters of such a clause."""
SWAPS = Path(__file__).parent / "data" / "grounding_swaps.toml"
NUMBER = re.compile(r"\d+(?:\.\d+)?")
CLAUSE = re.compile(r"[，,;；。]|\.\s|\band\b")
DENIED = {
    "en": [
        (r"\b(was|is|were|are|has|had|did|does|do|could|can|will) not\b", r"\1"),
        (r"\b([Nn])o\b(?= \w)", "some"),
        (r"\bwithout\b", "with"),
        (r"\b(was|is|were|are|has been|have been|can|could|will)\b(?! not)", r"\1 not"),
    ],
    "zh": [
        ("没有", "有"),
        ("未见", "可见"),
        ("尚未|未曾|未", "已"),
        ("否认", "诉"),
        ("无(?!力|创|菌)", "有"),
        ("不(?!良|适|全|足|规|齐|整|稳)", ""),
        ("(?<!没)有(?!关|创|效)", "没有"),
        ("已(?!知)", "未"),
        ("是(?!否)", "不是"),
    ],
}
"""What turns a denial round, tried in order."""

Case = dict[str, Any]


class Said(NamedTuple):
    """A sentence; `twin` is the place, in the list that it stands in, of the true one that it is a change of."""

    text: str
    wrong: bool
    kind: str = "written"
    twin: int | None = None


def written(case: Case) -> list[Said]:
    """The sentences of a case; of twins the true one stands before the false one."""
    pairs = case.get("twins") or [None] * len(case["generated"])
    of_pair = {pair: at for at, (pair, holds) in enumerate(zip(pairs, case["expected"], strict=True)) if holds}
    return [
        Said(said, not holds, twin=None if holds or pair is None else of_pair[pair])
        for said, holds, pair in zip(case["generated"], case["expected"], pairs, strict=True)
    ]


class Changes:
    """Further sentences of cases, drawn with a seed; what is put in the place of a name comes from the other charts."""

    def __init__(self, cases: Sequence[Case], seed: int) -> None:
        self._drawn = random.Random(seed)
        self._named = {lang: _named(lang, cases) for lang in ("en", "zh")}

    def of(self, case: Case, chart: Reading) -> list[Said]:
        """The sentences of a case, its true ones changed, and clauses of its chart as they are and changed."""
        said = written(case)
        for at, one in enumerate(list(said)):
            said += [] if one.wrong else self._twins(one.text, at, case["lang"], chart)
        parts = [part.strip(" .。\n") for part in CLAUSE.split(chart.text)]
        clauses = [one for one in parts if SHORTEST[case["lang"]] <= len(one) <= LONGEST]
        for clause in self._drawn.sample(clauses, min(CLAUSES, len(clauses))):
            said.append(Said(clause, False, "made"))
            said += self._twins(clause, len(said) - 1, case["lang"], chart)
        return said

    def _twins(self, said: str, at: int, lang: str, chart: Reading) -> Iterator[Said]:
        if changed := self._changed(said, lang, chart):
            yield Said(changed, True, "made", at)

    def _changed(self, said: str, lang: str, chart: Reading) -> str | None:
        """A sentence with one thing changed, None where nothing in it can be."""
        ways: list[Callable[[], str | None]] = [
            lambda: self._number(said, chart.text),
            lambda: self._mark(said),
            lambda: self._name(said, lang, chart),
            lambda: self._denial(said, lang),
            lambda: self._swap(said, lang),
            lambda: self._swap(said, lang),
        ]
        self._drawn.shuffle(ways)
        return next((made for way in ways if (made := way()) and made != said), None)

    def _number(self, said: str, chart: str) -> str | None:
        """Another number, one that the chart does not have."""
        found = list(NUMBER.finditer(said))
        if not found:
            return None
        place = self._drawn.choice(found)
        value, digits = float(place[0]), len(place[0].partition(".")[2])
        others = [value * by for by in (2, 0.5, 1.2, 0.8, 10, 0.1)] + [value + by for by in (1, 2, 3, 10, -1)]
        told = set(NUMBER.findall(chart))
        written = [f"{one:.{digits}f}" for one in others if one > 0]
        free = [one for one in written if one not in told and float(one) != value]
        return _put(said, place.start(), place.end(), self._drawn.choice(free)) if free else None

    def _mark(self, said: str) -> str | None:
        """The other side, degree or direction."""
        found = [one for one in marks(said) if one.set != "kin"]
        self._drawn.shuffle(found)
        for mark in found:
            before = said[mark.start : mark.end]
            others = [
                word
                for value, words in apart_table("apart")[mark.set].items()
                if isinstance(words, str) and sets()[mark.set].clash(mark.value, value)
                for word in words.split("|")[:3]
                if bool(HAN.search(word)) == bool(HAN.search(before)) and word.isupper() == before.isupper()
            ]
            if others:
                return _put(said, mark.start, mark.end, self._drawn.choice(others))
        return None

    def _name(self, said: str, lang: str, chart: Reading) -> str | None:
        """Another medicine or finding, one that the chart does not name."""
        found = [one for one in terms(said) if one.named and one.kind in self._named[lang]]
        if not found:
            return None
        one = self._drawn.choice(found)
        free = [name for name, ids in self._named[lang][one.kind].items() if not ids & (chart.ids | one.all_ids())]
        return _put(said, one.start, one.end, self._drawn.choice(free)) if free else None

    def _denial(self, said: str, lang: str) -> str | None:
        """The same denied, or no longer denied."""
        for pattern, instead in DENIED[lang]:
            if found := re.search(pattern, said):
                return _put(said, found.start(), found.end(), found.expand(instead))
        return None

    def _swap(self, said: str, lang: str) -> str | None:
        """Another word of the same sort: "before" for "after", "her mother" for "her father"."""
        pattern, others = _swaps(lang)
        found = list(pattern.finditer(said))
        if not found:
            return None
        place = self._drawn.choice(found)
        instead = self._drawn.choice(others[place[0].lower()])
        capital = place[0][0].isupper()
        return _put(said, place.start(), place.end(), instead[:1].upper() + instead[1:] if capital else instead)


def _put(said: str, start: int, end: int, instead: str) -> str:
    return said[:start] + instead + said[end:]


@cache
def _swaps(lang: str) -> tuple[re.Pattern[str], dict[str, list[str]]]:
    """What finds the words that can be swapped, and what each (in lower case) is swapped for."""
    others = defaultdict(list)
    for pair in tomllib.loads(SWAPS.read_text(encoding="utf-8"))[lang]:
        one, other = pair.split("/")
        others[one.lower()].append(other)
        others[other.lower()].append(one)
    longest = "|".join(sorted(map(re.escape, others), key=len, reverse=True))
    return re.compile(rf"\b(?:{longest})\b" if lang == "en" else longest, re.IGNORECASE), others


def _named(lang: str, cases: Sequence[Case]) -> dict[str, dict[str, frozenset[str]]]:
    """The medicines and findings of all charts of a language, with their ids."""
    found: dict[str, dict[str, frozenset[str]]] = {"drug": {}, "finding": {}}
    for case in cases:
        text = case["chart_text"]
        for one in terms(text) if case["lang"] == lang else ():
            name = text[one.start : one.end]
            if one.named and one.kind in found and len(name) > 1 and bool(HAN.search(name)) == (lang == "zh"):
                found[one.kind][name if name.isupper() else name.lower()] = one.all_ids()
    return found
