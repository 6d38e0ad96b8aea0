"""`bedside ask` of a table: a line a question, each in its own language, with the person of its own chart."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from bedside.cleaning.language import spoken
from bedside.commands._ask.open import person_in
from bedside.commands._lines import Line, TableRow, lang_of, table_rows, tell, write_lines
from bedside.consult.consultant import Consultant
from bedside.consult.told import as_line
from bedside.errors import BedsideError, DataError, UsageError
from bedside.formats._tables import cell_text
from bedside.lang import counted, speaking, tr
from bedside.model.inputs import prepare_texts

TOGETHER = 32
"""Questions encoded in one go."""
ASKED = ("question", "query", "text", "问题")
"""Columns a question may stand in, the first that is there."""


def answer_table(consultant: Consultant, path: Path, out: Path, *, resume: bool, as_json: bool) -> None:
    """Write a line a row; a row without an answer, for a fault of its own, gets `error`, and the exit code is 3."""

    @lru_cache(maxsize=16)
    def person_of_file(name: str) -> Any:
        return person_in(name, path.parent)

    def lines(rows: list[TableRow]) -> Iterator[Line]:
        texts = prepare_texts([_question(one, path) for one in rows])
        vectors = consultant.library.encode_questions(texts)
        for row, text, vector in zip(rows, texts, vectors, strict=True):
            try:
                if not text:
                    raise DataError(tr("no question in this row", "此行没有问题"))
                chart = row.row.get("chart")
                person = person_of_file(chart) if isinstance(chart, str) else person_in(chart, path.parent)
                lang = lang_of(row.row) or spoken(text)
                with speaking(lang):
                    said = as_line(consultant.answer(text, lang, person, vector=vector))
            except BedsideError as fault:
                said = {"error": str(fault)}
            except Exception as fault:  # whatever it is, it is this row's, and says nothing of what the row holds
                said = {"error": f"{tr('could not be processed', '无法处理')} ({type(fault).__name__})"}
            yield {"id": row.id, **said}

    counting = {"answered": _answered, "emergencies": lambda line: line.get("emergency")}
    did = write_lines(
        out,
        table_rows(path),
        lines,
        title=tr("answering", "回答"),
        batch=TOGETHER,
        resume=resume,
        counting=counting,
    )
    en = (
        f"{counted(did['rows'], 'question')} written to {out}: {did['answered']} answered, "
        f"{did['rows'] - did['answered'] - did['failed']} without an answer in the library, {did['failed']} failed"
    )
    zh = (
        f"已写出 {did['rows']} 个问题到 {out}：已回答 {did['answered']}，"
        f"知识库无答案 {did['rows'] - did['answered'] - did['failed']}，失败 {did['failed']}"
    )
    tell({"out": out, **did}, tr(en, zh), as_json=as_json)


def _answered(line: Line) -> bool:
    return bool(line.get("answer"))


def _question(one: TableRow, path: Path) -> str:
    column = next((name for name in ASKED if name in one.row), None)
    if column is None:
        raise UsageError(tr("no column of questions", "没有问题列"), where=path.name, allowed=ASKED)
    return cell_text(one.row.get(column)).strip()
