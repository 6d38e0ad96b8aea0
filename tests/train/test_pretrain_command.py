"""`bedside pretrain` as a shell sees it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from corpus_texts import texts_of, write_corpus
from fit_rows import rows_of, write_rows

from bedside.commands._call import call
from bedside.config import Recipe
from bedside.errors import ConfigError, DataError, UsageError
from bedside.lang import speaking

ABSENT = ("--identity", "absent", "made up")
QUICK = ("--backbone", "echo", "--set", "head_steps=3", "--set", "precision=fp32", "--set", "held_out=0.2")


def pretrain(corpus: Path, out: Path, *words: str) -> tuple[int, str]:
    return call("pretrain", str(corpus), "-o", str(out), *ABSENT, *QUICK, *words)


def test_it_ends_with_both_perplexities_their_intervals_and_the_next_command(tmp_path: Path) -> None:
    code, heard = pretrain(write_corpus(tmp_path / "c.jsonl", texts_of(40)), tmp_path / "B")
    assert code == 0
    assert "32 documents to learn from" in heard
    for name in ("before", "after"):
        assert re.search(rf"held-out perplexity, {name}: [\d.]+ \[[\d.]+, [\d.]+\] \(n \d+, 8 documents\)", heard)
    assert "bedside fit DATA --backbone" in heard
    with speaking("zh"):
        _, heard = pretrain(tmp_path / "c.jsonl", tmp_path / "Z")
    assert "留出文档困惑度（之后）" in heard


def test_as_json_it_is_one_object_with_figures_counts_seed_and_seconds(tmp_path: Path) -> None:
    path = write_corpus(tmp_path / "c.jsonl", texts_of(40))
    _, heard = pretrain(path, tmp_path / "B", "--json", "--seed", "4")
    told = json.loads(heard)
    assert set(told["perplexity"]["difference"]) >= {"value", "low", "high", "n", "n_patients", "seed"}
    assert told["documents"] == {"train": 32, "held_out": 8, "refused": 0}
    assert told["seed"] == 4
    assert told["seconds"] > 0
    assert told["tokens"]["train"] > told["tokens"]["held_out"] > 0
    assert (told["backbone"], told["start"]) == (str(tmp_path / "B"), "echo")


def test_documents_left_out_make_it_done_in_part(tmp_path: Path) -> None:
    code, heard = pretrain(write_corpus(tmp_path / "c.jsonl", [*texts_of(20), " "]), tmp_path / "B")
    assert code == 3
    assert "c.jsonl line 21: no text" in heard


def test_an_unclear_result_is_said_to_be_unclear(tmp_path: Path) -> None:
    path = write_corpus(tmp_path / "c.jsonl", texts_of(40))
    _, heard = pretrain(path, tmp_path / "B", "--set", "learning_rate=1e-30", "--set", "head_learning_rate=1e-30")
    assert "did not clearly help" in heard


def test_what_it_makes_is_what_fit_starts_from(tmp_path: Path) -> None:
    pretrain(write_corpus(tmp_path / "c.jsonl", texts_of(40)), tmp_path / "B")
    notes = write_rows(tmp_path / "n.jsonl", rows_of(60))
    words = ("--backbone", str(tmp_path / "B"), "--epochs", "1", "--set", "precision=fp32")
    assert call("fit", str(notes), "-o", str(tmp_path / "M"), "--patient", "patient", *ABSENT, *words)[0] == 0


def test_unknown_settings_and_missing_files_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="learning_speed"):
        pretrain(tmp_path / "c.jsonl", tmp_path / "B", "--set", "learning_speed=1")
    with pytest.raises(DataError, match="no such file"):
        pretrain(tmp_path / "c.jsonl", tmp_path / "B")


TASK = """
[data]
train = "notes.jsonl"
patient = "patient"
identity = "absent"
identity_reason = "made up"

[fit]
epochs = 1
precision = "fp32"
batch_tokens = 512
"""


def task_in(folder: Path) -> Path:
    """A small recipe beside its rows."""
    write_rows(folder / "notes.jsonl", rows_of(240))
    path = folder / "task.toml"
    path.write_text(TASK, encoding="utf-8")
    return path


def test_what_it_is_worth_to_a_task_is_measured_on_the_same_rows_and_seeds(tmp_path: Path) -> None:
    path, task = write_corpus(tmp_path / "c.jsonl", texts_of(40)), task_in(tmp_path)
    _, heard = pretrain(path, tmp_path / "B", "--then", str(task), "--then-seeds", "2", "--json")
    told = json.loads(heard)["downstream"]
    before, after, gap = (told[name] for name in ("before", "after", "difference"))
    assert before["n"] == after["n"] == gap["n"] == told["rows"]["honest"]
    assert gap["value"] == pytest.approx(after["value"] - before["value"])
    assert gap["low"] <= gap["value"] <= gap["high"]
    assert 0 < told["p"] <= 1
    assert before["value"] == pytest.approx(sum(told["seeds"]["before"]) / 2)
    assert len(told["seeds"]["after"]) == 2
    assert json.loads((tmp_path / "B" / "downstream.json").read_text(encoding="utf-8"))["metric"] == "macro_f1"
    assert not list(tmp_path.glob(".B.*"))


def test_texts_that_taught_nothing_change_nothing_downstream_and_that_is_said_in_both_languages(
    tmp_path: Path,
) -> None:
    path, task = write_corpus(tmp_path / "c.jsonl", texts_of(40)), task_in(tmp_path)
    still = ("--set", "learning_rate=1e-30", "--then", str(task), "--then-seeds", "1")
    _, heard = pretrain(path, tmp_path / "B", *still)
    assert "difference: 0.000 [0.000, 0.000]" in heard
    assert "not shown to help the task, nor to harm it" in heard
    with speaking("zh"):
        _, heard = pretrain(path, tmp_path / "B", *still)
    assert "未见这些文本对该任务有帮助或有害" in heard


def test_broken_off_in_the_fits_it_goes_on_there_and_does_not_pretrain_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from bedside.train import downstream

    path, task = write_corpus(tmp_path / "c.jsonl", texts_of(40)), task_in(tmp_path)
    words = (path, tmp_path / "B", "--then", str(task), "--then-seeds", "2")
    fitted, real = [], downstream.fit

    def fit(recipe: Recipe, **how: Any) -> Any:
        if len(fitted) == 3:
            raise RuntimeError
        fitted.append((recipe.fit.seed, recipe.fit.backbone))
        return real(recipe, **how)

    monkeypatch.setattr(downstream, "fit", fit)
    with pytest.raises(RuntimeError):
        pretrain(*words)
    assert (tmp_path / "B" / "receipt.json").is_file()
    monkeypatch.setattr(downstream, "fit", lambda recipe, **how: (fitted.append(("again",)), real(recipe, **how))[1])
    _, heard = pretrain(*words)
    assert len(fitted) == 4, "three fits lay finished, one was left"
    assert "pretraining" not in heard
    assert "difference:" in heard


def test_a_task_that_cannot_be_fitted_is_refused_before_anything_is_pretrained(tmp_path: Path) -> None:
    path, task = write_corpus(tmp_path / "c.jsonl", texts_of(40)), task_in(tmp_path)
    task.write_text(TASK.replace("notes.jsonl", "none.jsonl"), encoding="utf-8")
    with pytest.raises(DataError, match=r"none\.jsonl"):
        pretrain(path, tmp_path / "B", "--then", str(task))
    task.write_text(TASK + 'head = "generate"\n', encoding="utf-8")
    with pytest.raises(UsageError, match="--objective clm"):
        pretrain(path, tmp_path / "B", "--then", str(task))
    assert not list(tmp_path.glob("*B*"))
