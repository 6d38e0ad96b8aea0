"""Two engines fused: weights recovered on made-up cases, patients never in two folds, maps refused by line."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bedside.errors import DataError, UsageError
from bedside.evaluate.fused import differences, measure_engines
from bedside.tasks._fusion import Floats, Weights, cross_fitted, fit, folds_of, fuse, needed, projected
from bedside.tasks._fusion_file import Stack, read_stack
from bedside.tasks._icd_chapters import chapter_of
from bedside.tasks._label_map import read_map
from bedside.tasks.diagnosis import TASK
from bedside.types import Chart, Code, DeidReport, Entry

NONE = np.zeros(4, dtype=bool)


def engine(truth: np.ndarray, strength: float, seed: int) -> Floats:
    """Chances whose logarithms carry `strength` of the truth: the best weight of such an engine is `strength`."""
    logits = np.random.default_rng(seed).normal(size=(len(truth), 4))
    logits[np.arange(len(truth)), truth] += strength
    raised = np.exp(logits)
    return np.asarray(raised / raised.sum(1, keepdims=True))


@pytest.fixture
def truth() -> np.ndarray:
    return np.random.default_rng(0).integers(0, 4, 600)


def test_each_engine_gets_the_weight_of_what_it_knows(truth: np.ndarray) -> None:
    weights = fit(engine(truth, 2, 1), engine(truth, 1, 2), NONE, truth)
    assert weights.local == pytest.approx(2, abs=0.4)
    assert weights.knowledge == pytest.approx(1, abs=0.3)
    assert weights.share > 0.5


def test_an_engine_that_guesses_is_hardly_heard(truth: np.ndarray) -> None:
    assert fit(engine(truth, 2, 1), engine(truth, 0, 2), NONE, truth).knowledge < 0.15


def test_fused_engines_beat_each_alone_and_a_copy_of_one_adds_nothing(truth: np.ndarray) -> None:
    one, two = engine(truth, 1.5, 1), engine(truth, 1.5, 2)
    patients = [f"p{n}" for n in range(len(truth))]
    both = cross_fitted(one, two, NONE, truth, patients, 0)
    same = cross_fitted(one, one, NONE, truth, patients, 0)
    figures, drawn = measure_engines({"one": one, "both": both, "same": same}, truth, patients)
    gap = differences(drawn, "both", "one", n=len(truth), n_patients=len(truth))
    assert gap["top1"]["difference"].low > 0
    assert gap["top1"]["p"] < 0.05
    assert gap["log_loss"]["difference"].high < 0
    none = differences(drawn, "same", "one", n=len(truth), n_patients=len(truth))["top1"]["difference"]
    assert none.low <= 0 <= none.high
    assert figures["both"]["ece"].value < 0.1


def test_figures_are_what_a_count_by_hand_gives() -> None:
    chances = np.array([[0.7, 0.2, 0.1, 0.0], [0.4, 0.4, 0.1, 0.1], [0.1, 0.2, 0.3, 0.4], [0.6, 0.2, 0.1, 0.1]] * 2)
    figures, _ = measure_engines({"a": chances}, np.array([0, 0, 0, -1] * 2), [f"p{n}" for n in range(8)])
    told = figures["a"]
    assert told["top1"].value == 0.25  # a tie is no hit, nor is a label outside
    assert told["top3"].value == 0.5
    assert told["log_loss"].value == pytest.approx(-(np.log(0.7) + np.log(0.4) + np.log(0.1) + np.log(1e-6)) / 4)


def test_a_patient_is_never_in_two_folds() -> None:
    patients = [f"p{n // 3}" for n in range(60)]
    folds = folds_of(patients, 3)
    pairs = {(name, int(fold)) for name, fold in zip(patients, folds, strict=True)}
    assert len(pairs) == len(set(patients))
    assert (needed(NONE), needed(np.array([True, False]))) == (25, 38)


@settings(max_examples=50, deadline=None)
@given(
    st.lists(st.floats(0, 0.3), min_size=3, max_size=3),
    st.lists(st.lists(st.integers(0, 2), max_size=3, unique=True), min_size=2, max_size=4),
    st.floats(0, 3),
    st.floats(0, 3),
)
def test_chances_stay_chances(values: list[float], diseases: list[list[int]], a: float, b: float) -> None:
    told = projected(np.array(values), diseases)
    assert told.sum() == pytest.approx(1)
    assert (told > 0).all()
    bare = np.array([not part for part in diseases])
    mixed = fuse(Weights(a, b, 0.5), told, told, bare)
    assert mixed.sum() == pytest.approx(1)
    assert (mixed >= 0).all()


def test_a_disease_of_two_labels_is_shared_and_what_is_left_goes_to_labels_without() -> None:
    told = projected(np.array([0.4, 0.2]), [[0], [0, 1], []])
    assert told.round(2).tolist() == [0.2, 0.4, 0.4]


def test_a_map_is_read_with_tabs_or_commas_and_bad_lines_are_named(tmp_path: Path) -> None:
    path = tmp_path / "map.tsv"
    path.write_text("label\tmaps_to\n心内科\tHP:0001626\n心内科\tOMIM:100004\n# a remark\nKBG\tOMIM:148050\n", "utf-8")
    assert read_map(path) == {"心内科": ("HP:0001626", "OMIM:100004"), "KBG": ("OMIM:148050",)}
    path.write_text("Cardiology,HP:0001626\nNeurology,I60\n,OMIM:100004\n")
    with pytest.raises(DataError, match="2, 3"):
        read_map(path)


def test_a_fusion_comes_back_as_it_was_and_nothing_else_is_written_over(tmp_path: Path) -> None:
    stack = Stack(("a", "b"), Weights(1.0, 0.5, -0.2), {"a": ("OMIM:100001",)}, "m", "r", 50, 48, 0, {"x": 1})
    stack.save(tmp_path / "S")
    assert read_stack(tmp_path / "S") == stack
    with pytest.raises(UsageError, match="--force"):
        stack.save(tmp_path / "S")
    stack.save(tmp_path / "S", replace=True)
    other = tmp_path / "other"
    other.mkdir()
    (other / "thesis.docx").write_text("mine")
    with pytest.raises(UsageError, match="not be overwritten"):
        stack.save(other, replace=True)
    with pytest.raises(DataError, match="bedside stack"):
        read_stack(other)


def chart(*entries: Entry) -> Chart:
    return Chart(patient="P1", sex="male", age_years=70, entries=entries, deid=DeidReport("tag", "0"))


@pytest.mark.parametrize("text", ["Chest pain for two hours.", "胸痛2小时。"])
def test_a_chart_becomes_an_example_whose_text_does_not_tell_the_label(text: str) -> None:
    icd = Code("http://hl7.org/fhir/sid/icd-10-cm", "I21.4", "NSTEMI")
    told = Entry(id="1", kind="Condition", text="NSTEMI", codes=(icd,), time="2020-01-02")
    later = Entry(id="2", kind="Condition", text="Pneumonia", codes=(Code("icd10", "J18.9"),), time="2020-01-01")
    note = Entry(id="3", kind="DocumentReference", text=text, time="2020-01-01")
    (example,) = TASK.build([chart(told, later, note), chart(note), chart(told)])
    assert (example.target, example.inputs["text"], example.subgroup["age"]) == ("I00-I99", text, ">=65")
    assert example.target in TASK.labels


@pytest.mark.parametrize(
    ("code", "chapter"), [("I21.4", "I00-I99"), ("D48", "C00-D48"), ("D50", "D50-D89"), ("T98.3", "S00-T98")]
)
def test_a_code_lies_in_its_chapter(code: str, chapter: str) -> None:
    assert chapter_of(code) == chapter


@pytest.mark.parametrize("code", ["718-7", "44054006", "HP:0001250", ""])
def test_a_code_of_another_terminology_lies_in_none(code: str) -> None:
    assert chapter_of(code) is None
