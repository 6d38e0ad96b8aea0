"""What was worked out lately: kept by digest, forgotten by age and number, and never the text itself."""

from __future__ import annotations

import gc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bedside.recent import Recent


def test_what_is_asked_again_is_not_worked_out_again_until_it_is_too_old() -> None:
    now, worked = [0.0], list[str]()
    recent = Recent[int](most=10, seconds=60, clock=lambda: now[0])

    def ask(text: str) -> int:
        return recent.of(text, lambda: worked.append(text) or len(worked))  # type: ignore[func-returns-value]

    assert [ask("胸痛"), ask("胸痛"), ask("胸痛 ")] == [1, 1, 2]
    now[0] = 60.0
    assert ask("胸痛") == 1
    now[0] = 61.0
    assert ask("胸痛") == 3


def test_of_a_flood_the_least_lately_asked_is_forgotten() -> None:
    recent = Recent[int](most=2, seconds=60)
    for text in ("a", "b", "a", "c"):
        recent.of(text, lambda: 1)
    assert len(recent) == 2
    assert [recent.of(text, lambda: 2) for text in ("a", "c", "b")] == [1, 1, 2]


def test_what_could_not_be_worked_out_is_asked_anew() -> None:
    recent = Recent[int](most=2, seconds=60)
    with pytest.raises(ZeroDivisionError):
        recent.of("a", lambda: 1 // 0)
    assert recent.of("a", lambda: 7) == 7


def test_the_text_is_not_kept_and_another_server_has_other_digests() -> None:
    text = " ".join(["Mary", "O'Brien", "fell"])
    one, other = Recent[int](most=9, seconds=60), Recent[int](most=9, seconds=60)
    for recent in (one, other):
        recent.of(text, lambda: 1)
    held = [each for recent in (one, other) for each in gc.get_referents(recent._kept)]
    assert not any("Mary" in str(each) or b"Mary" in bytes(str(each), "utf-8") for each in held)
    assert one._kept.keys().isdisjoint(other._kept.keys())


@given(st.lists(st.text(max_size=4), max_size=60))
def test_an_answer_is_always_that_of_its_own_text(texts: list[str]) -> None:
    recent = Recent[str](most=5, seconds=60)
    for text in texts:
        assert recent.of(text, lambda text=text: text) == text  # type: ignore[misc]
        assert len(recent) <= 5
