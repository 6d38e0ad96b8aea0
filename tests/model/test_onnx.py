"""A compressed model answers as the whole one, whoever shares its batch, without torch; a changed one is refused."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bedside.errors import ModelError, ModelTampered, UsageError
from bedside.model.engines._graphs import runs
from bedside.model.given import NOTHING
from bedside.model.manifest import write_manifest
from bedside.model.rows import Labelled

pytest.importorskip("onnx", reason="the compress extra is not installed")

NOTES = [
    "solid nodule, 21 mm, spiculated",
    "右上肺磨玻璃结节，边界清",
    "no nodule",
    "calcified granuloma, unchanged since 2019, " * 5,
    "胸痛三天，加重一天",
    "x",
]


def labelled(labels: list[str]) -> Labelled:
    """The notes with a label each."""
    n = len(NOTES)
    return Labelled(NOTES, [NOTHING] * n, [(label,) for label in labels], NOTES, NOTES, NOTES, [], "classify")


@pytest.fixture(scope="module")
def small(whole: Any) -> Any:
    from bedside.train.compress import compress

    return compress(whole, NOTES)


@pytest.fixture(scope="module")
def saved(small: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small.save(tmp_path_factory.mktemp("models") / "SMALL")


def test_it_answers_as_the_whole_model_does(whole: Any, small: Any) -> None:
    before, after = whole.probabilities(NOTES), small.probabilities(NOTES)
    assert (before.argmax(1) == after.argmax(1)).all()
    assert np.abs(before - after).max() < 0.05
    assert np.abs(before - after).max() > 0  # rounding must show, or nothing was rounded


def test_a_notes_answer_does_not_depend_on_its_neighbours(small: Any) -> None:
    together = small.logits(NOTES)
    alone = np.concatenate([small.logits([note]) for note in NOTES])
    assert np.abs(together - alone).max() < 1e-4


def test_the_saved_folder_opens_and_answers_the_same(small: Any, saved: Path) -> None:
    from bedside import open_model

    opened = open_model(saved)
    assert opened.settings["engine"] == "onnx"
    assert np.array_equal(opened.logits(NOTES), small.logits(NOTES))
    assert "8-bit" in opened.card


def test_opening_and_predicting_never_import_torch(saved: Path) -> None:
    code = (
        "import sys; from bedside import open_model; "
        f"open_model({str(saved)!r}).predict(['solid nodule']); "
        "assert not {'torch', 'onnx', 'transformers', 'sklearn'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_changed_graph_is_refused(saved: Path, tmp_path: Path) -> None:
    import shutil

    from bedside import open_model

    copy = shutil.copytree(saved, tmp_path / "copy")
    graph = bytearray((copy / "model.onnx").read_bytes())
    graph[len(graph) // 2] ^= 255
    (copy / "model.onnx").write_bytes(graph)
    with pytest.raises(ModelTampered):
        open_model(copy)


def test_a_processor_that_computes_something_else_is_refused(saved: Path, tmp_path: Path) -> None:
    import shutil

    from bedside import open_model

    copy = shutil.copytree(saved, tmp_path / "copy")
    settings = json.loads((copy / "model.json").read_text())
    settings["probe"]["logits"][0][0] += 1.0
    (copy / "model.json").write_text(json.dumps(settings))
    write_manifest(copy)
    with pytest.raises(ModelError, match="does not reproduce"):
        open_model(copy)


def test_a_compressed_model_is_not_compressed_again_and_has_no_gradients(small: Any) -> None:
    from bedside.train.compress import compress

    with pytest.raises(UsageError):
        compress(small, NOTES)
    with pytest.raises(ModelError):
        _ = small.network


def test_the_cost_counts_what_changed(whole: Any, small: Any) -> None:
    from bedside.train.compress import measure

    truth = [str(answer.label) for answer in whole.predict(NOTES)]
    same = measure(whole, small, labelled(truth), "accuracy")
    assert (same.before, same.after, same.agreement, same.drop()) == (1.0, 1.0, 1.0, 0.0)
    other = [whole.labels[whole.labels.index(label) - 1] for label in truth]
    wrong = measure(whole, small, labelled(other), "accuracy")
    assert (wrong.before, wrong.after) == (0.0, 0.0)


def test_short_notes_do_not_share_a_run_with_long_ones() -> None:
    assert runs([10, 100, 90, 9]) == [[1, 2], [0, 3]]
    assert runs([]) == []
    assert sorted(n for run in runs([512] * 5) for n in run) == [0, 1, 2, 3, 4]


def test_one_outlying_channel_does_not_round_the_others_away() -> None:
    """Real encoders have a few channels fifty times the size of the rest."""
    from bedside.train.int8 import balance

    dice = np.random.default_rng(0)
    hidden, weight = dice.normal(size=(64, 32)).astype(np.float32), dice.normal(size=(32, 16)).astype(np.float32)
    hidden[:, 5] *= 50

    def error(factors: Any) -> float:
        even = hidden / factors
        step = (even.max() - even.min()) / 255
        return float(np.abs(np.rint(even / step) * step @ (weight * factors[:, None]) - hidden @ weight).mean())

    assert error(balance(np.abs(hidden).max(0), [weight])) < 0.5 * error(np.ones(32, np.float32))
