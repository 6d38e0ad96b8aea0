"""Labelled cases as both engines see them: each engine's chances over the same labels, and which label is true."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from bedside.commands._diagnose.fused import knowledge_chances, model_key
from bedside.commands._diagnose.local import Local, open_local
from bedside.commands._diagnose.rows import CaseReader, CaseRow
from bedside.commands._io import progress
from bedside.errors import BedsideError, ColumnError, DataError, LeakError, UsageError
from bedside.lang import tr
from bedside.tasks._diagnosis.case import DiagnosisCase
from bedside.tasks._diagnosis.read import reads_charts, reads_texts
from bedside.tasks._fusion import Floats, Ints, local_chances, projected
from bedside.tasks._label_map import LabelMap, diseases_of, read_map

if TYPE_CHECKING:
    from bedside.knowledge.hpo import Hpo

BATCH = 64


@dataclass(frozen=True, slots=True)
class Labelled:
    """n cases over c labels: chances [n, c] of each engine, `truth` [n] a column or -1, the patient of each.

    `failed` rows could not be read or answered; `outside` counts rows whose label neither engine knows.
    """

    labels: tuple[str, ...]
    map: LabelMap
    local: Floats
    knowledge: Floats
    truth: Ints
    patients: tuple[str, ...]
    unmapped: np.ndarray[Any, np.dtype[np.bool_]]
    unknown: tuple[str, ...]
    """Ids of the map that this release does not rank."""
    failed: int
    model: str
    release: str

    @property
    def outside(self) -> int:
        """Rows with a label that neither engine knows."""
        return int((self.truth < 0).sum())


def read_cases(
    path: Path, model: Path, map: Path | None, *, label: str, patient: str, evidence: str | None, hpo: Path | None
) -> Labelled:
    """Read the cases and ask both engines; raises DataError, ColumnError, UsageError, LeakError."""
    from bedside.knowledge._ranker import Ranker
    from bedside.knowledge.hpo import open_hpo

    table = read_map(map) if map else {}
    local = open_local(model)
    if local.model.head != "classify":
        what = tr("a fusion takes a model that gives one label", "融合需要单标签模型")
        raise UsageError(what, where="--model", value=local.model.head, allowed="classify")
    _check_not_learned(local, path)
    opened = open_hpo(hpo)
    ranker = Ranker(opened)
    labels = tuple(dict.fromkeys([*local.model.labels, *table]))
    diseases, unknown = diseases_of(labels, table, ranker)
    if not any(diseases.values()):
        what = tr("no label stands for a disease that is ranked", "没有标签对应到可排序的疾病")
        raise UsageError(what, value=", ".join(labels[:3]), next="--map labels.tsv (LABEL<tab>OMIM:000000)")
    columns = [diseases[name] for name in labels]
    reader = CaseReader(opened, False, evidence, reads_texts(opened), reads_charts(opened))
    rows = list(reader.rows(path))
    kept, cases, failed = _cases(reader, rows, label)
    good: list[CaseRow] = []
    asked: list[Floats] = []
    known: list[Floats] = []
    for row, case, chances in _answered(local, kept, cases, opened):
        good.append(row)
        asked.append(local_chances(chances, labels))
        known.append(projected(knowledge_chances(ranker, case), columns))
    if not good:
        raise DataError(tr("no case that both engines could answer", "没有两个引擎都能回答的病例"), where=path.name)
    place = {name: number for number, name in enumerate(labels)}
    return Labelled(
        labels,
        {name: table[name] for name in table},
        np.array(asked),
        np.array(known),
        np.array([place.get(label_of(row, label), -1) for row in good]),
        tuple(str(row.value.get(patient) or row.id) for row in good),
        np.array([not numbers for numbers in columns]),
        tuple(unknown),
        failed + len(kept) - len(good),
        model_key(model),
        opened.key,
    )


def _answered(
    local: Local, rows: list[CaseRow], cases: list[DiagnosisCase], hpo: Hpo
) -> Iterator[tuple[CaseRow, DiagnosisCase, dict[str, float]]]:
    """The cases that the local model answers, with its chances."""
    with progress(tr("asking both engines", "询问两个引擎"), total=len(cases)) as advance:
        for start in range(0, len(cases), BATCH):
            part = cases[start : start + BATCH]
            for row, case, answer in zip(rows[start : start + BATCH], part, local.answers(part, hpo), strict=True):
                advance()
                if answer.chances:
                    yield row, case, dict(answer.chances)


def _cases(reader: CaseReader, rows: list[CaseRow], label: str) -> tuple[list[CaseRow], list[DiagnosisCase], int]:
    """Rows with a label and findings, their cases, and how many rows are not so."""
    labelled = [row for row in rows if isinstance(row.value, dict) and label_of(row, label)]
    if not labelled:
        what = tr("no row has a label", "没有带标签的行")
        raise ColumnError(
            what, value=label, allowed='"label": "..." | "disease": {"id": "OMIM:..."}', next="--label FIELD"
        )
    kept, cases = [], []
    for row in labelled:
        try:
            cases.append(reader.case(row))
        except BedsideError:
            continue
        kept.append(row)
    return kept, cases, len(rows) - len(kept)


def label_of(row: CaseRow, field: str) -> str:
    """The label of a row: its field, else its disease's id."""
    value = row.value.get(field)
    if value in (None, "") and isinstance(row.value.get("disease"), dict):
        value = row.value["disease"].get("id")
    return "" if value is None else str(value)


def _check_not_learned(local: Local, path: Path) -> None:
    """Refuse the very file that the model learned from: it would look surer than it is."""
    from bedside.receipt import file_sha256

    seen = local.model.receipt.get("data_sha256", {})
    if isinstance(seen, dict) and file_sha256(path) in seen.values():
        what = tr(
            "the model learned from this very file: its chances there are too sure",
            "模型正是用该文件训练的：其概率会过于自信",
        )
        raise LeakError(what, where=path.name, next=tr("give cases it has not seen", "请提供模型未见过的病例"))
