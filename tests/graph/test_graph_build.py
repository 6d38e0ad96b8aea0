"""A graph from its first build to the day a guideline is withdrawn: what is counted, what is flagged, what is read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from _graph_cases import ITEMS

from bedside.graph import Graph, from_library
from bedside.graph._schema import open_database
from bedside.graph._writer import Writer
from bedside.graph.from_hpo import add_hpo
from bedside.graph.parts import Edge, Wanted
from bedside.knowledge.hpo import Hpo
from bedside.library import Item
from bedside.types import Entity, Relation

Fill = Callable[..., None]
Build = Callable[..., from_library.Read]


def edge(graph: Graph, head: str, relation: str, tail: str) -> Edge | None:
    """The edge, whatever it counts."""
    row = graph.database.execute(
        "SELECT edge.no FROM edge JOIN relation ON relation.no = relation WHERE head = ? AND name = ? AND tail = ?",
        (graph.get(head).no, relation, graph.get(tail).no),
    ).fetchone()
    return graph.edge(row[0]) if row else None


def counted(graph: Graph, head: str, relation: str, tail: str) -> tuple[int, int, int]:
    """Affirmed, negated, uncertain; none of an edge that is not there."""
    found = edge(graph, head, relation, tail)
    return (found.affirmed, found.negated, found.uncertain) if found else (0, 0, 0)


def test_annotations_are_edges_with_their_references_and_how_often(graph_folder: Path) -> None:
    with Graph(graph_folder) as graph:
        found = edge(graph, "OMIM:100002", "has_phenotype", "HP:0001386")
        assert found is not None
        assert found.affirmed == 2
        told = {(one.id, one.detail, one.how) for one in graph.evidence(found)}
        assert told == {("PMID:3", "HP:0040281", "annotation"), ("PMID:4", "5/5", "annotation")}
        assert all(one.licence.startswith("HPO: free") for one in graph.evidence(found))
        assert counted(graph, "OMIM:100001", "associated_with_gene", "gene:KMT2D") == (1, 0, 0)
        assert counted(graph, "HP:0001250", "is_a", "HP:0000707") == (1, 0, 0)


def test_a_finding_no_patient_had_is_denied_and_both_sides_of_a_dispute_are_shown(graph_folder: Path) -> None:
    with Graph(graph_folder) as graph:
        assert counted(graph, "OMIM:100001", "has_phenotype", "HP:0001945")[:2] == (0, 2)  # 0/9, and "no fever"
        dispute = edge(graph, "OMIM:100001", "has_phenotype", "HP:0012735")
        assert dispute is not None
        assert dispute.contradicted
        assert {one.polarity for one in graph.evidence(dispute)} == {"affirmed", "negated"}
        assert dispute.no in {one.no for one in graph.contradictions()}
        assert {one.no for one in graph.edges(graph.get("OMIM:100001"), wanted=Wanted(contradicted=True))} == {
            dispute.no
        }


@pytest.mark.parametrize(
    ("head", "relation", "tail", "counts"),
    [
        ("Colchicine", "treats", "OMIM:100002", (1, 0, 0)),
        ("Metformin", "treats", "OMIM:100002", (0, 1, 0)),
        ("二甲双胍", "treats", "2型糖尿病", (1, 0, 0)),
        ("二甲双胍", "contraindicated_in", "HP:0000083", (1, 0, 0)),
        ("二甲双胍", "has_side_effect", "HP:0002014", (1, 0, 0)),
        ("OMIM:100001", "has_phenotype", "HP:0001250", (2, 0, 0)),
    ],
)
def test_passages_speak_in_sentences_and_titles(
    graph_folder: Path, head: str, relation: str, tail: str, counts: tuple[int, int, int]
) -> None:
    with Graph(graph_folder) as graph:
        assert counted(graph, head, relation, tail) == counts


def test_evidence_of_a_passage_has_its_words_citation_licence_and_year(graph_folder: Path) -> None:
    with Graph(graph_folder) as graph:
        treats = edge(graph, "Colchicine", "treats", "OMIM:100002")
        assert treats is not None
        assert treats.years == "2021"
        (one,) = graph.evidence(treats)
        assert one.passage is not None
        assert one.how == "pattern"
        assert (one.licence, one.year, one.live) == ("CC BY 4.0", 2021, True)
        assert one.passage.text[one.first : one.last].startswith("Colchicine is used to treat gout.")
        assert "used to treat" in one.quote(60)


def test_what_is_only_named_together_is_kept_apart(graph_folder: Path) -> None:
    with Graph(graph_folder) as graph:
        gout = graph.get("OMIM:100002")
        assert "co_occurs_with" not in {one.relation for one in graph.edges(gout)}
        together = [one for one in graph.edges(gout, wanted=Wanted(weak=True)) if one.weak]
        assert {one.relation for one in together} == {"co_occurs_with"}


def test_a_second_build_reads_nothing_and_changes_nothing(graph_folder: Path, build: Build) -> None:
    def dump() -> list[tuple[object, ...]]:
        database = open_database(graph_folder)
        rows = database.execute("SELECT head, relation, tail, affirmed, negated FROM edge ORDER BY no").fetchall()
        database.close()
        return rows

    before = dump()
    again = build()
    assert (again.passages, again.flagged) == (0, 0)
    assert dump() == before


def test_a_withdrawn_passage_is_flagged_and_no_longer_counted_even_before_the_next_build(
    graph_folder: Path, fill: Fill, build: Build
) -> None:
    fill([one for one in ITEMS if one.id != "gout"])
    with Graph(graph_folder) as graph:
        treats = edge(graph, "Colchicine", "treats", "OMIM:100002")
        assert treats is not None
        assert treats.affirmed == 0
        (one,) = graph.evidence(treats)
        assert not one.live
        assert one.passage is not None
        assert one.passage.status == "withdrawn"
        assert graph.edges(graph.get("Colchicine")) == []
    fill(ITEMS)
    build()
    with Graph(graph_folder) as graph:
        assert counted(graph, "Colchicine", "treats", "OMIM:100002") == (1, 0, 0)


def test_a_changed_document_speaks_anew_and_a_retracted_one_no_more(
    graph_folder: Path, fill: Fill, build: Build
) -> None:
    changed = replace(ITEMS[1], text="Warfarin is used to treat gout.")
    fill([ITEMS[0], changed, ITEMS[2]])
    assert build().passages == 1
    with Graph(graph_folder) as graph:
        assert counted(graph, "Colchicine", "treats", "OMIM:100002") == (0, 0, 0)
        assert counted(graph, "Warfarin", "treats", "OMIM:100002") == (1, 0, 0)
    fill([ITEMS[0], replace(changed, retracted="false data"), ITEMS[2]])
    build()
    with Graph(graph_folder) as graph:
        assert counted(graph, "Warfarin", "treats", "OMIM:100002") == (0, 0, 0)


def test_a_build_that_is_killed_goes_on_where_it_was(
    fill: Fill, build: Build, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(ITEMS)
    monkeypatch.setattr(from_library, "TOGETHER", 1)
    take, calls = from_library.PassageReader.take, []

    def killed(self: from_library.PassageReader, pieces: object) -> int:
        calls.append(pieces)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return take(self, pieces)  # type: ignore[arg-type]

    monkeypatch.setattr(from_library.PassageReader, "take", killed)
    with pytest.raises(KeyboardInterrupt):
        build()
    read = build()
    assert read.passages == len(ITEMS) - 1
    with Graph(folder) as graph:
        assert counted(graph, "Colchicine", "treats", "OMIM:100002") == (1, 0, 0)
        assert counted(graph, "OMIM:100001", "has_phenotype", "HP:0001250") == (2, 0, 0)


def test_hpo_that_is_killed_goes_on_and_counts_nothing_twice(
    folder: Path, hpo: Hpo, release: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from bedside.graph import from_hpo

    monkeypatch.setattr(from_hpo, "DISEASES", 1)
    database = open_database(folder, make=True)
    steps = 0

    def stop(amount: float) -> None:
        nonlocal steps
        steps += 1
        if steps == 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        add_hpo(Writer(database), hpo, release, stop)
    assert add_hpo(Writer(database), hpo, release)
    assert not add_hpo(Writer(database), hpo, release)
    database.close()
    with Graph(folder) as graph:
        assert counted(graph, "OMIM:100002", "has_phenotype", "HP:0001386") == (2, 0, 0)


def test_a_relate_model_is_heard_and_its_denials_too(fill: Fill, build: Build, folder: Path) -> None:
    text = "Ibuprofen worsens asthma. Ibuprofen does not worsen gout."
    fill([Item(id="m", title="Notes", text=text)])

    def tags(texts: list[str]) -> list[list[Entity]]:
        wanted = ((0, 9, "Chemical"), (18, 24, "Disease"), (26, 35, "Chemical"), (52, 56, "Disease"))
        return [[Entity(*one) for one in wanted] if one == text else [] for one in texts]

    def relates(texts: list[str]) -> list[list[Relation]]:
        return [
            [Relation(*pair, "caused by") for pair in ((es[1], es[0]), (es[3], es[2]))]
            if (es := tags([one])[0])
            else []
            for one in texts
        ]

    build(tags=tags, relates=relates, models=("m",))
    with Graph(folder) as graph:
        assert graph.get("Ibuprofen").kind == "mention"
        assert counted(graph, "Ibuprofen", "causes", "asthma") == (1, 0, 0)  # "caused by" turned round
        assert counted(graph, "Ibuprofen", "causes", "OMIM:100002") == (0, 1, 0)


def test_an_abbreviation_that_the_text_defines_is_its_long_form(fill: Fill, build: Build, folder: Path) -> None:
    long = "Patients with kidney failure (KF) were seen. Metformin is contraindicated in KF."
    fill(
        [
            Item(id="a", title="Notes", text=long),
            Item(id="b", title="Notes 2", text="Warfarin is contraindicated in KF."),
        ]
    )
    build()
    with Graph(folder) as graph:
        assert counted(graph, "Metformin", "contraindicated_in", "HP:0000083") == (1, 0, 0)
        assert counted(graph, "Warfarin", "contraindicated_in", "HP:0000083") == (0, 0, 0)
