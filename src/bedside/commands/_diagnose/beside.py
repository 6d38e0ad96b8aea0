"""What stands beside the knowledge's ranking: the chart it came from, the other engines, fused lists, tests to do."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from bedside.commands._io import say, table
from bedside.errors import UsageError
from bedside.lang import tr

if TYPE_CHECKING:
    from bedside.commands._diagnose.fused import Fused
    from bedside.commands._diagnose.local import Local
    from bedside.knowledge._ranker import Ranker
    from bedside.knowledge._workup import By
    from bedside.tasks._diagnosis.aside import Aside, FusedAnswer, LocalAnswer
    from bedside.tasks._diagnosis.case import DiagnosisCase
    from bedside.tasks._diagnosis.told import Told
    from bedside.tasks._diagnosis.writer import Writer
    from bedside.tasks._diagnosis.written import MixedAnswer, WrittenAnswer
    from bedside.tasks._written_weight import Weighed

PANEL = tr("Beside the ranking", "排序之外")
SHOWN = 5

LocalModel = Annotated[
    Path | None,
    typer.Option(
        "--model",
        metavar="MODEL",
        help=tr("Model fitted on your own charts, beside it", "本地病历训练的模型，并列显示"),
        rich_help_panel=PANEL,
    ),
]
Fuse = Annotated[
    Path | None,
    typer.Option(
        "--fuse",
        metavar="STACK",
        help=tr(
            "Both as one, by `bedside stack`; with --model or --writer",
            "按 `bedside stack` 融合；需 --model 或 --writer",
        ),
        rich_help_panel=PANEL,
    ),
]
WriterName = Annotated[
    str | None,
    typer.Option(
        "--writer",
        metavar="WRITER",
        help=tr(
            "Language model that names diseases too: smollm2, a folder, http(s)://HOST/v1#MODEL, clinic.toml#NAME",
            "同时由语言模型列出疾病：smollm2、目录、http(s)://主机/v1#模型、clinic.toml#名称",
        ),
        rich_help_panel=PANEL,
    ),
]
WorkupBy = Annotated[
    Literal["gain", "ease"],
    typer.Option(
        "--workup-by",
        help=tr("Tests by expected gain, or gain against cost and burden", "检查建议按信息增益，或兼顾费用与负担"),
        rich_help_panel=PANEL,
    ),
]


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
            _say_local(told.aside.local)
        if told.aside.fused is not None:
            _say_fused(told.aside.fused)
        if told.aside.written is not None:
            say_written(told.aside.written, told.aside.mixed)
        _say_workup(self.ranker, told)


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


def _say_local(answer: LocalAnswer) -> None:
    from bedside.tasks._diagnosis.words import chance, silence

    say()
    if why := silence(answer):
        say(tr(f"Local model {answer.name}: ", f"本地模型 {answer.name}：") + why)
        return
    rows = [(n, label, chance(p)) for n, (label, p) in enumerate(answer.chances[:SHOWN], 1)]
    head = ("#", tr("label", "标签"), tr("chance", "概率"))
    table(tr(f"Local model {answer.name} (its own labels)", f"本地模型 {answer.name}（其自身标签）"), head, rows)
    for limit in answer.limits:
        say(limit)


def _say_fused(answer: FusedAnswer) -> None:
    from bedside.tasks._diagnosis.words import chance, fused_said

    if not answer.labels:
        say(tr("Fused: ", "融合：") + answer.abstained)
        return
    rows = [
        (n, one.label, chance(one.probability), "; ".join(id for id, _, _ in one.diseases))
        for n, one in enumerate(answer.labels[:SHOWN], 1)
    ]
    head = ("#", tr("label", "标签"), tr("chance", "概率"), tr("diseases behind it", "对应疾病"))
    said = fused_said(answer)
    table(tr(f"Both fused ({said})", f"两者融合（{said}）"), head, rows)


def say_written(answer: WrittenAnswer, mixed: MixedAnswer | None) -> None:
    """A list that a language model wrote, apart from the ranking, and the two as one where a weight was fitted."""
    from bedside.tasks._diagnosis.words import behind_said, mixed_said, places_said, written_notes, written_title

    say()
    if answer.matched:
        rows = [(n, one.name, behind_said(one)) for n, one in enumerate(answer.listed, 1) if one.diseases]
        head = ("#", tr("as written", "所写名称"), tr("linked to", "对应疾病"))
        table(written_title(answer), head, rows)
    else:
        say(written_title(answer))
    for line in written_notes(answer, mixed):
        say(line)
    if mixed is not None:
        places = [(n, one.id, one.label, places_said(one)) for n, one in enumerate(mixed.ranking, 1)]
        columns = ("#", "id", tr("disease", "疾病"), tr("places", "名次"))
        table(tr("Fused: ", "融合：") + mixed_said(mixed), columns, places)


def _say_workup(ranker: Ranker, told: Told) -> None:
    from bedside.phenotypes.called import Called
    from bedside.tasks._diagnosis.words import classes_said, gain_said, looked_for

    if not told.aside.tests:
        return
    called = Called(ranker.hpo)
    say(tr("Tests that would separate them (expected gain in bits):", "有助于鉴别的检查（预期信息增益，比特）："))
    for one in told.aside.tests:
        classes = tr(", ", "，").join(classes_said(one.test))
        what = looked_for(one, called)
        say(f"  {gain_said(one):>6} {tr(*one.test.name)} [{classes}]{tr(': ', '：')}{what}")
