"""How likely a passage is to answer a question: topic, kind, place in the search and cosine, as one chance.

Topic: the rarer a word of the question in the library, the more it counts that the passage, its title or its document's
opening has it. Kind: what title and heading announce. The chance is logistic; its weights were fitted on MedQuAD's
train part (`benchmarks/ask_support.py` prints them) and are in `data/support.toml`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from math import exp, log
from typing import Any

from bedside.consult._base import Candidate, Focus
from bedside.consult.nearly import nearly
from bedside.consult.sentences import units
from bedside.library import Library
from bedside.library._question.kinds import BESIDE, kinds_headed, says
from bedside.library._question.terms import terms_of
from bedside.types import Passage

OPENING = 300
"""Characters of a document's start in which it says what it is about."""
OPENS = 40
"""Characters of a sentence in which it names what it defines."""
ABOUT = 0.5
"""A passage is about the topic if its title has this share of it."""
OTHER_TYPE = 0.2
"""The most that a passage on another type of the disease asked for may be given."""
MISSPELT = 0.8
"""What a word counts that is found by a slip of the pen."""
_QUALIFIER = re.compile(r"[0-9ivx]+[a-z]?|[a-z]|[0-9]+[a-z]*")
"""What tells types of one disease apart: `2a`, `iii`, `b`."""
NAMES = (
    *("bias", "titled", "said", "strange", "another_type", "same_kind", "kind_said", "other_kind", "place"),
    "cosine",
)
"""What a weight belongs to, in order; `cosine` only where there are vectors."""


@dataclass(frozen=True)
class Asked:
    """A question's focus, the weight of each word of its topic in this library, and other names of the topic."""

    focus: Focus
    weights: Mapping[str, float]
    unknown: frozenset[str]
    also: tuple[tuple[str, ...], ...] = ()

    @property
    def known_share(self) -> float:
        """The share of the topic's words that the library has."""
        known = [term not in self.unknown for term in self.focus.topic]
        return sum(known) / len(known) if known else 0.0


def asked_of(library: Library, focus: Focus, also: Iterable[tuple[str, ...]] = ()) -> Asked:
    """The question as this library can weigh it; `also` are other names of its topic."""
    others = tuple(also)
    terms = list(dict.fromkeys([*focus.topic, *(term for name in others for term in name)]))
    size, counts = library.counts(terms)
    weights = {
        term: log(1 + (max(size - count, 0) + 0.5) / (count + 0.5)) for term, count in zip(terms, counts, strict=True)
    }
    unknown = frozenset(term for term, count in zip(terms, counts, strict=True) if not count)
    return Asked(focus, weights, unknown, others)


def weighed(
    asked: Asked, found: Sequence[Passage], openings: Mapping[str, str], cosines: Mapping[str, float] | None
) -> list[Candidate]:
    """The passages found, the likeliest first; `openings` by item, `cosines` by passage where there are vectors."""
    weights = _weights("vectors" if cosines else "words")
    least = min(cosines.values(), default=0.0) if cosines else 0.0
    candidates = []
    for place, passage in enumerate(found):
        features = features_of(asked, passage, openings.get(passage.item, ""), place)
        if cosines:
            features = (*features, 10 * (cosines.get(passage.id, least) - 0.8))
        chance = 1 / (1 + exp(-sum(one * weight for one, weight in zip(features, weights, strict=True))))
        told = dict(zip(NAMES, features, strict=False))
        if told["another_type"] == 1:
            chance = min(chance, OTHER_TYPE)
        kind = "same" if told["same_kind"] == 1 else "other" if told["other_kind"] else "unknown"
        candidates.append(Candidate(passage, chance, told["said"], kind, features))
    return sorted(candidates, key=lambda one: -one.chance)


def features_of(asked: Asked, passage: Passage, opening: str, place: int) -> tuple[float, ...]:
    """What `NAMES` names, but for the cosine."""
    title = f"{passage.title} {passage.heading}"
    name, around, text = frozenset(_terms(title)), frozenset(_terms(opening[:OPENING])), frozenset(_terms(passage.text))
    best = max(
        (_topic(asked, terms, name, around, text) for terms in (asked.focus.topic, *asked.also)),
        key=lambda found: sum(found[:2]) - found[2],
    )
    same, said, other = _kind(asked.focus, passage, opening, about=best[0] >= ABOUT)
    return (1.0, *best, same, said, other, 1 / (1 + place))


def _topic(
    asked: Asked, terms: Sequence[str], name: frozenset[str], around: frozenset[str], text: frozenset[str]
) -> tuple[float, float, float, float]:
    """Shares of the topic's weight in the title and anywhere; the title's share that was not asked; another type of it.

    The last is 1 where the title is of another type than was asked for, .5 where it has one and none was asked for.
    Where a title names nothing that its text speaks of, the opening stands for it.
    """
    total = sum(asked.weights[term] for term in terms)
    if not total:
        return 0.0, 0.0, 0.0, 0.0
    own = frozenset(term for term in name if term in terms or (len(term) > 1 and term not in _framed()))
    own = own if own & (around | text) or own & set(terms) else frozenset()
    titled = sum(_has(asked, term, name if own else around) for term in terms)
    said = sum(_has(asked, term, name | around | text) for term in terms)
    strange = sum(total / len(terms) for term in own if term not in terms)
    types = {term for term in terms if _QUALIFIER.fullmatch(term)}
    others = {term for term in name if own and _QUALIFIER.fullmatch(term) and term not in ("a", "s")} - types
    another = 1.0 if types and ((others and not types <= name) or not types <= name | around | text) else 0.0
    if not types and others and titled:
        another = 0.5
    return titled / total, said / total, strange / (total + strange), another


def _has(asked: Asked, term: str, terms: frozenset[str]) -> float:
    """A term's weight where it is there, most of it where only its spelling differs."""
    if term in terms:
        return asked.weights[term]
    if term in asked.unknown and nearly(term, sorted(terms)):
        return MISSPELT * asked.weights[term]
    return 0.0


def _kind(focus: Focus, passage: Passage, opening: str, *, about: bool) -> tuple[float, float, float]:
    """Whether what is announced is asked (1; .5 for a neighbour); else the share of sentences that speak of it.

    What a title announces of another topic is not what is asked: then only the heading counts.
    """
    if not focus.kinds:
        return 0.0, 0.5, 0.0
    announced = kinds_headed(passage.heading)
    if about:
        announced = (*announced, *kinds_headed(passage.title)) or _asked_first(opening)
    elif focus.kinds == ("definition",):
        return 0.0, _defined(passage.text, focus.topic), 0.0
    if set(focus.kinds) & set(announced):
        return 1.0, 0.0, 0.0
    if not announced or set(announced) == {"definition"}:
        return 0.0, _said(passage.text, focus.kinds[0]), 0.0
    near = any(other in BESIDE.get(kind, ()) for kind in focus.kinds for other in announced)
    if near:
        return 0.5, 0.0, 0.0
    return 0.0, 0.0, 1.0


@lru_cache(maxsize=4096)
def _asked_first(opening: str) -> tuple[str, ...]:
    """The kinds of a question that a document opens with."""
    first = next(iter(units(opening[:OPENING])), None)
    said = opening[first.start : first.end] if first else ""
    return kinds_headed(said) if first and first.kind in ("question", "heading") else ()


def _defined(text: str, topic: Sequence[str]) -> float:
    """Whether a sentence of a text opens with the topic and says what it is."""
    found = (text[one.start : one.end] for one in units(text) if one.quotable)
    return float(any(says("definition", one) and set(terms_of(one[:OPENS])) & set(topic) for one in found))


@lru_cache(maxsize=8192)
def _said(text: str, kind: str) -> float:
    """The share of a text's sentences that speak in the words of a kind."""
    found = [text[one.start : one.end] for one in units(text) if one.quotable]
    return sum(says(kind, one) for one in found) / len(found) if found else 0.0


@lru_cache(maxsize=8192)
def _terms(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(terms_of(text)))


@cache
def _framed() -> frozenset[str]:
    """Words of titles that name no topic."""
    from bedside.consult.focus import _stop

    return _stop(True)[0]


@cache
def _support() -> dict[str, Any]:
    return tomllib.loads(files("bedside.consult").joinpath("data/support.toml").read_text(encoding="utf-8"))


@cache
def _weights(kind: str) -> tuple[float, ...]:
    found = _support()[kind]["weights"]
    return tuple(float(found[name]) for name in NAMES if name in found)


@cache
def threshold(kind: str) -> float:
    """The chance from which a passage is worth answering from, with "words" alone or "vectors"."""
    return float(_support()[kind]["threshold"])
