"""Who ranks diseases for the server: opened at the first question, one case at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

from bedside.errors import UsageError
from bedside.lang import current, tr
from bedside.types import Facts, Proposal

if TYPE_CHECKING:
    from bedside.knowledge._ranker import Ranker
    from bedside.phenotypes.called import Called
    from bedside.phenotypes.reader import Finding
    from bedside.server.service import Served
    from bedside.tasks._diagnosis.case import DiagnosisCase
    from bedside.tasks._diagnosis.told import Told
    from bedside.tasks._diagnosis.writer import Writer
    from bedside.tasks._disease_links import DiseaseLinks
    from bedside.types import RawChart

OFFERED = 12
"""Findings offered for a word that was typed."""
NAMED = 3
"""Diseases of a list that the guard is asked about."""


def proposal_of(told: Told, facts: Facts, story: str = "") -> Proposal:
    """What a list says, for the guard: it is weighed as any other advice."""
    names = "; ".join(one.label for one in told.answer.ranking[:NAMED])
    return Proposal(text=tr(f"Consider: {names}.", f"考虑：{names}。"), lang=current(), facts=facts, question=story)


@dataclass(frozen=True)
class ServedWriter:
    """The served model that the settings name for lists of diseases, and where its weight lies."""

    name: str
    models: Mapping[str, Served]
    weight: Path | None = None

    def open(self, ranker: Ranker, links: DiseaseLinks) -> Writer:
        """It as it is asked; UsageError where no model of that name is served."""
        from bedside.tasks._diagnosis.writer import Writer

        if self.name not in self.models:
            raise UsageError(tr("no model of that name is served", "没有提供该名称的模型"), value=self.name)
        served = self.models[self.name]
        return Writer(self.name, served.id, lambda texts: served.advise(texts, (), ()), links, ranker)


class Diagnostician:
    """Reads findings, names them, ranks. Raises MissingExtra or UsageError where no ontology is installed."""

    def __init__(self, writer: ServedWriter | None = None) -> None:
        self._lock = Lock()
        self._served_writer = writer

    @property
    def writer_name(self) -> str:
        """The language model that may be asked too; "" where there is none."""
        return self._served_writer.name if self._served_writer else ""

    def written(self, told: Told) -> Told:
        """The same with the list of the language model beside it; as it was where there is none to ask.

        The ranker is not held meanwhile: others are answered. UsageError where the model is not served, DataError where
        the weight is not its own.
        """
        from bedside.tasks._written_weight import read_weight

        if self._served_writer is None:
            return told
        writer = self._served_writer.open(self._ranker, self._links)
        (answer,) = writer.answers([told.case.findings])
        both = None
        if self._served_writer.weight and answer.matched:
            weighed = read_weight(self._served_writer.weight, writer)
            with self._lock:
                both = weighed.answer(self._ranker, told.case, answer, denied=told.denied_weight)
        return replace(told, aside=replace(told.aside, written=answer, mixed=both))

    def of_chart(self, chart: RawChart) -> DiagnosisCase:
        """The case of a chart, without identity; DataError where it holds no finding."""
        from bedside.tasks._diagnosis.case import case_of_chart
        from bedside.tasks._diagnosis.read import reads_charts

        with self._lock:
            hpo = self._ranker.hpo
            return case_of_chart(chart, hpo, reads_charts(hpo), id="1")

    def read(self, story: str) -> tuple[str, tuple[Finding, ...]]:
        """A story without identity, and where its findings stand; IdentityError where identity cannot be removed."""
        from bedside.model.inputs import prepare_text
        from bedside.tasks._diagnosis.read import reads_findings

        text = prepare_text(story)
        with self._lock:
            return text, tuple(reads_findings(self._ranker.hpo)(text, ""))

    def of_ids(self, present: Sequence[str], denied: Sequence[str], *, sex: str = "") -> DiagnosisCase:
        """The case of findings that a reader chose; DataError where none is present."""
        from bedside.tasks._diagnosis.case import case_of

        with self._lock:
            row = {"present": list(present), "excluded": list(denied), "sex": sex}
            return case_of(row, self._ranker.hpo)

    def tell(self, case: DiagnosisCase) -> Told:
        """The ranking, why, and which tests would separate the first; in the language in force.

        A denied finding weighs as much as a present one: it is of this patient.
        """
        from bedside.tasks._diagnosis.aside import suggest
        from bedside.tasks._diagnosis.interview import Interview

        with self._lock:
            told = Interview(self._ranker, case).told()
            tests = suggest(self._ranker, told.case, told.answer.ranking)
            return replace(told, aside=replace(told.aside, tests=tests))

    def offered(self, words: str) -> list[tuple[str, str]]:
        """Findings whose names hold all the words, the shortest names first: id and name."""
        asked = words.lower().split()
        if not asked:
            return []
        with self._lock:
            near = sorted({(len(name), term) for name, term in self._names if all(one in name for one in asked)})
            hpo = self._ranker.hpo
            terms = list(dict.fromkeys(term for _, term in near))[:OFFERED]
            return [(hpo.ids[term], self.called.name(hpo.ids[term])) for term in terms]

    @property
    def hpo(self) -> Any:
        """The ontology that the ranking rests on."""
        return self._ranker.hpo

    @cached_property
    def called(self) -> Called:
        """What findings are called."""
        from bedside.phenotypes.called import Called

        return Called(self._ranker.hpo)

    @cached_property
    def _ranker(self) -> Ranker:
        from bedside.knowledge._ranker import Ranker
        from bedside.knowledge.hpo import open_hpo

        return Ranker(open_hpo())

    @cached_property
    def _links(self) -> DiseaseLinks:
        """Names are linked by their words alone: vectors of all titles would keep the first reader waiting."""
        from bedside.tasks._disease_links import DiseaseLinks

        return DiseaseLinks(self._ranker)

    @cached_property
    def _names(self) -> list[tuple[str, int]]:
        from bedside.phenotypes.names import chinese_names, english_names

        hpo = self._ranker.hpo
        return [(name.lower(), term) for _, term, name in (*english_names(hpo), *chinese_names(hpo))]
