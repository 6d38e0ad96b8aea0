"""`bedside graph export` and `picture`: the graph for other programs, and a neighbourhood as a page."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bedside.commands._graph.ask import wanted_of
from bedside.commands._graph.options import ConceptArgument, Contradicted, Least, Polarity, Relation, Weak
from bedside.commands._io import JsonFlag, emit_json, progress, say
from bedside.commands._knowledge.open import LibraryFolder, folder_of
from bedside.errors import UsageError
from bedside.lang import counted, tr

if TYPE_CHECKING:
    from bedside.graph import Graph

FORMATS = {".ttl": "turtle", ".graphml": "graphml", ".parquet": "parquet", "": "parquet"}


def export(
    out: Annotated[
        Path, typer.Option("-o", "--out", help=tr("File to write; a folder for Parquet", "输出文件；Parquet 为目录"))
    ],
    format: Annotated[
        str | None, typer.Option(help="turtle | graphml | parquet " + tr("(default: by the name)", "（默认按文件名）"))
    ] = None,
    library: LibraryFolder = None,
    weak: Weak = False,
    json: JsonFlag = False,
) -> None:
    """The whole graph as RDF (Turtle with PROV), GraphML, or three Parquet tables (nodes, edges, evidence).

    `bedside graph export -o graph.ttl --library DIR`

    `bedside graph export -o tables/ --format parquet --library DIR`
    """
    from bedside.files import check_out
    from bedside.graph import Graph

    kind = format or FORMATS.get(out.suffix.lower(), "")
    if kind not in ("turtle", "graphml", "parquet"):
        raise UsageError(
            tr("which format?", "请指定格式"),
            where="--format",
            value=format or out,
            allowed=["turtle", "graphml", "parquet"],
        )
    check_out(out, folder=kind == "parquet")
    report: dict[str, Any] = {"out": out, "format": kind}
    with Graph(folder_of(library)) as graph:
        if kind == "parquet":
            report["rows"] = _write_tables(graph, out, weak)
        else:
            report["bytes"] = _write_file(graph, out, kind, weak)
    if json:
        emit_json(report)
    else:
        say(tr(f"written to {out} ({kind})", f"已写出到 {out}（{kind}）"))


def _write_tables(graph: Graph, out: Path, weak: bool) -> dict[str, int]:
    """The rows of each table; a folder that holds anything else is refused."""
    from bedside.graph.parquet import write_parquet

    if out.exists() and any(one.suffix != ".parquet" for one in out.iterdir()):
        raise UsageError(
            tr("the folder holds other files", "目录中有其他文件"),
            value=out,
            next=tr("choose another output", "请另选输出位置"),
        )
    return write_parquet(graph, out, weak=weak)


def _write_file(graph: Graph, out: Path, kind: str, weak: bool) -> int:
    """How large the file has become."""
    from bedside.files import whole_file
    from bedside.graph.graphml import graphml
    from bedside.graph.turtle import turtle

    pieces = turtle(graph, weak=weak) if kind == "turtle" else graphml(graph, weak=weak)
    with whole_file(out) as file, progress(tr("exporting", "导出")) as advance:
        for number, piece in enumerate(pieces, 1):
            file.write(piece)
            if number % 1000 == 0:
                advance(1000)
    return out.stat().st_size


def picture(
    concept: ConceptArgument,
    out: Annotated[Path, typer.Option("-o", "--out", help=tr("HTML to write", "输出 HTML"))],
    library: LibraryFolder = None,
    relation: Relation = None,
    least: Least = 1,
    polarity: Polarity = "affirmed",
    weak: Weak = False,
    contradicted: Contradicted = False,
    top: Annotated[int, typer.Option(min=1, max=200, help=tr("Neighbours at most", "邻居数上限"))] = 24,
    evidence: Annotated[
        int, typer.Option("--evidence", min=0, help=tr("References of each edge", "每条边的证据数"))
    ] = 5,
    json: JsonFlag = False,
) -> None:
    """A neighbourhood as one offline page: click or tab to a concept for the passages that relate it, with citations.

    `bedside graph picture "Marfan syndrome" -o marfan.html --library DIR`
    """
    from bedside.files import check_out, whole_file
    from bedside.graph import Graph
    from bedside.graph.page import page

    check_out(out)
    with Graph(folder_of(library)) as graph:
        wanted = wanted_of(graph, relation, least, polarity, weak, contradicted)
        own = graph.get(concept)
        edges = graph.around(own, wanted, top)
        with whole_file(out) as file:
            file.write(page(graph, own, edges, evidence))
    if json:
        emit_json({"out": out, "concept": own.id, "edges": len(edges)})
    else:
        name = own.name
        say(
            tr(
                f"{name}: {counted(len(edges), 'relation')} drawn in {out}",
                f"{name}：已将 {len(edges)} 条关系绘制到 {out}",
            )
        )
