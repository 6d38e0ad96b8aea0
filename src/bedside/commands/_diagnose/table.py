"""A table of cases, ranked: a line a case, over processes if there are to be several."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bedside.commands._io import progress
from bedside.commands._lines import Answer, Line, answer_each, tell, write_lines
from bedside.lang import counted, disclaimer, tr

if TYPE_CHECKING:
    from bedside.commands._diagnose.beside import Beside
    from bedside.commands._diagnose.out import Outputs
    from bedside.commands._diagnose.rows import CaseReader, CaseRow
    from bedside.knowledge._gene_hits import GeneHit
    from bedside.knowledge._ranker import Ranker
    from bedside.knowledge._workup import By
    from bedside.tasks._diagnosis.case import DiagnosisCase
    from bedside.tasks._diagnosis.told import Told

BATCH = 32
"""Cases at a time: a second's work where they are stories."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """How the cases of a table are read and ranked, as another process can be sent it."""

    hpo: Path | None = None
    prevalence: Path | None = None
    use_genes: bool = False
    evidence_field: str | None = None
    top: int = 100
    denied: float = 0.0
    model: Path | None = None
    fuse: Path | None = None
    writer: str | None = None
    workup_by: By = "gain"
    keep: bool = False
    """Whether a line carries its case, for views."""

    def open(self, variants: tuple[GeneHit, ...] = ()) -> tuple[Ranker, CaseReader]:
        """The ranker and what reads its cases; `variants` are those of the one patient there is."""
        from bedside.commands._diagnose.genes import ranker_of
        from bedside.commands._diagnose.rows import CaseReader
        from bedside.knowledge.hpo import open_hpo
        from bedside.tasks._diagnosis.read import reads_charts, reads_texts

        hpo = open_hpo(self.hpo)
        texts, charts = reads_texts(hpo), reads_charts(hpo)
        return ranker_of(hpo, self.prevalence), CaseReader(
            hpo, self.use_genes, self.evidence_field, texts, charts, variants
        )

    def opened(self) -> Answer[CaseRow]:
        """The same answers in another process."""
        return self.answers(*self.open())

    def answers(self, ranker: Ranker, reader: CaseReader, beside: Beside | None = None) -> Answer[CaseRow]:
        """What ranks a batch of cases."""
        beside = beside or self.beside(ranker)
        return partial(answer_each, partial(self._line, ranker, reader, beside))

    def beside(self, ranker: Ranker) -> Beside:
        """The other engines."""
        from bedside.commands._diagnose.beside import open_beside

        return open_beside(ranker, self.model, self.fuse, writer=self.writer, by=self.workup_by)

    def _line(self, ranker: Ranker, reader: CaseReader, beside: Beside, row: CaseRow) -> Line:
        from bedside.commands._diagnose.beside import line_of
        from bedside.commands._diagnose.table_views import kept
        from bedside.tasks._diagnosis.answer import diagnose

        case = reader.case(row)
        answer, _ = diagnose(ranker, case, top=self.top, denied_weight=self.denied)
        engines = beside.engines(case, denied=self.denied)
        line = {**answer.line(), **line_of(case, engines)}
        return {**line, **kept(row, case, engines)} if self.keep else line


def rank_table(
    ranking: Ranking,
    ranker: Ranker,
    reader: CaseReader,
    path: Path,
    out: Path,
    *,
    resume: bool,
    jobs: int,
    as_json: bool,
    outputs: Outputs,
    tell_case: Callable[[DiagnosisCase], Told],
) -> None:
    """Rank each case of a file into a line of `out` and into the views; say how many; raises the exit for a part."""
    from bedside.commands._diagnose.table_views import TableViews

    beside = ranking.beside(ranker)
    views = TableViews(outputs, ranker.hpo, lambda case, engines: beside.also(tell_case(case), engines))
    kept = replace(ranking, keep=bool(outputs))
    once = kept if not resume else ranking  # rows that an earlier run wrote are on the views too: all are read for them
    with views:
        did = write_lines(
            out,
            reader.rows(path),
            once.answers(ranker, reader, beside),
            title=tr("ranking", "排序"),
            batch=BATCH,
            resume=resume,
            counting={"abstained": _abstained},
            opens=once.opened,
            jobs=jobs,
            see=views.see if once.keep else None,
        )
        if resume and outputs:
            with progress(tr("writing reasons", "写出依据")) as advance:
                for row in reader.rows(path):
                    for line in kept.answers(ranker, reader, beside)([row]):
                        views.see(line)
                    advance()
    outputs.say(quiet=as_json)
    done, abstained, failed = itemgetter("rows", "abstained", "failed")(did)
    en = f"{counted(done, 'case')} written to {out}: {abstained} without a proposal, {failed} without an answer"
    zh = f"已写出 {done} 例到 {out}：{abstained} 例不提出诊断，{failed} 例无结果"
    tell({"out": out, **did}, tr(en, zh), disclaimer(), as_json=as_json)


def _abstained(line: Line) -> Any:
    return line.get("abstained")
