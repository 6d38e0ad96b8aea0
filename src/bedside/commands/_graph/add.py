"""`bedside graph add`: a vocabulary, triples or edges of a table into the graph."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bedside.commands._graph.writing import near, writing
from bedside.commands._io import PARTLY, JsonFlag, emit_json, say
from bedside.commands._knowledge.open import LibraryFolder, folder_of
from bedside.errors import UsageError
from bedside.lang import counted, tr

if TYPE_CHECKING:
    from bedside.graph.from_files import Added

SHOWN = 5


def add(
    file: Annotated[Path, typer.Argument(metavar="FILE", help=tr("A table (CSV, TSV, JSONL, Excel)", "表格文件"))],
    name: Annotated[str, typer.Option(help=tr("Name of the source", "来源名称"))],
    licence: Annotated[str, typer.Option(help=tr("Its licence, kept and shown", "许可（保存并显示）"))] = "",
    kind: Annotated[str, typer.Option(help=tr("Of a vocabulary: disease, finding, drug, gene", "词表的概念类别"))] = "",
    link: Annotated[
        bool,
        typer.Option("--link", help=tr("Link unknown names by vectors, with a margin", "用向量链接未知名称（带间隔）")),
    ] = False,
    library: LibraryFolder = None,
    json: JsonFlag = False,
) -> None:
    """Add a vocabulary (columns id, name or en/zh, kind, synonyms) or relations (head, relation, tail) to the graph.

    Relations may have polarity, year and passage: `edges.jsonl` of `bedside literature analyse`, CMeIE's
    `spo_list`, or your own triples. Adding a source again replaces what it said. A new vocabulary makes the next
    `build` read all passages with it.

    `bedside graph add drugs.csv --name drugs --kind drug --licence "CC BY 4.0" --library DIR`

    `bedside graph add edges.jsonl --name pubmed-2026 --licence "NLM terms" --library DIR`
    """
    from bedside.formats._tables import read_rows
    from bedside.graph._tables import NAMES
    from bedside.graph.from_files import add_triples, add_vocabulary

    if not licence.strip():
        raise UsageError(
            tr("a source needs a licence, which is shown with its evidence", "来源须注明许可"),
            next='--licence "CC BY 4.0"',
        )
    if not file.is_file():
        raise UsageError(tr("no such file", "文件不存在"), value=file)
    columns = {str(one).strip().casefold() for _, row in _first(read_rows(file)) for one in row}
    triples = "spo_list" in columns or bool(columns & set(NAMES["head"]))
    folder = folder_of(library)
    with writing(folder) as writer:
        if triples:
            added = add_triples(writer, file, name, licence, near=near(writer) if link else None)
        else:
            added = add_vocabulary(writer, file, name, licence, kind)
    _tell_added(file, name, added, triples=triples, as_json=json)


def _first(rows: Iterator[Any]) -> list[Any]:
    return [one for _, one in zip(range(1), rows, strict=False)]


def _tell_added(file: Path, name: str, added: Added, *, triples: bool, as_json: bool) -> None:
    report = {
        "file": file,
        "name": name,
        "kind": "triples" if triples else "vocabulary",
        "rows": added.rows,
        "problems": [{"place": place, "what": what} for place, what in added.problems],
    }
    if as_json:
        emit_json(report)
    else:
        thing = ("relation", "关系") if triples else ("concept", "概念")
        say(tr(f"{name}: {counted(added.rows, thing[0])} added", f"{name}：已加入 {added.rows} 个{thing[1]}"))
        for place, what in added.problems[:SHOWN]:
            say(f"  {place}: {what}")
        if (more := len(added.problems) - SHOWN) > 0:
            say(tr(f"  and {more} more", f"  另有 {more} 处"))
        if not triples:
            say(
                tr(
                    "next: bedside graph build (reads the passages with it)",
                    "下一步：bedside graph build（用新词表读取段落）",
                )
            )
    if added.problems:
        raise typer.Exit(PARTLY)
