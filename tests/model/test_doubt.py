"""Sets hold the right label as often as promised, by patient; a text unlike all others is told from an ordinary one."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom

from bedside.config import Abstain
from bedside.config.abstain import LEVELS
from bedside.errors import ModelError
from bedside.model.conformal import cut_at, cuts_of, misfit, possible, row_scores
from bedside.model.doubt import calibrated_sets, too_wide
from bedside.model.familiar import Familiar, familiar_with, read_familiar
from bedside.model.scores import one_hot

Rows = tuple[np.ndarray, np.ndarray, np.ndarray]


def drawn(patients: int, dice: np.random.Generator, *, labels: int = 4, most_rows: int = 1) -> Rows:
    """Probabilities of a middling model, true labels, and whose each row is; rows of a patient are alike."""
    rows = dice.integers(1, most_rows + 1, patients)
    owner = np.repeat(np.arange(patients), rows)
    hard = np.repeat(dice.normal(0, 1, patients), rows)
    truth = dice.integers(0, labels, len(owner))
    logits = dice.normal(0, 1, (len(owner), labels))
    logits[np.arange(len(owner)), truth] += 1.5 + hard
    chances = np.exp(logits) / np.exp(logits).sum(1, keepdims=True)
    return chances, one_hot(truth, labels), owner


@pytest.mark.parametrize("method", ["lac", "aps"])
@pytest.mark.parametrize("level", [0.8, 0.9, 0.95])
def test_sets_are_those_of_an_independent_implementation(method: Any, level: float) -> None:
    mapie = pytest.importorskip("mapie.classification")
    from sklearn.base import BaseEstimator, ClassifierMixin

    class Given(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
        """A model whose input is its output."""

        classes_ = np.arange(4)

        def fit(self, x: Any, y: Any) -> Given:
            return self

        def predict_proba(self, x: Any) -> Any:
            return x

        def predict(self, x: Any) -> Any:
            return x.argmax(1)

        def __sklearn_is_fitted__(self) -> bool:
            return True

    dice = np.random.default_rng(3)
    (known, truth, owner), (fresh, _, _) = drawn(300, dice), drawn(200, dice)
    rival = mapie.SplitConformalClassifier(
        Given(), confidence_level=level, conformity_score=method, prefit=True, random_state=0
    )
    rival.conformalize(known, truth.argmax(1))
    extra = {"include_last_label": True} if method == "aps" else {}
    _, theirs = rival.predict_set(fresh, conformity_score_params=extra)
    care = Abstain(coverage=level, sets=method)
    doubt = calibrated_sets(known, truth, owner.tolist(), "classify", care)
    if method == "lac":
        ours = possible(misfit(fresh, method), doubt.cuts, level)
        assert (ours == theirs[:, :, 0]).all()
    else:  # theirs adds the label that crosses the cut on top, ours is calibrated with it: never larger, and promised
        ours = doubt.sets(fresh, care)
        assert (ours <= theirs[:, :, 0]).all()


@pytest.mark.parametrize("most_rows", [1, 6])
def test_coverage_is_what_was_promised_for_a_new_patient(most_rows: int) -> None:
    """Over 400 draws of 99 patients and one more: as promised, within what chance allows."""
    dice, level, draws = np.random.default_rng(0), 0.9, 400
    held = 0
    for _ in range(draws):
        chances, truth, owner = drawn(100, dice, most_rows=most_rows)
        new = owner == 99
        scores = row_scores(misfit(chances, "lac"), truth)
        cut = cut_at(cuts_of(scores[~new], owner[~new].tolist()), level)
        held += scores[np.flatnonzero(new)[0]] <= cut
    assert binom.cdf(held, draws, level) > 0.001
    assert binom.sf(held - 1, draws, level + 0.01) > 0.001


def test_a_patient_with_many_rows_does_not_outweigh_the_others() -> None:
    """One patient with a thousand easy rows: counted by rows, the cut would be his."""
    scores = np.array([*[0.9] * 19, *[0.1] * 1000])
    owners = [*range(19), *[99] * 1000]
    assert cut_at(cuts_of(scores, owners), 0.9) == 0.9
    assert cut_at(cuts_of(scores, range(len(scores))), 0.9) == 0.1


def test_too_few_patients_promise_nothing() -> None:
    assert cut_at(cuts_of(np.ones(8), range(8)), 0.9) == np.inf
    assert cut_at(cuts_of(np.ones(9), range(9)), 0.9) == 1.0
    assert cut_at(cuts_of(np.ones(9), ["one"] * 9), 0.5) == 1.0


@given(st.integers(1, 60), st.integers(1, 4), st.integers(0, 10_000), st.sampled_from(["lac", "aps", "all_of"]))
@settings(max_examples=60)
def test_more_coverage_never_takes_a_label_out_of_a_set(patients: int, rows: int, seed: int, method: Any) -> None:
    chances, truth, owner = drawn(patients, np.random.default_rng(seed), most_rows=rows)
    fits = misfit(chances, method)
    cuts = cuts_of(row_scores(fits, truth), owner.tolist())
    sets = [possible(fits, [cuts], level / 100) for level in LEVELS]
    assert all((fewer <= more).all() for fewer, more in pairwise(sets))


def test_by_class_keeps_the_promise_for_the_rare_label_too() -> None:
    """A model that hardly ever finds the rare label: over all its sets look well, for those patients they fail."""
    dice = np.random.default_rng(5)
    truth = (dice.random(4000) < 0.05).astype(np.int64)
    malignant = np.where(truth == 1, dice.beta(2, 4, 4000), dice.beta(1, 9, 4000))
    chances, marked = np.stack([1 - malignant, malignant], 1), one_hot(truth, 2)
    known, new = slice(0, 2000), slice(2000, 4000)
    rare = truth[new] == 1
    found = {}
    for by_class in (False, True):
        care = Abstain(by_class=by_class)
        doubt = calibrated_sets(chances[known], marked[known], range(2000), "classify", care)
        found[by_class] = doubt.sets(chances[new], care)[rare, 1].mean()
    assert found[False] < 0.7
    assert found[True] > 0.8


def test_a_set_of_several_labels_holds_all_that_a_note_bears() -> None:
    dice = np.random.default_rng(1)
    truth = dice.random((2000, 5)) < 0.3
    chances = np.clip(np.where(truth, 0.7, 0.2) + dice.normal(0, 0.2, truth.shape), 0.01, 0.99)
    care = Abstain()
    doubt = calibrated_sets(chances[:1000], truth[:1000], range(1000), "multilabel", care)
    held = doubt.sets(chances[1000:], care)
    assert 0.87 < (held >= truth[1000:]).all(1).mean() < 0.93


@pytest.mark.parametrize(
    ("held", "given", "open_labels", "asks"),
    [
        (["benign"], ["benign"], 0, False),
        (["benign", "malignant"], ["benign"], 0, True),
        (["benign", "malignant"], ["benign"], 1, False),
        (["fever", "cough"], ["cough", "fever"], 0, False),
        (["fever", "cough", "rash"], ["cough", "fever"], 0, True),
    ],
)
def test_a_person_is_asked_when_more_labels_are_possible_than_were_given(
    held: list[str], given: list[str], open_labels: int, asks: bool
) -> None:
    assert bool(too_wide(held, given, Abstain(open_labels=open_labels))) is asks


def test_ordinary_texts_are_called_strange_as_seldom_as_promised_and_others_are_caught() -> None:
    dice = np.random.default_rng(2)
    mix = dice.normal(size=(12, 48))
    vectors = (dice.normal(size=(1500, 12)) @ mix + 0.1 * dice.normal(size=(1500, 48))).astype(np.float32)
    known = familiar_with(vectors[:300])
    assert known is not None
    cut = cut_at(cuts_of(known.distance(vectors[300:700]), range(400)), 0.95)
    ordinary = (known.distance(vectors[700:]) > cut).mean()
    assert 0.02 < ordinary < 0.09
    shuffled = vectors[700:][:, dice.permutation(48)]
    assert (known.distance(shuffled) > cut).mean() > 0.99


def test_three_texts_are_too_few_to_be_familiar_with_anything() -> None:
    assert familiar_with(np.eye(3, 8, dtype=np.float32)) is None
    same = familiar_with(np.ones((40, 8), np.float32))
    assert same is not None
    assert np.isfinite(same.distance(np.zeros((1, 8), np.float32))).all()


def test_what_familiar_texts_are_like_is_kept_whole_or_refused(tmp_path: Path) -> None:
    made = familiar_with(np.random.default_rng(0).normal(size=(80, 6)).astype(np.float32))
    assert made is not None
    assert read_familiar(tmp_path) is None
    made.save(tmp_path)
    again = read_familiar(tmp_path)
    assert again is not None
    assert (again.distance(np.ones((2, 6), np.float32)) == made.distance(np.ones((2, 6), np.float32))).all()
    Familiar(made.centre, made.directions, -made.spreads, made.rest).save(tmp_path)
    with pytest.raises(ModelError):
        read_familiar(tmp_path)
