"""What stands beside the knowledge's ranking: the chart it came from, the other engines, fused lists, tests to do."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bedside.commands._diagnose.beside_view import say_fused, say_local, say_workup, say_written
from bedside.commands._io import say
from bedside.errors import UsageError
from bedside.lang import tr

if TYPE_CHECKING:
    from bedside.commands._diagnose.fused import Fused
    from bedside.commands._diagnose.local import Local
    from bedside.knowledge._ranker import Ranker
    from bedside.knowledge._workup import By
    from bedside.tasks._diagnosis.aside import Aside
    from bedside.tasks._diagnosis.case import DiagnosisCase
    from bedside.tasks._diagnosis.told import Told
    from bedside.tasks._diagnosis.writer import Writer
    from bedside.tasks._written_weight import Weighed


@dataclass(frozen=True, slots=True)
class Beside:
    """What was asked for, opened once."""

    ranker: Ranker
    local: Local | None = None
    fused: Fused | None = None
    by: By = "gain"
    writer: Writer | None = None
    weighed: Weighed | None = None

    def engines(self, case: DiagnosisCase, *, denied: float = 0.0) -> Aside:
        """What the other engines say of a case."""
        from bedside.tasks._diagnosis.aside import Aside

        found = Aside()
        if self.local is not None:
            (answer,) = self.local.answers([case], self.ranker.hpo)
            fused = self.fused.answer(case, answer, denied=denied) if self.fused else None
            found = replace(found, local=answer, fused=fused)
        if self.writer is not None:
            (written,) = self.writer.answers([case.findings])
            weighs = self.weighed if written.matched else None
            both = weighs.answer(self.ranker, case, written, denied=denied) if weighs else None
            found = replace(found, written=written, mixed=both)
        return found

    def also(self, told: Told, engines: Aside | None = None) -> Told:
        """A case that was told, with all that stands beside it; `engines` where they were asked already."""
        from bedside.tasks._diagnosis.aside import suggest

        known = engines or self.engines(told.case, denied=told.denied_weight)
        asked = [one.id for one in told.asked]
        tests = suggest(self.ranker, told.case, told.answer.ranking, asked=asked, by=self.by)
        return replace(told, aside=replace(known, tests=tests))

    def told(self, told: Told) -> dict[str, Any]:
        """What one case tells more, the tests to do next included."""
        from bedside.knowledge._workup import told as test_told

        tests = [test_told(one, self.ranker.hpo) for one in told.aside.tests]
        return {**line_of(told.case, told.aside), "workup": tests}

    def say_first(self, told: Told) -> None:
        """In the terminal, before the ranking: where in the chart each finding stands."""
        if told.case.chart is not None:
            from bedside.phenotypes.called import Called
            from bedside.tasks._diagnosis.chart import chart_lines

            for line in chart_lines(told.case.chart, Called(self.ranker.hpo)):
                say(line)
            say()

    def say_also(self, told: Told) -> None:
        """In the terminal, after it: the other engines, what is fused, and the tests."""
        if told.aside.local is not None:
            say_local(told.aside.local)
        if told.aside.fused is not None:
            say_fused(told.aside.fused)
        if told.aside.written is not None:
            say_written(told.aside.written, told.aside.mixed)
        say_workup(self.ranker, told)


def line_of(case: DiagnosisCase, engines: Aside) -> dict[str, Any]:
    """What a row of a table tells more."""
    if case.chart is None:
        return engines.engines()
    from bedside.tasks._diagnosis.chart import told_chart

    return {"chart": told_chart(case.chart), **engines.engines()}


def open_beside(
    ranker: Ranker, model: Path | None, fuse: Path | None, *, writer: str | None = None, by: By = "gain"
) -> Beside:
    """Open what was named; raises UsageError for a fusion without its engine, or with two."""
    if fuse is not None and (model is None) == (writer is None):
        what = tr("a fusion needs the one engine it was fitted with", "融合需要与其一同拟合的那一个引擎")
        raise UsageError(what, where="--fuse", allowed="--model MODEL | --writer WRITER")
    beside = Beside(ranker, by=by)
    if model is not None:
        from bedside.commands._diagnose.fused import open_fused
        from bedside.commands._diagnose.local import open_local

        local = open_local(model)
        beside = replace(beside, local=local, fused=open_fused(fuse, model, ranker) if fuse else None)
    if writer is not None:
        from bedside.commands._diagnose.writer import open_writer
        from bedside.tasks._written_weight import read_weight

        opened = open_writer(writer, ranker)
        beside = replace(beside, writer=opened, weighed=read_weight(fuse, opened) if fuse else None)
    return beside
