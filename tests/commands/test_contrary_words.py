"""What a command line says twice, or names for what it is not, is refused before any work and leaves nothing behind."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest

from bedside.commands._call import call
from bedside.commands._fit.recipe import recipe_of, settings
from bedside.commands.explain import _text
from bedside.errors import BedsideError, FormatError, UsageError

NOTES = "id,text,label\n1,cough and fever,a\n2,发热伴咳嗽,b\n"


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    table = tmp_path / "notes.csv"
    table.write_text(NOTES, encoding="utf-8")
    return table


def test_an_option_and_a_set_that_contradict_are_refused_together(notes: Path) -> None:
    said = ["fit.backbone=echo", "data.label=dx", "seed=2"]
    with pytest.raises(UsageError) as refused:
        recipe_of(notes, {"label": "label"}, {"backbone": "tiny", "seed": 1}, said)
    assert all(word in str(refused.value) for word in ("--backbone tiny", "--label label", "--seed 1"))
    same = recipe_of(notes, {"label": "label"}, {"backbone": "echo", "seed": 2}, ["backbone=echo", "data.label=label"])
    assert (same.fit.backbone, same.fit.seed, same.data.label) == ("echo", 2, "label")


@pytest.mark.parametrize(
    "words", [["seed=1", "fit.seed=2"], ["write=3", "write.beams=4"], ["write.beams=4", "write=3"]]
)
def test_two_sets_of_one_key_are_refused(words: list[str]) -> None:
    with pytest.raises(UsageError, match="two values"):
        settings(words)
    assert settings(["seed=1", "fit.seed=1"]) == {"seed": 1}


def test_pretraining_refuses_an_option_that_a_set_contradicts(notes: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="two values"):
        call("pretrain", str(notes), "-o", str(tmp_path / "B"), "--seed", "1", "--set", "seed=2")


@pytest.mark.parametrize("command", [["data", "clean"], ["import"], ["deidentify"]])
def test_json_lines_are_not_written_under_the_name_of_another_table(
    command: list[str], notes: Path, tmp_path: Path
) -> None:
    with pytest.raises(UsageError, match=r"NAME\.jsonl"):
        call(*command, str(notes), "-o", str(tmp_path / "out.CSV"))
    assert list(tmp_path.iterdir()) == [notes]


@pytest.mark.parametrize("start", [b"%PDF-1.4\n1 0 obj\n", b"\x89PNG\r\n\x1a\nabc,def\n", b"GIF89a,b\n"])
def test_pages_and_pictures_are_no_table(start: bytes, tmp_path: Path) -> None:
    page = tmp_path / "page.csv"
    page.write_bytes(start)
    with pytest.raises(FormatError, match="bedside import"):
        call("data", "check", str(page))


def test_a_refused_search_leaves_no_folder_behind(notes: Path, tmp_path: Path) -> None:
    pytest.importorskip("optuna")
    with pytest.raises(BedsideError, match="no such column"):
        call("tune", str(notes), "--text", "nope", "--backbone", "echo", "-o", str(tmp_path / "S"))
    assert list(tmp_path.glob("S*")) == []


@pytest.mark.parametrize("name", ["study.db", "space.toml", "best/model.html"])
def test_the_page_of_a_search_is_never_put_in_the_place_of_the_study(name: str, notes: Path, tmp_path: Path) -> None:
    study = tmp_path / "S"
    with pytest.raises(UsageError, match="--report"):
        call("tune", str(notes), "--backbone", "echo", "-o", str(study), "--report", str(study / name))


def test_a_dash_is_standard_input_to_explain(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO("发热伴 cough\n".encode()), encoding="utf-8"))
    assert _text("-", None) == "发热伴 cough"
    assert _text("a - b", None) == "a - b"
