"""Are marked mentions denied, past, family's, possible? | 判断标注提及的否定、既往、家族、假设与不确定"""

from __future__ import annotations

from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from bedside.commands._answers import check_place
from bedside.commands._io import JsonFlag
from bedside.commands._lines import Row, TableRow, answer_each, lang_of, table_rows, tell, text_of, write_lines
from bedside.errors import DataError
from bedside.lang import counted, tr

BATCH = 256
"""Mentions between two looks at the disk and the progress bar."""


def run(
    spans: Annotated[
        Path, typer.Argument(help=tr("Table with id, text, start, end", "含 id、text、start、end 的表格"))
    ],
    out: Annotated[Path, typer.Option("-o", "--out", help=tr("JSONL to write", "输出 JSONL"))],
    resume: Annotated[
        bool, typer.Option("--resume", help=tr("Go on after the rows written", "从已写出的行继续"))
    ] = False,
    force: Annotated[bool, typer.Option("--force", help=tr("Write over OUT", "覆盖输出文件"))] = False,
    json: JsonFlag = False,
) -> None:
    """The context of each mention: `negated`, `historical`, `family`, `hypothetical`, `uncertain`, true or false.

    `start` and `end` are code points in `text`; `lang` (en or zh) may be left out. The text is not written.

    `bedside context spans.jsonl -o contexts.jsonl`
    """
    check_place(out, spans, resume=resume, force=force)
    title = tr("reading contexts", "判断语境")
    report = write_lines(out, table_rows(spans), partial(answer_each, _answer), title=title, batch=BATCH, resume=resume)
    rows, failed = report["rows"], report["failed"]
    en = f"{counted(rows, 'row')} written to {out}, {failed} without an answer"
    tell({"out": out, **report}, tr(en, f"已写出 {rows} 行到 {out}，{failed} 行无结果"), as_json=json)


def _answer(given: TableRow) -> Row:
    from bedside.phenotypes import contexts

    row = given.row
    text = text_of(row)
    try:
        start, end = int(row["start"]), int(row["end"])
    except (KeyError, TypeError, ValueError):
        raise DataError(tr("start and end must be whole numbers", "start 和 end 须为整数")) from None
    if not 0 <= start < end <= len(text):
        raise DataError(tr("start and end lie outside the text", "start 和 end 超出文本范围"))
    (found,) = contexts(text, [(start, end)], lang=lang_of(row))
    return asdict(found)


COMMAND = run
