"""Puts an answer together out of sentences of the passages: chosen, joined in a coherent order, never rewritten.

A sentence that speaks of what the one before it named ("It ...", "该病...") is taken with that one or not at all. What
has been said already is left out, and the places that say it word for word are all cited. Sentences stand in the order
of their documents, the likeliest document first.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from bedside.consult._base import Audience, Candidate, Cited, Focus
from bedside.consult.sentences import Unit, dangling, squash, units
from bedside.library._question.kinds import kinds_headed, says
from bedside.library._question.terms import terms_of


@dataclass(frozen=True, slots=True)
class Room:
    """How much an answer may say: sentences, and characters (a Chinese one counts for two)."""

    sentences: int
    characters: int
    longest: int


ROOM: dict[Audience, Room] = {"patient": Room(6, 900, 500), "clinician": Room(14, 2400, 900)}
AMONG = 0.6
"""A passage is quoted if its chance is at least this share of the best one's."""
PASSAGES = 6
AGAIN = 0.75
"""Share of the words of the shorter of two sentences from which on one of them is left out."""
LEAST = 0.4
"""A sentence is worth taking if it scores this share of the best one."""
NARROWER = 2.5
"""What a sentence gains that has a word of the question which the title does not have: "pregnant" of a drug's label."""
EASY_WORDS = 25
"""Words of a sentence that a patient reads with ease."""


@dataclass(frozen=True, slots=True)
class _Said:
    """A quotable sentence: where it stands, what must come with it, and how good it is."""

    text: str
    passage: int
    number: int
    needs: tuple[int, ...]
    score: float
    words: frozenset[str]


def compose(
    candidates: Sequence[Candidate], focus: Focus, topic: Iterable[str], audience: Audience = "patient"
) -> list[Cited]:
    """The sentences of an answer, each with the passages that say it; none where nothing can be quoted.

    `candidates` are those to be quoted, documents in order of merit, passages of one in its order.
    """
    room, names = ROOM[audience], frozenset(topic)
    said = [
        one
        for number, candidate in enumerate(candidates)
        for one in _said(number, candidate, focus, names, room, plain=audience == "patient")
    ]
    by_place = {(one.passage, one.number): one for one in said}
    taken: set[tuple[int, int]] = set()
    best = max((one.score for one in said), default=0.0)
    for one in sorted(said, key=lambda one: -one.score):
        if one.score < LEAST * best:
            break
        chain = [by_place[one.passage, number] for number in (*one.needs, one.number)]
        fresh = [part for part in chain if (part.passage, part.number) not in taken]
        if not _fits(fresh, [by_place[place] for place in taken], room):
            continue
        if not _again(one, [by_place[place] for place in taken]):
            taken |= {(part.passage, part.number) for part in fresh}
    chosen = [by_place[place] for place in sorted(taken)]
    return [Cited(one.text, _citing(one, candidates)) for one in chosen]


def quoted(candidates: Sequence[Candidate], siblings: Sequence[Candidate], bar: float) -> list[Candidate]:
    """The passages to quote: the likely ones, and those that go on in the best one's document, in reading order."""
    if not candidates:
        return []
    best = candidates[0]
    likely = [one for one in candidates if one.chance >= max(bar, AMONG * best.chance)][:PASSAGES]
    if best.kind == "same":
        likely = [one for one in likely if one.kind == "same"]
    there = {one.passage.id for one in likely}
    likely += [one for one in siblings if one.passage.id not in there]
    merit: dict[tuple[str, str], int] = {}
    for one in likely:
        merit.setdefault((one.passage.source, one.passage.item), len(merit))
    return sorted(likely, key=lambda one: (merit[one.passage.source, one.passage.item], one.passage.start))


def siblings(best: Candidate, document: Sequence[Candidate], focus: Focus) -> list[Candidate]:
    """Other passages of the best one's document that may go on with the answer: of the same section."""
    found = []
    for one in document:
        if one.passage.id == best.passage.id or one.passage.heading != best.passage.heading:
            continue
        announced = kinds_headed(one.passage.heading) if one.passage.heading else ()
        if not announced or set(announced) & set(focus.kinds):
            found.append(one)
    at = next((n for n, one in enumerate(document) if one.passage.id == best.passage.id), 0)
    near = {one.passage.id for one in document[max(0, at - 1) : at + 3]}
    return [one for one in found if best.kind == "same" or one.passage.id in near][:PASSAGES]


def _said(
    number: int, candidate: Candidate, focus: Focus, topic: frozenset[str], room: Room, *, plain: bool
) -> list[_Said]:
    """The sentences of a passage that can be quoted."""
    passage = candidate.passage
    text, found = passage.text, units(passage.text)
    kept: dict[int, _Said] = {}
    place = 0
    for at, unit in enumerate(found):
        said = _cut(text, unit, room.longest)
        if not unit.quotable or _boilerplate(said) or not any(letter.isalpha() for letter in said):
            continue
        needs = _needs(at, said, found, kept, opens=passage.start == 0 and bool(passage.title) and at == place == 0)
        if needs is None:
            continue
        words = frozenset(terms_of(said))
        score = candidate.chance * _merit(said, words, candidate, focus, topic, place, plain=plain)
        kept[at] = _Said(said, number, at, needs, score, words)
        place += 1
    return list(kept.values())


def _needs(at: int, said: str, found: Sequence[Unit], kept: dict[int, _Said], *, opens: bool) -> tuple[int, ...] | None:
    """The sentences that must come before one; None where it cannot be understood. A title stands before the first."""
    if not dangling(said) or opens:
        return ()
    before = at - 1
    if before not in kept or len(kept[before].needs) > 1:
        return None
    return (*kept[before].needs, before)


def _merit(
    said: str,
    words: frozenset[str],
    candidate: Candidate,
    focus: Focus,
    topic: frozenset[str],
    place: int,
    *,
    plain: bool,
) -> float:
    """How good a sentence is within its passage: its kind's words, the topic, its place, and how plain it is."""
    passage = candidate.passage
    speaks = any(says(kind, said) for kind in focus.kinds)
    merit = 1.0 + 0.5 * speaks + 0.4 * bool(words & topic) + 0.6 / (1 + place + (passage.start > 0) * 3)
    merit += NARROWER * bool(words & (topic - frozenset(terms_of(f"{passage.title} {passage.heading}"))))
    if candidate.kind != "same" and focus.kinds and focus.kinds != ("definition",) and not speaks:
        merit *= 0.4
    if plain:
        merit -= 0.01 * max(0, len(said.split()) - EASY_WORDS)
    return max(merit, 0.1)


def _cut(text: str, unit: Unit, longest: int) -> str:
    """What a unit says; a list that is too long, or runs on into boilerplate, ends before."""
    ends = list(unit.ends)
    while len(ends) > 1 and (
        (len(ends) > 2 and ends[-1] - unit.start > longest) or _boilerplate(text[ends[-2] : ends[-1]].strip(" -•*\n"))
    ):
        ends.pop()
    return text[unit.start : ends[-1]]


def _fits(fresh: Sequence[_Said], taken: Sequence[_Said], room: Room) -> bool:
    if not taken:
        return True
    length = sum(_length(one.text) for one in (*fresh, *taken))
    return len(fresh) + len(taken) <= room.sentences and length <= room.characters


def _length(text: str) -> int:
    return len(text) + sum("\u3400" <= letter <= "\u9fff" for letter in text)


def _again(one: _Said, taken: Sequence[_Said]) -> bool:
    """Whether a sentence says again what another one says."""
    return any(
        len(one.words & other.words) >= AGAIN * min(len(one.words), len(other.words))
        for other in taken
        if (other.passage, other.number) != (one.passage, one.number) and other.number not in one.needs
    )


def _citing(one: _Said, candidates: Sequence[Candidate]) -> tuple[str, ...]:
    """Its own passage, and the others that say it word for word."""
    own, sentence = candidates[one.passage].passage, squash(one.text)
    others = (other.passage for other in candidates if sentence in squash(other.passage.text))
    return tuple(dict.fromkeys([own.id, *(other.id for other in others)]))


def _boilerplate(said: str) -> bool:
    return _boilerplates().search(said) is not None


@cache
def _boilerplates() -> re.Pattern[str]:
    rows = tomllib.loads(files("bedside.consult").joinpath("data/boilerplate.toml").read_text(encoding="utf-8"))
    return re.compile("|".join(f"(?:{one})" for lang in ("en", "zh") for one in rows[lang]), re.IGNORECASE)
