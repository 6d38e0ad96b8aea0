"""Read findings (HPO terms) from notes, with what is denied | 从病历文本中识别表型（HPO 术语）及否定"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bedside.commands._answers import check_place
from bedside.commands._io import Jobs, JsonFlag, emit_json, progress, say
from bedside.commands._lines import lang_of, table_rows, tell, write_lines
from bedside.commands._phenotype_lines import Reading, told, told_near
from bedside.errors import UsageError
from bedside.lang import counted, disclaimer, tr

if TYPE_CHECKING:
    from bedside.phenotypes.reader import Reader

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
    names: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help=tr("Official translation (Babelon TSV)", "官方译名（Babelon TSV）")),
    ] = None,
    link: Annotated[
        bool,
        typer.Option(
            "--link", help=tr("Also link wordings that no list has, by an encoder", "用编码器链接词表外的表述")
        ),
    ] = False,
    unlinked: Annotated[
        bool,
        typer.Option(
            "--unlinked", help=tr("Also tell phrases near a finding, not linked", "同时列出相近而未链接的短语")
        ),
    ] = False,
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
    In the terminal and on the page of --html, identity is removed from the text first. A linked wording has `likeness`.

    `bedside phenotypes notes.jsonl -o findings.jsonl --link`
    """
    if language not in (None, "en", "zh"):
        raise UsageError(tr("unknown language", "未知语言"), value=language, allowed=["en", "zh"])
    table = _table(notes)
    if table is not None and out is None and html is None:
        raise UsageError(tr("say where to write", "请指定输出文件"), next="-o OUT.jsonl")
    _check_page(html, table, out)
    if table is not None and out is not None:
        check_place(out, table, resume=resume, force=force)
    reading = Reading(hpo=hpo, names=names, link=link or unlinked, unlinked=unlinked, language=language)
    reader = reading.open()
    for one in reader.names.translations:
        say(one.told(), quiet=True)
    if table is None:
        _one(reader, notes, language, html, as_json=json, unlinked=unlinked)
        return
    report: dict[str, Any] = {"rows": 0, "failed": 0}
    if out is not None:
        report = write_lines(
            out,
            table_rows(table),
            reading.answers(reader),
            title=tr("reading findings", "识别表型"),
            batch=BATCH,
            resume=resume,
            opens=reading.opened,
            jobs=jobs,
        )
    if html is not None:
        _page(reader, table, language, html, unlinked=unlinked)
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


def _one(reader: Reader, text: str, language: Any, html: Path | None, *, as_json: bool, unlinked: bool) -> None:
    from rich.console import Console

    from bedside.model.inputs import prepare_text
    from bedside.phenotypes.called import Called
    from bedside.phenotypes.render import to_terminal

    if not text.strip():
        raise UsageError(tr("the text is empty", "文本为空"))
    seen = prepare_text(text)
    findings, near = reader.read_all(seen, lang=language)
    near = near if unlinked else []
    if html is not None:
        _write_page(reader, html, [("1", seen, findings, near)])
    if as_json:
        told_too = {"unlinked": told_near(near)} if unlinked else {}
        emit_json({"text": seen, **told(findings), **told_too, "html": html})
        return
    called = Called(reader.hpo)
    findings, near = ([replace(one, label=called.name(one.id, one.label)) for one in some] for some in (findings, near))
    to_terminal(seen, findings, Console(), near)
    say(disclaimer())


def _page(reader: Reader, table: Path, language: Any, html: Path, *, unlinked: bool) -> None:
    from bedside.model.inputs import prepare_text

    def notes() -> Any:
        for id, row in table_rows(table):
            if isinstance(row.get("text"), str) and row["text"].strip():
                seen = prepare_text(row["text"])
                findings, near = reader.read_all(seen, lang=lang_of(row) or language)
                yield id, seen, findings, near if unlinked else []

    with progress(tr("writing the page", "生成页面")) as advance:
        _write_page(reader, html, notes(), advance)


def _write_page(reader: Reader, html: Path, notes: Any, advance: Any = lambda: None) -> None:
    from bedside.files import whole_file
    from bedside.phenotypes.called import Called
    from bedside.phenotypes.page import Note, Page

    page = Page(reader.hpo.release, Called(reader.hpo).name)
    with whole_file(html) as out:
        out.write(page.head())
        for id, seen, findings, near in notes:
            out.write(page.note(Note(id, seen, findings, near)))
            advance()
        out.write(page.foot())


COMMAND = run
