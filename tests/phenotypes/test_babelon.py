"""An official translation: its accepted names are read over our own, and what is left out is counted with its lines."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bedside.errors import FormatError, UsageError
from bedside.knowledge.hpo import open_hpo
from bedside.phenotypes._babelon import COLUMNS, open_babelon, read_babelon
from bedside.phenotypes.names import open_names
from bedside.phenotypes.reader import Reader

HEAD = "\t".join(COLUMNS)


def row(name: str, status: str = "OFFICIAL", id: str = "HP:0001250", what: str = "rdfs:label", to: str = "zh") -> str:
    return "\t".join(["en", to, id, what, "Seizure", name, status])


def test_official_names_are_taken_and_candidates_only_counted() -> None:
    found = read_babelon("\n".join([HEAD, row("痫样发作"), row("候选名", "CANDIDATE"), row("", "NOT_TRANSLATED")]))
    assert found.names == [("HP:0001250", "痫样发作")]
    assert (found.candidates, found.unfinished, found.bad) == (1, 1, [])


def test_other_languages_and_definitions_are_no_names() -> None:
    lines = [HEAD, row("Krampfanfall", to="de"), row("定义", what="IAO:0000115"), row("抽动样发作", to="zh-CN")]
    found = read_babelon("\n".join(lines))
    assert found.names == [("HP:0001250", "抽动样发作")]
    assert found.other_language == 1


def test_a_bad_row_is_told_by_its_line_and_none_of_its_text() -> None:
    lines = [HEAD, row("甲", id="OMIM:1"), row("乙", "DONE"), "en\tzh\tHP:0001250", row(""), row("丙")]
    found = read_babelon("\n".join(lines), "hp-zh.babelon.tsv")
    assert [line for line, _ in found.bad] == [2, 3, 4, 5]
    assert "line 2" in found.told()
    assert "甲" not in found.told()


def test_a_table_without_the_columns_is_refused_by_name() -> None:
    with pytest.raises(FormatError, match="translation_status"):
        read_babelon("subject_id\ttranslation_value\nHP:0001250\t痫样发作", "x.babelon.tsv")
    with pytest.raises(UsageError):
        open_babelon(Path("missing.babelon.tsv"))


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=200))
def test_any_text_is_read_or_counted_and_never_breaks(text: str) -> None:
    found = read_babelon(HEAD + "\n" + text)
    assert all(id.startswith("HP:") and name for id, name in found.names)


def test_an_official_name_is_read_in_a_note_and_goes_over_our_own(release: Path, tmp_path: Path) -> None:
    hpo = open_hpo(release)
    assert Reader(hpo).read("有木星样发作。") == []
    file = tmp_path / "hp-zh.babelon.tsv"
    file.write_text("\n".join([HEAD, row("木星样发作"), row("发热")]), encoding="utf-8")
    reader = Reader(hpo, open_names(hpo, file))
    assert [one.label for one in reader.read("有木星样发作。")] == ["Seizure"]
    assert [one.label for one in reader.read("有发热。")] == ["Seizure"]
