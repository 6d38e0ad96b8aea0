"""`bedside ask` as a shell types it."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest

from bedside.charts import chart_to_json
from bedside.commands._call import call
from bedside.errors import BedsideError, UsageError
from bedside.lang import speaking
from bedside.types import Entry, RawChart

ROWS = [
    {"id": "a", "question": "What are the symptoms of gout?", "lang": "en"},
    {"id": "b", "question": "布洛芬的副作用有哪些？", "lang": "zh"},
    {"id": "c", "question": "What are the symptoms of cystinosis?", "lang": "en"},
]


def table(folder: Path, rows: list[dict[str, Any]]) -> str:
    path = folder / "questions.jsonl"
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return str(path)


def answered(folder: Path, library: Path, rows: list[dict[str, Any]], *more: str) -> tuple[int, list[dict[str, Any]]]:
    out = folder / "out.jsonl"
    code, _ = call("ask", table(folder, rows), "-o", str(out), "--library", str(library), *more)
    return code, [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]


def test_a_table_gives_a_line_a_question_by_the_contract(tmp_path: Path, leaflets: Path) -> None:
    code, lines = answered(tmp_path, leaflets, ROWS)
    assert code == 0
    assert [line["id"] for line in lines] == ["a", "b", "c"]
    for line in lines:
        assert isinstance(line["abstained"], bool)
        assert isinstance(line["emergency"], bool)
        texts = {passage["id"]: passage["text"] for passage in line["passages"]}
        for one in line["answer"]:
            assert one["citations"]
            assert all(one["sentence"] in texts[id] for id in one["citations"])
    assert [line["abstained"] for line in lines] == [False, False, True]
    assert lines[1]["note"][-1] == "本系统仅供参考，由临床医生决定；不构成诊断。"
    assert lines[2]["note"][-1].startswith("bedside advises")


def test_a_row_without_a_question_or_with_a_bad_chart_fails_alone(tmp_path: Path, leaflets: Path) -> None:
    rows = [{"id": "x", "question": " "}, {"id": "y", "question": "What is gout?", "chart": "nowhere.json"}, ROWS[0]]
    code, lines = answered(tmp_path, leaflets, rows)
    assert code == 3
    assert ["error" in line for line in lines] == [True, True, False]


def test_a_chart_is_read_without_identity_and_may_stand_in_the_row(tmp_path: Path, leaflets: Path) -> None:
    entry = Entry(id="1", kind="Condition", text="Asthma")
    chart = chart_to_json(RawChart(patient="Mary Jones", sex="female", birth_date="1980-02-03", entries=(entry,)))
    code, lines = answered(tmp_path, leaflets, [{**ROWS[0], "chart": chart}])
    assert code == 0
    assert "Jones" not in json.dumps(lines)
    assert lines[0]["answer"]


def test_one_question_as_json_and_as_a_page(tmp_path: Path, leaflets: Path) -> None:
    page = tmp_path / "answer.html"
    question = "What are the symptoms of gout?"
    _, out = call("ask", question, "--library", str(leaflets), "--json", "--html", str(page))
    told = json.loads(out.splitlines()[-1])
    assert told["answer"][0]["sentence"].startswith("Gout starts at night")
    text = page.read_text(encoding="utf-8")
    assert "<mark>Gout starts at night" in text
    assert "http" not in text.replace("http-equiv", "")


def test_fixed_words_are_in_the_language_of_the_question(leaflets: Path) -> None:
    _, zh = call("ask", "布洛芬的副作用有哪些？", "--library", str(leaflets), "--words-only")
    _, en = call("ask", "What is gout?", "--library", str(leaflets))
    assert "出处" in zh
    assert "Sources" in en
    with speaking("zh"):
        _, both = call("ask", "What is gout?", "--library", str(leaflets))
    assert "出处" in both
    assert "证据为英文" in both


def test_a_conversation_keeps_its_topic(leaflets: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("What are the symptoms of gout?\nAnd how is it treated?\n\n"))
    _, out = call("ask", "--library", str(leaflets))
    assert "painful big toe" in out
    assert "Colchicine or an NSAID" in out


@pytest.mark.parametrize(
    "words",
    [("",), ("nofile.jsonl", "-o", "out.jsonl"), ("What is gout?", "-o", "out.jsonl"), ("--json",)],
)
def test_a_wrong_call_is_explained(words: tuple[str, ...], leaflets: Path) -> None:
    with pytest.raises(UsageError):
        call("ask", *words, "--library", str(leaflets))


def test_an_empty_or_missing_library_says_how_to_fill_it(tmp_path: Path) -> None:
    with pytest.raises(BedsideError, match="knowledge"):
        call("ask", "What is gout?", "--library", str(tmp_path / "none"))
