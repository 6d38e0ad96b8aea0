"""Splits keep a patient whole; a leak is counted and refused."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bedside.errors import LeakError, UsageError
from bedside.evaluate.split import INSIST, folds, leaks, refuse_leaks, split_by_patient, split_by_site, split_by_time

SHARES = {"train": 0.7, "dev": 0.1, "test": 0.2}


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 30), min_size=30, max_size=120), st.integers(0, 99))
def test_no_patient_lies_in_two_parts(patients: list[int], seed: int) -> None:
    if len(set(patients)) < 3:
        return
    parts = split_by_patient(patients, SHARES, seed=seed)
    assert leaks(parts, patients).shared_patients == 0
    assert set(parts) == set(SHARES)
    assert parts == split_by_patient(patients, SHARES, seed=seed)


def test_parts_come_near_their_shares_and_labels_spread_alike() -> None:
    rng = np.random.default_rng(0)
    patients = rng.integers(0, 400, 1000).tolist()
    labels = rng.choice(["common", "rare"], 1000, p=[0.9, 0.1]).tolist()
    parts = np.array(split_by_patient(patients, SHARES, targets=labels))
    for part, share in SHARES.items():
        assert np.mean(parts == part) == pytest.approx(share, abs=0.03)
        assert np.mean(np.array(labels)[parts == part] == "rare") == pytest.approx(
            np.mean(np.array(labels) == "rare"), abs=0.03
        )


def test_folds_hold_whole_patients_and_each_its_share_of_the_rare_label() -> None:
    patients = [i // 2 for i in range(200)]
    labels = ["rare" if i % 20 < 2 else "common" for i in range(200)]
    fold = folds(patients, labels, 5)
    assert leaks(fold.tolist(), patients).shared_patients == 0
    assert [sum(label == "rare" for label, f in zip(labels, fold, strict=True) if f == k) for k in range(5)] == [4] * 5
    with pytest.raises(UsageError):
        folds([1, 1, 2], None, 5)


def test_a_site_held_out_is_wholly_in_the_test_part() -> None:
    assert split_by_site(["A", "B", "A"], ["B"]) == ["train", "test", "train"]
    with pytest.raises(UsageError):
        split_by_site(["A", "B"], ["C"])


def test_a_patient_seen_before_and_after_does_not_train_the_model_that_is_tested_on_him() -> None:
    times, patients = ["2019-05", "2019-06", "2021-01"], ["a", "b", "a"]
    assert split_by_time(times, "2020") == ["train", "train", "test"]
    assert split_by_time(times, "2020", patients) == ["unused", "train", "test"]


def test_a_leaking_split_is_refused_unless_the_user_insists_in_words() -> None:
    leaking = leaks(["train", "test"], ["p1", "p1"])
    clean = leaks(["train", "test"], ["p1", "p2"])
    refuse_leaks(clean)
    refuse_leaks(leaking, INSIST)
    for words in (None, "yes", "true"):
        with pytest.raises(LeakError):
            refuse_leaks(leaking, words)


def test_identical_and_near_same_texts_across_parts_are_told_apart() -> None:
    texts = ["chest pain", "chest  pain", "chest pains", "fever"]
    report = leaks(["train", "test", "test", "test"], None, texts, near=lambda _: [(0, 1), (0, 2), (2, 3)])
    assert (report.same_texts, report.near_texts) == (1, 2)
    unchecked = leaks(["train", "test", "test", "test"], None, texts)
    assert (unchecked.near_texts, unchecked.near_checked) == (0, False)
