"""Paths between concepts and questions by shape: the best first, against a search that looks at everything."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bedside.errors import UsageError
from bedside.graph import Graph
from bedside.graph._schema import open_database
from bedside.graph._writer import Writer
from bedside.graph.parts import Wanted
from bedside.graph.paths import Paths
from bedside.graph.query import KINDS, Place, Question, Step, answer, read
from bedside.graph.relations import relations

PAIRS = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5), st.integers(1, 9)), max_size=12)


def random_graph(folder: Path, rows: list[tuple[int, int, int]]) -> None:
    """Six concepts, and edges with so many references."""
    writer = Writer(open_database(folder, make=True))
    with writer.batch():
        source = writer.source("x", "triples", "CC0", "1")
        numbers = [writer.concept(f"x:{at}", "finding", "x", f"n{at}", "", source) for at in range(6)]
        for head, tail, count in rows:
            if head != tail:
                for at in range(count):
                    writer.evidence(
                        writer.edge(numbers[head], "causes", numbers[tail]),
                        writer.reference(f"r{at}", source),
                        1,
                        "user",
                    )
    writer.finish()
    writer.database.close()


def every_path(graph: Graph, start: int, goal: int, longest: int) -> list[float]:
    """The costs of all paths without loops, by trying everything."""
    paths = Paths(graph)
    arcs, found = paths._arcs, []

    def walk(nodes: list[int], cost: float) -> None:
        if nodes[-1] == goal:
            found.append(cost)
            return
        if len(nodes) > longest:
            return
        for at in range(int(arcs.start[nodes[-1]]), int(arcs.start[nodes[-1] + 1])):
            if int(arcs.other[at]) not in nodes:
                walk([*nodes, int(arcs.other[at])], cost + float(arcs.cost[at]))

    walk([start], 0.0)
    return sorted(found)


@given(PAIRS)
def test_the_best_paths_are_those_that_trying_everything_finds(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[int, int, int]]
) -> None:
    folder = tmp_path_factory.mktemp("graph")
    random_graph(folder, rows)
    with Graph(folder) as graph:
        start, goal = graph.get("x:0"), graph.get("x:5")
        found = Paths(graph).best(start, goal, 4, 4)
        assert [one.cost for one in found] == pytest.approx(every_path(graph, start.no, goal.no, 4)[:4], rel=1e-5)
        for path in found:
            assert len(set(path.concepts)) == len(path.concepts)
            for edge, ends in zip(path.edges, pairwise(path.concepts), strict=True):
                assert {edge.head, edge.tail} == set(ends)


def test_a_path_runs_over_what_two_diseases_share_with_evidence_for_each_step(graph_folder: Path) -> None:
    with Graph(graph_folder) as graph:
        (path,) = Paths(graph).best(graph.get("OMIM:100001"), graph.get("OMIM:100003"))
        assert [graph.concept(no).id for no in path.concepts] == ["OMIM:100001", "HP:0001250", "OMIM:100003"]
        assert all(graph.evidence(edge) for edge in path.edges)


def test_much_evidence_is_a_shorter_way_than_little(tmp_path: Path) -> None:
    random_graph(tmp_path, [(0, 1, 1), (1, 5, 1), (0, 2, 9), (2, 5, 9)])
    with Graph(tmp_path) as graph:
        best, second = Paths(graph).best(graph.get("x:0"), graph.get("x:5"), 2)
        assert [graph.concept(one.concepts[1]).id for one in (best, second)] == ["x:2", "x:1"]
        assert Paths(graph, Wanted(least=5)).best(graph.get("x:0"), graph.get("x:5"), 2) == [best]


def test_a_denied_relation_is_no_step_and_no_path_is_said_to_be_none(graph_folder: Path) -> None:
    with Graph(graph_folder) as graph:
        assert Paths(graph).best(graph.get("OMIM:100001"), graph.get("HP:0001945"), 1, 1) == []  # "no fever"
        with pytest.raises(UsageError, match="two concepts"):
            Paths(graph).best(graph.get("Gout"), graph.get("OMIM:100002"))


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ('drug -treats-> disease -has_phenotype-> "Joint swelling"', ["Colchicine", "Gout", "Joint swelling"]),
        ('"Joint swelling" <-has_phenotype- disease <-treats- drug', ["Joint swelling", "Gout", "Colchicine"]),
        ('"joint swelling" -symptom of-> disease', ["Joint swelling", "Gout"]),
        ("gene -*- OMIM:100001", ["KMT2D", "Kabuki syndrome"]),
        ('"二甲双胍" -禁忌症-> *', ["Metformin", "Kidney failure"]),
    ],
)
def test_a_question_by_shape_finds_its_path(graph_folder: Path, asked: str, found: list[str]) -> None:
    with Graph(graph_folder) as graph:
        paths = answer(graph, read(asked))
        assert found in [[graph.concept(no).name for no in one.concepts] for one in paths]


def test_a_denied_answer_is_given_only_when_denials_are_asked_for(graph_folder: Path) -> None:
    asked = read('"Metformin" -treats-> "Gout"')
    with Graph(graph_folder) as graph:
        assert answer(graph, asked) == []
        assert len(answer(graph, asked, wanted=Wanted(polarity="negated"))) == 1


@pytest.mark.parametrize(
    "asked", ["", "drug", "drug ->", "drug -treats-> ", 'drug -treats-> "Gout', "a <-x-> b", "-x-> drug"]
)
def test_what_is_no_question_is_told_where(asked: str) -> None:
    with pytest.raises(UsageError, match="character"):
        read(asked)


PLACES = st.one_of(
    st.builds(Place, st.sampled_from(["", *KINDS])),
    st.builds(Place, st.sampled_from(["", *KINDS]), st.text(min_size=1, max_size=12).filter(lambda said: said.strip())),
)
STEPS = st.builds(
    Step,
    st.lists(st.sampled_from(sorted(relations())), max_size=3, unique=True).map(tuple),
    st.sampled_from(["out", "in", "both"]),
)


@given(st.lists(STEPS, min_size=1, max_size=4), st.data())
def test_a_question_that_is_written_out_is_read_as_the_same(steps: list[Step], data: st.DataObject) -> None:
    places = data.draw(st.lists(PLACES, min_size=len(steps) + 1, max_size=len(steps) + 1))
    question = Question(tuple(places), tuple(steps))
    assert read(str(question)) == question
