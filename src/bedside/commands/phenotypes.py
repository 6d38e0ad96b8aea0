"""Read findings (HPO terms) from notes, with what is denied | 从病历文本中识别表型（HPO 术语）及否定"""

from __future__ import annotations

import re
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bedside.commands._answers import check_place
from bedside.commands._io import Jobs, JsonFlag, emit_json, say
from bedside.commands._lines import Answer, Row, TableRow, answer_each, lang_of, table_rows, tell, text_of, write_lines
from bedside.errors import UsageError
from bedside.lang import counted, disclaimer, tr

if TYPE_CHECKING:
    from bedside.phenotypes.reader import Finding, Reader

BATCH = 16
"""Notes at a time: a second's work or so."""

_FILE = re.compile(r"\S+\.(?:jsonl?|csv|tsv|xlsx?|parquet)", re.IGNORECASE)


def run(
    notes: Annotated[
        str,
        typer.Argument(
            metavar="NOTES|TEXT", help=tr("Table with id and text, or one text", "含 id、text 的表格，或一段文本")
        ),
    ],
    out: Annotated[Path | None, typer.Option("-o", "--out", help=tr("JSONL to write", "输出 JSONL"))] = None,
    html: Annotated[Path | None, typer.Option(help=tr("Page for curators", "供审阅的 HTML 页面"))] = None,
    language: Annotated[
        str | None, typer.Option(help=tr("Language of the notes, if one only: en or zh", "文本语言：en 或 zh"))
    ] = None,
    hpo: Annotated[Path | None, typer.Option(help=tr("Folder with another HPO release", "其他 HPO 版本的目录"))] = None,
    resume: Annotated[
        bool, typer.Option("--resume", help=tr("Go on after the rows written", "从已写出的行继续"))
    ] = False,
    force: Annotated[bool, typer.Option("--force", help=tr("Write over OUT", "覆盖输出文件"))] = False,
    jobs: Jobs = 1,
    json: JsonFlag = False,
) -> None:
    """Findings of each note: `id`, `present`, `excluded`, and `other` (family, uncertain, hypothetical) a line.

    Each is `id`, `label`, `start`, `end`: a term, and code points in the text given; the text itself is not written.
    Past findings of the patient count as present. A number outside what is normal at the age and sex is a finding.
    In the terminal and on the page of --html, identity is removed from the text first.

    `bedside phenotypes notes.jsonl -o findings.jsonl`
    """
    if language not in (None, "en", "zh"):
        raise UsageError(tr("unknown language", "未知语言"), value=language, allowed=["en", "zh"])
    table = _table(notes)
    if table is not None and out is None and html is None:
        raise UsageError(tr("say where to write", "请指定输出文件"), next="-o OUT.jsonl")
    _check_page(html, table, out)
    if table is not None and out is not None:
        check_place(out, table, resume=resume, force=force)
    reader = _reader(hpo)
    if table is None:
        _one(reader, notes, language, html, as_json=json)
        return
    report: dict[str, Any] = {"rows": 0, "failed": 0}
    if out is not None:
        report = write_lines(
            out,
            table_rows(table),
            _answers(reader, language),
            title=tr("reading findings", "识别表型"),
            batch=BATCH,
            resume=resume,
            opens=partial(_opened, hpo, language),
            jobs=jobs,
        )
    if html is not None:
        _page(reader, table, language, html)
    _tell({"out": out, "html": html, **report}, as_json=json)


def _tell(report: dict[str, Any], *, as_json: bool) -> None:
    rows, failed, out, html = (report[name] for name in ("rows", "failed", "out", "html"))
    en = f"{counted(rows, 'row')} written to {out}, {failed} without an answer"
    written = tr(en, f"已写出 {rows} 行到 {out}，{failed} 行无结果") if out else ""
    page = tr(f"page: {html}", f"页面：{html}") if html else ""
    tell(report, written, page, disclaimer(), as_json=as_json)


def _table(notes: str) -> Path | None:
    """The table that is named, None when it is a text; UsageError for the name of a table that is not there."""
    try:
        there = Path(notes).is_file()
    except (OSError, ValueError):  # too long a name, or a null in it: a text
        there = False
    if not there and _FILE.fullmatch(notes):
        raise UsageError(tr("no such file", "没有该文件"), value=notes)
    return Path(notes) if there else None


def _check_page(html: Path | None, table: Path | None, out: Path | None) -> None:
    from bedside.files import check_out

    if html is not None:
        check_out(html, inputs=[table, out])


def _reader(hpo: Path | None) -> Reader:
    from bedside.knowledge.hpo import open_hpo
    from bedside.phenotypes.reader import Reader

    return Reader(open_hpo(hpo))


def _opened(hpo: Path | None, language: Any) -> Answer[TableRow]:
    """The same answers in another process."""
    return _answers(_reader(hpo), language)


def _answers(reader: Reader, language: Any) -> Answer[TableRow]:
    return partial(answer_each, partial(_answer, reader, language))


def _answer(reader: Reader, language: Any, given: TableRow) -> Row:
    return told(reader.read(text_of(given.row), lang=lang_of(given.row) or language))


def told(findings: list[Finding]) -> Row:
    """Findings as the parts of a line."""
    parts: Row = {"present": [], "excluded": [], "other": []}
    for one in findings:
        place = {"id": one.id, "label": one.label, "start": one.start, "end": one.end}
        if one.present or one.excluded:
            parts["present" if one.present else "excluded"].append(place)
        else:
            parts["other"].append({**place, "context": one.context.names()})
    return parts


def _one(reader: Reader, text: str, language: Any, html: Path | None, *, as_json: bool) -> None:
    from rich.console import Console

    from bedside.model.inputs import prepare_text
    from bedside.phenotypes.render import to_terminal

    if not text.strip():
        raise UsageError(tr("the text is empty", "文本为空"))
    seen = prepare_text(text)
    findings = reader.read(seen, lang=language)
    if html is not None:
        _write_page(html, [("1", seen, findings)])
    if as_json:
        emit_json({"text": seen, **told(findings), "html": html})
        return
    to_terminal(seen, findings, Console())
    say(disclaimer())


def _page(reader: Reader, table: Path, language: Any, html: Path) -> None:
    from bedside.model.inputs import prepare_text

    def notes() -> Any:
        for id, row in table_rows(table):
            if isinstance(row.get("text"), str) and row["text"].strip():
                seen = prepare_text(row["text"])
                yield id, seen, reader.read(seen, lang=lang_of(row) or language)

    _write_page(html, notes())


def _write_page(html: Path, notes: Any) -> None:
    from bedside.files import whole_file
    from bedside.phenotypes.render import page_foot, page_head, page_note

    with whole_file(html) as page:
        page.write(page_head())
        for id, seen, findings in notes:
            page.write(page_note(id, seen, findings))
        page.write(page_foot())


COMMAND = run
