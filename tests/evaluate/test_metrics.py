"""Metrics equal scikit-learn's, stay in bounds, and say so when the data cannot give them."""

from __future__ import annotations

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics as sk

from bedside.errors import DataError
from bedside.evaluate._words import metric_name
from bedside.evaluate.metrics import LOWER_IS_BETTER, evaluate
from bedside.lang import speaking
from bedside.types import Estimate, Figure, Undefined

LABELS = ["benign", "indeterminate", "malignant"]


def simulate(n: int, k: int, seed: int, skill: float = 1.0) -> tuple[list[int], np.ndarray]:
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, k, n)
    logits = rng.normal(size=(n, k))
    logits[np.arange(n), truth] += skill
    odds = np.exp(logits)
    return truth.tolist(), odds / odds.sum(axis=1, keepdims=True)


def value(figure: Figure | int) -> float:
    assert isinstance(figure, Estimate), figure
    return figure.value


def test_three_classes_are_measured_as_scikit_learn_does() -> None:
    truth, chances = simulate(300, 3, seed=1)
    done = evaluate(LABELS, [LABELS[i] for i in truth], chances)
    answer = chances.argmax(axis=1)
    ours = {name: value(figure) for name, figure in done.metrics.items()}
    theirs = {
        "accuracy": sk.accuracy_score(truth, answer),
        "balanced_accuracy": sk.balanced_accuracy_score(truth, answer),
        "auroc": sk.roc_auc_score(truth, chances, multi_class="ovr"),
        "auprc": sk.average_precision_score(np.eye(3)[truth], chances),
        "brier": float(((chances - np.eye(3)[truth]) ** 2).sum(axis=1).mean()),
    }
    for average in ("macro", "micro"):
        p, r, f, _ = sk.precision_recall_fscore_support(truth, answer, average=average)
        theirs |= {f"{average}_precision": p, f"{average}_recall": r, f"{average}_f1": f}
    assert {name: ours[name] for name in theirs} == pytest.approx(theirs)
    assert done.confusion == sk.confusion_matrix(truth, answer).tolist()


def test_two_classes_are_ranked_by_the_second_label_and_ties_count_half() -> None:
    truth, chances = simulate(200, 2, seed=2)
    rounded = np.round(chances[:, 1], 1)
    done = evaluate(["no", "yes"], [["no", "yes"][i] for i in truth], np.stack([1 - rounded, rounded], axis=1))
    assert value(done.metrics["auroc"]) == pytest.approx(sk.roc_auc_score(truth, rounded))
    assert value(done.metrics["auprc"]) == pytest.approx(sk.average_precision_score(truth, rounded))
    assert value(done.metrics["brier"]) == pytest.approx(sk.brier_score_loss(truth, rounded))


def test_several_findings_a_report_are_measured_as_scikit_learn_does() -> None:
    rng = np.random.default_rng(3)
    truth = rng.random((200, 3)) < [0.5, 0.3, 0.1]
    chances = np.clip(0.5 * truth + 0.6 * rng.random((200, 3)), 0, 1)
    names = ["effusion", "nodule", "fracture"]
    done = evaluate(names, [[names[k] for k in np.flatnonzero(row)] for row in truth], chances, head="multilabel")
    answer = chances >= 0.5
    theirs = {
        "accuracy": sk.accuracy_score(truth, answer),
        "hamming_loss": sk.hamming_loss(truth, answer),
        "micro_f1": sk.f1_score(truth, answer, average="micro"),
        "macro_f1": sk.f1_score(truth, answer, average="macro"),
        "auroc": sk.roc_auc_score(truth, chances),
        "auprc": sk.average_precision_score(truth, chances),
    }
    assert {name: value(done.metrics[name]) for name in theirs} == pytest.approx(theirs)
    assert done.confusion == []


def test_calibration_error_sees_overconfidence_and_spares_honesty() -> None:
    rng = np.random.default_rng(4)
    chance = rng.random(3000)
    truth = ["yes" if u < c else "no" for u, c in zip(rng.random(3000), chance, strict=True)]
    honest = evaluate(["no", "yes"], truth, np.stack([1 - chance, chance], axis=1))
    sure = np.clip(3 * (chance - 0.5) + 0.5, 0, 1)
    boastful = evaluate(["no", "yes"], truth, np.stack([1 - sure, sure], axis=1))
    assert value(honest.metrics["ece"]) < 0.04
    assert value(boastful.metrics["ece"]) > 0.1


@settings(max_examples=30, deadline=None)
@given(n=st.integers(6, 40), k=st.integers(2, 5), seed=st.integers(0, 10_000), patients=st.integers(1, 20))
def test_every_figure_lies_in_its_bounds_and_holds_its_value(n: int, k: int, seed: int, patients: int) -> None:
    truth, chances = simulate(n, k, seed)
    names = [f"l{i}" for i in range(k)]
    done = evaluate(names, [names[i] for i in truth], chances, [i % patients for i in range(n)])
    for name, figure in done.metrics.items():
        if isinstance(figure, Estimate):
            assert 0 <= figure.low <= figure.value <= figure.high <= (2 if name == "brier" else 1)
            assert figure.n_patients == min(n, patients) >= 5
        else:
            assert figure.reason


def test_one_class_only_has_an_accuracy_but_no_auroc() -> None:
    done = evaluate(["no", "yes"], ["no"] * 20, [[0.8, 0.2]] * 20)
    assert isinstance(done.metrics["accuracy"], Estimate)
    assert isinstance(done.metrics["auroc"], Undefined)
    assert done.metrics["auroc"].reason == "one class only in the data"
    with speaking("zh"):
        spoken = evaluate(["无", "有"], ["无"] * 20, [[0.8, 0.2]] * 20).metrics["auroc"]
    assert isinstance(spoken, Undefined)
    assert spoken.reason == "数据中只有一个类别"


def test_many_rows_of_few_patients_give_no_interval() -> None:
    truth, chances = simulate(100, 2, seed=5)
    targets = [["no", "yes"][i] for i in truth]
    few = evaluate(["no", "yes"], targets, chances, [i % 4 for i in range(100)])
    many = evaluate(["no", "yes"], targets, chances, list(range(100)))
    assert all(isinstance(figure, Undefined) for figure in few.metrics.values())
    assert all(isinstance(figure, Estimate) for figure in many.metrics.values())


def test_an_unknown_label_counts_as_wrong_and_is_told() -> None:
    rows = [[0.9, 0.1]] * 10
    known = evaluate(["no", "yes"], ["no"] * 10, rows)
    strange = evaluate(["no", "yes"], ["no"] * 8 + ["maybe"] * 2, rows)
    assert value(known.metrics["accuracy"]) == 1.0
    assert value(strange.metrics["accuracy"]) == pytest.approx(0.8)
    assert value(strange.metrics["brier"]) > value(known.metrics["brier"])
    assert strange.unknown_labels == {"maybe": 2}
    assert strange.n == 10


def test_a_perfect_score_does_not_claim_certainty() -> None:
    done = evaluate(["no", "yes"], ["no", "yes"] * 15, [[0.9, 0.1], [0.1, 0.9]] * 15).metrics["accuracy"]
    assert isinstance(done, Estimate)
    assert (done.value, done.high) == (1.0, 1.0)
    assert 0.85 < done.low < 0.9  # 30 patients: Clopper-Pearson 0.884


def test_a_rare_label_says_too_few_patients_beside_a_common_one() -> None:
    targets = ["common"] * 40 + ["rare"] * 2
    done = evaluate(["common", "rare"], targets, [[0.7, 0.3]] * 42).per_class
    assert isinstance(done["common"]["recall"], Estimate)
    assert isinstance(done["rare"]["recall"], Undefined)
    assert (done["common"]["support"], done["rare"]["support"]) == (40, 2)


def test_a_subgroup_that_fares_badly_shows_beside_the_one_that_does_well() -> None:
    chances = [[0.9, 0.1]] * 40
    targets = ["no"] * 20 + ["yes"] * 15 + ["no"] * 5
    sex = ["F"] * 20 + ["M"] * 19 + [""]
    groups = evaluate(["no", "yes"], targets, chances, subgroups={"sex": sex}).subgroups["sex"]
    assert list(groups) == ["F", "M", "(missing)"]
    assert value(groups["F"]["metrics"]["accuracy"]) == 1.0
    assert value(groups["M"]["metrics"]["accuracy"]) < 0.3
    assert isinstance(groups["(missing)"]["metrics"]["accuracy"], Undefined)


def test_probabilities_that_are_no_probabilities_are_refused() -> None:
    with pytest.raises(DataError):
        evaluate(["no", "yes"], ["no"], [[float("nan"), 1.0]])
    with pytest.raises(DataError):
        evaluate(["no", "yes"], ["no"], [[0.2, 0.3, 0.5]])
    with pytest.raises(DataError):
        evaluate(["no", "yes"], [], np.zeros((0, 2)))


def test_ten_thousand_rows_and_44_classes_take_seconds() -> None:
    truth, chances = simulate(10_000, 44, seed=6, skill=2)
    names = [f"l{i:02d}" for i in range(44)]
    start = time.process_time()
    evaluate(names, [names[i] for i in truth], chances, [i // 2 for i in range(10_000)])
    assert time.process_time() - start < 15


def test_lower_is_better_names_are_figures_that_have_a_name() -> None:
    assert [name for name in LOWER_IS_BETTER if metric_name(name) == name] == []
