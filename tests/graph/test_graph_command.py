"""`bedside graph` as a shell types it, from a library and a table to neighbours, paths, a picture and exports."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from _graph_cases import DRUGS, write_release

from bedside.commands._call import call
from bedside.errors import ColumnError, UsageError
from bedside.lang import Lang, speaking

DOCS = [
    {"id": "1", "title": "Gout", "text": "Colchicine is used to treat gout.", "date": "2020"},
    {"id": "2", "title": "二甲双胍", "text": "二甲双胍禁用于严重肾衰竭患者。", "date": "2021"},
]
CMEIE = {
    "text": "痛风患者常有关节肿胀，可用别嘌醇治疗。",
    "spo_list": [
        {
            "subject": "Gout",
            "predicate": predicate,
            "object": {"@value": tail},
            "subject_type": "疾病",
            "object_type": {"@value": kind},
        }
        for predicate, tail, kind in (("药物治疗", "别嘌醇", "药物"), ("临床表现", "joint swelling", "症状"))
    ],
}


def write(path: Path, rows: list[Any]) -> str:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return str(path)


def said(*words: str) -> dict[str, Any]:
    return json.loads(call("graph", *words, "--json")[1].splitlines()[-1])


@pytest.fixture
def library(tmp_path: Path) -> str:
    """A library of two documents and a vocabulary of drugs, built with the made-up release."""
    folder = str(tmp_path / "lib")
    columns = ("--id", "id", "--title", "title", "--text", "text", "--date", "date")
    about = ("--name", "guides", "--licence", "CC BY 4.0", "--library", folder, "--encoder", "none")
    call("knowledge", "add", write(tmp_path / "docs.jsonl", DOCS), *columns, *about)
    call(
        "graph",
        "add",
        write(tmp_path / "drugs.jsonl", DRUGS),
        "--name",
        "drugs",
        "--licence",
        "CC0",
        "--library",
        folder,
    )
    call("graph", "build", "--hpo-folder", str(write_release(tmp_path / "release")), "--library", folder)
    return folder


def test_what_treats_what_is_answered_with_the_passage_that_says_so(library: str) -> None:
    told = said("neighbours", "gout", "--direction", "in", "-r", "treats", "--evidence", "2", "--library", library)
    (edge,) = told["edges"]
    assert (edge["head"]["id"], edge["relation"], edge["affirmed"]) == ("drugs:2", "treats", 1)
    (one,) = edge["evidence"]
    assert one["licence"] == "CC BY 4.0"
    assert one["text"][slice(*one["place"])].startswith("Colchicine is used to treat gout.")
    assert "a clinician decides" in told["note"]


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("en", ("is contraindicated in", "Kidney failure", "a clinician decides")),
        ("zh", ("禁用于", "二甲双胍", "临床医生决定")),
    ],
)
def test_both_languages_are_spoken_to_people(library: str, lang: Lang, words: tuple[str, ...]) -> None:
    with speaking(lang):
        _, heard = call("graph", "show", "metformin", "--library", library)
        _, more = call("graph", "query", "drug -contraindicated_in-> finding", "--library", library)
    assert all(word in heard + more for word in words)


def test_a_path_and_a_question_come_with_their_evidence(library: str) -> None:
    paths = said("paths", "Kabuki syndrome", "Ataxia, episodic", "--library", library)["paths"]
    assert [one["id"] for one in paths[0]["concepts"]] == ["OMIM:100001", "HP:0001250", "OMIM:100003"]
    assert all(step["evidence"] for step in paths[0]["steps"])
    (path,) = said("query", 'drug -treats-> "Gout"', "--library", library)["paths"]
    assert path["steps"][0]["evidence"][0]["year"] == 2020


def test_triples_of_cmeie_and_edges_of_literature_are_taken_in_and_replaced(library: str, tmp_path: Path) -> None:
    more = ("--name", "cmeie", "--licence", "research", "--library", library)
    assert said("add", write(tmp_path / "cmeie.jsonl", [CMEIE]), *more)["rows"] == 2
    (edge,) = said("neighbours", "别嘌醇", "-r", "treats", "--library", library)["edges"]
    assert edge["tail"]["id"] == "OMIM:100002"
    found = said("neighbours", "Gout", "-r", "has_phenotype", "--library", library)["edges"]
    assert [(one["tail"]["id"], one["affirmed"]) for one in found] == [("HP:0001386", 3)]
    treats = {"head": "Colchicine", "relation": "treats", "tail": "Gout", "passage": "PMID:9"}
    edges = [{**treats, "polarity": "negated", "year": 1987}, {**treats, "tail": ""}, {**treats, "polarity": "perhaps"}]
    path = write(tmp_path / "edges.jsonl", edges)
    about = ("--name", "papers", "--licence", "NLM", "--library", library)
    for _ in range(2):  # the second time replaces the first
        code, heard = call("graph", "add", path, *about, "--json")
        assert (code, len(json.loads(heard)["problems"])) == (3, 2)
    edges = said("contradictions", "--library", library)["edges"]
    (one,) = [each for each in edges if each["relation"] == "treats"]
    assert (one["affirmed"], one["negated"], one["first_year"], one["last_year"]) == (1, 1, 1987, 2020)


def test_edges_of_literature_go_by_their_ids_and_a_retracted_paper_is_shown_but_not_counted(
    library: str, tmp_path: Path
) -> None:
    row = {"head": "podagra", "relation": "has_phenotype", "tail": "hot joint", "passage": "9#0-20", "year": 1999}
    ids = {"head_id": "OMIM:100002", "tail_id": "HP:0001945", "by": "words"}
    for retracted, counts in ((None, [1]), ("Retracted in 2001", [])):
        path = write(tmp_path / "edges.jsonl", [{**row, **ids, **({"retracted": retracted} if retracted else {})}])
        call("graph", "add", path, "--name", "papers", "--licence", "NLM", "--library", library)
        edges = said("neighbours", "HP:0001945", "-r", "has_phenotype", "--library", library)["edges"]
        assert [one["affirmed"] for one in edges if one["head"]["id"] == "OMIM:100002"] == counts


def test_an_edge_with_a_passage_of_the_library_goes_when_the_passage_does(library: str, tmp_path: Path) -> None:
    (edge,) = said("neighbours", "gout", "-r", "treats", "--evidence", "1", "--library", library)["edges"]
    row = {"head": "Warfarin", "relation": "treats", "tail": "Gout", "passage": edge["evidence"][0]["id"]}
    call("graph", "add", write(tmp_path / "e.jsonl", [row]), "--name", "e", "--licence", "x", "--library", library)
    assert len(said("neighbours", "gout", "-r", "treats", "--library", library)["edges"]) == 2
    about = ("--name", "guides", "--library", library, "--replace", "--encoder", "none")
    columns = ("--id", "id", "--title", "title", "--text", "text")
    call("knowledge", "add", write(tmp_path / "docs2.jsonl", DOCS[1:]), *columns, *about)
    assert said("neighbours", "gout", "-r", "treats", "--library", library)["edges"] == []


def test_why_a_name_was_taken_for_a_concept_is_told(library: str) -> None:
    told = said("show", "Gout", "--explain", "--library", library)
    assert {name["name"] for name in told["names"]} == {"Gout"}
    assert said("find", "kabuki syndrome", "--library", library)["concepts"][0]["id"] == "OMIM:100001"
    assert "Kabuki syndrome (OMIM:100001)" in said("find", "kabuki", "--library", library)["near"]
    assert said("info", "--library", library)["concepts"]["drug"] == 3


@pytest.mark.parametrize(
    ("words", "what"),
    [
        (("neighbours", "gowt"), "no concept of that name"),
        (("neighbours", "gout", "-r", "likes"), "no such relation"),
        (("neighbours", "gout", "--direction", "up"), "no such direction"),
        (("neighbours", "gout", "--polarity", "maybe"), "no such polarity"),
        (("query", "drug treats disease"), "not a question of paths"),
        (("paths", "gout", "gout"), "two concepts"),
        (("export", "-o", "graph.xlsx"), "which format"),
        (("build", "--relater", "MODEL"), "which a tag model must find"),
    ],
)
def test_a_wrong_word_is_told_with_what_is_allowed(library: str, words: tuple[str, ...], what: str) -> None:
    with pytest.raises(UsageError, match=what):
        call("graph", *words, "--library", library)


def test_a_table_without_its_columns_and_a_source_without_licence_are_refused(library: str, tmp_path: Path) -> None:
    path = write(tmp_path / "x.jsonl", [{"a": 1}])
    with pytest.raises(ColumnError, match="no column of the id"):
        call("graph", "add", path, "--name", "x", "--licence", "CC0", "--library", library)
    with pytest.raises(UsageError, match="licence"):
        call("graph", "add", path, "--name", "x", "--library", library)
    with pytest.raises(UsageError, match="no graph there"):
        call("graph", "info", "--library", str(tmp_path / "none"))


@pytest.mark.parametrize("name", ["g.ttl", "g.graphml", "tables"])
def test_an_export_is_written_whole(library: str, tmp_path: Path, name: str) -> None:
    told = said("export", "-o", str(tmp_path / name), "--library", library)
    assert Path(told["out"]).exists()
    assert told.get("bytes", 1) > 0


def test_a_misspelt_library_is_refused_and_no_folder_is_made(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="--no-passages"):
        call("graph", "build", "--library", str(tmp_path / "libary"))
    assert not (tmp_path / "libary").exists()
