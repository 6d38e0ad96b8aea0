"""Papers out of files: what each source tells, their parts by heading, and what cannot be read."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from _example_papers import chinese, pubmed

from bedside.errors import BedsideError, ColumnError
from bedside.formats._base import Problem
from bedside.literature._base import Paper, papers_of
from bedside.literature._headings import headed, role_of


def _papers(path: Path) -> list[Paper]:
    return [one for one in papers_of(path) if isinstance(one, Paper)]


def test_pubmed_tells_type_doi_keywords_and_retraction(tmp_path: Path) -> None:
    first, *_, last = _papers(pubmed(tmp_path / "a.xml"))
    assert (first.id, first.year, first.doi, first.pmid) == ("101", 2018, "10.1000/101", "101")
    assert first.types[0] == "Randomized Controlled Trial"
    assert "Gout" in first.keywords
    assert not first.retracted
    assert last.retracted
    assert [one.heading for one in first.sections] == ["BACKGROUND", "METHODS", "RESULTS", "CONCLUSIONS"]


def test_chinese_ris_is_cut_at_its_headings(tmp_path: Path) -> None:
    first, second = _papers(chinese(tmp_path / "b.ris"))
    assert [one.heading for one in first.sections] == ["目的", "方法", "结果", "结论"]
    assert first.text[first.sections[3].start : first.sections[3].end] == "秋水仙碱可降低卒中风险。"
    assert second.sections == ()


def test_a_table_gives_papers_by_the_names_that_tables_use(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(
        "PMID,Title,Abstract,Year,Retracted\n7,Ice,Ice helps.,2001-05,yes\n8,Heat,,n.d.,no\n", encoding="utf-8"
    )
    one, two = _papers(path)
    assert (one.id, one.title, one.text, one.year, bool(one.retracted)) == ("7", "Ice", "Ice helps.", 2001, True)
    assert (two.text, two.year, two.retracted) == ("Heat", None, "")


def test_parts_that_are_columns_of_their_own_stay_apart(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    row = {
        "id": "1",
        "question": "Ice?",
        "contexts": ["Ice is cold.", "It helped."],
        "sections": ["BACKGROUND", "RESULTS"],
    }
    path.write_text(json.dumps(row) + "\n", encoding="utf-8")
    (paper,) = _papers(path)
    assert [(one.heading, paper.text[one.start : one.end]) for one in paper.sections] == [
        ("BACKGROUND", "Ice is cold."),
        ("RESULTS", "It helped."),
    ]


def test_a_folder_is_all_its_files_and_one_that_is_broken_is_told(tmp_path: Path) -> None:
    pubmed(tmp_path / "a.xml")
    chinese(tmp_path / "b.ris")
    (tmp_path / "c.xml").write_text("<PubmedArticleSet><PubmedArt", encoding="utf-8")
    found = list(papers_of(tmp_path))
    assert [one.id for one in found if isinstance(one, Paper)] == ["101", "102", "103", "104", "10.1000/zh1", "zh2"]
    assert [one.place for one in found if isinstance(one, Problem)] == ["c.xml"]


def test_a_table_without_text_or_title_says_which_columns_it_has(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("weight,height\n70,180\n", encoding="utf-8")
    with pytest.raises(ColumnError, match="weight, height"):
        _papers(path)


def test_a_file_that_is_not_there_is_refused() -> None:
    with pytest.raises(BedsideError, match="no such file"):
        _papers(Path("nowhere.xml"))


@pytest.mark.parametrize(
    ("heading", "role"),
    [
        ("BACKGROUND AND AIMS", "objective"),
        ("Background", "background"),
        ("MAIN OUTCOME MEASURES", "methods"),
        ("Results > Primary outcome", "results"),
        ("3. 结果", "results"),
        ("资料与方法", "methods"),
        ("Funding", ""),
    ],
)
def test_a_heading_tells_its_role(heading: str, role: str) -> None:
    assert role_of(heading) == role


@pytest.mark.parametrize(
    "text",
    [
        "The methods were simple. Results: none.",  # one heading alone is a word with a colon
        "本研究的目的是探讨疗效。结果表明有效。",
        "Results of the methods are background.",
    ],
)
def test_words_that_are_no_headings_cut_nothing(text: str) -> None:
    assert headed(text) == ()


@pytest.mark.parametrize(
    "text",
    [
        "BACKGROUND: Gout hurts. METHODS: We gave ice. RESULTS: It helped. CONCLUSIONS: Use ice.",
        "Background: Gout hurts. Methods: We gave ice. Results: It helped. Conclusions: Use ice.",
        "BACKGROUND Gout hurts. METHODS We gave ice. RESULTS It helped. CONCLUSIONS Use ice.",
        "【背景】痛风很痛。【方法】给予冰敷。【结果】有效。【结论】可用。",
        "背景：痛风很痛。方法：给予冰敷。结果：有效。结论：可用。",
        "背景 痛风很痛。方法 给予冰敷。结果 有效。结论 可用。",
    ],
)
def test_headings_in_a_text_are_found_however_they_are_marked_off(text: str) -> None:
    assert [role_of(one.heading) for one in headed(text)] == ["background", "methods", "results", "conclusions"]
