"""Splits keep a patient whole; a leak is counted and refused."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bedside.errors import DataError, LeakError, UsageError
from bedside.evaluate.leaks import INSIST, leaks, refuse_leaks
from bedside.evaluate.split import folds, split_by_patient, split_by_site, split_by_time
from bedside.lang import set_lang

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


def test_dates_are_compared_as_dates_however_they_are_written() -> None:
    times = ["2024/9/1", "2024/10/5", "01/02/2025", "2024年9月30日", "3 Oct 2024", "20240930", "45566"]
    assert split_by_time(times, "2024-10-01") == ["train", "test", "test", "train", "test", "train", "test"]
    assert split_by_time(times, "2024年10月1日") == split_by_time(times, "2024/10/1")


def test_day_and_month_stand_in_the_order_that_the_column_proves() -> None:
    assert split_by_time(["03/11/2024", "25/10/2024", "02/03/2024"], "2024-06") == ["test", "test", "train"]
    assert split_by_time(["03/11/2024", "10/25/2024", "02/03/2024"], "2024-06") == ["train", "test", "train"]
    unproved = ["03/11/2024", "2024-10-25", "02/03/2023"]
    assert split_by_time(unproved, "2024-06") == ["undated", "test", "train"]
    both = ["03/11/2024", "25/10/2024", "02/23/2024"]
    assert split_by_time(both, "2024-06") == ["undated", "test", "train"]


def test_a_note_whose_date_cannot_be_read_is_neither_trained_nor_tested_on() -> None:
    times = ["2024-09-01", "2024-10-05", "", None, "2024-13-45", "昨天", "2024"]
    parts = split_by_time(times, "2024-10-01")
    assert parts == ["train", "test", *["undated"] * 5]
    assert leaks(parts, ["a", "b", "a", "a", "b", "b", "b"]).shared_patients == 0
    with pytest.raises(DataError, match="no row has a date"):
        split_by_time(["Chest pain.", "胸痛"], "2024-10-01")


@pytest.mark.parametrize("start", ["yesterday", "2024-13-45", "", "昨天"])
def test_a_start_that_is_no_date_is_refused(start: str) -> None:
    with pytest.raises(UsageError, match="not a date"):
        split_by_time(["2024-09-01", "2024-10-05"], start)


def test_moments_with_zones_are_compared_as_moments() -> None:
    times = ["2024-10-01T07:00:00+08:00", "2024-10-01T00:30:00Z", "2024-10-01 00:30"]
    assert split_by_time(times, "2024-10-01T00:00:00Z") == ["train", "test", "test"]


@pytest.mark.parametrize("name", ["../evil", "a/b", "..", "", ".hidden", "undated", "unused", "-o"])
def test_a_part_is_named_by_a_plain_name(name: str) -> None:
    with pytest.raises(UsageError, match="plain name"):
        split_by_patient(["a", "b"], {name: 0.5, "test": 0.5})
    assert set(split_by_patient(["a", "b"], {"训练-1": 0.5, "test": 0.5})) == {"训练-1", "test"}


def test_what_is_wrong_with_a_split_is_said_in_chinese_too() -> None:
    set_lang("zh")
    for times, start in ((["2024-09-01"], "2024-10-01"), (["胸痛"], "2024-10-01")):
        with pytest.raises(DataError) as refused:
            split_by_time(times, start)
        assert not any(word in refused.value.what for word in ("row", "time", "date"))
