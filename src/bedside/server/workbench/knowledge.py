"""What the workbench shows of the library and its graph, as values that hold no open database."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bedside.graph import Graph
from bedside.graph.page import told
from bedside.graph.parts import Concept, Edge
from bedside.graph.paths import Path, Paths
from bedside.graph.relations import words
from bedside.library import Library
from bedside.types import Passage

PASSAGES, CONCEPTS, NEIGHBOURS, PATHS = 12, 8, 24, 5


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A concept that another is related to, how, and how many references say so, deny it, or leave it open."""

    concept: Concept
    relation: str
    out: bool
    edge: Edge


@dataclass(frozen=True, slots=True)
class Step:
    """A concept of a path, and the relation that leads on from it, drawn the way its edge points."""

    concept: Concept
    relation: str = ""
    onward: bool = True
    affirmed: int = 0


def passages_for(said: str) -> Callable[[Library], list[Passage]]:
    """The passages found for words."""
    return lambda library: library.search(said, PASSAGES)


def document(id: str) -> Callable[[Library], tuple[Passage, list[Passage]]]:
    """A passage, and all current passages of its document; UsageError for an unknown id."""

    def read(library: Library) -> tuple[Passage, list[Passage]]:
        one = library.get(id)
        return one, library.passages_of(one)

    return read


def concepts_for(said: str) -> Callable[[Graph], list[Concept]]:
    """The concepts of a name, the best first."""
    return lambda graph: graph.find(said)[:CONCEPTS]


def neighbourhood(id: str) -> Callable[[Graph], tuple[Concept, list[Neighbour], str]]:
    """A concept, what it is related to, and what its picture is drawn from; UsageError for an unknown id."""

    def read(graph: Graph) -> tuple[Concept, list[Neighbour], str]:
        centre = graph.get(id)
        edges = graph.around(centre, most=NEIGHBOURS)
        return centre, [_neighbour(graph, centre, one) for one in edges], told(graph, centre, edges)

    return read


def routes(start: str, goal: str) -> Callable[[Graph], list[list[Step]]]:
    """The best paths from one concept to another, those of most evidence first; UsageError for an unknown name."""

    def read(graph: Graph) -> list[list[Step]]:
        return [_steps(graph, one) for one in Paths(graph).best(graph.get(start), graph.get(goal), PATHS)]

    return read


def _neighbour(graph: Graph, centre: Concept, edge: Edge) -> Neighbour:
    out = edge.head == centre.no
    return Neighbour(graph.concept(edge.tail if out else edge.head), words(edge.relation), out, edge)


def _steps(graph: Graph, path: Path) -> list[Step]:
    steps = [
        Step(graph.concept(no), words(edge.relation), edge.head == no, edge.affirmed)
        for no, edge in zip(path.concepts, path.edges, strict=False)
    ]
    return [*steps, Step(graph.concept(path.concepts[-1]))]
