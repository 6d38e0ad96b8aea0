"""`bedside graph neighbours`, `paths` and `query`: what is related to what, and which passages say so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from bedside.commands._graph.options import (
    ConceptArgument,
    Contradicted,
    EvidenceShown,
    Least,
    Polarity,
    Relation,
    Top,
    Weak,
)
from bedside.commands._io import JsonFlag, emit_json, say, table
from bedside.commands._knowledge.open import LibraryFolder, folder_of
from bedside.errors import UsageError
from bedside.lang import disclaimer, tr

if TYPE_CHECKING:
    from bedside.graph import Graph
    from bedside.graph.parts import Concept, Edge, Wanted
    from bedside.graph.paths import Path as Found


def wanted_of(
    graph: Graph, relation: list[str] | None, least: int, polarity: str, weak: bool, contradicted: bool
) -> Wanted:
    """Which edges count; UsageError for a relation or polarity that there is not."""
    from bedside.graph.parts import Wanted
    from bedside.graph.relations import named

    if polarity not in ("affirmed", "negated", "uncertain"):
        raise UsageError(
            tr("no such polarity", "没有该极性"),
            where="--polarity",
            value=polarity,
            allowed=["affirmed", "negated", "uncertain"],
        )
    known = [name for (name,) in graph.database.execute("SELECT name FROM relation ORDER BY name")]
    names = tuple(named(one)[0] for one in relation or ())
    if strange := [said for said, name in zip(relation or (), names, strict=True) if name not in known]:
        raise UsageError(
            tr("no such relation in this graph", "图谱中没有该关系"), value=", ".join(strange), allowed=known
        )
    return Wanted(relations=names, least=least, polarity=polarity, weak=weak, contradicted=contradicted)


def neighbours(
    concept: ConceptArgument,
    library: LibraryFolder = None,
    direction: Annotated[str, typer.Option(help="out | in | both")] = "both",
    relation: Relation = None,
    least: Least = 1,
    polarity: Polarity = "affirmed",
    weak: Weak = False,
    contradicted: Contradicted = False,
    top: Top = 25,
    evidence: EvidenceShown = 0,
    json: JsonFlag = False,
) -> None:
    """What a concept is related to, those of most evidence first.

    `bedside graph neighbours "Marfan syndrome" --relation has_phenotype --library DIR`

    `bedside graph neighbours "Seizure" --direction in --min-evidence 3 --evidence 2 --library DIR`
    """
    from typing import cast

    from bedside.commands._graph.view import concept_json, edge_json, say_edge
    from bedside.graph import Graph
    from bedside.graph.parts import Direction

    if direction not in ("out", "in", "both"):
        raise UsageError(
            tr("no such direction", "没有该方向"), where="--direction", value=direction, allowed=["out", "in", "both"]
        )
    with Graph(folder_of(library)) as graph:
        wanted = wanted_of(graph, relation, least, polarity, weak, contradicted)
        own = graph.get(concept)
        edges = graph.edges(own, cast(Direction, direction), wanted, top)
        if json:
            told = [edge_json(graph, one, graph.evidence(one, evidence) if evidence else None) for one in edges]
            emit_json({"concept": concept_json(own), "edges": told, "note": disclaimer()})
            return
        if evidence:
            for one in edges:
                say_edge(graph, one, graph.evidence(one, evidence))
        else:
            rows = [_row(graph, own, one) for one in edges]
            head = (
                "",
                tr("relation", "关系"),
                tr("concept", "概念"),
                "id",
                tr("kind", "类别"),
                tr("evidence", "证据"),
                tr("years", "年份"),
            )
            table(f"{own.name} ({own.id})", head, rows)
        if not edges:
            say(tr("Nothing of that sort in the graph.", "图谱中没有此类关系。"))
    say(disclaimer())


def _row(graph: Graph, own: Concept, edge: Edge) -> tuple[str, ...]:
    """An edge as a line of a table: which way it leads, and what stands at its other end."""
    from bedside.commands._graph.view import counts, kind_words
    from bedside.graph.relations import words

    onward = edge.head == own.no
    other = graph.concept(edge.tail if onward else edge.head)
    arrow = "→" if onward else "←"
    return (arrow, words(edge.relation), other.name, other.id, kind_words(other.kind), counts(edge), edge.years)


def paths(
    start: Annotated[str, typer.Argument(metavar="FROM", help=tr("Id or name", "编号或名称"))],
    goal: Annotated[str, typer.Argument(metavar="TO", help=tr("Id or name", "编号或名称"))],
    library: LibraryFolder = None,
    k: Annotated[int, typer.Option("-k", min=1, max=100, help=tr("How many paths", "路径数量"))] = 3,
    longest: Annotated[int, typer.Option("--max-steps", min=1, max=8, help=tr("Steps at most", "最多步数"))] = 6,
    relation: Relation = None,
    least: Least = 1,
    weak: Weak = False,
    evidence: EvidenceShown = 2,
    json: JsonFlag = False,
) -> None:
    """The best paths between two concepts: few steps, much evidence, no detour over what is related to everything.

    `bedside graph paths "Marfan syndrome" "Kabuki syndrome 1" -k 5 --library DIR`
    """
    from bedside.graph import Graph
    from bedside.graph.paths import Paths

    with Graph(folder_of(library)) as graph:
        wanted = wanted_of(graph, relation, least, "affirmed", weak, False)
        ends = graph.get(start), graph.get(goal)
        found = Paths(graph, wanted).best(*ends, k, longest)
        _show(graph, {"from": ends[0].id, "to": ends[1].id}, found, evidence, as_json=json)


def query(
    question: Annotated[
        str, typer.Argument(help=tr("Kinds, names and relations in a row", "类别、名称与关系组成的路径"))
    ],
    library: LibraryFolder = None,
    least: Least = 1,
    polarity: Polarity = "affirmed",
    weak: Weak = False,
    contradicted: Contradicted = False,
    top: Top = 10,
    evidence: EvidenceShown = 2,
    json: JsonFlag = False,
) -> None:
    """Every path of a shape: kinds (disease, finding, drug, gene, mention, *), ids or names in quotes, and relations.

    `bedside graph query 'drug -treats-> disease -has_phenotype-> "Seizure"' --library DIR`

    `bedside graph query 'gene <-associated_with_gene- disease -has_phenotype-> HP:0001083' --library DIR`

    `bedside graph query '"Gout" -*- *' --library DIR`
    """
    from bedside.graph import Graph
    from bedside.graph.query import answer, read

    asked = read(question)
    with Graph(folder_of(library)) as graph:
        wanted = wanted_of(graph, None, least, polarity, weak, contradicted)
        _show(graph, {"query": str(asked)}, answer(graph, asked, top, wanted), evidence, as_json=json)


def _show(graph: Graph, about: dict[str, Any], found: list[Found], evidence: int, *, as_json: bool) -> None:
    from bedside.commands._graph.view import path_json, path_line, say_edge

    if as_json:
        emit_json({**about, "paths": [path_json(graph, one, evidence) for one in found], "note": disclaimer()})
        return
    for place, one in enumerate(found, 1):
        say(f"{place}. {path_line(graph, one)}")
        for edge in one.edges if evidence else ():
            say_edge(graph, edge, graph.evidence(edge, evidence))
        if evidence:
            say()
    if not found:
        say(tr("No such path in the graph.", "图谱中没有这样的路径。"))
    say(disclaimer())
