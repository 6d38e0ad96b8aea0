"""Keep a cited library of medical sources, and search it | 维护带引用的医学知识库并检索"""

from __future__ import annotations

import json as jsonlib
from pathlib import Path
from typing import Annotated

import typer

from bedside.commands._io import JsonFlag, emit_json, say, table
from bedside.commands._knowledge.add import add, update
from bedside.commands._knowledge.open import LibraryFolder, folder_of
from bedside.commands._knowledge.search import search
from bedside.commands._knowledge.share import share
from bedside.lang import counted, tr

COMMAND = typer.Typer(
    add_completion=False,
    help=tr("Keep a cited library of medical sources, and search it", "维护带引用的医学知识库并检索"),
    no_args_is_help=True,
    rich_markup_mode="markdown",
)
COMMAND.command("add")(add)
COMMAND.command("update")(update)
COMMAND.command("search")(search)
COMMAND.command("share")(share)


@COMMAND.command("list")
def list_(library: LibraryFolder = None, json: JsonFlag = False) -> None:
    """Each source with its version, licence, and how many items and passages it has.

    `bedside knowledge list --library DIR`
    """
    from bedside.commands._knowledge.view import sizes
    from bedside.library import Library

    with Library(folder_of(library)) as opened:
        sources, encoder = opened.sources(), opened.encoder
    if json:
        emit_json({"library": folder_of(library), "encoder": encoder or None, "sources": sources})
        return
    head = (
        tr("source", "来源"),
        tr("version", "版本"),
        tr("licence", "许可"),
        tr("items", "条目"),
        tr("passages", "段落"),
    )
    rows = [(one["name"], one["version"], one["licence"], sizes(one["items"]), one["passages"]) for one in sources]
    table(tr(f"Library {folder_of(library)}", f"知识库 {folder_of(library)}"), head, rows)
    say(tr(f"encoder: {encoder or 'none (words only)'}", f"编码器：{encoder or '无（仅按词检索）'}"))


@COMMAND.command("show")
def show(
    id: Annotated[str, typer.Argument(help=tr("Id of a passage", "段落编号"))],
    library: LibraryFolder = None,
    whole: Annotated[bool, typer.Option("--whole", help=tr("The whole document", "整篇文档"))] = False,
    json: JsonFlag = False,
) -> None:
    """The passage of a citation, whether it is still current, and the document it was cut from.

    `bedside knowledge show "guides:17#5f2c8a901b3e" --library DIR --whole`
    """
    from rich.console import Console

    from bedside.commands._knowledge.view import show_passage
    from bedside.library import Library

    with Library(folder_of(library)) as opened:
        passage = opened.get(id)
        text = opened.text_of(passage) if whole else None
    if json:
        emit_json({"passage": passage, "document": text})
        return
    show_passage(Console(), "", passage)
    if text is not None:
        say(text)


@COMMAND.command("export")
def export(
    out: Annotated[Path, typer.Option("-o", "--out", help=tr("JSONL to write", "输出 JSONL"))],
    library: LibraryFolder = None,
    source: Annotated[list[str] | None, typer.Option(help=tr("This source only", "仅导出该来源"))] = None,
    json: JsonFlag = False,
) -> None:
    """Every current passage as a line: its text and place, its document, source, version, licence and citation.

    `bedside knowledge export -o passages.jsonl --library DIR`
    """
    from bedside.commands._io import plain, progress
    from bedside.files import whole_file
    from bedside.library import Library

    count = 0
    with (
        Library(folder_of(library)) as opened,
        whole_file(out) as file,
        progress(tr("exporting", "导出")) as advance,
    ):
        for passage in opened.passages(sources=source or ()):
            row = {name: part for name, part in plain(passage).items() if name not in ("score", "replaced_by")}
            file.write(jsonlib.dumps(row, ensure_ascii=False) + "\n")
            count += 1
            advance()
    if json:
        emit_json({"out": out, "passages": count})
    else:
        say(tr(f"{counted(count, 'passage')} written to {out}", f"已写出 {count} 个段落到 {out}"))
