"""A review: the records without duplicates, what was decided on them, what to read next, and whether to stop."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from bedside.literature._record import Record
from bedside.literature.notices import Flag, Watch, flags_of
from bedside.literature.same import Match, duplicates_of
from bedside.literature.same.compare import DUPLICATE
from bedside.literature.screening.certify import drawn_order, most_in_urn
from bedside.literature.screening.labels import CONSENSUS, UNSURE, Label, by, resolved, reviewers
from bedside.literature.screening.ranker import Ranker
from bedside.literature.screening.simulate import GROWTH
from bedside.literature.screening.stopping import CONFIDENCE, TARGET, Stop, stop_rule

RANDOM = "random"


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """What a random draw from the papers then unread (`urn`) bounds, whatever the ranker did, however often one looks.

    `missed` is the most relevant papers still unread at the confidence; `low` the least recall, None before a find.
    """

    urn: int
    drawn: int
    found: int
    missed: int
    low: float | None
    may_stop: bool


class Review:
    """`question` orders the first papers; `encode` (texts -> vectors) adds an encoder's view; the rest is measured."""

    def __init__(
        self,
        records: Sequence[Record],
        labels: Sequence[Label] = (),
        *,
        question: str = "",
        watch: Watch | None = None,
        merge: bool = True,
        encode: Any = None,
        seed: int = 0,
        on_record: Callable[[int], None] = lambda count: None,
    ) -> None:
        self.records, self.question, self.seed, self._encode = list(records), question, seed, encode
        self.matches: list[Match] = duplicates_of(self.records, on_record) if merge else []
        self.flags: dict[str, list[Flag]] = flags_of(self.records, watch)
        self._kept = {one.other: one.kept for one in self.matches if one.kind == DUPLICATE}
        self.pool = {one.key: one for one in self.records if one.key not in self._kept}
        self.labels: list[Label] = []
        self.unknown = 0
        for one in labels:
            self.add(one)
        self._order: dict[str, tuple[int, list[str]]] = {}

    def add(self, label: Label) -> bool:
        """Take a decision in, one on a duplicate as one on the record kept; False for a paper that is not here."""
        id = self._kept.get(label.id, label.id)
        if id not in self.pool:
            self.unknown += 1
            return False
        fields = {name: getattr(label, name) for name in Label.__dataclass_fields__}
        self.labels.append(Label(**{**fields, "id": id}))
        return True

    def decided(self, who: str | None = None) -> dict[str, Label | None]:
        """What stands for each paper in the order first decided: of one reviewer, or of all together."""
        return resolved(by(self.labels, who) if who else self.labels)

    def conflicts(self) -> list[str]:
        """The papers on which reviewers differ and that nobody settled."""
        return [id for id, said in self.decided().items() if said is None]

    def next(self, count: int, who: str, order: str = "ranked") -> list[Record]:
        """What to read next: the likeliest, or the next of a random draw; for the consensus the open conflicts."""
        if who == CONSENSUS:
            return [self.pool[id] for id in self.conflicts()[:count]]
        done = self.decided(who)
        if order == RANDOM:
            before = set(self._before_draw(who))
            drawn = drawn_order((key for key in self.pool if key not in before), self.seed)
            return [self.pool[key] for key in drawn if key not in done][:count]
        return [self.pool[key] for key in self._ranked(who, done) if key not in done][:count]

    def stop(self, who: str | None = None, target: float = TARGET, confidence: float = CONFIDENCE) -> Stop:
        """The rule on the decisions so far; a paper in conflict counts as relevant."""
        found = [said is None or said.relevant for said in self.decided(self._of(who)).values()]
        return stop_rule(found, len(self.pool), target=target, confidence=confidence)

    def certificate(
        self, who: str | None = None, target: float = TARGET, confidence: float = CONFIDENCE
    ) -> Certificate | None:
        """The bound of the random draw, None where none was begun."""
        own = by(self.labels, of) if (of := self._of(who)) else self.labels
        if not any(one.order == RANDOM for one in own):
            return None
        said, before = self.decided(of), self._before_draw(of)
        relevant = {id: one is None or one.relevant for id, one in said.items()}
        urn = drawn_order((key for key in self.pool if key not in set(before)), self.seed)
        drawn = next((at for at, key in enumerate(urn) if key not in relevant), len(urn))
        found = sum(relevant[key] for key in urn[:drawn])
        most = most_in_urn(len(urn), drawn, found, confidence)
        all_found, later = sum(relevant.values()), sum(relevant.get(key, False) for key in urn)
        missed = max(0, most - later)
        low = all_found / (all_found + missed) if all_found else None
        return Certificate(
            urn=len(urn),
            drawn=drawn,
            found=found,
            missed=missed,
            low=low,
            may_stop=low is not None and low >= target,
        )

    def _of(self, who: str | None) -> str | None:
        """The reviewer meant: the one named, or the only one there is."""
        every = reviewers(self.labels)
        return who or (every[0] if len(every) == 1 else None)

    def _before_draw(self, who: str | None) -> list[str]:
        """What had been decided when the random draw began: all of it, where it has not."""
        own = by(self.labels, who) if who else self.labels
        first = next((at for at, one in enumerate(own) if one.order == RANDOM), len(own))
        return list(dict.fromkeys(one.id for one in own[:first]))

    def _ranked(self, who: str, done: dict[str, Label | None]) -> list[str]:
        """All papers, likeliest first; learnt again once the decisions have grown by a twentieth, as in simulations."""
        learnt, order = self._order.get(who, (-1, []))
        if learnt < 0 or len(done) >= learnt + max(1, int(learnt * GROWTH)):
            places = {key: at for at, key in enumerate(self.pool)}
            known = {
                places[id]: said.relevant for id, said in done.items() if said is not None and said.decision != UNSURE
            }
            keys, scores = list(self.pool), self._ranker.scores(known)
            order = [keys[at] for at in np.argsort(-scores, kind="stable")]
            self._order[who] = len(done), order
        return order

    @cached_property
    def _ranker(self) -> Ranker:
        texts = [one.text for one in self.pool.values()]
        if self._encode is None:
            return Ranker(texts, self.question, seed=self.seed)
        asked = self._encode([self.question])[0] if self.question else None
        return Ranker(texts, self.question, vectors=self._encode(texts), question_vector=asked, seed=self.seed)
