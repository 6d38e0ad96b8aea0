"""Decisions: who may decide, what a label must be, what two readers who differ lead to, and what is exported."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from review_cases import COUGH, NODULE, Clock, ids, nodules, queue_at

from bedside.config import DataRecipe
from bedside.errors import DataError, UsageError
from bedside.model.reading import read_labelled
from bedside.review import Item, Plan, Queue, decide, enqueue, examples, readings, stats
from bedside.review._queue import Listed
from bedside.review.agreement import agreement
from bedside.review.decisions import seen
from bedside.types import Entity, Estimate, Undefined

WRITTEN = Item(why="warned", head="generate", text="CT: nodule 21 mm.", output={"text": "A nodule of 12 mm."})
SEVERAL = Item(
    why="sampled", head="multilabel", text="Fever, cough.", output={"label": ["fever"]}, labels=("fever", "cough")
)
GRADE = Item(
    why="added", head="ordinal", text="Severe pain.", output={"value": 1, "low": 0, "high": 2}, labels=("0", "1", "2")
)


def _twice(folder: Path, *items: Item) -> Queue:
    queue = Queue(folder / "queue.sqlite", clock=Clock())
    enqueue(queue, items, plan=Plan(rate=1, double=1))
    return queue


def test_a_correction_needs_a_reason_and_a_reader_and_an_acceptance_only_a_reader(tmp_path: Path) -> None:
    with queue_at(tmp_path, *nodules(1)) as queue:
        (id,) = ids(queue)
        for wrong in ({"by": ""}, {"by": "ann", "reason": " "}):
            with pytest.raises(UsageError):
                decide(queue, id, "reject", **{"reason": "blurred", **wrong})
        assert readings(queue) == []
        decide(queue, id, "accept", by="ann")
        assert [one.label for one in readings(queue)] == ["benign"]


def test_a_decision_is_never_written_over(tmp_path: Path) -> None:
    with queue_at(tmp_path, *nodules(1)) as queue:
        (id,) = ids(queue)
        decide(queue, id, "accept", by="ann")
        for by, why in (("ann", "decided already"), ("bo", "is decided")):
            with pytest.raises(UsageError, match=why):
                decide(queue, id, "reject", by=by, reason="on second thoughts")
        assert len(readings(queue)) == 1


def test_what_another_reader_holds_is_not_decided_meanwhile(tmp_path: Path) -> None:
    clock = Clock()
    with queue_at(tmp_path, *nodules(1), clock=clock) as queue:
        (id,) = ids(queue)
        queue.take("ann", seconds=60)
        with pytest.raises(UsageError, match="held by another"):
            decide(queue, id, "accept", by="bo")
        clock.now += 30
        decide(queue, id, "accept", by="ann")
        assert readings(queue)[0].seconds == 30.0


@pytest.mark.parametrize(
    ("item", "label", "written"),
    [
        (NODULE, "malignant", "malignant"),
        (SEVERAL, ["cough", "fever"], ["cough", "fever"]),
        (SEVERAL, [], []),
        (GRADE, "2", 2.0),
        (COUGH, [{"start": 5, "end": 7, "type": "symptom"}], [{"start": 5, "end": 7, "type": "symptom"}]),
        (COUGH, [], []),
        (WRITTEN, "A nodule of 21 mm.", "A nodule of 21 mm."),
    ],
    ids=lambda part: part.head if isinstance(part, Item) else None,
)
def test_each_head_takes_a_label_of_its_own_kind(tmp_path: Path, item: Item, label: object, written: object) -> None:
    with _twice(tmp_path, item) as queue:
        decide(queue, ids(queue)[0], "correct", by="ann", label=label, reason="wrong")
        assert readings(queue)[0].label == written


@pytest.mark.parametrize(
    ("item", "label"),
    [
        (NODULE, "cystic"),
        (NODULE, ""),
        (SEVERAL, ["rash"]),
        (GRADE, "much"),
        (GRADE, "7"),
        (COUGH, [{"start": 3, "end": 99, "type": "symptom"}]),
        (COUGH, [{"start": 2, "end": 4, "type": "drug"}]),
        (WRITTEN, " "),
    ],
    ids=lambda part: part.head if isinstance(part, Item) else None,
)
def test_a_label_that_does_not_fit_is_refused_and_nothing_is_written(tmp_path: Path, item: Item, label: object) -> None:
    with _twice(tmp_path, item) as queue:
        with pytest.raises(UsageError):
            decide(queue, ids(queue)[0], "correct", by="ann", label=label, reason="wrong")
        assert readings(queue) == []


def test_a_label_that_the_model_does_not_know_is_taken_where_that_is_meant(tmp_path: Path) -> None:
    with queue_at(tmp_path, NODULE) as queue:
        decide(queue, ids(queue)[0], "correct", by="ann", label="cystic", reason="thin wall", new=True)
        assert examples(queue).rows[0]["label"] == "cystic"


def test_an_answer_that_was_not_given_cannot_be_accepted(tmp_path: Path) -> None:
    silent = replace(NODULE, why="abstained", output={})
    with queue_at(tmp_path, silent) as queue, pytest.raises(UsageError, match="no answer to accept"):
        decide(queue, ids(queue)[0], "accept", by="ann")


def test_a_name_in_a_corrected_text_or_a_reason_is_removed(tmp_path: Path) -> None:
    with queue_at(tmp_path, WRITTEN) as queue:
        right = "Mr. John Smith has a nodule of 21 mm."
        decide(queue, ids(queue)[0], "correct", by="ann", label=right, reason="Dr. Mary Jones called 617-555-0123")
        said = readings(queue)[0]
    assert "Smith" not in said.label
    assert "21 mm" in said.label
    assert "Jones" not in said.reason


def test_two_readers_do_not_see_each_other_and_a_third_settles_what_they_differ_on(tmp_path: Path) -> None:
    with _twice(tmp_path, NODULE) as queue:
        (id,) = ids(queue)
        decide(queue, id, "accept", by="ann")
        assert seen(queue, queue.get(id)) == []
        decide(queue, id, "correct", by="bo", label="malignant", reason="spiculated")
        assert len(seen(queue, queue.get(id))) == 2
        (third,) = queue.items(state="open")
        assert (third.item.why, third.item.parent) == ("disagreement", id)
        assert [one.by for one in seen(queue, third)] == ["ann", "bo"]
        assert queue.take("ann") is None
        with pytest.raises(UsageError, match="cannot settle"):
            decide(queue, third.id, "accept", by="ann")
        assert examples(queue).undecided == 1
        decide(queue, third.id, "correct", by="cy", label="malignant", reason="agrees with bo")
        (row,) = examples(queue).rows
        assert (row["label"], row["review"]["by"], row["text"]) == ("malignant", "cy", NODULE.text)


def test_two_readers_who_say_the_same_in_two_ways_agree(tmp_path: Path) -> None:
    with _twice(tmp_path, NODULE) as queue:
        (id,) = ids(queue)
        decide(queue, id, "accept", by="ann")
        decide(queue, id, "correct", by="bo", label="benign", reason="as it says")
        assert queue.items(state="open") == []
        assert len(examples(queue).rows) == 1


@pytest.mark.parametrize(
    ("item", "label"),
    [
        (SEVERAL, ["fever", "cough"]),
        (COUGH, [{"start": 2, "end": 4, "type": "symptom"}, {"start": 5, "end": 7, "type": "symptom"}]),
    ],
    ids=["labels", "entities"],
)
def test_two_readers_who_give_the_same_in_another_order_agree(tmp_path: Path, item: Item, label: list[object]) -> None:
    with _twice(tmp_path, item) as queue:
        (id,) = ids(queue)
        for by, given in (("ann", label), ("bo", label[::-1])):
            decide(queue, id, "correct", by=by, label=given, reason="incomplete")
        assert queue.items(state="open") == []


def _read_by(queue: Queue, listed: Listed, by: str, label: str) -> None:
    if label == "benign":
        decide(queue, listed.id, "accept", by=by)
    else:
        decide(queue, listed.id, "correct", by=by, label=label, reason="x")


def test_kappa_of_two_readers_is_that_of_the_grant_table(tmp_path: Path) -> None:
    """Twenty alike on one label, fifteen on the other, five and ten apart: kappa 0.40."""
    said = [("benign",) * 2] * 20 + [("malignant",) * 2] * 15
    said += [("benign", "malignant")] * 5 + [("malignant", "benign")] * 10
    with _twice(tmp_path, *nodules(50)) as queue:
        for listed, (one, other) in zip(queue.items(), said, strict=True):
            _read_by(queue, listed, "ann", one)
            _read_by(queue, listed, "bo", other)
        (found,) = agreement(queue)
    assert isinstance(found.kappa, Estimate)
    assert found.kappa.value == pytest.approx(0.40)
    assert found.kappa.low < 0.40 < found.kappa.high
    assert (found.items, found.same, found.method) == (50, 35, "cohen")


def test_readers_in_changing_pairs_are_compared_by_fleiss_and_a_few_items_not_at_all(tmp_path: Path) -> None:
    pairs = [("ann", "bo"), ("bo", "cy"), ("ann", "cy")] * 2
    with _twice(tmp_path, *nodules(6)) as queue:
        for number, (listed, (one, other)) in enumerate(zip(queue.items(), pairs, strict=True)):
            _read_by(queue, listed, one, "benign" if number % 2 else "malignant")
            _read_by(queue, listed, other, "benign" if number % 2 else "malignant")
            if number == 3:
                assert isinstance(agreement(queue)[0].kappa, Undefined)
        (found,) = agreement(queue)
    assert (found.method, found.readers) == ("fleiss", ("ann", "bo", "cy"))
    assert isinstance(found.kappa, Estimate)
    assert found.kappa.value == pytest.approx(1.0)


def test_what_is_exported_is_read_again_with_its_labels(tmp_path: Path) -> None:
    with queue_at(tmp_path, COUGH) as queue:
        right = [{"start": 2, "end": 4, "type": "symptom"}, {"start": 5, "end": 7, "type": "symptom"}]
        decide(queue, ids(queue)[0], "correct", by="ann", label=right, reason="cough was missed")
        rows = examples(queue).rows
    table = tmp_path / "rows.jsonl"
    table.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    read = read_labelled(table, DataRecipe(train=table, patient="patient", id="id"))
    assert read.head == "tag"
    assert read.labels[0] == (Entity(2, 4, "symptom"), Entity(5, 7, "symptom"))
    assert read.texts[0][5:7] == "咳嗽"


def test_rejected_answers_teach_nothing_and_two_heads_are_not_mixed(tmp_path: Path) -> None:
    with queue_at(tmp_path, NODULE, COUGH, GRADE) as queue:
        for listed in queue.items():
            action = "reject" if listed.item.head == "ordinal" else "accept"
            decide(queue, listed.id, action, by="ann", reason="unreadable")  # type: ignore[arg-type]
        with pytest.raises(DataError, match="several heads"):
            examples(queue)
        done = examples(queue, head="classify")
        assert ([row["label"] for row in done.rows], examples(queue, head="ordinal").rejected) == (["benign"], 1)


def test_the_share_accepted_is_of_what_chance_drew_by_version(tmp_path: Path) -> None:
    drawn = [*nodules(20, why="sampled"), *nodules(20, why="sampled", version="2")]
    with Queue(tmp_path / "queue.sqlite", clock=Clock()) as queue:
        enqueue(queue, [*drawn, *nodules(10)], plan=Plan(rate=1))
        for listed in queue.items():
            bad = listed.item.why == "reported" or (listed.item.version == "2" and listed.item.text < "Nodule 15")
            decide(queue, listed.id, "reject" if bad else "accept", by="ann", reason="x")
        one, two = stats(queue).accepted
    assert isinstance(one.share, Estimate)
    assert isinstance(two.share, Estimate)
    assert (one.decided, one.rejected, one.share.value) == (30, 10, 1.0)
    assert one.share.low == pytest.approx(0.832, abs=0.001)
    assert two.share.low < two.share.value < two.share.high < 1


def test_levels_that_a_reader_rejected_are_compared_as_a_category_of_their_own(tmp_path: Path) -> None:
    items = [replace(GRADE, text=f"Severe pain, day {day}.") for day in range(6)]
    with _twice(tmp_path, *items) as queue:
        for number, id in enumerate(ids(queue)):
            for by in ("ann", "bo"):
                decide(queue, id, "reject" if number == 3 else "accept", by=by, reason="illegible")
        (found,) = agreement(queue)
    assert (found.method, found.same) == ("cohen", 6)
    assert isinstance(found.kappa, Estimate)
    assert found.kappa.value == pytest.approx(1)
