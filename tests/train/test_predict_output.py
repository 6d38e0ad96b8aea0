"""What `bedside predict` writes: never over the notes, never in place of good answers before the new ones are whole."""

from __future__ import annotations

import json
import os
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fit_rows import rows_of, write_rows

import bedside.commands._predict.rows as predicting
from bedside.commands._call import call
from bedside.errors import BedsideError, ColumnError, DataError, UsageError
from bedside.lang import set_lang

NOTES = [{"id": f"n{number}", "text": ("胸痛三天", "no chest pain")[number % 2]} for number in range(6)]
STRANGE = {"text": "Больной жалуется на кашель", "label": "gut"}


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> str:
    """An untrained model: what it answers does not matter here."""
    from bedside import registry
    from bedside.backbones._load import load_backbone
    from bedside.model.calibration import Calibration
    from bedside.model.engines.torch import TorchEngine
    from bedside.model.folder import Model

    backbone, labels = load_backbone("echo"), ["absent", "present"]
    head = registry.load("heads", "classify")(backbone.hidden_size, labels)
    settings = {"head": "classify", "labels": labels, "engine": "torch", "hidden_size": backbone.hidden_size}
    settings |= {"pad_id": backbone.pad_id, "prefix": backbone.prefix, "max_tokens": 128}
    engine = TorchEngine(backbone.network, head, backbone.tokenizer, backbone.pad_id)
    whole = Model(settings, engine, Calibration(), recipe={"data": {"text": "text"}}, receipt={})
    return str(whole.save(tmp_path_factory.mktemp("models") / "M"))


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    return write_rows(tmp_path / "notes.jsonl", NOTES)


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out.jsonl"


def ids(path: Path) -> list[str]:
    return [json.loads(line)["id"] for line in path.read_text(encoding="utf-8").splitlines()]


def killed_after(rows: int, monkeypatch: pytest.MonkeyPatch, *words: str) -> None:
    """Run predict and break it off when that many answers are written."""
    real = predicting._answers

    def stopped(asked: Any, chunk: list[Any], **more: Any) -> Iterator[dict[str, Any]]:
        for number, answer in enumerate(real(asked, chunk, **more)):
            if number == rows:
                raise RuntimeError("killed")
            yield answer

    with monkeypatch.context() as patch:
        patch.setattr(predicting, "_answers", stopped)
        with pytest.raises(RuntimeError, match="killed"):
            call("predict", *words)


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A model whose network knows the letters of its training texts alone; one tuning text is in others."""
    folder = tmp_path_factory.mktemp("reader")
    rows = [{"text": one["text"], "label": one["label"]} for one in rows_of(90)]
    train, dev = write_rows(folder / "n.jsonl", rows[:60]), write_rows(folder / "d.jsonl", [*rows[60:], STRANGE])
    words = ("--backbone", "lstm", "--epochs", "1", "--set", "precision=fp32", "--identity", "absent", "made up")
    _, heard = call("fit", str(train), "--dev", str(dev), "-o", str(folder / "M"), *words)
    assert "1 text mostly in letters that the backbone cannot read" in heard
    return str(folder / "M")


def test_texts_in_letters_never_learnt_are_refused_by_predict_and_left_out_by_evaluate(
    reader: str, tmp_path: Path
) -> None:
    good = rows_of(40)
    table, plain = write_rows(tmp_path / "t.jsonl", [*good, STRANGE]), write_rows(tmp_path / "p.jsonl", good)
    code, _ = call("predict", reader, str(table), "-o", str(tmp_path / "o.jsonl"))
    refused = [json.loads(line).get("error") for line in (tmp_path / "o.jsonl").read_text("utf-8").splitlines()]
    assert (code, [why is not None for why in refused]) == (3, [False] * 40 + [True])
    code, heard = call("evaluate", reader, str(table), "--json")
    found = json.loads(heard.splitlines()[-1])
    assert (code, found["n"], found["refused"][0]["place"]) == (3, 40, "line 41")
    assert found["refused"][0]["what"] == refused[-1]
    code, heard = call("evaluate", reader, str(plain), "--json")
    assert (code, json.loads(heard.splitlines()[-1])["metrics"]) == (0, found["metrics"])


def test_notes_named_as_output_are_refused_and_stay_as_they_are(
    model: str, notes: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "link.jsonl").symlink_to(notes)
    before = notes.read_bytes()
    for name in ("notes.jsonl", str(notes), "link.jsonl", "../" + tmp_path.name + "/notes.jsonl"):
        for flag in ("--force", "--resume"):
            with pytest.raises(UsageError, match="named twice"):
                call("predict", model, "notes.jsonl", "-o", name, flag)
    assert notes.read_bytes() == before


def test_good_answers_stay_until_the_new_ones_are_whole(
    model: str, notes: Path, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    call("predict", model, str(notes), "-o", str(out))
    good = out.read_bytes()
    killed_after(2, monkeypatch, model, str(notes), "-o", str(out), "--force")
    with pytest.raises(BedsideError):
        call("predict", model, str(notes.with_name("lost.jsonl")), "-o", str(out), "--force")
    with pytest.raises(BedsideError):
        call("predict", str(notes.with_name("no-model")), str(notes), "-o", str(out), "--force")
    assert out.read_bytes() == good
    call("predict", model, str(notes), "-o", str(out), "--force")
    assert out.read_bytes() == good
    assert sorted(path.name for path in out.parent.iterdir()) == ["notes.jsonl", "out.jsonl"]


def test_a_stopped_run_is_taken_up_where_it_stood_and_is_not_lost_by_mistake(
    model: str, notes: Path, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    killed_after(4, monkeypatch, model, str(notes), "-o", str(out))
    assert not out.exists()
    with pytest.raises(UsageError, match="--resume"):
        call("predict", model, str(notes), "-o", str(out))
    _, heard = call("predict", model, str(notes), "-o", str(out), "--resume", "--json")
    assert json.loads(heard)["skipped"] == 4
    assert ids(out) == [note["id"] for note in NOTES]


def test_notes_added_since_are_answered_and_those_answered_before_are_kept(model: str, notes: Path, out: Path) -> None:
    call("predict", model, str(notes), "-o", str(out))
    write_rows(notes, [*NOTES, {"id": "n6", "text": "发热两天"}])
    _, heard = call("predict", model, str(notes), "-o", str(out), "--resume", "--json")
    assert (json.loads(heard)["skipped"], json.loads(heard)["rows"]) == (6, 1)
    assert ids(out)[-2:] == ["n5", "n6"]


def test_a_line_that_cannot_be_read_makes_a_run_done_in_part_and_a_whole_table_does_not(
    model: str, notes: Path, out: Path
) -> None:
    code, heard = call("predict", model, str(notes), "-o", str(out), "--json")
    assert (code, json.loads(heard)["damaged"]) == (0, 0)
    broken = [*notes.read_text(encoding="utf-8").splitlines(), '{"id": "n6", "text": "发热', ""]
    notes.write_text("\n".join(broken), encoding="utf-8")
    code, heard = call("predict", model, str(notes), "-o", str(out), "--force", "--json")
    assert (code, json.loads(heard)["damaged"], json.loads(heard)["rows"]) == (3, 1, 6)
    assert "doubtful in the table: 1" in call("predict", model, str(notes), "-o", str(out), "--force")[1]


def test_a_run_taken_up_still_says_that_rows_written_before_had_no_answer(
    model: str, notes: Path, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_rows(notes, [{"id": "empty", "text": ""}, *NOTES])
    killed_after(4, monkeypatch, model, str(notes), "-o", str(out))
    code, heard = call("predict", model, str(notes), "-o", str(out), "--resume", "--json")
    assert (code, json.loads(heard)["failed"]) == (3, 1)


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("garbage\n", "line 1: not an answer"),
        ("garbage", "line 1: not an answer"),
        ("\x00\n", "line 1: not an answer"),
        ('["n0"]\n', "line 1: not an answer"),
        ('{"id": "n0", "text": "胸痛三天"}\n', "line 1: not an answer"),
        ('{"id": "n0", "error": "no text"}\n{"id": "x1", "error": "no text"}\n', "line 2: the id is not"),
        ("".join(f'{{"id": "n{n}", "error": "no text"}}\n' for n in range(16)), "line 7: more answers than"),
    ],
)
def test_what_is_not_the_answer_to_these_notes_is_never_gone_on_with(
    model: str, notes: Path, out: Path, written: str, why: str
) -> None:
    out.write_text(written, encoding="utf-8")
    with pytest.raises(DataError, match=why):
        call("predict", model, str(notes), "-o", str(out), "--resume")
    assert out.read_text(encoding="utf-8") == written
    assert not out.with_name("out.jsonl.part").exists()


def test_a_refusal_to_go_on_tells_no_patient_number_and_speaks_chinese(model: str, notes: Path, out: Path) -> None:
    out.write_text('{"id": "MRN 4471", "error": "no text"}\n', encoding="utf-8")
    set_lang("zh")
    with pytest.raises(DataError, match="第 1 行: 编号与表格中对应行的编号不符") as refused:
        call("predict", model, str(notes), "-o", str(out), "--resume")
    assert "4471" not in str(refused.value)


@pytest.mark.parametrize("flag", ["--text", "--id"])
def test_a_wrong_column_leaves_nothing_in_the_way_of_the_right_one(
    model: str, notes: Path, out: Path, flag: str
) -> None:
    with pytest.raises(ColumnError, match="nope"):
        call("predict", model, str(notes), "-o", str(out), flag, "nope")
    assert [path.name for path in out.parent.iterdir()] == ["notes.jsonl"]
    call("predict", model, str(notes), "-o", str(out))
    assert len(ids(out)) == len(NOTES)


def test_a_folder_is_no_output_and_one_that_is_not_there_is_made(
    model: str, notes: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for folder in (".", "", "..", str(tmp_path)):
        with pytest.raises(UsageError, match=r"a folder stands where the file should go: /\w+"):
            call("predict", model, str(notes), "-o", folder, "--force")
    call("predict", model, str(notes), "-o", str(tmp_path / "ward 3" / "out.jsonl"))
    assert len(ids(tmp_path / "ward 3" / "out.jsonl")) == len(NOTES)


@pytest.mark.parametrize("text", ["", " \n"])
def test_an_empty_text_is_wrong_use_to_predict_as_to_explain(model: str, text: str) -> None:
    for words in (("predict", model, "--text-value", text), ("explain", model, text)):
        with pytest.raises(UsageError) as refused:
            call(*words)
        assert refused.value.exit_code == 2


def piped(monkeypatch: pytest.MonkeyPatch, folder: Path, text: str) -> None:
    """Let standard input hold this."""
    (folder / "stdin").write_text(text, encoding="utf-8")
    monkeypatch.setattr(sys, "stdin", (folder / "stdin").open(encoding="utf-8"))


@pytest.mark.parametrize(("lines", "kind", "ids"), [(True, "JSON Lines", "n0 n1 n2"), (False, "one text a line", "")])
def test_notes_from_standard_input_are_answered_to_standard_output(
    model: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    lines: bool,
    kind: str,
    ids: str,
) -> None:
    texts = [json.dumps(note) if lines else note["text"] for note in NOTES[:3]]
    piped(monkeypatch, tmp_path, "\n\n".join(texts) + "\n")
    code, heard = call("predict", model, "-", "-o", "-", "--json")
    answers = [json.loads(line) for line in heard.splitlines()]
    assert (code, [one["id"] for one in answers]) == (0, ids.split() or ["line 1", "line 3", "line 5"])
    assert all("probabilities" in one for one in answers)
    said = capfd.readouterr().err
    assert f"standard input: {kind}" in said
    assert json.loads(said.splitlines()[-1])["rows"] == 3
    piped(monkeypatch, tmp_path, "\n".join(texts))
    call("predict", model, "-", "-o", str(tmp_path / "out.jsonl"))
    kept = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text("utf-8").splitlines()]
    assert [one["probabilities"] for one in kept] == [one["probabilities"] for one in answers]


def test_a_broken_line_of_standard_input_is_counted_and_nothing_at_all_is_no_fault(
    model: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    piped(monkeypatch, tmp_path, '{"id": "a", "text": "no chest pain"}\n{"id": "b", "te\n{"id": "c"}\n')
    code, heard = call("predict", model, "-", "-o", "-", "--json")
    assert (code, ["error" in json.loads(line) for line in heard.splitlines()]) == (3, [False, True])
    assert json.loads(capfd.readouterr().err.splitlines()[-1])["damaged"] == 1
    piped(monkeypatch, tmp_path, "")
    assert call("predict", model, "-", "-o", "-") == (0, "")
    with pytest.raises(UsageError, match="cannot be continued"):
        call("predict", model, "-", "-o", "-", "--resume")


def test_a_note_is_answered_before_the_next_one_comes() -> None:
    from bedside.commands._predict.stdin import Arriving

    ours, theirs = os.pipe()
    lines = Arriving(ours)
    os.write(theirs, "胸痛三天\nno chest p".encode())
    first = iter(lines)
    assert next(first).decode() == "胸痛三天"
    assert not lines.more()
    threading.Thread(target=lambda: (os.write(theirs, b"ain\nlast"), os.close(theirs))).start()
    assert [line.decode() for line in first] == ["no chest pain", "last"]
    assert not lines.more()
    os.close(ours)


def test_texts_whose_middle_was_not_read_are_counted(model: str, notes: Path, out: Path) -> None:
    write_rows(notes, [NOTES[0], {"id": "long", "text": "no chest pain " * 400}])
    _, heard = call("predict", model, str(notes), "-o", str(out), "--json")
    assert json.loads(heard)["cut"] == 1
    set_lang("zh")
    assert "1 条文本过长" in call("predict", model, str(notes), "-o", str(out), "--force")[1]
    write_rows(notes, NOTES)
    _, heard = call("predict", model, str(notes), "-o", str(out), "--force", "--json")
    assert json.loads(heard)["cut"] == 0
