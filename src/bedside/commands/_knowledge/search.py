"""`bedside knowledge search`: one question shown with what was found, or a table of questions into a file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bedside.commands._io import JsonFlag, Reranker, emit_json
from bedside.commands._knowledge.open import LibraryFolder, folder_of, open_library
from bedside.commands._lines import Line, TableRow, table_rows, tell, write_lines
from bedside.errors import UsageError
from bedside.lang import counted, disclaimer, tr

if TYPE_CHECKING:
    from bedside.library import Library
    from bedside.types import Passage

SHOWN, TOGETHER = 5, 64
"""Passages on the terminal; questions encoded in one go."""
ASKED = ("query", "question", "text", "问题")
"""Columns a question may stand in, the first that is there."""


def search(
    query: Annotated[
        str, typer.Argument(metavar="QUESTION|FILE", help=tr("A question, or a table of them", "问题或问题表"))
    ],
    library: LibraryFolder = None,
    out: Annotated[Path | None, typer.Option("-o", "--out", help=tr("JSONL to write", "输出 JSONL"))] = None,
    top: Annotated[
        int | None,
        typer.Option(min=1, help=tr("How many (default: 5, of a table 100)", "返回数量（默认 5，表格为 100）")),
    ] = None,
    mode: Annotated[str | None, typer.Option(help="hybrid | lexical | dense")] = None,
    by: Annotated[
        str | None,
        typer.Option(
            help=tr("Of a table: item (each document once) or passage", "表格检索：item 按文档，passage 按段落")
        ),
    ] = None,
    source: Annotated[list[str] | None, typer.Option(help=tr("In this source only", "仅检索该来源"))] = None,
    reranker: Reranker = None,
    encoder: Annotated[str | None, typer.Option(help=tr("Where its encoder is now", "编码器的新位置"))] = None,
    force: Annotated[bool, typer.Option("--force", help=tr("Write over OUT", "覆盖输出文件"))] = False,
    json: JsonFlag = False,
) -> None:
    """Find passages for a question, in Chinese or English, by words and by meaning, each with its citation.

    A table of questions (`id`, and `query`, `question` or `text`) gives a line each: `id` and `passages` of `id` (the
    document's own), `score`, `source` and `passage` (the passage's id, for `show`).

    `bedside knowledge search "Can I take ibuprofen with warfarin?" --library DIR`

    `bedside knowledge search QUESTIONS.jsonl -o OUT.jsonl --library DIR --top 100`
    """
    if by not in (None, "item", "passage"):
        raise UsageError(tr("no such way", "没有该方式"), where="--by", value=by, allowed=["item", "passage"])
    path = _file(query, out)
    if path is not None and out is not None:
        from bedside.commands._answers import check_place

        check_place(out, path, resume=False, force=force)
    elif not query.strip():
        raise UsageError(tr("the question is empty", "问题为空"))
    with open_library(folder_of(library), mode, encoder, reranker) as opened:
        how: dict[str, Any] = {"mode": mode, "sources": source or ()}
        if path is not None and out is not None:
            _table(opened, path, out, top or 100, by or "item", how, as_json=json)
            return
        find = opened.documents if by == "item" else opened.search
        found = find(query, top or SHOWN, **how)
    if json:
        emit_json({"query": query, "passages": found, "note": disclaimer()})
        return
    from bedside.commands._knowledge.view import show_found

    show_found(query, found)


def _file(query: str, out: Path | None) -> Path | None:
    """The table that is named; None for a question in words."""
    try:
        there = Path(query).is_file()
    except (OSError, ValueError):  # too long a name, or a null in it: a question
        there = False
    if out is None and not there:
        return None
    if not there:
        raise UsageError(tr("-o is for a table of questions; no such file", "-o 用于问题表；文件不存在"), value="FILE")
    if out is None:
        raise UsageError(tr("say where to write", "请指定输出文件"), next="-o OUT.jsonl")
    return Path(query)


def _table(library: Library, path: Path, out: Path, top: int, by: str, how: dict[str, Any], *, as_json: bool) -> None:
    find = library.documents if by == "item" else library.search

    def lines(rows: list[TableRow]) -> Iterator[Line]:
        for id, asked, vector in _asked(library, path, rows, how["mode"]):
            if asked:
                yield {"id": id, "passages": [_told(one, by) for one in find(asked, top, vector=vector, **how)]}
            else:
                yield {"id": id, "error": tr("no question in this row", "此行没有问题")}

    did = write_lines(out, table_rows(path), lines, title=tr("searching", "检索"), batch=TOGETHER)
    en = f"{counted(did['rows'], 'question')} written to {out}, {did['failed']} without an answer"
    tell({"out": out, **did}, tr(en, f"已写出 {did['rows']} 个问题到 {out}，{did['failed']} 个无结果"), as_json=as_json)


def _told(passage: Passage, by: str) -> dict[str, Any]:
    place = {"score": passage.score, "source": passage.source}
    if by == "passage":
        return {"id": passage.id, **place, "item": passage.item}
    return {"id": passage.item, **place, "passage": passage.id}


def _asked(library: Library, path: Path, rows: list[TableRow], mode: Any) -> Iterator[tuple[str, str, Any]]:
    """Each row's id, its question, and the question's vector where it is needed."""
    from bedside.formats._tables import cell_text

    column = next((name for name in ASKED if name in rows[0].row), None)
    if column is None:
        raise UsageError(tr("no column of questions", "没有问题列"), where=path.name, allowed=ASKED)
    texts = [cell_text(one.row.get(column)).strip() for one in rows]
    yield from zip((one.id for one in rows), texts, library.encode_questions(texts, mode), strict=True)
