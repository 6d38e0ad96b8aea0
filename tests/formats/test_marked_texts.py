"""Marked texts as others keep them, CoNLL columns and BRAT folders: learnt from as they are, and written again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bedside.commands._call import call
from bedside.config import DataRecipe
from bedside.errors import DataError, FormatError, UsageError
from bedside.formats._tables import read_rows, table_kind
from bedside.formats._tables.brat import is_brat
from bedside.lang import speaking
from bedside.model.reading import read_labelled, read_texts
from bedside.model.rows import Labelled
from bedside.types import Entity


def labelled(path: Path, head: str = "auto") -> Labelled:
    return read_labelled(path, DataRecipe(train=path), head=head)


def shown(rows: Labelled) -> list[list[tuple[str, str]]]:
    return [
        [(one.type, text[one.start : one.end]) for one in entities]
        for text, entities in zip(rows.texts, rows.labels, strict=True)
    ]


def brat(folder: Path, **documents: tuple[str, str]) -> Path:
    folder.mkdir()
    for name, (text, marks) in documents.items():
        (folder / f"{name}.txt").write_text(text, encoding="utf-8", newline="")
        (folder / f"{name}.ann").write_text(marks, encoding="utf-8", newline="")
    return folder


def last(heard: str) -> Any:
    return json.loads(heard.strip().splitlines()[-1])


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_columns_are_read_a_sentence_a_row_and_documents_are_told_apart(tmp_path: Path) -> None:
    path = tmp_path / "notes.conll"
    path.write_text(
        "-DOCSTART- -X- O O\n\nno DT I-NP O\nchest NN I-NP B-symptom\npain NN I-NP I-symptom\n\n\n"
        "-DOCSTART- -X- O O\n\n反 O\n复 O\n头 B-symptom\n痛 I-symptom",
        encoding="utf-8",
    )
    rows = labelled(path)
    assert rows.head == "tag"
    assert rows.texts == ["no chest pain", "反复头痛"]
    assert shown(rows) == [[("symptom", "chest pain")], [("symptom", "头痛")]]
    assert rows.places == ["line 3", "line 10"]
    documents = read_labelled(path, DataRecipe(train=path, patient="document")).patients
    assert documents == ["1", "2"]


@pytest.mark.parametrize(
    "tags", ["B-d I-d E-d O S-d", "B-d M-d E-d O S-d", "B-d I-d L-d O U-d", "I-d I-d I-d O I-d", "B-d I-d I-d O B-d"]
)
def test_every_scheme_of_tags_says_the_same(tmp_path: Path, tags: str) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("".join(f"{token}\t{tag}\n" for token, tag in zip("急性肾及脑", tags.split(), strict=True)))
    assert table_kind(path) == "conll"
    assert shown(labelled(path)) == [[("d", "急性肾"), ("d", "脑")]]


def test_remarks_are_passed_over_but_the_sign_itself_is_a_token(tmp_path: Path) -> None:
    path = tmp_path / "notes.conll"
    path.write_text("# sentence 1\n# O\nfever\tB-symptom\n")
    assert labelled(path).texts == ["# fever"]


def test_a_table_of_two_columns_is_still_a_table(tmp_path: Path) -> None:
    table = tmp_path / "notes.tsv"
    table.write_text("text\tlabel\nO\tB-x\nno fever\tO\n")
    assert table_kind(table) == "delimited"
    table.write_text("no\tO\nfever\tB-x\n")
    assert table_kind(table) == "conll"


def test_gb18030_columns_are_read(tmp_path: Path) -> None:
    path = tmp_path / "notes.conll"
    path.write_bytes("患 O\n者 O\n反 O\n复 O\n头 B-症状\n痛 I-症状\n三 O\n天 O\n".encode("gb18030"))
    assert shown(labelled(path)) == [[("症状", "头痛")]]


def test_a_sentence_with_a_bad_tag_is_refused_by_its_line_and_its_neighbour_stays(tmp_path: Path) -> None:
    path = tmp_path / "notes.conll"
    path.write_text("no O\nfever B-symptom\n\nno O\nfever\n\nno O\nfever fever\n")
    rows = labelled(path, "tag")
    assert rows.texts == ["no fever"]
    assert [one.place for one in rows.refused] == ["line 4", "line 7"]


def test_a_brat_folder_is_read_with_chinese_and_nested_entities_and_notes_ignored(tmp_path: Path) -> None:
    folder = brat(
        tmp_path / "corpus",
        a=(
            "Lung cancer,\r\nno fever.",
            "T1\tdisease 0 11\tLung cancer\nT2\tbody 0 4\tLung\nT3\tsymptom 17 22\tfever\n"
            "#1\tAnnotatorNotes T1\tsure?\nR1\tin Arg1:T1 Arg2:T2\nA1\tNegated T3\n*\tEquiv T1 T2\n",
        ),
        b=("患者肺癌术后", "T1\t疾病 2 4\t肺癌\n"),
        c=("nothing here", ""),
    )
    rows = labelled(folder)
    assert rows.head == "nested"
    assert rows.ids == ["a", "b", "c"]
    assert shown(rows) == [[("body", "Lung"), ("disease", "Lung cancer"), ("symptom", "fever")], [("疾病", "肺癌")], []]
    assert rows.refused == []


def test_an_entity_of_several_stretches_is_told_and_left_out_and_the_rest_of_its_text_stays(tmp_path: Path) -> None:
    marks = "T1\tdisease 0 4;15 21\tlung cancer\nT2\tdisease 9 21\tliver cancer\n"
    folder = brat(tmp_path / "corpus", a=("lung and liver cancer", marks))
    rows = labelled(folder)
    assert shown(rows) == [[("disease", "liver cancer")]]
    assert rows.refused[0].place == "a.ann line 1"
    assert "several stretches" in rows.refused[0].what
    with speaking("zh"):
        assert "多段" in labelled(folder).refused[0].what


def test_a_text_whose_marks_do_not_fit_is_refused_with_its_name(tmp_path: Path) -> None:
    folder = brat(
        tmp_path / "corpus",
        good=("no fever", "T1\tsymptom 3 8\tfever\n"),
        beyond=("no fever", "T1\tsymptom 3 80\tfever\n"),
        moved=("no fever", "T1\tsymptom 0 5\tfever\n"),
        torn=("no fever", "T1\tsymptom 3\n"),
    )
    (folder / "unmarked.txt").write_text("well")
    (folder / "lost.ann").write_text("")
    rows = labelled(folder, "tag")
    assert rows.ids == ["good"]
    assert sorted(one.place for one in rows.refused) == [
        "beyond.txt",
        "lost.ann",
        "moved.txt",
        "torn.txt",
        "unmarked.txt",
    ]
    assert "fever" not in str(rows.refused)


def test_texts_alone_can_be_asked_about(tmp_path: Path) -> None:
    (tmp_path / "ward" / "3").mkdir(parents=True)
    (tmp_path / "ward" / "3" / "a.txt").write_text("头痛三天", encoding="gb18030")
    assert not is_brat(tmp_path / "ward")
    (tmp_path / "ward" / "b.txt").write_text("no fever")
    found = list(read_texts(tmp_path / "ward", DataRecipe(train=tmp_path / "ward"), head="tag"))
    assert [(row.id, row.text) for row in found] == [("3/a", "头痛三天"), ("b", "no fever")]


def test_a_folder_without_texts_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="a folder"):
        read_rows(tmp_path)


def test_a_corpus_goes_round_all_three_forms_and_comes_back_as_it_was(tmp_path: Path) -> None:
    rows = [
        {"id": "en", "text": "No chest pain since Monday.", "label": [{"start": 3, "end": 13, "type": "symptom"}]},
        {"id": "zh", "text": "反复头痛3天", "label": [{"start": 2, "end": 4, "type": "症状"}]},
        {"id": "none", "text": "Well.", "label": []},
    ]
    first = tmp_path / "rows.jsonl"
    first.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    start, words = first, ()
    for name in ("corpus", "again.jsonl", "rows.conll"):
        code, heard = call("data", "convert", str(start), *words, "-o", str(tmp_path / name), "--json")
        assert (code, last(heard)["rows"]) == (0, 3)
        start, words = tmp_path / name, ("--label", "entities") if name.endswith(".jsonl") else ()
    brat_rows, tagged = labelled(tmp_path / "corpus"), labelled(tmp_path / "rows.conll")
    assert sorted(brat_rows.texts) == sorted(row["text"] for row in rows)
    assert sorted(shown(tagged)) == sorted(shown(brat_rows)) == sorted(shown(labelled(first)))
    assert (tmp_path / "corpus" / "zh.ann").read_text(encoding="utf-8") == "T1\t症状 2 4\t头痛\n"


def test_what_tags_cannot_say_is_counted(tmp_path: Path) -> None:
    marks = "T1\tdisease 0 11\t\nT2\tbody 0 4\t\nT3\tsymptom 15 20\t\n"
    folder = brat(tmp_path / "corpus", a=("Lung cancer, hyperthermia", marks))
    out = tmp_path / "out.conll"
    code, heard = call("data", "convert", str(folder), "-o", str(out), "--json")
    assert (code, last(heard)["entities_left_out"]) == (3, 2)
    assert out.read_text().splitlines() == ["Lung\tB-disease", "cancer\tI-disease", ",\tO", "hyperthermia\tO", ""]


@pytest.mark.parametrize("name", ["for_brat", "out.conll", "out.jsonl"])
def test_a_models_answers_are_written_beside_their_texts(tmp_path: Path, name: str) -> None:
    notes, answers = tmp_path / "notes.jsonl", tmp_path / "answers.jsonl"
    notes.write_text(
        '{"id": "a", "text": "no fever"}\n{"id": "b", "text": "…"}\n{"id": "c", "tokens": 1, "text": "发热"}\n'
    )
    told = [
        {"id": "a", "entities": [{"start": 3, "end": 8, "type": "symptom", "text": "fever", "probability": 0.9}]},
        {"id": "b", "error": "nothing to read"},
        {"id": "c", "entities": [{"start": 0, "end": 2, "type": "symptom", "text": "发热", "probability": 0.8}]},
    ]
    answers.write_text("".join(json.dumps(one) + "\n" for one in told))
    out = tmp_path / name
    code, heard = call("data", "convert", str(notes), "--answers", str(answers), "-o", str(out), "--json")
    assert (code, last(heard)["rows"], last(heard)["refused"]) == (3, 2, 1)
    again = read_labelled(out, DataRecipe(train=out, label="entities" if name == "out.jsonl" else "label"))
    assert again.labels == [(Entity(3, 8, "symptom"),), (Entity(0, 2, "symptom"),)]


def test_answers_to_another_table_are_refused_and_nothing_is_written(tmp_path: Path) -> None:
    notes, answers = tmp_path / "notes.jsonl", tmp_path / "answers.jsonl"
    notes.write_text('{"id": "a", "text": "no fever"}\n')
    answers.write_text('{"id": "b", "entities": []}\n')
    with pytest.raises(DataError, match="not those to this table"):
        call("data", "convert", str(notes), "--answers", str(answers), "-o", str(tmp_path / "out.conll"))
    assert not (tmp_path / "out.conll").exists()


def test_a_folder_that_holds_anything_is_never_written_over(tmp_path: Path) -> None:
    folder = brat(tmp_path / "corpus", a=("no fever", ""))
    full = brat(tmp_path / "full", b=("kept", ""))
    with pytest.raises(UsageError, match="not empty"):
        call("data", "convert", str(folder), "-o", str(full))
    with pytest.raises(UsageError, match=r"NAME\.conll"):
        call("data", "convert", str(folder), "-o", str(tmp_path / "out.xml"))
    assert (full / "b.txt").read_text() == "kept"


@pytest.mark.parametrize("id", ["../a", "/tmp/a", ""])
def test_an_id_cannot_lead_out_of_the_folder(tmp_path: Path, id: str) -> None:
    from bedside.formats._tables.brat import write_brat

    with pytest.raises(FormatError, match="cannot be a file's name"):
        write_brat(tmp_path, id, "no fever", [])
    assert list(tmp_path.iterdir()) == []


def test_identity_is_taken_out_of_texts_never_out_of_single_tokens(tmp_path: Path) -> None:
    columns, notes, out = tmp_path / "notes.conll", tmp_path / "notes.jsonl", tmp_path / "out.jsonl"
    columns.write_text("Patient O\n: O\nJane O\nBrown O\n, O\nfever B-symptom\n")
    with pytest.raises(FormatError, match="bedside data convert"):
        call("deidentify", str(columns), "-o", str(out))
    assert not out.exists()
    call("data", "convert", str(columns), "-o", str(notes))
    assert "Jane" in notes.read_text()
    call("deidentify", str(notes), "-o", str(out))
    assert "Jane" not in out.read_text()
    assert "fever" in out.read_text()
