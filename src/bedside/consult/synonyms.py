"""Other names of what a question is about: our own small list, and the Human Phenotype Ontology; both languages.

Only looked up where the question's own words did not suffice; the ontology only where it is installed.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from typing import TYPE_CHECKING

from bedside.cleaning.language import HAN
from bedside.consult._base import Focus
from bedside.consult.focus import topic_terms
from bedside.errors import BedsideError
from bedside.library._question.terms import terms_of

if TYPE_CHECKING:
    from bedside.knowledge.hpo import Hpo
    from bedside.phenotypes.names import Names

MOST, ALL = 6, 16
"""Other names of one finding that are tried, and in all."""
TURNS = 3
"""English names of a Chinese word that are tried."""
ASKED = {
    "symptoms": "symptoms of {}",
    "treatment": "treatment of {}",
    "causes": "causes of {}",
    "diagnosis": "diagnosis of {}",
    "prevention": "prevention of {}",
    "outlook": "outlook for {}",
    "inheritance": "is {} inherited",
    "genes": "genetic changes in {}",
    "frequency": "how common is {}",
    "risk": "who is at risk for {}",
    "definition": "what is {}",
    "care": "diet and care for {}",
    "side_effects": "side effects of {}",
    "contraindication": "who should not take {}",
    "dose": "dose of {}",
    "interaction": "interactions of {}",
}
"""How an English name is searched for, by the kind of question."""


@dataclass(frozen=True, slots=True)
class OtherName:
    """Another name as a topic, and as it is searched for."""

    terms: tuple[str, ...]
    asked: str


class Synonyms:
    """Opens the ontology when it is first needed; without it there are only the names of our list."""

    def of(self, question: str, focus: Focus) -> list[OtherName]:
        """Other names of the topic of a question, our own first."""
        others = (*_own(question, focus), *_word_by_word(question, focus), *self._ontology(question, focus))
        found = {one.terms: one for one in others if one.terms}
        return [one for one in found.values() if set(one.terms) != set(focus.topic)][:ALL]

    def _ontology(self, question: str, focus: Focus) -> Iterator[OtherName]:
        opened = self._opened
        if opened is None:
            return
        hpo, names = opened
        hits = [*(names.chinese.find(question) if HAN.search(question) else ()), *names.english.find(question)]
        for hit in hits:
            for name in _exact(hpo, hit.term)[:MOST]:
                yield _replaced(question, hit.start, hit.end, name, focus)

    @cached_property
    def _opened(self) -> tuple[Hpo, Names] | None:
        from bedside.knowledge.hpo import open_hpo
        from bedside.phenotypes.names import open_names

        try:
            hpo = open_hpo()
            return hpo, open_names(hpo)
        except BedsideError:
            return None


def _own(question: str, focus: Focus) -> Iterator[OtherName]:
    """Each word of our list that the question has, replaced by the others of its group, all at once and one by one."""
    pattern, groups = _groups()
    hits = list(pattern.finditer(question))
    for turn in range(max((len(groups[hit.group().lower()]) for hit in hits), default=0)):
        said = pattern.sub(lambda hit, turn=turn: _turned(groups[hit.group().lower()], turn), question)  # type: ignore[misc]
        english = not HAN.search("".join(_turned(groups[hit.group().lower()], turn) for hit in hits))
        terms = tuple(term for term in topic_terms(said) if not (english and HAN.match(term)))
        yield OtherName(terms, _asked(focus, " ".join(terms)) if english else said)
    for hit in hits if len(hits) > 1 else ():
        for name in groups[hit.group().lower()]:
            yield _replaced(question, hit.start(), hit.end(), name, focus)


def _word_by_word(question: str, focus: Focus) -> Iterator[OtherName]:
    """A Chinese topic in English, by the library's list of medical words; only where the list has all of it."""
    if not HAN.search(question):
        return
    pattern, words = _medical_words()
    hits = [words[hit.group()] for hit in pattern.finditer(question)]
    left = topic_terms(pattern.sub(" … ", question))
    if any(len(term) > 1 and HAN.match(term) for term in left):
        return
    for turn in range(min(max(map(len, hits), default=0), TURNS)):
        terms = topic_terms(" ".join(_turned(names, turn) for names in hits))
        yield OtherName(terms, _asked(focus, " ".join(terms)))


@cache
def _medical_words() -> tuple[re.Pattern[str], dict[str, tuple[str, ...]]]:
    """What finds any Chinese word of the library's list, the longest first, and each word's English names."""
    text = files("bedside.library").joinpath("data/zh_en.tsv").read_text(encoding="utf-8")
    rows = [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")]
    names = {word: tuple(english.split("|")) for chinese, english in rows for word in chinese.split("|")}
    return re.compile("|".join(map(re.escape, sorted(names, key=len, reverse=True)))), names


def _turned(group: tuple[str, ...], turn: int) -> str:
    return group[min(turn, len(group) - 1)]


def _replaced(question: str, start: int, end: int, name: str, focus: Focus) -> OtherName:
    """The question with one name for another; an English name keeps what else is English of a Chinese question."""
    if HAN.search(name):
        said = question[:start] + name + question[end:]
        return OtherName(topic_terms(said), said)
    left = f"{question[:start]} ... {question[end:]}"
    rest = [term for term in topic_terms(left) if not HAN.match(term) and term in focus.topic]
    return OtherName(tuple(dict.fromkeys([*rest, *terms_of(name)])), _asked(focus, " ".join([*rest, name])))


def _asked(focus: Focus, name: str) -> str:
    return next((ASKED[kind] for kind in focus.kinds if kind in ASKED), "{}").format(name)


def _exact(hpo: Hpo, term: int) -> list[str]:
    exact = [text for text, scope, _ in hpo.synonyms(term) if scope == "EXACT"]
    return list(dict.fromkeys(name.lower() for name in (hpo.names[term], *exact)))


@cache
def _groups() -> tuple[re.Pattern[str], dict[str, tuple[str, ...]]]:
    """What finds any word of the list, the longest first, and each word's group."""
    text = files("bedside.consult").joinpath("data/synonyms.toml").read_text(encoding="utf-8")
    groups = {word.lower(): tuple(group) for group in tomllib.loads(text)["groups"] for word in group}
    words = sorted(groups, key=len, reverse=True)
    parts = (re.escape(word) if HAN.search(word) else rf"(?<![A-Za-z]){re.escape(word)}(?![A-Za-z])" for word in words)
    return re.compile("|".join(parts), re.IGNORECASE), groups
