"""A writer's weight beside the knowledge, as `bedside stack --writer` fitted it: STACK/writer.json."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from bedside.errors import DataError
from bedside.files import check_folder, whole_folder
from bedside.knowledge._ranker import Ranker
from bedside.lang import tr
from bedside.tasks._diagnosis.case import DiagnosisCase
from bedside.tasks._diagnosis.writer import Writer
from bedside.tasks._diagnosis.written import MixedAnswer, WrittenAnswer, lists_of, mixed

FORMAT = 1
NAME = "writer.json"


@dataclass(frozen=True, slots=True)
class Weighed:
    """The weight for one writer (`writer` is its key) and one release, what it was fitted on, and its figures."""

    weight: float
    writer: str
    release: str
    cases: int
    diseases: int
    seed: int
    figures: Mapping[str, Any] = field(default_factory=dict)

    def answer(self, ranker: Ranker, case: DiagnosisCase, written: WrittenAnswer, *, denied: float) -> MixedAnswer:
        """Both lists of a case as one."""
        scores = ranker.score(case.findings, without=case.without, denied_weight=denied)
        return mixed(ranker, lists_of(ranker, scores, written), self.weight, self.cases)

    def save(self, folder: Path, *, replace: bool = False) -> None:
        """Write the folder whole or not at all; only an older one of its kind is replaced, and only if asked."""
        strange = tr("exists and is no writer's weight; it will not be overwritten", "已存在且不是权重目录，不会覆盖")
        there = tr("a weight is there already", "该处已有权重")
        check_folder(folder, [NAME], strange=strange, there=there, replace=replace)
        with whole_folder(folder) as fresh:
            text = json.dumps({"format": FORMAT, **asdict(self)}, ensure_ascii=False, indent=1)
            (fresh / NAME).write_text(text + "\n", encoding="utf-8")


def read_weight(folder: Path, writer: Writer) -> Weighed:
    """Read it back for the writer and release it was fitted with; raises DataError for others."""
    try:
        values = json.loads((folder / NAME).read_text(encoding="utf-8"))
        if values.pop("format") != FORMAT or not 0 <= float(values["weight"]) < float("inf"):
            raise ValueError
        found = Weighed(**values)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        what = tr("not a writer's weight that bedside wrote", "不是 bedside 写出的权重目录")
        raise DataError(what, where=str(folder), next="bedside stack --help") from None
    if found.writer != writer.key:
        what = tr("this weight was fitted for another writer", "该权重是为另一个语言模型拟合的")
        raise DataError(what, where=str(folder), value=writer.name, next="bedside stack --help")
    if found.release != writer.ranker.hpo.key:
        what = tr("this weight was fitted with another release of the ontology", "该权重是用另一个本体版本拟合的")
        raise DataError(what, where=str(folder), value=writer.ranker.hpo.release, next="bedside stack --help")
    return found
