"""References as Chinese databases save them: EndNote's and RefWorks' tags, with Chinese authors, years and pages."""

from __future__ import annotations

from pathlib import Path

import pytest

from bedside.commands._call import call
from bedside.literature._record import records_of
from bedside.literature.same import duplicates_of

ENDNOTE = """%0 Journal Article
%A 李伟
%A 王芳
%+ 某医院风湿科;
%T 秋水仙碱预防痛风急性发作的随机对照试验
%J 中华风湿病学杂志
%D 2020
%V 24
%N 03
%K 痛风;秋水仙碱
%X 目的 评价秋水仙碱。
方法 128例患者随机分组。
%P 145-150
%W CNKI

%0 Journal Article
%A 张三
%D 2019
"""
REFWORKS = """RT Journal Article
SR 1
A1 李伟;王芳
AD 某医院风湿科;
T1 秋水仙碱预防痛风急性发作的随机对照试验
JF 中华风湿病学杂志
YR 2020
IS 03
vo 24
OP 145-150
K1 痛风;秋水仙碱
AB 目的 评价秋水仙碱。
DS CNKI
"""


@pytest.mark.parametrize(("name", "text"), [("a.enw", ENDNOTE), ("b.txt", REFWORKS)])
def test_a_chinese_reference_is_read_with_its_authors_place_and_abstract(tmp_path: Path, name: str, text: str) -> None:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    (one, *rest), problems = records_of([path])
    assert rest == []
    assert one.authors == ("李伟", "王芳")
    assert (one.paper.year, one.volume, one.pages) == (2020, "24", "145-150")
    assert one.paper.abstract.startswith("目的 评价秋水仙碱。")
    assert len(problems) == (1 if name == "a.enw" else 0)


def test_the_same_paper_from_two_databases_is_read_once(tmp_path: Path) -> None:
    (tmp_path / "a.enw").write_text(ENDNOTE, encoding="utf-8")
    (tmp_path / "b.txt").write_text(REFWORKS, encoding="utf-8")
    records, _ = records_of([tmp_path / "a.enw", tmp_path / "b.txt"])
    (match,) = duplicates_of(records)
    assert match.kind == "duplicate"
    assert len({one.key for one in records}) == 2


def test_a_library_reads_them_too(tmp_path: Path) -> None:
    (tmp_path / "a.enw").write_text(ENDNOTE, encoding="utf-8")
    about = ("--name", "cnki", "--licence", "own", "--library", str(tmp_path / "lib"), "--encoder", "none")
    assert call("knowledge", "add", str(tmp_path / "a.enw"), *about)[0] == 3
    assert "秋水仙碱" in call("knowledge", "search", "痛风", "--library", str(tmp_path / "lib"))[1]
