"""A differential asked of a server that has just started: it waits for the index, or is told to come again."""

from __future__ import annotations

from threading import Event, Thread

import pytest

from bedside.server.clinic.diagnostician import Diagnostician
from bedside.server.errors import Refusal

PRESENT = ["HP:0001945", "HP:0002829"]


@pytest.fixture(scope="module")
def opened() -> Diagnostician:
    one = Diagnostician(wait_s=60)
    one.opened_by()()
    return one


def who_shares(opened: Diagnostician, wait_s: float) -> Diagnostician:
    """Another one with the same index, which takes seconds to read."""
    who = Diagnostician(wait_s=wait_s)
    who.__dict__.update({name: vars(opened)[name] for name in ("_ranker", "_names")})
    return who


def test_a_question_asked_while_the_index_is_opened_is_told_to_come_again_and_not_left_to_time_out() -> None:
    who = Diagnostician(wait_s=0)
    who.opened_by()
    with pytest.raises(Refusal) as told:
        who.of_ids(PRESENT, [])
    assert (told.value.status, told.value.code) == (503, "warming_up")
    assert told.value.retry_after_s is not None


def test_a_question_that_can_wait_for_the_opening_is_answered(opened: Diagnostician) -> None:
    who, done, cases = who_shares(opened, wait_s=60), Event(), list[object]()
    opens = who.opened_by()

    def ask() -> None:
        cases.append(who.of_ids(PRESENT, []))
        done.set()

    Thread(target=ask).start()
    opens()
    assert done.wait(60)
    assert cases == [opened.of_ids(PRESENT, [])]


def test_what_is_opened_needs_nothing_more_for_the_first_question(opened: Diagnostician) -> None:
    assert {"_ranker", "_names"} <= vars(opened).keys()
    assert opened.tell(opened.of_ids(PRESENT, [])).answer.ranking


def test_where_the_index_cannot_be_opened_whoever_asks_is_told_why_and_waits_no_longer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from bedside.errors import MissingExtra
    from bedside.knowledge import hpo

    def missing() -> None:
        raise MissingExtra("hpo", "hpo")

    monkeypatch.setattr(hpo, "open_hpo", missing)
    who = Diagnostician(wait_s=60)
    for asked in (who.opened_by(), lambda: who.of_ids(PRESENT, [])):
        with pytest.raises(MissingExtra):
            asked()


def test_a_question_behind_a_long_one_is_told_to_come_again(opened: Diagnostician) -> None:
    who = who_shares(opened, wait_s=0)
    with who._turn(), pytest.raises(Refusal) as told:
        who.of_ids(PRESENT, [])
    assert (told.value.status, told.value.code) == (503, "busy")
    assert who.of_ids(PRESENT, []) == opened.of_ids(PRESENT, [])
