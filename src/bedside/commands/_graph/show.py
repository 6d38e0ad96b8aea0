"""`bedside graph info`, `find`, `show`, `contradictions`, `merges`: what there is, and why it is one concept."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from bedside.commands._graph.options import ConceptArgument, Top
from bedside.commands._io import JsonFlag, emit_json, say, table
from bedside.commands._knowledge.open import LibraryFolder, folder_of
from bedside.lang import counted, disclaimer, tr


def info(library: LibraryFolder = None, json: JsonFlag = False) -> None:
    """How much the graph holds: concepts by kind, relations, sources with their licences.

    `bedside graph info --library DIR`
    """
    from bedside.commands._graph.view import kind_words
    from bedside.graph import Graph
    from bedside.graph.relations import words

    folder = folder_of(library)
    with Graph(folder) as graph:
        sizes = graph.sizes()
    if json:
        emit_json({"library": folder, **sizes})
        return
    kinds = tr(", ", "，").join(f"{kind_words(kind)} {count}" for kind, count in sizes["concepts"].items())
    say(tr(f"concepts: {kinds}", f"概念：{kinds}"))
    head = (tr("relation", "关系"), "id", tr("edges", "边"), tr("affirmed", "肯定"), tr("contradicted", "矛盾"))
    rows = [(words(one["relation"]), *one.values()) for one in sizes["relations"]]
    table(tr(f"Graph of {folder}", f"图谱 {folder}"), head, rows)
    head = (
        tr("source", "来源"),
        tr("version", "版本"),
        tr("references", "引用"),
        tr("current", "现行"),
        tr("licence", "许可"),
    )
    names = ("name", "version", "references", "live", "licence")
    table(tr("Sources", "来源"), head, [[one[name] for name in names] for one in sizes["sources"]])


def find(
    name: Annotated[str, typer.Argument(help=tr("Id, name or part of one", "编号、名称或其一部分"))],
    library: LibraryFolder = None,
    top: Top = 20,
    json: JsonFlag = False,
) -> None:
    """The concepts of a name; where there is none, names that hold its words.

    `bedside graph find "kidney stones" --library DIR`
    """
    from bedside.commands._graph.view import concept_json, kind_words
    from bedside.graph import Graph

    with Graph(folder_of(library)) as graph:
        found = graph.find(name)[:top]
        near = [] if found else graph.near(name, top)
        if json:
            emit_json({"query": name, "concepts": [concept_json(one) for one in found], "near": near})
            return
        rows = [(one.id, one.name, kind_words(one.kind), one.vocabulary, one.degree) for one in found]
    if rows:
        head = ("id", tr("name", "名称"), tr("kind", "类别"), tr("vocabulary", "词表"), tr("edges", "边"))
        table(name, head, rows)
    else:
        say(tr("No concept of that name.", "没有该名称的概念。"))
        for one in near:
            say(f"  {one}")


def show(
    concept: ConceptArgument,
    library: LibraryFolder = None,
    evidence: Annotated[
        int, typer.Option("--evidence", min=0, help=tr("References shown of each edge", "每条边显示的证据数"))
    ] = 2,
    top: Top = 10,
    explain: Annotated[
        bool, typer.Option("--explain", help=tr("Which mentions were taken for it, and why", "哪些提及被并入及原因"))
    ] = False,
    json: JsonFlag = False,
) -> None:
    """A concept: its names, what it is most related to, who says so, and with --explain which mentions are it and why.

    `bedside graph show "Marfan syndrome" --explain --library DIR`
    """
    from bedside.commands._graph.view import concept_json, edge_json, kind_words, say_edge
    from bedside.graph import Graph
    from bedside.graph.merging import merges as merges_of

    with Graph(folder_of(library)) as graph:
        own = graph.get(concept)
        names, edges = graph.names(own), graph.edges(own, most=top)
        others = [one for one in graph.find(concept) if one.no != own.no]
        merged = merges_of(graph.database, own.no) if explain else []
        if json:
            told: dict[str, Any] = {
                "concept": concept_json(own),
                "names": [{"lang": lang, "name": name} for lang, name in names],
            }
            told["edges"] = [edge_json(graph, one, graph.evidence(one, evidence)) for one in edges]
            told["same_name"] = [concept_json(one) for one in others]
            emit_json({**told, **({"merged": merged} if explain else {}), "note": disclaimer()})
            return
        edges_said = tr(counted(own.degree, "edge"), f"{own.degree} 条边")
        say(f"{own.name} ({own.id}) · {kind_words(own.kind)} · {edges_said}")
        say(tr("also: ", "又名：") + "; ".join(name for _, name in names[:8] if name != own.name))
        for one in others[:5]:
            say(tr(f"same name, another concept: {one.id}", f"同名的另一概念：{one.id}"))
        for edge in edges:
            say_edge(graph, edge, graph.evidence(edge, evidence))
        if explain:
            _say_merges(merged)
    say(disclaimer())


def contradictions(
    library: LibraryFolder = None,
    top: Top = 10,
    evidence: Annotated[
        int, typer.Option("--evidence", min=0, help=tr("References shown of each", "每条显示的证据数"))
    ] = 4,
    json: JsonFlag = False,
) -> None:
    """What some references say and others deny, with both.

    `bedside graph contradictions --library DIR`
    """
    from bedside.commands._graph.view import edge_json, say_edge
    from bedside.graph import Graph

    with Graph(folder_of(library)) as graph:
        edges = graph.contradictions(top)
        if json:
            emit_json(
                {"edges": [edge_json(graph, one, graph.evidence(one, evidence)) for one in edges], "note": disclaimer()}
            )
            return
        for one in edges:
            say_edge(graph, one, graph.evidence(one, evidence))
        if not edges:
            say(tr("Nothing in the graph is both said and denied.", "图谱中没有既肯定又否定的关系。"))
    say(disclaimer())


def merges(
    name: Annotated[
        str,
        typer.Argument(help=tr("Part of a name (default: all that need a look)", "名称的一部分（默认：所有需查看者）")),
    ] = "",
    library: LibraryFolder = None,
    top: Top = 50,
    json: JsonFlag = False,
) -> None:
    """Which names were taken for which concept and why: inflection, abbreviation, wording, embedding, or none.

    Names that several vocabulary ids share are told with the ids that were not taken.

    `bedside graph merges --library DIR`
    """
    from bedside.graph import Graph
    from bedside.graph.merging import merges as merges_of

    with Graph(folder_of(library)) as graph:
        found = merges_of(graph.database, like=name, most=top)
        counts = dict(graph.database.execute("SELECT how, count(*) FROM merged GROUP BY 1 ORDER BY 2 DESC").fetchall())
    if json:
        emit_json({"merged": found, "counts": counts})
        return
    _say_merges(found)
    words = tr(", ", "，").join(f"{_why(how)} {count}" for how, count in counts.items())
    say(tr(f"names: {words}", f"名称：{words}"))


def _say_merges(found: list[dict[str, Any]]) -> None:
    head = (
        tr("name", "名称"),
        "id",
        tr("concept", "概念"),
        tr("why", "原因"),
        tr("times", "次数"),
        tr("not taken", "未采用"),
    )
    rows = []
    for one in found:
        like = "" if one["likeness"] is None else f" {one['likeness']:.2f} (+{one['lead']:.2f})"
        rows.append(
            (
                one["name"],
                one["id"],
                one["concept"],
                _why(one["how"]) + like,
                one["times"],
                ", ".join(one["rivals"][:4]),
            )
        )
    table(tr("What was taken for what", "名称归并"), head, rows)


def _why(how: str) -> str:
    return {
        "exact": tr("exact name", "名称一致"),
        "inflection": tr("inflection", "词形变化"),
        "abbreviation": tr("abbreviation", "文中缩写"),
        "wording": tr("wording of a finding", "表型的另一说法"),
        "embedding": tr("likeness", "向量相似"),
        "none": tr("no match", "无匹配"),
    }.get(how, how)
