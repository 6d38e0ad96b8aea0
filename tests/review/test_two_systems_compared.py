"""Two systems read blind: sides are hidden and even, and with the key preferences are told with intervals."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bedside.errors import DataError, UsageError
from bedside.review import Queue
from bedside.review.judgements import OVERALL, Judgement, judge, judgements, preferences, read_form, waiting
from bedside.review.pairs import (
    Blinded,
    Key,
    Pair,
    Side,
    blind,
    key_place,
    read_key,
    read_pairs,
    write_key,
    write_pairs,
)
from bedside.types import Estimate, Undefined

COUNT = 60
OURS = [{"id": str(number), "text": f"acetaminophen, visit {number}"} for number in range(COUNT)]
THEIRS = [{"id": str(number), "text": f"ibuprofen, visit {number}"} for number in range(COUNT)]


def _blinded(seed: int | None = 3) -> Blinded:
    return blind(OURS, THEIRS, {"1": "knee pain"}, ("ours", "theirs"), seed=seed)


def _ours(pair: Pair) -> Side:
    return "left" if "acetaminophen" in pair.left else "right"


def test_which_system_is_which_stands_in_the_key_and_nowhere_else(tmp_path: Path) -> None:
    done = _blinded()
    write_pairs(tmp_path / "pairs.jsonl", done.pairs)
    write_key(key_place(done.key.study), done.key)
    shown = (tmp_path / "pairs.jsonl").read_text()
    assert "ours" not in shown
    assert "theirs" not in shown
    assert set(json.loads(shown.splitlines()[0])) == {"study", "id", "input", "left", "right"}
    assert tmp_path not in key_place(done.key.study).parents
    assert os.stat(key_place(done.key.study)).st_mode & 0o077 == 0
    assert read_pairs(tmp_path / "pairs.jsonl") == list(done.pairs)
    assert read_key(key_place(done.key.study)) == done.key


def test_about_half_of_the_answers_stand_left_and_in_no_order_of_the_table() -> None:
    done = _blinded()
    left = sum(done.key.first_left.values())
    assert COUNT / 4 < left < 3 * COUNT / 4
    assert all((_ours(pair) == "left") == done.key.first_left[pair.id] for pair in done.pairs)
    assert [done.key.rows[pair.id] for pair in done.pairs] != sorted(done.key.rows.values())


def test_a_seed_repeats_the_sides_and_without_one_they_cannot_be_worked_out() -> None:
    sides = [[_ours(pair) for pair in _blinded(seed).pairs] for seed in (3, 3, 4, None, None)]
    assert sides[0] == sides[1] != sides[2]
    assert sides[3] != sides[4]


def test_names_are_taken_out_of_what_readers_see_and_rows_without_a_partner_are_counted() -> None:
    named = [{"id": "1", "text": "John Smith, MRN 4482910: rest"}, {"id": "2", "text": "x"}]
    done = blind(named, [{"id": "1", "label": "rest"}, {"id": "3", "text": "y"}], {}, ("a", "b"))
    assert done.lost == 2
    assert "Smith" not in done.pairs[0].left + done.pairs[0].right
    with pytest.raises(DataError, match="no row stands in both"):
        blind(named, [{"id": "9", "text": "x"}], {}, ("a", "b"))


def test_a_clear_preference_is_found_whatever_side_it_stood_on(tmp_path: Path) -> None:
    done = _blinded()
    with Queue(tmp_path / "q") as queue:
        for number, pair in enumerate(done.pairs):
            better: Side = "equal" if number % 6 == 0 else _ours(pair)
            judge(queue, Judgement(pair=pair.id, by="ann", overall=better, criteria={"safe": _ours(pair)}))
        found = {(one.question, one.by): one for one in preferences(judgements(queue, done.key.study), done.key)}
    overall = found[OVERALL, ""]
    assert (overall.first, overall.equal, overall.second) == (50, 10, 0)
    assert isinstance(overall.share, Estimate)
    assert overall.share.value == pytest.approx(55 / 60)
    assert 0.5 < overall.share.low < overall.share.high < 1
    assert overall.p < 1e-6
    assert isinstance(found["safe", ""].share, Estimate)
    assert found[OVERALL, "ann"].first == 50


def test_one_who_always_says_left_prefers_neither(tmp_path: Path) -> None:
    done = _blinded()
    with Queue(tmp_path / "q") as queue:
        for pair in done.pairs:
            judge(queue, Judgement(pair=pair.id, by="ann", overall="left"))
        (overall, _) = preferences(judgements(queue, done.key.study), done.key)
    assert isinstance(overall.share, Estimate)
    assert overall.share.low < 0.5 < overall.share.high
    assert overall.p > 0.05


def test_readers_go_on_where_they_stopped_and_the_last_word_counts(tmp_path: Path) -> None:
    done = _blinded()
    with Queue(tmp_path / "q") as queue:
        first = waiting(queue, done.pairs, "ann")
        judge(queue, Judgement(pair=first[0].id, by="ann", overall="left"))
        judge(queue, Judgement(pair=first[0].id, by="ann", overall="equal", reason="Dr. Mary Jones 617-555-0123"))
        assert waiting(queue, done.pairs, "ann") == first[1:]
        assert len(waiting(queue, done.pairs, "bo")) == COUNT
        (said,) = judgements(queue, done.key.study)
    assert said.overall == "equal"
    assert "Jones" not in said.reason


def test_a_form_of_another_study_and_a_strange_answer_are_refused(tmp_path: Path) -> None:
    done, other = _blinded(), _blinded()
    answer = {"pair": done.pairs[0].id, "overall": "left", "safe": "right"}
    form = {"study": done.key.study, "by": "ann", "answers": [answer]}
    file = tmp_path / "form.json"
    file.write_text(json.dumps(form))
    (said,) = read_form(file, done.pairs)
    assert (said.by, said.criteria) == ("ann", {"safe": "right"})
    with pytest.raises(DataError, match="another study"):
        read_form(file, other.pairs)
    with pytest.raises(DataError, match="another study"):
        preferences([said], other.key)
    with Queue(tmp_path / "q") as queue, pytest.raises(UsageError):
        judge(queue, Judgement(pair=said.pair, by="ann", overall="both"))  # type: ignore[arg-type]
    file.write_text("[]")
    with pytest.raises(DataError, match="not a saved form"):
        read_form(file, done.pairs)


@settings(max_examples=8)
@given(sides=st.lists(st.sampled_from(["left", "equal", "right"]), min_size=5, max_size=12))
def test_the_share_is_wins_and_half_the_ties_and_of_the_other_system_the_rest(sides: list[Side]) -> None:
    names = [f"s-{number}" for number in range(len(sides))]
    said = [Judgement(pair=name, by="ann", overall=side) for name, side in zip(names, sides, strict=True)]
    rows = dict.fromkeys(names, "")
    key, turned = (
        Key(study="s", names=("a", "b"), seed=0, first_left=dict.fromkeys(names, left), rows=rows)
        for left in (True, False)
    )
    one, other = preferences(said, key)[0], preferences(said, turned)[0]
    assert isinstance(one.share, Estimate)
    assert isinstance(other.share, Estimate)
    assert one.share.value == pytest.approx((sides.count("left") + sides.count("equal") / 2) / len(sides))
    assert one.share.value + other.share.value == pytest.approx(1)


def test_four_pairs_give_no_share() -> None:
    said = [Judgement(pair=f"s-{number}", by="ann", overall="left") for number in range(4)]
    key = Key(study="s", names=("a", "b"), seed=0, first_left=dict.fromkeys((one.pair for one in said), True), rows={})
    assert isinstance(preferences(said, key)[0].share, Undefined)
