"""`bedside graph build` and `add`: HPO, the library's passages, vocabularies, triples and edges into the graph."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bedside.commands._io import PARTLY, JsonFlag, emit_json, progress, say
from bedside.commands._knowledge_open import LibraryFolder, folder_of
from bedside.errors import UsageError
from bedside.lang import counted, tr

if TYPE_CHECKING:
    from bedside.graph._reader import How
    from bedside.graph._writer import Writer
    from bedside.graph.from_files import Added
    from bedside.graph.merging import Near
    from bedside.knowledge.hpo import Hpo

SHOWN = 5


def build(
    library: LibraryFolder = None,
    hpo: Annotated[bool, typer.Option("--hpo/--no-hpo", help=tr("Take in HPO's annotations", "纳入 HPO 注释"))] = True,
    hpo_folder: Annotated[
        Path | None, typer.Option("--hpo-folder", help=tr("Folder of a newer release", "较新版本的目录"))
    ] = None,
    passages: Annotated[
        bool, typer.Option("--passages/--no-passages", help=tr("Read the library's passages", "读取知识库段落"))
    ] = True,
    source: Annotated[list[str] | None, typer.Option(help=tr("Passages of this source only", "仅读取该来源"))] = None,
    tagger: Annotated[
        Path | None, typer.Option(help=tr("Fitted tag model that finds entities too", "另用 tag 模型识别实体"))
    ] = None,
    relater: Annotated[
        Path | None,
        typer.Option(help=tr("Fitted relate model, with --tagger", "relate 模型（与 --tagger 同用）")),
    ] = None,
    link: Annotated[
        bool,
        typer.Option("--link", help=tr("Link unknown names by vectors, with a margin", "用向量链接未知名称（带间隔）")),
    ] = False,
    again: Annotated[bool, typer.Option("--again", help=tr("Read all passages anew", "重新读取全部段落"))] = False,
    json: JsonFlag = False,
) -> None:
    """Build the graph, or bring it up to date: only new passages are read, and withdrawn ones are counted no more.

    It is one file, `graph.sqlite`, in the folder of the library. A stopped run goes on where it was.

    `bedside graph build --library DIR`

    `bedside graph build --library DIR --tagger TAG_MODEL --relater RELATE_MODEL`
    """
    from bedside.graph.from_library import there

    folder = folder_of(library)
    if passages and not there(folder):
        if not hpo:
            raise UsageError(
                tr(
                    "no library there, and no HPO wanted: nothing to build from",
                    "该处没有知识库，也不使用 HPO：无可构建",
                ),
                value=folder,
                next="bedside knowledge add FILE --library DIR",
            )
        say(tr(f"no library in {folder}: HPO only", f"{folder} 没有知识库：仅使用 HPO"), quiet=True)
        passages = False
    opened = _hpo(hpo_folder) if hpo else None
    report: dict[str, Any] = {"library": folder}
    with _writing(folder) as writer:
        if opened is not None:
            report["hpo"] = {"release": opened.release, "changed": _add_hpo(writer, opened, hpo_folder)}
        if passages:
            how = _how(writer, opened, tagger, relater, link, tuple(source or ()))
            report["passages"] = _add_library(writer, folder, how, again=again)
    _tell(folder, report, as_json=json)


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
    with _writing(folder) as writer:
        if triples:
            added = add_triples(writer, file, name, licence, near=_near(writer, None) if link else None)
        else:
            added = add_vocabulary(writer, file, name, licence, kind)
    _tell_added(file, name, added, triples=triples, as_json=json)


def _first(rows: Iterator[Any]) -> list[Any]:
    return [one for _, one in zip(range(1), rows, strict=False)]


@contextmanager
def _writing(folder: Path) -> Iterator[Writer]:
    """The one writer of a graph; what follows from all its batches is brought up to date behind them."""
    from bedside.graph._arcs import open_arcs
    from bedside.graph._schema import open_database
    from bedside.graph._writer import Writer
    from bedside.graph.graph import Graph
    from bedside.library._schema import only_writer

    database = open_database(folder, make=True)
    try:
        with only_writer(folder):
            writer = Writer(database)
            yield writer
            writer.finish()
    finally:
        database.close()
    with Graph(folder) as graph:
        open_arcs(graph)


def _hpo(folder: Path | None) -> Hpo:
    from bedside.knowledge.hpo import open_hpo

    return open_hpo(folder)


def _add_hpo(writer: Writer, hpo: Hpo, folder: Path | None) -> bool:
    from bedside.graph.from_hpo import add_hpo, steps

    with progress(tr("HPO into the graph", "HPO 写入图谱"), steps(hpo)) as advance:
        return add_hpo(writer, hpo, folder, advance)


def _add_library(writer: Writer, folder: Path, how: How, *, again: bool) -> dict[str, int]:
    from bedside.graph.from_library import add_library, left

    total = left(folder, writer, how, again=again)
    with progress(tr("reading passages", "读取段落"), total) as advance:
        return asdict(add_library(writer, folder, how, advance, again=again))


def _how(
    writer: Writer, hpo: Hpo | None, tagger: Path | None, relater: Path | None, link: bool, sources: tuple[str, ...]
) -> How:
    from bedside.graph._reader import How

    if relater and not tagger:
        raise UsageError(
            tr("relations are between entities, which a tag model must find", "关系需要由 tag 模型找出的实体"),
            where="--relater",
            next="--tagger TAG_MODEL",
        )
    models = tuple(str(one.resolve()) for one in (tagger, relater) if one) + (("link",) if link else ())
    return How(
        hpo=hpo,
        tags=_tags(tagger) if tagger else None,
        relates=_relates(relater, tagger) if relater and tagger else None,
        near=_near(writer, hpo) if link else None,
        models=models,
        sources=sources,
    )


def _tags(folder: Path) -> Callable[[Sequence[str]], list[Any]]:
    from bedside.model.folder import open_model
    from bedside.types import Tagging

    model = open_model(folder)
    if model.head not in ("tag", "nested"):
        raise UsageError(
            tr("not a model that finds entities", "不是实体识别模型"),
            where="--tagger",
            value=model.head,
            allowed="tag, nested",
        )
    return lambda texts: [one.entities if isinstance(one, Tagging) else () for one in model.predict(texts)]


def _relates(folder: Path, tagger: Path) -> Callable[[Sequence[str]], list[Any]]:
    from bedside.model.folder import open_model
    from bedside.model.supply import with_tagger
    from bedside.types import Relating

    model = with_tagger(open_model(folder), tagger, afresh=True)
    return lambda texts: [one.relations if isinstance(one, Relating) else () for one in model.predict(texts)]


def _near(writer: Writer, hpo: Hpo | None) -> Near:
    from bedside.graph.near import open_near

    return open_near(writer.database, bar=progress)


def _tell(folder: Path, report: dict[str, Any], *, as_json: bool) -> None:
    from bedside.graph import Graph

    with Graph(folder) as graph:
        sizes = graph.sizes()
    if as_json:
        emit_json({**report, **sizes})
        return
    if read := report.get("passages"):
        say(
            tr(
                f"{counted(read['passages'], 'passage')} read, {read['evidence']} pieces of evidence; "
                f"{read['flagged']} withdrawn and no longer counted, {read['restored']} found again",
                f"读取 {read['passages']} 个段落，得证据 {read['evidence']} 条；"
                f"已撤回不再计数 {read['flagged']}，恢复 {read['restored']}",
            )
        )
    concepts = sum(sizes["concepts"].values())
    edges = sum(one["affirmed"] for one in sizes["relations"])
    say(
        tr(
            f"the graph has {counted(concepts, 'concept')} and {counted(edges, 'affirmed edge')}, "
            f"{sizes['evidence']} pieces of evidence",
            f"图谱含概念 {concepts} 个、肯定的边 {edges} 条、证据 {sizes['evidence']} 条",
        )
    )


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
