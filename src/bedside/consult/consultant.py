"""The road of a question: identity off, emergencies, retrieve, weigh, compose, check; or an honest abstention."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bedside.cleaning.language import HAN, spoken
from bedside.consult._base import Audience, Candidate, Cited, Consultation, Focus, Reason, Warning
from bedside.consult._guarded import guarded
from bedside.consult.check import checked
from bedside.consult.compose import compose, quoted, siblings
from bedside.consult.explain import Explainer
from bedside.consult.focus import asking, focus_of, respelt, without_tags
from bedside.consult.personal import expanded, warnings
from bedside.consult.synonyms import Synonyms
from bedside.consult.weigh import Asked, asked_of, threshold, weighed
from bedside.emergency import emergencies
from bedside.emergency.recognise import reminder
from bedside.facts.person import Person
from bedside.lang import Lang, speaking, tr
from bedside.library import Library
from bedside.library._question.terms import terms_of
from bedside.model.inputs import prepare_text
from bedside.types import Passage

Floats = NDArray[np.float32]
LOOKED_AT = 30
"""Passages that are weighed."""
NEAREST = 5
"""Passages shown where there is no answer."""
WARNED_FROM = 10
"""Passages in which warnings for a person are looked for."""
KNOWN = 1 / 3
"""A question of whose topic the library has less than this share of the words is out of its field."""
TOPIC = 0.6
"""A passage with this share of the topic's weight is on it."""


class Consultant:
    """Answers questions from one library. `also` finds other names of a topic, `explain` says hard words plainly."""

    def __init__(
        self,
        library: Library,
        audience: Audience = "patient",
        *,
        synonyms: Synonyms | None = None,
        explainer: Explainer | None = None,
    ) -> None:
        self.library, self.audience = library, audience
        self.synonyms, self.explainer = synonyms or Synonyms(), explainer

    @property
    def _road(self) -> str:
        """Which weights hold: vectors are there or not."""
        return "vectors" if self.library.has_vectors else "words"

    def ask(
        self, question: str, lang: Lang | None = None, person: Person | None = None, *, vector: Any = None
    ) -> Consultation:
        """The answer to one question; identity is taken off it first, and IdentityError raised where that fails."""
        asked = prepare_text(question)
        if asked != question:
            vector = None
        return self.answer(asked, lang, person, vector=vector)

    def answer(
        self, question: str, lang: Lang | None = None, person: Person | None = None, *, vector: Any = None
    ) -> Consultation:
        """The same for a question that holds no identity any more. `vector` is the question's, where it was encoded."""
        lang = lang or spoken(question)
        with speaking(lang):
            encoder = _Meanings(self.library) if self.library.has_vectors else None
            urgent = emergencies(question, lang, encoder=encoder)
            reminded = () if urgent else _reminded(question, encoder)
            question = respelt(question, self._known)
            focus = focus_of(question)
            base: dict[str, Any] = {"question": question, "lang": lang, "focus": focus, "emergencies": urgent}
            if not focus.topic:
                return Consultation(**base, reason="empty")
            asked, found = self._retrieved(question, focus, person, vector)
            if not self._supports(found) and (core := asking(question)):
                other = self._retrieved(core, focus_of(core), person, None)
                if self._supports(other[1]):
                    (asked, found), base["focus"] = other, focus_of(core)
            support = found[0].chance if found else 0.0
            base |= {"support": support, "warnings": (*reminded, *self._warned(question, found, person))}
            if not self._supports(found):
                return Consultation(**base, reason=_why(asked, found), passages=_nearest(found))
            return guarded(self._composed(base, asked, found), person)

    def _known(self, words: Sequence[str]) -> list[bool]:
        """Which words the library has."""
        return [count > 0 for count in self.library.counts([(terms_of(word) or [word])[0] for word in words])[1]]

    def _supports(self, found: Sequence[Candidate]) -> bool:
        """Whether the likeliest passage is likely enough."""
        return bool(found) and found[0].chance >= threshold(self._road)

    def weighed(self, question: str) -> list[Candidate]:
        """The passages found by a question's own words, weighed: what the chance is fitted on."""
        vector = self.library.encode_questions([question])[0]
        found = self.library.search(question, LOOKED_AT, vector=vector)
        return self._weighed(asked_of(self.library, focus_of(question)), found, self._cosines(question, vector))

    def _composed(self, base: dict[str, Any], asked: Asked, found: list[Candidate]) -> Consultation:
        cited = self._quotable(found, asked.focus)
        topic = [*asked.focus.topic, *(term for name in asked.also for term in name)]
        answer, dropped = checked(compose(cited, asked.focus, topic, self.audience), self.library.get)
        if not answer:
            return Consultation(**base, reason="nothing_quotable", passages=_nearest(found), dropped=dropped)
        used = {id for one in answer for id in one.citations}
        passages = sorted((one for one in cited if one.passage.id in used), key=lambda one: -one.chance)
        foreign = base["lang"] == "zh" and not any(HAN.search(one.sentence) for one in answer)
        explained = self.explainer.explained(answer, base["lang"]) if self.explainer else ()
        return Consultation(
            **base,
            answer=tuple(answer),
            passages=tuple(passages),
            explanations=explained,
            dropped=dropped,
            foreign=foreign or (base["lang"] == "en" and all(_chinese(one) for one in answer)),
        )

    def _quotable(self, found: list[Candidate], focus: Focus) -> list[Candidate]:
        """The passages that an answer may quote, in reading order."""
        best = found[0]
        chances = {one.passage.id: one for one in found}
        document = [
            chances.get(one.id) or Candidate(one, 0.9 * best.chance, best.topic, best.kind)
            for one in self.library.passages_of(best.passage)
        ]
        return quoted(found, siblings(best, document, focus), threshold(self._road))

    def _retrieved(
        self, question: str, focus: Focus, person: Person | None, vector: Any
    ) -> tuple[Asked, list[Candidate]]:
        """The passages found, weighed; under other names too where the question's own are not enough."""
        question = without_tags(question)
        if vector is None:
            vector = self.library.encode_questions([question])[0]
        found = self.library.search(question, LOOKED_AT, vector=vector)
        if person and (more := expanded(question, person)):
            found = _joined(found, self.library.search(f"{question} {' '.join(more)}", LOOKED_AT // 3))
        cosines = self._cosines(question, vector)
        asked = asked_of(self.library, focus)
        ranked = self._weighed(asked, found, cosines)
        if not self._supports(ranked):
            names = self.synonyms.of(question, focus)
            if names:
                for name in names:
                    found = _joined(found, self.library.search(name.asked, LOOKED_AT // 3))
                asked = asked_of(self.library, focus, [name.terms for name in names])
                ranked = self._weighed(asked, found, cosines)
        return asked, ranked

    def _cosines(self, question: str, vector: Any) -> dict[str, float] | None:
        """How near passages are by meaning, where there are vectors."""
        if self._road == "words":
            return None
        near = self.library.search(question, 4 * LOOKED_AT, mode="dense", vector=vector)
        return {one.id: one.score for one in near}

    def _weighed(self, asked: Asked, found: Sequence[Passage], cosines: Any) -> list[Candidate]:
        openings: dict[str, str] = {}
        for one in found:
            if one.item not in openings:
                openings[one.item] = one.text if one.start == 0 else self.library.text_of(one)
        return weighed(asked, found, openings, cosines)

    def _warned(self, question: str, found: Sequence[Candidate], person: Person | None) -> Any:
        return warnings(question, [one.passage for one in found[:WARNED_FROM]], person or Person())


@dataclass(frozen=True)
class _Meanings:
    """The library's encoder, for the ear that hears emergencies told in other words."""

    library: Library

    @property
    def name(self) -> str:
        return self.library.encoder

    def questions(self, texts: Sequence[str]) -> Floats:
        return np.array(self.library.encode_questions(texts), np.float32)


def _reminded(question: str, encoder: _Meanings | None) -> tuple[Warning, ...]:
    """When to call, where a question is near to an emergency and none is heard in it."""
    text = reminder(question, encoder)
    because = tr("what is told is near to what this program knows as emergencies", "所述与本系统所知的急症相近")
    return (Warning(text, because, "", id="when-to-call"),) if text else ()


def _why(asked: Asked, found: Sequence[Candidate]) -> Reason:
    """Why a question is not answered."""
    if asked.known_share < KNOWN and not asked.also:
        return "out_of_scope"
    if not found or max(one.topic for one in found[:NEAREST]) < TOPIC:
        return "not_in_library"
    return "weak" if found[0].kind == "same" or not asked.focus.kinds else "not_this_aspect"


def _nearest(found: Sequence[Candidate]) -> tuple[Candidate, ...]:
    """The passages shown in place of an answer: those that have some of the topic."""
    return tuple(one for one in found if one.topic > 0)[:NEAREST]


def _joined(found: list[Passage], more: list[Passage]) -> list[Passage]:
    there = {one.id for one in found}
    return found + [one for one in more if one.id not in there]


def _chinese(one: Cited) -> bool:
    return HAN.search(one.sentence) is not None
