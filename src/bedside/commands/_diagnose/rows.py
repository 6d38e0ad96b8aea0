"""The cases of a file, one at a time: lines of JSON or one JSON object, each with an id, or the fault it has."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bedside.commands._diagnose.charts import Unread, chart_rows, holds_charts
from bedside.errors import DataError, FormatError
from bedside.knowledge._gene_hits import GeneHit
from bedside.knowledge.hpo import Hpo
from bedside.lang import tr
from bedside.tasks._diagnosis.case import SHAPES, ChartReader, DiagnosisCase, TextReader, case_of, case_of_chart
from bedside.types import Chart, RawChart


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A row that may be a case, as another process can be sent it; `fault` says why it is none."""

    id: str
    value: Any
    number: int
    fault: str = ""


@dataclass(frozen=True, slots=True)
class CaseReader:
    """How rows are read; `read_text` is the door for free text, `read_chart` that for charts."""

    hpo: Hpo
    use_genes: bool = False
    evidence_field: str | None = None
    read_text: TextReader | None = None
    read_chart: ChartReader | None = None
    variants: tuple[GeneHit, ...] = ()

    def case(self, row: CaseRow) -> DiagnosisCase:
        """The case of a row; DataError when it cannot be used."""
        if row.fault:
            raise DataError(row.fault, where=tr(f"line {row.number}", f"第 {row.number} 行"), allowed=SHAPES)
        if isinstance(row.value, Unread):
            raise FormatError(row.value.what, where=row.value.where)
        if self.read_chart and isinstance(row.value, (RawChart, Chart)):
            return case_of_chart(row.value, self.hpo, self.read_chart, id=row.id, variants=self.variants)
        return case_of(
            row.value,
            self.hpo,
            number=row.number,
            use_genes=self.use_genes,
            evidence_field=self.evidence_field,
            read_text=self.read_text,
            variants=self.variants,
        )

    def rows(self, path: Path) -> Iterator[CaseRow]:
        """The rows of a file, streamed; a file that is one object over many lines is one row, a chart is one too."""
        if self.read_chart and holds_charts(path):
            yield from (CaseRow(*row) for row in chart_rows(path))
            return
        number = 0
        try:
            with path.open(encoding="utf-8-sig") as lines:
                for text in lines:
                    if text.strip() in ("{", "["):
                        yield from self._whole(path)
                        return
                    if text.strip():
                        number += 1
                        yield self._row(text, number)
        except UnicodeDecodeError:
            raise DataError(tr("not UTF-8 text", "不是 UTF-8 文本"), where=path.name) from None
        except OSError as fault:
            what = tr("the file cannot be read", "无法读取该文件")
            raise DataError(what, where=path.name, value=fault.strerror) from None
        if not number:
            raise DataError(tr("no case in this file", "文件中没有病例"), where=path.name, allowed=SHAPES)

    def of_words(self, words: str, *, terms: bool) -> CaseRow:
        """The row of a story, or of HPO ids as typed: `HP:0001250,HP:0001263`, a denied one after a minus."""
        if not terms:
            return CaseRow("1", {"text": words}, 1)
        ids = words.replace(",", " ").split()
        value = {
            "present": [id for id in ids if not id.startswith("-")],
            "excluded": [id[1:] for id in ids if id.startswith("-")],
        }
        return CaseRow("1", value, 1)

    def _whole(self, path: Path) -> Iterator[CaseRow]:
        value = _loads(path.read_text(encoding="utf-8-sig"))
        for number, one in enumerate(value if isinstance(value, list) else [value], 1):
            yield self._of(one, number)

    def _row(self, text: str, number: int) -> CaseRow:
        return self._of(_loads(text), number)

    def _of(self, value: Any, number: int) -> CaseRow:
        fault = "" if isinstance(value, dict) else tr("not a JSON object", "不是 JSON 对象")
        named = value.get("id") if isinstance(value, dict) else None
        return CaseRow(str(number) if named in (None, "") else str(named), value, number, fault)


def _loads(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None
