"""The head starts as a linear classifier on the untouched backbone, not at random."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from bedside.config import Recipe
from bedside.train.fit import fit

WARDS = {"cardiology": "chest pain palpitations", "dermatology": "itchy rash on the forearm"}


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    path = tmp_path / "notes.jsonl"
    rows = [{"text": f"{words} {n}", "label": ward} for n in range(30) for ward, words in WARDS.items()]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def accuracy_with_a_standing_still_optimiser(notes: Path, out: Path, *, probe: bool) -> float:
    """Fit with a vanishing learning rate, so that what is measured is where the head started."""
    data = {"train": str(notes), "dev": str(notes), "identity": "absent"}
    how = {"backbone": "echo", "epochs": 1, "learning_rate": 1e-12, "head_learning_rate": 1e-12, "probe": probe}
    model = fit(Recipe.from_dict({"data": data, "fit": how}), out=out)
    texts = [words for words in WARDS.values() for _ in range(2)]
    truth = [ward for ward in WARDS for _ in range(2)]
    return float(np.mean([given.label == ward for given, ward in zip(model.predict(texts), truth, strict=True)]))


def test_a_probed_head_tells_the_wards_apart_before_any_tuning(notes: Path, tmp_path: Path) -> None:
    assert accuracy_with_a_standing_still_optimiser(notes, tmp_path / "probed", probe=True) == 1.0


def test_a_random_head_does_not(notes: Path, tmp_path: Path) -> None:
    assert accuracy_with_a_standing_still_optimiser(notes, tmp_path / "random", probe=False) < 1.0
