"""With `--lang zh`, the commands on the main road print no English sentence; names and commands to type may stay."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from fit_rows import rows_of, write_rows

from bedside.commands._call import call
from bedside.lang import set_lang

SENTENCE = re.compile(r"(?<![\w/.-])(?:[A-Za-z][a-z']+[ ,;:]+){3,}[A-Za-z][a-z']+")
"""Four words of Latin letters in a row: no name of a label, unit or option is as long."""

COMMAND = re.compile(r"bedside [a-z]+.*")


def english(printed: str) -> list[str]:
    """The English sentences in what was printed."""
    return [found[0] for line in printed.splitlines() if (found := SENTENCE.search(COMMAND.sub("", line)))]


def test_a_sentence_is_told_from_names_and_units() -> None:
    assert english("epochs = 4  (60 rows, 300 tokens a pass)") == []
    assert english("precision = fp32  (one batch took long of processor time)") != []
    assert english("学习率 = 0.1（未经预训练）；下一步：bedside evaluate MODEL DATA and so on") == []


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Path:
    rows = [{"id": f"n{n}", "text": one["text"], "label": one["label"]} for n, one in enumerate(rows_of(90))]
    return write_rows(tmp_path_factory.mktemp("zh") / "notes.jsonl", rows)


def test_fit_and_what_follows_it_speak_chinese(table: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    set_lang("zh")
    model, out = str(tmp_path / "M"), str(tmp_path / "out.jsonl")
    common = ("--epochs", "1", "--identity", "absent", "made up")
    said = {
        "fit": call("fit", str(table), "-o", model, "--backbone", "lstm", *common)[1],
        "predict": call("predict", model, str(table), "-o", out)[1],
        "evaluate": call("evaluate", model, str(table))[1],
        "explain": call("explain", model, "no chest pain")[1],
    }
    assert "learning_rate" in said["fit"]
    assert "此处理器" in said["fit"]
    assert {verb: english(text) for verb, text in said.items() if english(text)} == {}
    assert english(capfd.readouterr().err) == []


def test_reading_and_cleaning_speak_chinese(table: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    set_lang("zh")
    out, spans = str(tmp_path / "o.jsonl"), tmp_path / "spans.jsonl"
    spans.write_text(json.dumps({"id": "a", "text": "无发热", "start": 1, "end": 3}) + "\n", encoding="utf-8")
    said = {
        "import": call("import", str(table), "-o", out)[1],
        "deidentify": call("deidentify", str(table), "-o", out)[1],
        "context": call("context", str(spans), "-o", out, "--force")[1],
        "data check": call("data", "check", str(table), "--text", "text", "--label", "label")[1],
        "backbones": call("backbones")[1],
        "version": call("version")[1],
    }
    assert {verb: english(text) for verb, text in said.items() if english(text)} == {}
    assert english(capfd.readouterr().err) == []
