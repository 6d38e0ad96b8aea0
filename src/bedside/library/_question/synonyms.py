"""Other names of what a question speaks of, in both languages: from HPO, our lists of findings, and words of medicine.

A name in a question gives the terms of the other names of the same thing, each with the share of those names that
have it (the preferred one counts half): "shortness of breath" gives "dyspnea" and 呼吸困难, and so a Chinese question
English words to look for. Compiled once into the home, in a folder named after the lists.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

from bedside.cleaning.normalize import normalize
from bedside.errors import BedsideError
from bedside.files import cached_folder
from bedside.home import place
from bedside.knowledge._hpo_files import ONTOLOGY, find
from bedside.knowledge._obo import read_obo
from bedside.library._question import terms as _terms
from bedside.library._question.terms import terms_of

VERSION = "1"
"""Raised when the table is made otherwise."""
WORDS_OF_A_NAME, CHARACTERS_OF_A_NAME = 6, 16
"""A longer name is not looked for."""
_LISTS = (("knowledge", "hpo_zh.tsv"), ("phenotypes", "zh_more.tsv"), ("phenotypes", "en_lay.tsv"))
_OWN = ("library", "zh_en.tsv")
_ZH = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]+")
_CHINESE, _ENGLISH = 0, 1

Group = tuple[list[str], list[str]]
"""The Chinese and the English names of one thing."""


@dataclass(frozen=True, slots=True)
class Other:
    """A term that other names have: in which share of them, and whether they are of the other language.

    `weight` is the share, of a Chinese name divided among the pairs of characters that it is made of.
    """

    term: str
    share: float
    weight: float
    foreign: bool


@dataclass(frozen=True)
class Synonyms:
    """Names by what they are written as (Chinese characters, or English terms with blanks), and their groups."""

    names: dict[str, list[int]]
    groups: list[Group]

    def of(self, question: str) -> list[Other]:
        """The terms of the other names of all that a question names; the longest names first found are taken.

        >>> table = table_of([(["气短"], ["shortness of breath", "dyspnea"])])
        >>> [(one.term, one.share) for one in table.of("气短怎么办") if one.term != "of"]
        [('shortness', 0.5), ('breath', 0.5), ('dyspnea', 0.5)]
        """
        found: dict[tuple[str, bool], Other] = {}
        for name, language in self._named(normalize(question)):
            groups = self.names[name]
            for group in groups:
                for term, foreign, share, weight in _others(self.groups[group], name, language):
                    one = Other(term, share / len(groups), weight / len(groups), foreign)
                    known = found.get((term, foreign), one)
                    found[term, foreign] = max(one, known, key=lambda other: other.weight)
        return list(found.values())

    def _named(self, question: str) -> Iterator[tuple[str, int]]:
        """The names in a question, with their language."""
        for run in _ZH.finditer(question):
            yield from ((name, _CHINESE) for name in self._longest(run.group(), CHARACTERS_OF_A_NAME, ""))
        words = terms_of(_ZH.sub(" ", question))
        yield from ((name, _ENGLISH) for name in self._longest(words, WORDS_OF_A_NAME, " "))

    def _longest(self, parts: str | list[str], most: int, between: str) -> Iterator[str]:
        at = 0
        while at < len(parts):
            ends = range(min(len(parts), at + most), at, -1)
            end = next((end for end in ends if between.join(parts[at:end]) in self.names), None)
            if end is not None:
                yield between.join(parts[at:end])
            at = end or at + 1


def table_of(groups: Iterable[Group]) -> Synonyms:
    """The table of some groups; a group of one name says nothing."""
    names: dict[str, list[int]] = {}
    kept: list[Group] = []
    for chinese, english in groups:
        sides = ([normalize(one) for one in dict.fromkeys(chinese)], list(dict.fromkeys(map(_written, english))))
        if sum(map(len, sides)) < 2:
            continue
        for name in (*sides[_CHINESE], *sides[_ENGLISH]):
            names.setdefault(name, []).append(len(kept))
        kept.append(sides)
    return Synonyms(names, kept)


@cache
def open_synonyms() -> Synonyms:
    """The table of all lists; without HPO installed, of those that are our own."""
    try:
        hpo = find()
    except BedsideError:
        hpo = None
    lists = [_list(*one) for one in (*_LISTS, _OWN)]
    about = "\0".join([VERSION, str(_terms.VERSION), hpo.sha256[ONTOLOGY] if hpo else "", *lists])

    def make(folder: Path) -> None:
        table = table_of(_groups(_english(hpo[ONTOLOGY]) if hpo else {}, lists))
        (folder / "synonyms.json").write_text(
            json.dumps({"names": table.names, "groups": table.groups}, ensure_ascii=False), encoding="utf-8"
        )

    folder = cached_folder(place("cache", "synonyms") / hashlib.sha256(about.encode()).hexdigest()[:16], make)
    kept = json.loads((folder / "synonyms.json").read_text(encoding="utf-8"))
    return Synonyms(kept["names"], kept["groups"])


def _others(group: Group, name: str, language: int) -> Iterator[tuple[str, bool, float, float]]:
    """(term, whether of the other language, share, weight) of a group's names but the one that was found."""
    for side, names in enumerate(group):
        others = [one for one in names if one != name]
        shares = _shares(len(others), preferred=others[:1] == names[:1])
        found: dict[str, tuple[float, float]] = {}
        for one, share in zip(others, shares, strict=True):
            pieces = _pieces(one, side)
            for term in pieces:
                before, weight = found.get(term, (0.0, 0.0))
                found[term] = before + share, weight + share / (1 if side == _ENGLISH else len(pieces))
        yield from ((term, side != language, *both) for term, both in found.items())


def _shares(count: int, *, preferred: bool) -> list[float]:
    """What each of some names counts, 1 in all: the preferred one, which is the first, half of it."""
    if not preferred or count < 2:
        return [1 / max(count, 1)] * count
    return [0.5, *[0.5 / (count - 1)] * (count - 1)]


def _pieces(name: str, language: int) -> dict[str, None]:
    """The words of an English name; of a Chinese one the pairs of characters, which overlap."""
    terms = dict.fromkeys(terms_of(name))
    return terms if language == _ENGLISH else {one: None for one in terms if len(one) == 2 or not _ZH.match(one)}


def _written(name: str) -> str:
    return " ".join(terms_of(name))


def _groups(english: dict[str, list[str]], lists: list[str]) -> Iterator[Group]:
    """By HPO's id, then those of our own words."""
    by_id: dict[str, Group] = {id: ([], names) for id, names in english.items()}
    for text in lists[:-1]:
        for line in text.splitlines():
            id, *columns = line.split("\t")
            if not line.startswith("#"):
                names = _parts("|".join(columns))
                side = _CHINESE if any(_ZH.search(one) for one in names) else _ENGLISH
                by_id.setdefault(id, ([], []))[side].extend(names)
    yield from by_id.values()
    for line in lists[-1].splitlines():
        if line and not line.startswith("#"):
            chinese, others = line.split("\t")
            yield _parts(chinese), _parts(others)


def _parts(names: str) -> list[str]:
    return [one.strip() for one in names.split("|") if one.strip()]


def _english(ontology: Path) -> dict[str, list[str]]:
    """HPO's ids with their names and exact synonyms."""
    terms = (one for one in read_obo(ontology).terms if not one.obsolete)
    return {one.id: [one.name, *(other.text for other in one.synonyms if other.scope == "EXACT")] for one in terms}


def _list(package: str, name: str) -> str:
    found = files(f"bedside.{package}").joinpath(f"data/{name}")
    return found.read_text(encoding="utf-8") if found.is_file() else ""
