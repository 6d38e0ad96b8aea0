"""`bedside knowledge` from the first file to the last citation, as a shell types it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bedside.commands._call import call
from bedside.commands._knowledge.view import matched
from bedside.errors import BedsideError, UsageError
from bedside.lang import speaking

ROWS = [
    {"id": "7", "title": "Gout", "text": "Colchicine is given within 36 hours of an attack."},
    {"id": "8", "title": "糖尿病", "text": "二甲双胍是2型糖尿病的首选药物。"},
]


@pytest.fixture
def library(tmp_path: Path) -> str:
    write(tmp_path / "docs.jsonl", ROWS)
    code, _ = add(tmp_path)
    assert code == 0
    return str(tmp_path / "lib")


def write(path: Path, rows: list[dict[str, str]]) -> str:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return str(path)


def add(folder: Path, *more: str, encoder: str = "none") -> tuple[int, str]:
    columns = ("--id", "id", "--title", "title", "--text", "text")
    about = ("--name", "guides", "--licence", "CC BY 4.0", "--library", str(folder / "lib"), "--encoder", encoder)
    return call("knowledge", "add", str(folder / "docs.jsonl"), *columns, *about, *more)


def said(*words: str) -> dict:
    return json.loads(call("knowledge", *words, "--json")[1].splitlines()[-1])


def test_a_source_is_refused_without_its_licence_in_both_languages(tmp_path: Path) -> None:
    path = write(tmp_path / "docs.jsonl", ROWS)
    for lang, word in (("en", "licence"), ("zh", "许可")):
        with speaking(lang), pytest.raises(UsageError, match=word):  # type: ignore[arg-type]
            call("knowledge", "add", path, "--name", "guides", "--library", str(tmp_path / "lib"))
    assert not (tmp_path / "lib").exists()


def test_a_source_gets_its_files_hash_as_its_version_unless_it_is_told(tmp_path: Path, library: str) -> None:
    (source,) = said("list", "--library", library)["sources"]
    assert source["version"].startswith("sha256-")
    add(tmp_path, "--version", "2026-11")
    (source,) = said("list", "--library", library)["sources"]
    assert (source["version"], source["licence"], source["items"]) == ("2026-11", "CC BY 4.0", {"current": 2})


@pytest.mark.parametrize(("question", "item"), [("colchicine for gout?", "7"), ("二甲双胍", "8")])
def test_a_question_gets_its_passage_with_source_version_licence_and_citation(
    library: str, question: str, item: str
) -> None:
    first = said("search", question, "--library", library)["passages"][0]
    assert first["item"] == item
    assert first["licence"] == "CC BY 4.0"
    _, shown = call("knowledge", "search", question, "--library", library)
    assert "CC BY 4.0" in shown
    assert first["id"] in shown.replace("\n", "")
    assert said("show", first["id"], "--library", library)["passage"]["text"] == first["text"]


def test_a_table_of_questions_gets_the_documents_own_ids(tmp_path: Path, library: str) -> None:
    asked = write(tmp_path / "q.jsonl", [{"id": "a", "question": "gout"}, {"id": "b", "question": "糖尿病"}])
    out = tmp_path / "out.jsonl"
    assert call("knowledge", "search", asked, "-o", str(out), "--library", library, "--top", "100")[0] == 0
    lines = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert [(line["id"], [one["id"] for one in line["passages"]]) for line in lines] == [("a", ["7"]), ("b", ["8"])]
    assert {"id", "score", "source"} <= lines[0]["passages"][0].keys()
    with pytest.raises(UsageError, match="--force"):
        call("knowledge", "search", asked, "-o", str(out), "--library", library)
    call("knowledge", "search", asked, "-o", str(out), "--library", library, "--by", "passage", "--force")
    assert json.loads(out.read_text(encoding="utf-8").splitlines()[0])["passages"][0]["id"].startswith("guides:7#")


def test_a_row_without_a_question_is_told_and_the_others_are_answered(tmp_path: Path, library: str) -> None:
    asked = write(tmp_path / "q.jsonl", [{"id": "a", "question": ""}, {"id": "b", "question": "gout"}])
    code, _ = call("knowledge", "search", asked, "-o", str(tmp_path / "out.jsonl"), "--library", library)
    lines = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines()]
    assert code == 3
    assert lines[0] == {"id": "a", "error": "no question in this row"}
    assert lines[1]["passages"]


def test_update_reads_what_changed_and_withdraws_what_is_gone_from_a_whole_source(tmp_path: Path, library: str) -> None:
    add(tmp_path, "--replace")
    assert said("update", "--library", library) == {"sources": []}
    write(tmp_path / "docs.jsonl", [{**ROWS[1], "text": "二甲双胍仍是首选。"}])
    (report,) = said("update", "--library", library)["sources"]
    assert (report["changed"], report["withdrawn"]) == (1, 1)
    assert said("search", "colchicine", "--library", library)["passages"] == []
    (tmp_path / "docs.jsonl").unlink()
    with pytest.raises(BedsideError, match="gone"):
        call("knowledge", "update", "--library", library)


def test_an_export_holds_every_passage_with_its_licence_and_place(tmp_path: Path, library: str) -> None:
    assert call("knowledge", "export", "-o", str(tmp_path / "all.jsonl"), "--library", library)[0] == 0
    rows = [json.loads(line) for line in (tmp_path / "all.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [(row["item"], row["licence"], row["start"]) for row in rows] == [
        ("7", "CC BY 4.0", 0),
        ("8", "CC BY 4.0", 0),
    ]


def test_a_library_with_an_encoder_is_searched_by_meaning_too_and_remembers_which(tmp_path: Path) -> None:
    write(tmp_path / "docs.jsonl", ROWS)
    add(tmp_path, encoder="echo")
    library = str(tmp_path / "lib")
    assert said("list", "--library", library)["encoder"] == "echo"
    assert len(said("search", "gout", "--library", library, "--mode", "dense")["passages"]) == 2
    assert len(said("search", "gout", "--library", library, "--mode", "lexical")["passages"]) == 1


def test_a_folder_without_a_library_and_a_file_that_is_not_there_are_told_what_to_do_next(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="knowledge add"):
        call("knowledge", "search", "gout", "--library", str(tmp_path / "none"))
    with pytest.raises(UsageError, match="no such file"):
        call("knowledge", "add", "none.jsonl", "--name", "x", "--licence", "y", "--library", str(tmp_path / "none"))


def test_the_words_of_the_question_are_marked_in_both_languages() -> None:
    text = "Kidney disease and 糖尿病肾病"
    assert [text[start:end] for start, end in matched("diseases of the kidney", text)] == ["Kidney", "disease"]
    assert [text[start:end] for start, end in matched("糖尿病", text)] == ["糖尿病"]
