"""A table of cases, ranked: a line a case, over processes if there are to be several."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bedside.commands._lines import Answer, Line, answer_each, tell, write_lines
from bedside.lang import counted, disclaimer, tr

if TYPE_CHECKING:
    from bedside.commands._diagnose_beside import Beside
    from bedside.commands._diagnose_rows import CaseReader, CaseRow
    from bedside.knowledge._gene_hits import GeneHit
    from bedside.knowledge._ranker import Ranker

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

    def open(self, variants: tuple[GeneHit, ...] = ()) -> tuple[Ranker, CaseReader]:
        """The ranker and what reads its cases; `variants` are those of the one patient there is."""
        from bedside.commands._diagnose_charts import reads_charts
        from bedside.commands._diagnose_genes import ranker_of
        from bedside.commands._diagnose_rows import CaseReader, reads_texts
        from bedside.knowledge.hpo import open_hpo

        hpo = open_hpo(self.hpo)
        texts, charts = reads_texts(hpo), reads_charts(hpo)
        return ranker_of(hpo, self.prevalence), CaseReader(
            hpo, self.use_genes, self.evidence_field, texts, charts, variants
        )

    def opened(self) -> Answer[CaseRow]:
        """The same answers in another process."""
        return self.answers(*self.open())

    def answers(self, ranker: Ranker, reader: CaseReader) -> Answer[CaseRow]:
        """What ranks a batch of cases."""
        from bedside.commands._diagnose_beside import open_beside

        beside = open_beside(ranker, self.model, self.fuse)
        return partial(answer_each, partial(self._line, ranker, reader, beside))

    def _line(self, ranker: Ranker, reader: CaseReader, beside: Beside, row: CaseRow) -> Line:
        from bedside.tasks._diagnosis_answer import diagnose

        case = reader.case(row)
        answer, _ = diagnose(ranker, case, top=self.top, denied_weight=self.denied)
        return {**answer.line(), **beside.line(case, denied=self.denied)}


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
) -> None:
    """Rank each case of a file into a line of `out`, and say how many; raises the exit for a part."""
    did = write_lines(
        out,
        reader.rows(path),
        ranking.answers(ranker, reader),
        title=tr("ranking", "排序"),
        batch=BATCH,
        resume=resume,
        counting={"abstained": _abstained},
        opens=ranking.opened,
        jobs=jobs,
    )
    done, abstained, failed = itemgetter("rows", "abstained", "failed")(did)
    en = f"{counted(done, 'case')} written to {out}: {abstained} without a proposal, {failed} without an answer"
    zh = f"已写出 {done} 例到 {out}：{abstained} 例不提出诊断，{failed} 例无结果"
    tell({"out": out, **did}, tr(en, zh), disclaimer(), as_json=as_json)


def _abstained(line: Line) -> Any:
    return line.get("abstained")
