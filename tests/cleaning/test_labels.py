"""Labels that are missing, contradict each other, are rare, or do not fit their text are named by row."""

from __future__ import annotations

import random

import pytest

from bedside.cleaning.labels import audit_labels

DICE = random.Random(0)
SIGNS = {"benign": ["smooth", "calcified", "small"], "malignant": ["spiculated", "lobulated", "large"]}


def rows(n: int) -> tuple[list[str], list[str]]:
    labels = [("benign", "malignant")[k % 2] for k in range(n)]
    return [f"nodule {k}: {' '.join(DICE.choices(SIGNS[label], k=3))}" for k, label in enumerate(labels)], labels


def test_a_swapped_label_is_suspected_and_right_ones_are_not() -> None:
    texts, labels = rows(120)
    labels[10], labels[31] = "malignant", "benign"
    audit = audit_labels(texts, labels)
    assert {suspect.row for suspect in audit.suspects} == {10, 31}
    assert audit.suspects[0].p_likelier > audit.suspects[0].p_given


def test_one_text_with_two_labels_contradicts_and_with_one_label_does_not() -> None:
    texts, labels = ["a nodule", "A  nodule", "a mass", "a mass"], ["x", "y", "x", "x"]
    assert audit_labels(texts, labels).contradictory == ((0, 1),)


def test_missing_and_rare_labels_are_counted() -> None:
    texts, labels = rows(60)
    audit = audit_labels([*texts, "a", "b"], [*labels, "", "sarcoma"])
    assert audit.missing == (60,)
    assert audit.rare == ("sarcoma",)
    assert audit.noise_checked


@pytest.mark.parametrize("n", [0, 1, 20])
def test_too_little_data_is_said_and_not_judged(n: int) -> None:
    audit = audit_labels(*rows(n))
    assert not audit.noise_checked
    assert audit.not_checked_because
    assert audit.suspects == ()


def test_one_patient_alone_cannot_be_judged() -> None:
    texts, labels = rows(80)
    assert not audit_labels(texts, labels, ["p"] * 80).noise_checked
