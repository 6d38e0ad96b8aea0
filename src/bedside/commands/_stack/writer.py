"""Fits how much a writer's list weighs beside the knowledge's ranking, and measures both and each on other diseases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from bedside.commands._diagnose.rows import CaseReader
from bedside.commands._io import plain, progress, say, table
from bedside.errors import BedsideError, ColumnError, DataError, UsageError
from bedside.lang import counted, tr
from bedside.tasks._diagnosis.case import DiagnosisCase
from bedside.tasks._rank_fusion import LEAST, Floats, Lists, cross_fitted, fit_weight, ranks
from bedside.tasks._written_weight import Weighed

if TYPE_CHECKING:
    from bedside.tasks._diagnosis.writer import Writer
    from bedside.tasks._diagnosis.written import WrittenAnswer
    from bedside.types import Figure

BATCH = 32
CUTS = (1, 3, 10)
ENGINES = ("knowledge", "written", "fused")


@dataclass(frozen=True, slots=True)
class Fitted:
    """The weight, how the writer answered, and the figures of each engine."""

    weighed: Weighed
    figures: dict[str, dict[str, Figure]]
    silent: int
    names: int
    matched: int
    failed: int

    def told(self) -> dict[str, Any]:
        """Plain JSON."""
        about = {"weight": self.weighed.weight, "cases": self.weighed.cases, "diseases": self.weighed.diseases}
        wrote = {"silent": self.silent, "names": self.names, "matched": self.matched, "failed": self.failed}
        return {**about, **wrote, "figures": self.figures, "seed": self.weighed.seed}


def fit_writer(path: Path, writer: Writer, *, label: str, evidence: str | None, seed: int) -> Fitted:
    """Ask the writer for each labelled case and fit its weight; raises ColumnError, DataError, UsageError."""
    from bedside.tasks._diagnosis.read import reads_charts, reads_texts

    opened = writer.ranker.hpo
    reader = CaseReader(opened, False, evidence, reads_texts(opened), reads_charts(opened))
    cases, truth, failed = _labelled(reader, path, label)
    if len(set(truth)) < LEAST:
        what = tr(
            f"too few diseases: {len(set(truth))}; a weight takes at least {LEAST}",
            f"疾病种类太少：{len(set(truth))}；拟合权重至少需要 {LEAST} 种",
        )
        raise DataError(what, where=path.name, next=tr("use --writer alone", "可仅用 --writer"))
    answers: list[WrittenAnswer] = []
    with progress(tr("asking the writer", "询问语言模型"), total=len(cases)) as advance:
        for start in range(0, len(cases), BATCH):
            answers += writer.answers([case.findings for case in cases[start : start + BATCH]])
            advance(len(answers) - start)
    if not any(one.listed for one in answers):
        what = tr("the writer answered no case", "语言模型未回答任何病例")
        raise UsageError(what, where="--writer", value=answers[0].abstained or answers[0].failed or None)
    return _fitted(writer, cases, truth, answers, failed, seed)


def _fitted(
    writer: Writer,
    cases: Sequence[DiagnosisCase],
    truth: Sequence[int],
    answers: Sequence[WrittenAnswer],
    failed: int,
    seed: int,
) -> Fitted:
    from bedside.tasks._diagnosis.written import lists_of

    ranker = writer.ranker
    lists = [
        lists_of(ranker, ranker.score(case.findings, without=case.without), answer)
        for case, answer in zip(cases, answers, strict=True)
    ]
    found = ranks(lists, truth)
    places = {"knowledge": found[0], "written": alone(lists, truth), "fused": cross_fitted(found, truth, seed)}
    figures = {name: measured(place, truth, seed) for name, place in places.items()}
    known = len(set(truth))
    weight = fit_weight(found, truth)
    told = plain(figures)
    weighed = Weighed(weight, writer.key, ranker.hpo.key, len(cases), known, seed, told)
    names = sum(len(one.listed) for one in answers)
    matched = sum(len(one.matched) for one in answers)
    return Fitted(weighed, figures, sum(not one.listed for one in answers), names, matched, failed)


def alone(cases: Sequence[Lists], truth: Sequence[int]) -> Floats:
    """[n] the place of each case's disease on the writer's list; all that is not on it ties behind."""
    found = []
    for one, disease in zip(cases, truth, strict=True):
        place: dict[int, float] = {}
        seen = 0
        for numbers in one.written:
            fresh = [n for n in numbers if n not in place]
            place |= dict.fromkeys(fresh, seen + (len(fresh) + 1) / 2)
            seen += len(fresh)
        found.append(place.get(disease, seen + (len(one.knowledge) - seen + 1) / 2))
    return np.array(found)


def measured(place: Floats, diseases: Sequence[int], seed: int) -> dict[str, Figure]:
    """Shares in the first 1, 3 and 10 and the mean reciprocal rank, with intervals over diseases."""
    from bedside.evaluate.bootstrap import bootstrap

    hits = {f"top{cut}": (place <= cut).astype(float) for cut in CUTS} | {"mrr": 1 / place}

    def figure(values: Floats) -> Figure:
        return bootstrap(lambda rows: float(values[rows].mean()), diseases, seed)

    return {name: figure(values) for name, values in hits.items()}


def show(fitted: Fitted, out: Path, named: str) -> None:
    """Print it in the language in force."""
    names = {
        "knowledge": tr("knowledge alone", "仅知识"),
        "written": tr("the writer's list alone", "仅语言模型所列"),
        "fused": tr("both, cross-fitted", "两者融合（交叉拟合）"),
    }
    weighed = fitted.weighed
    of = counted(weighed.diseases, "disease")
    title = tr(f"{counted(weighed.cases, 'case')} of {of}", f"{weighed.diseases} 种疾病的 {weighed.cases} 例")
    head = (tr("engine", "引擎"), *(tr(f"first {cut}", f"前 {cut}") for cut in CUTS), tr("mean 1/rank", "平均倒数名次"))
    table(title, head, [(names[one], *map(str, fitted.figures[one].values())) for one in ENGINES])
    silent = counted(fitted.silent, "case")
    en = f"{fitted.names} names written, {fitted.matched} linked to a disease; no list for {silent}"
    say(tr(en, f"共写出 {fitted.names} 个名称，{fitted.matched} 个对应到疾病；{fitted.silent} 例未给出列表"))
    say(tr(f"weight of the written list: {weighed.weight:g}", f"所写列表的权重：{weighed.weight:g}"))
    if not weighed.weight:
        say(tr("It is not shown to help: the order stays the knowledge's.", "未显示有益：次序仍为知识排序。"))
    if fitted.failed:
        say(tr(f"rows that could not be used: {fitted.failed}", f"无法使用的行：{fitted.failed}"))
    apply = f"bedside diagnose CASE --writer {named} --fuse {out}"
    say(tr(f"weight: {out}; next: {apply}", f"权重：{out}；下一步：{apply}"))


def _labelled(reader: CaseReader, path: Path, label: str) -> tuple[list[DiagnosisCase], list[int], int]:
    """The cases with a ranked disease, the disease of each, and how many rows are not so."""
    from bedside.commands._stack.cases import label_of

    number, ranked = reader.hpo.disease_number, reader.hpo.ranked
    cases, truth, failed = [], [], 0
    for row in reader.rows(path):
        disease = number.get(label_of(row, label), ranked) if isinstance(row.value, dict) else ranked
        try:
            if disease < ranked:
                cases.append(reader.case(row))
                truth.append(disease)
                continue
        except BedsideError:
            pass
        failed += 1
    if not cases:
        what = tr("no row has the OMIM id of a ranked disease", "没有行带有可排序疾病的 OMIM 编号")
        raise ColumnError(what, value=label, allowed='"label": "OMIM:..." | "disease": {"id": "OMIM:..."}')
    return cases, truth, failed
