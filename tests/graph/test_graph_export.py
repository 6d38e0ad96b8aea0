"""The graph for other programs: Turtle by a strict reader, GraphML by networkx, Parquet by DuckDB; wild names too."""

from __future__ import annotations

from pathlib import Path

import networkx
import pytest
from _turtle_reader import XSD, read
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from bedside.graph import Graph
from bedside.graph._schema import open_database
from bedside.graph._writer import Writer
from bedside.graph.graphml import graphml, text
from bedside.graph.parquet import write_parquet
from bedside.graph.turtle import BASE, PREFIXES, iri, literal, turtle, written

HP = "http://purl.obolibrary.org/obo/HP_"
SKOS, PROV, RDF = PREFIXES["skos"], PREFIXES["prov"], PREFIXES["rdf"]
ANYTHING = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)


@given(ANYTHING)
def test_any_text_is_read_back_as_it_was(said: str) -> None:
    ((_, _, node),) = read(f"<a:b> <a:c> {literal(said, 'en')} .")
    assert node == ("literal", said, "@en")


@given(ANYTHING.filter(lambda said: ":" not in said))
def test_any_id_is_an_iri_of_its_own(id: str) -> None:
    ((subject, _, _),) = read(f"{iri(f'x:{id}')} a <a:c> .")
    assert subject[1].startswith(f"{BASE}concept:x:")
    assert (iri(f"x:{id}") == iri("x:other")) == (id == "other")


@pytest.mark.parametrize(
    "wrong", ["<a b> a <c> .", '<a> a "x"y" .', "<a> a <c>", '<a> a "\n" .', "<a> a c .", '<a> a "\\x" .']
)
def test_the_strict_reader_refuses_what_is_no_turtle(wrong: str) -> None:
    with pytest.raises((ValueError, KeyError, IndexError)):
        list(read(wrong))


def test_turtle_says_what_is_affirmed_and_only_states_what_is_denied(graph_folder: Path) -> None:
    with Graph(graph_folder) as graph:
        triples = set(read(written(turtle(graph))))
    gout, joint = ("iri", "https://omim.org/entry/100002"), ("iri", f"{HP}0001386")
    kabuki, fever = ("iri", "https://omim.org/entry/100001"), ("iri", f"{HP}0001945")
    has = ("iri", f"{BASE}vocabulary:has_phenotype")
    assert (gout, has, joint) in triples
    assert (kabuki, has, fever) not in triples
    (statement,) = [s for s, p, o in triples if p == ("iri", f"{RDF}object") and o == fever]
    said = {(p[1], o[1]) for s, p, o in triples if s == statement}
    assert (f"{BASE}vocabulary:negated", "2") in said
    sources = {o for s, p, o in triples if s == statement and p == ("iri", f"{PROV}wasDerivedFrom")}
    assert len(sources) == 2
    licences = {o[1] for s, p, o in triples if s in sources and p[1].endswith("dc/terms/license")}
    assert "CC BY 4.0" in licences
    assert (("iri", f"{BASE}concept:drugs:1"), ("iri", f"{SKOS}prefLabel"), ("literal", "二甲双胍", "@zh")) in triples
    assert not any(p[1].endswith("co_occurs_with") for _, p, _ in triples)


def test_the_year_and_what_is_withdrawn_are_told(graph_folder: Path) -> None:
    with Graph(graph_folder) as graph:
        triples = list(read(written(turtle(graph))))
    assert ("literal", "2021", f"{XSD}gYear") in {o for _, _, o in triples}
    assert {o[1] for _, p, o in triples if p[1].endswith(":current")} == {"true"}


@pytest.fixture
def wild(tmp_path: Path) -> Path:
    """Names that quote, break lines and mark up."""
    writer = Writer(open_database(tmp_path / "wild", make=True))
    with writer.batch():
        source = writer.source('a "b"', "triples", "CC0, <all>", "1")
        one = writer.concept("x:<1> \\", "disease", "x", 'He said "no"\n<b>\t\\', "", source)
        other = writer.concept("x:2, 3", "finding", "x", "\\N", "空,\r\n", source)
        writer.evidence(
            writer.edge(one, "is cousin of", other), writer.reference("r 1", source, 1999), 1, "user", "a,b\n"
        )
    writer.finish()
    writer.database.close()
    return tmp_path / "wild"


def test_wild_names_survive_every_format(wild: Path, tmp_path: Path) -> None:
    import duckdb

    with Graph(wild) as graph:
        labels = {o for _, p, o in read(written(turtle(graph))) if p[1] == f"{SKOS}prefLabel"}
        assert ("literal", 'He said "no"\n<b>\t\\', "@en") in labels
        (tmp_path / "g.graphml").write_text("".join(graphml(graph)), encoding="utf-8", newline="")
        assert write_parquet(graph, tmp_path / "tables") == {"nodes": 2, "edges": 1, "evidence": 1}
    drawn = networkx.read_graphml(tmp_path / "g.graphml")
    assert {data["en"] for _, data in drawn.nodes(data=True)} == {'He said "no"\n<b>\t\\', "\\N"}
    assert {data["zh"] for _, data in drawn.nodes(data=True) if "zh" in data} == {"空,\r\n"}
    tables = tmp_path / "tables"
    nodes = duckdb.sql(f"SELECT id, en, zh FROM '{tables}/nodes.parquet' ORDER BY id").fetchall()
    assert nodes == [("x:2, 3", "\\N", "空,\r\n"), ("x:<1> \\", 'He said "no"\n<b>\t\\', "")]
    (edge,) = duckdb.sql(f"SELECT relation, affirmed, first_year FROM '{tables}/edges.parquet'").fetchall()
    assert edge == ("is cousin of", 1, 1999)
    (said,) = duckdb.sql(
        f"SELECT reference, licence, polarity, detail, live FROM '{tables}/evidence.parquet'"
    ).fetchall()
    assert said == ("r 1", "CC0, <all>", "affirmed", "a,b\n", True)


def test_graphml_holds_the_same_edges_as_the_graph(graph_folder: Path, tmp_path: Path) -> None:
    with Graph(graph_folder) as graph:
        path = tmp_path / "g.graphml"
        path.write_text("".join(graphml(graph)), encoding="utf-8")
        drawn = networkx.read_graphml(path)
        wanted = graph.database.execute(
            "SELECT count(*) FROM edge JOIN relation ON relation.no = relation WHERE weak = 0"
        ).fetchone()[0]
        assert drawn.number_of_edges() == wanted
        name = {data["id"]: node for node, data in drawn.nodes(data=True)}
        told = drawn.get_edge_data(name["OMIM:100002"], name["HP:0001386"])
        told = told if "relation" in told else told[0]
        assert (told["relation"], told["affirmed"], told["evidence"]) == ("has_phenotype", 2, "PMID:3 PMID:4")


@given(ANYTHING)
def test_any_text_is_xml(said: str) -> None:
    read_back = etree.fromstring(f"<a>{text(said)}</a>".encode()).text or ""
    assert len(read_back) == len(said)
    assert all(one in (other, "\ufffd") for one, other in zip(read_back, said, strict=True))
