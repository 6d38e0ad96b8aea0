"""`bedside pretrain` as a shell sees it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from corpus_texts import texts_of, write_corpus
from fit_rows import rows_of, write_rows

from bedside.commands._call import call
from bedside.errors import ConfigError, DataError
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
