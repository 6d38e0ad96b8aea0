"""Who ranks diseases for the server: opened behind its start, one case at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from threading import Event, Lock
from typing import TYPE_CHECKING, Any

from bedside.errors import UsageError
from bedside.lang import current, tr
from bedside.server.errors import Refusal
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
WAIT_S = 10.0
"""How long a question waits for the opening, and for those before it: well within the time that an answer has."""
RETRY_S = 5
STORIES = ("Fever and joint pain for two weeks.", "发热、关节痛两周。")
"""Read while it is opened, so that all that reading and ranking need is there."""


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
    """Reads findings, names them, ranks. Raises MissingExtra or UsageError where no ontology is installed.

    Refusal (503) where it is being opened, or busy, for longer than `wait_s`: the same question may be asked again.
    """

    def __init__(self, writer: ServedWriter | None = None, *, wait_s: float = WAIT_S) -> None:
        self._lock, self._awaited, self._wait_s = Lock(), Event(), wait_s
        self._awaited.set()
        self._served_writer = writer

    def opened_by(self) -> Callable[[], None]:
        """What opens it, on another thread: from now on questions wait until that is done, however it ends."""
        self._awaited.clear()
        return self._open

    def _open(self) -> None:
        from bedside.tasks._diagnosis.case import case_of
        from bedside.tasks._diagnosis.read import reads_findings

        try:
            with self._lock:
                ranker = self._ranker
                for story in STORIES:
                    found = reads_findings(ranker.hpo)(story, "")
                    _told(ranker, case_of({"present": [one.id for one in found]}, ranker.hpo))
                self._names  # noqa: B018 - reads them
        finally:
            self._awaited.set()

    @contextmanager
    def _turn(self) -> Iterator[Ranker]:
        """The ranker, for one question at a time."""
        if not self._awaited.wait(self._wait_s):
            what = tr("the index of diseases is being opened; try again", "疾病索引正在加载，请稍后重试")
            raise Refusal(503, "warming_up", what, retry_after_s=RETRY_S)
        if not self._lock.acquire(timeout=self._wait_s):
            what = tr("others are being answered; try again", "正在处理其他请求，请稍后重试")
            raise Refusal(503, "busy", what, retry_after_s=RETRY_S)
        try:
            yield self._ranker
        finally:
            self._lock.release()

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
            with self._turn() as ranker:
                both = weighed.answer(ranker, told.case, answer, denied=told.denied_weight)
        return replace(told, aside=replace(told.aside, written=answer, mixed=both))

    def of_chart(self, chart: RawChart) -> DiagnosisCase:
        """The case of a chart, without identity; DataError where it holds no finding."""
        from bedside.tasks._diagnosis.case import case_of_chart
        from bedside.tasks._diagnosis.read import reads_charts

        with self._turn() as ranker:
            return case_of_chart(chart, ranker.hpo, reads_charts(ranker.hpo), id="1")

    def read(self, story: str) -> tuple[str, tuple[Finding, ...]]:
        """A story without identity, and where its findings stand; IdentityError where identity cannot be removed."""
        from bedside.model.inputs import prepare_text
        from bedside.tasks._diagnosis.read import reads_findings

        text = prepare_text(story)
        with self._turn() as ranker:
            return text, tuple(reads_findings(ranker.hpo)(text, ""))

    def of_ids(self, present: Sequence[str], denied: Sequence[str], *, sex: str = "") -> DiagnosisCase:
        """The case of findings that a reader chose; DataError where none is present."""
        from bedside.tasks._diagnosis.case import case_of

        row = {"present": list(present), "excluded": list(denied), "sex": sex}
        with self._turn() as ranker:
            return case_of(row, ranker.hpo)

    def tell(self, case: DiagnosisCase) -> Told:
        """The ranking, why, and which tests would separate the first; in the language in force.

        A denied finding weighs as much as a present one: it is of this patient.
        """
        with self._turn() as ranker:
            return _told(ranker, case)

    def offered(self, words: str) -> list[tuple[str, str]]:
        """Findings whose names hold all the words, the shortest names first: id and name."""
        asked = words.lower().split()
        if not asked:
            return []
        with self._turn() as ranker:
            near = sorted({(len(name), term) for name, term in self._names if all(one in name for one in asked)})
            hpo = ranker.hpo
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


def _told(ranker: Ranker, case: DiagnosisCase) -> Told:
    from bedside.tasks._diagnosis.aside import suggest
    from bedside.tasks._diagnosis.interview import Interview

    told = Interview(ranker, case).told()
    tests = suggest(ranker, told.case, told.answer.ranking)
    return replace(told, aside=replace(told.aside, tests=tests))
