"""`bedside knowledge add` and `update`: files into the library, and again when they have changed."""

from __future__ import annotations

import hashlib
import json as jsonlib
from collections.abc import Iterator
from dataclasses import asdict
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bedside.commands._io import PARTLY, JsonFlag, emit_json, progress, say
from bedside.commands._knowledge.open import LibraryFolder, encoder_to_write, folder_of
from bedside.errors import DataError, UsageError
from bedside.lang import counted, tr

if TYPE_CHECKING:
    from bedside.formats._base import Problem
    from bedside.library._base import Item

SHOWN = 5
"""Problems told in the terminal."""

_COLUMNS = ("id", "title", "text", "url", "date")


def add(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help=tr("Files of one source", "同一来源的文件"))],
    name: Annotated[str, typer.Option(help=tr("Name of the source", "来源名称"))] = "",
    licence: Annotated[str, typer.Option(help=tr("Its licence, kept and shown", "许可（保存并显示）"))] = "",
    version: Annotated[
        str, typer.Option(help=tr("Its version (default: the files' hash)", "版本（默认为文件哈希）"))
    ] = "",
    citation: Annotated[str, typer.Option(help=tr("How it is cited as a whole", "整体引用方式"))] = "",
    library: LibraryFolder = None,
    kind: Annotated[str | None, typer.Option(help=tr("Reader, if not told by the file", "指定读取方式"))] = None,
    id: Annotated[str | None, typer.Option(help=tr("Column of the id", "编号列"))] = None,
    title: Annotated[str | None, typer.Option(help=tr("Column of the title", "标题列"))] = None,
    text: Annotated[
        str | None, typer.Option(help=tr("Column(s) of the text, joined by +", "文本列，可用 + 连接"))
    ] = None,
    url: Annotated[str | None, typer.Option(help=tr("Column of the address", "网址列"))] = None,
    date: Annotated[str | None, typer.Option(help=tr("Column of the date", "日期列"))] = None,
    replace: Annotated[
        bool,
        typer.Option(
            "--replace", help=tr("These files are all of the source: withdraw the rest", "文件即全部内容：撤回其余条目")
        ),
    ] = False,
    encoder: Annotated[
        str | None,
        typer.Option(help=tr("Backbone or rank model, none for words only", "骨干或 rank 模型；none 为仅按词")),
    ] = None,
    encoding: Annotated[str | None, typer.Option(help=tr("Encoding of the files", "文件编码"))] = None,
    json: JsonFlag = False,
) -> None:
    """Add files to the library, or bring a source up to date: only what changed is indexed again.

    Reads tables (JSONL, CSV, Excel), questions with answers (MedQuAD), PubMed XML, PMC XML, MEDLINE (.nbib), RIS,
    ClinicalTrials.gov JSON, SPL drug labels, code lists (ICD-10), Markdown, HTML, plain text and PDF.

    `bedside knowledge add docs.jsonl --id id --title title --text text --name guides --licence "CC BY 4.0"`

    `bedside knowledge add pubmed26n0001.xml.gz --name pubmed --licence "NLM terms" --version 2026`
    """
    folder = folder_of(library)
    known = _known(folder, name)
    about = {
        "name": name,
        "licence": licence or known.get("licence", ""),
        "version": version or "auto",
        "citation": citation or known.get("citation", ""),
    }
    columns = {role: said for role, said in zip(_COLUMNS, (id, title, text, url, date), strict=True) if said}
    options = {"columns": columns, "encoding": encoding, "kind": kind, "replace": replace, "version": version}
    report = _add(folder, files, about, options, encoder)
    _tell(report, json)


def update(
    library: LibraryFolder = None,
    name: Annotated[str | None, typer.Option(help=tr("This source only", "仅更新该来源"))] = None,
    json: JsonFlag = False,
) -> None:
    """Read the files of each source again where they have changed since, with the options of the last `add`.

    `bedside knowledge update --library DIR`
    """
    from bedside.library._database.database import open_database

    folder = folder_of(library)
    database = open_database(folder)
    rows = database.execute(
        "SELECT name, licence, citation, path, sha256, options FROM file JOIN source ON source.no = file.source "
        "ORDER BY name, path"
    ).fetchall()
    database.close()
    if name and name not in {row[0] for row in rows}:
        raise UsageError(tr("no such source", "没有该来源"), value=name, allowed=sorted({row[0] for row in rows}))
    reports = []
    for source in dict.fromkeys(row[0] for row in rows if name in (None, row[0])):
        own = [row for row in rows if row[0] == source]
        if missing := [row[3] for row in own if not Path(row[3]).is_file()]:
            raise DataError(
                tr("a file of this source is gone", "该来源的文件不存在"),
                where=source,
                value=missing[0],
                next=f"bedside knowledge add FILE --name {source}",
            )
        reports += _update(folder, source, own)
    if json:
        emit_json({"sources": reports})
    elif not reports:
        say(tr("nothing has changed", "没有变化"))
    else:
        for report in reports:
            _say(report)
    if any(report["problems"] for report in reports):
        raise typer.Exit(PARTLY)


def _update(folder: Path, source: str, rows: list[Any]) -> list[dict[str, Any]]:
    """The reports on a source's files, together where they are the whole of it, or nothing where none changed."""
    from bedside.receipt import file_sha256

    changed = [row for row in rows if file_sha256(Path(row[3])) != row[4]]
    reports = []
    groups: dict[str, list[Path]] = {}
    for row in rows if any(jsonlib.loads(row[5])["replace"] for row in changed) else changed:
        groups.setdefault(row[5], []).append(Path(row[3]))
    for said, files in groups.items():
        options = jsonlib.loads(said)
        version = options["version"] or "auto"
        about = {"name": source, "licence": rows[0][1], "version": version, "citation": rows[0][2]}
        reports.append(_add(folder, files, about, options, None))
    return reports


def _add(
    folder: Path, files: list[Path], about: dict[str, str], options: dict[str, Any], encoder: str | None
) -> dict[str, Any]:
    from bedside.library import About, add_items
    from bedside.library._base import ReadingOptions
    from bedside.library._reading.choose import read_items, reader_for
    from bedside.library._writer import check_about
    from bedside.receipt import file_sha256

    check_about(About(**about))
    reading = ReadingOptions(columns=options["columns"], encoding=options["encoding"])
    for path in files:
        reader_for(path, reading, options["kind"])
    hashes = [file_sha256(path) for path in files]
    if about["version"] == "auto":
        whole = hashes[0] if len(hashes) == 1 else hashlib.sha256("".join(hashes).encode()).hexdigest()
        about = {**about, "version": f"sha256-{whole[:12]}"}
    placed = [(str(path.resolve()), one, options) for path, one in zip(files, hashes, strict=True)]

    def items() -> Iterator[Item | Problem]:
        for path in files:
            yield from read_items(path, reading, options["kind"])

    with progress(tr("indexing", "建立索引")) as advance:
        changes, problems = add_items(
            folder,
            About(**about),
            _checked(items()),
            encoder=encoder_to_write(folder, encoder),
            whole=options["replace"],
            files=placed,
            on_items=advance,
        )
    told = [{"place": one.place, "what": one.what} for one in problems]
    return {
        "library": folder,
        "source": about["name"],
        "version": about["version"],
        **asdict(changes),
        "problems": told,
    }


def _checked(items: Iterator[Item | Problem]) -> Iterator[Item | Problem]:
    """The same; a file that cannot be read at all is refused now, before a library is made."""
    first = list(islice(items, 1))
    return chain(first, items)


def _known(folder: Path, name: str) -> dict[str, str]:
    """What is kept of a source."""
    from bedside.library._database.database import exists, open_database

    if not exists(folder):
        return {}
    database = open_database(folder)
    row = database.execute("SELECT licence, citation FROM source WHERE name = ?", (name,)).fetchone()
    database.close()
    return {"licence": row[0], "citation": row[1]} if row else {}


def _tell(report: dict[str, Any], as_json: bool) -> None:
    emit_json(report) if as_json else _say(report)
    if report["problems"]:
        raise typer.Exit(PARTLY)


def _say(report: dict[str, Any]) -> None:
    new, changed, same = report["new"], report["changed"], report["same"]
    gone, passages = report["withdrawn"], report["passages"]
    en = f"{report['source']} ({report['version']}): {new} new, {changed} changed, {same} unchanged, {gone} withdrawn"
    zh = f"{report['source']}（{report['version']}）：新增 {new}，变更 {changed}，未变 {same}，撤回 {gone}"
    say(tr(f"{en}; {counted(passages, 'passage')} indexed", f"{zh}；索引段落 {passages}"))
    if report["superseded"] or report["retracted"]:
        old, false = report["superseded"], report["retracted"]
        say(tr(f"not to be found: {old} superseded, {false} retracted", f"不参与检索：被替代 {old}，已撤稿 {false}"))
    for one in report["problems"][:SHOWN]:
        say(f"  {one['place']}: {one['what']}")
    if (more := len(report["problems"]) - SHOWN) > 0:
        say(tr(f"  and {more} more", f"  另有 {more} 处"))
