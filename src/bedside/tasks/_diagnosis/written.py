"""The third engine: the diseases that a language model names, linked to ids, and its list fused with the ranking."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from bedside.knowledge._ranker import Ranker
from bedside.knowledge._scores import Scores
from bedside.lang import tr
from bedside.tasks._disease_links import DiseaseLinks
from bedside.tasks._listed_diseases import Listed, listed
from bedside.tasks._rank_fusion import Lists, places

SHOWN = 10
"""Diseases that are told of either list."""
BEHIND = 3
"""Diseases that are named of one written name, where it stands for a series."""


@dataclass(frozen=True, slots=True)
class WrittenDisease:
    """One name of the list: as it was written, and the ranked diseases it stands for, none where it has no match."""

    name: str
    diseases: tuple[tuple[str, str], ...] = ()
    """Ids and titles."""


@dataclass(frozen=True, slots=True)
class WrittenAnswer:
    """What a writer named, the likeliest first; or why there is nothing: never an empty answer.

    `abstained` is a refusal, or what kept the text back, `failed` the id of a fault. `by` is the writer's name.
    """

    listed: tuple[WrittenDisease, ...] = ()
    by: str = ""
    abstained: str = ""
    failed: str = ""

    @property
    def matched(self) -> tuple[WrittenDisease, ...]:
        """The names that stand for a ranked disease."""
        return tuple(one for one in self.listed if one.diseases)

    @property
    def unmatched(self) -> tuple[str, ...]:
        """The names that stand for none."""
        return tuple(one.name for one in self.listed if not one.diseases)

    def told(self) -> dict[str, Any]:
        """Plain JSON: `written` by `written_by`, and beside it what else there is to know."""
        ranking = [
            {"name": one.name, "diseases": [{"id": id, "label": title} for id, title in one.diseases]}
            for one in self.matched
        ]
        also = {
            "written_unmatched": list(self.unmatched),
            "written_abstained": self.abstained,
            "written_failed": self.failed,
        }
        return {"written_by": self.by, "written": ranking, **{name: value for name, value in also.items() if value}}


@dataclass(frozen=True, slots=True)
class MixedDisease:
    """One disease of the fused list; its places, from 1, by the knowledge and on the writer's list (0: not there)."""

    id: str
    label: str
    knowledge: int
    written: int


@dataclass(frozen=True, slots=True)
class MixedAnswer:
    """The knowledge's ranking and the writer's list as one; `weight` of the writer's was fitted on `cases`."""

    ranking: tuple[MixedDisease, ...]
    weight: float
    cases: int

    def told(self) -> dict[str, Any]:
        """Plain JSON: `written_fused`, and the weight."""
        ranking = [
            {"id": one.id, "label": one.label, "place_knowledge": one.knowledge, "place_written": one.written or None}
            for one in self.ranking
        ]
        return {"written_fused": ranking, "written_weight": self.weight}


def read_written(text: str, links: DiseaseLinks, ranker: Ranker, *, by: str, broken_off: bool = False) -> WrittenAnswer:
    """What a text that was written says: names linked to diseases; a refusal, or a text without names, as such.

    Of a text that was broken off the last name is left out: it may be half a name.
    """
    found = listed(text)
    if broken_off:
        found = Listed(found.names[:-1], found.refused)
    if not found.names:
        return WrittenAnswer(by=by, abstained=_refused() if found.refused else _nothing())
    hpo = ranker.hpo
    rows = tuple(
        WrittenDisease(one.name, tuple((hpo.diseases[n], hpo.titles[n]) for n in links.of(one))) for one in found.names
    )
    return WrittenAnswer(_each_once(rows), by)


def lists_of(ranker: Ranker, scores: Scores, written: WrittenAnswer) -> Lists:
    """Both lists of a case as they are fused; names without a match keep their place."""
    number = ranker.hpo.disease_number
    named = tuple(tuple(number[id] for id, _ in one.diseases) for one in written.listed)
    return Lists(places(scores.total), named)


def mixed(ranker: Ranker, lists: Lists, weight: float, cases: int) -> MixedAnswer:
    """The first of the fused list."""
    hpo, scores = ranker.hpo, lists.scores(weight)
    order = np.lexsort((np.arange(len(scores)), -scores))[:SHOWN].tolist()
    place = {n: at for at, numbers in reversed(list(enumerate(lists.written, 1))) for n in numbers}
    rows = (MixedDisease(hpo.diseases[n], hpo.titles[n], int(lists.knowledge[n]), place.get(n, 0)) for n in order)
    return MixedAnswer(tuple(rows), weight, cases)


def _each_once(rows: tuple[WrittenDisease, ...]) -> tuple[WrittenDisease, ...]:
    """Names that stand for the same diseases ("Marfan syndrome", "MFS") told once, at the better place."""
    seen: set[tuple[tuple[str, str], ...]] = set()
    kept = []
    for one in rows:
        if not one.diseases or one.diseases not in seen:
            kept.append(one)
        seen.add(one.diseases)
    return tuple(kept)


def _refused() -> str:
    return tr("the writer refused to name diseases", "语言模型拒绝列出疾病")


def _nothing() -> str:
    return tr("no name of a disease could be read in what it wrote", "所写内容中读不出疾病名称")
