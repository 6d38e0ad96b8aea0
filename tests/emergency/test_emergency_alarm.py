"""The ear for other words: asked only where no wording fires, and only of what may be somebody's trouble now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pytest
from numpy.typing import NDArray

from bedside.emergency import alarm, emergencies
from bedside.emergency.alarm import ENCODER, heard
from bedside.emergency.asking import is_told_now

LOUD, QUIET = "My chest is in a vice.", "My shoes are too tight."


@dataclass
class Fake:
    """An encoder to which one sentence is the emergency of ours that weighs most, and others are like nothing."""

    name: str = ENCODER
    asked: list[str] = field(default_factory=list)

    def questions(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.asked += texts
        gravest = alarm.ear().ours[int(np.argmax(alarm.ear().likeness))]
        return np.array([gravest if text == LOUD else -gravest for text in texts], np.float32)


@pytest.fixture(autouse=True)
def sharp(monkeypatch: pytest.MonkeyPatch) -> None:
    """An ear that hears by likeness alone."""
    real = alarm.ear()
    deaf = alarm.Weighing({}, {}, threshold=0.5, brief=0.5, whole=0.5, perhaps=0.2)
    likeness = np.where(real.likeness == real.likeness.max(), 1, 0).astype(np.float32)
    made = replace(real, alone=deaf, beside=deaf, likeness=likeness, hopeless=-1.0)
    monkeypatch.setattr(alarm, "ear", lambda: made)


def test_the_sentence_that_is_heard_is_the_one_that_tells_it() -> None:
    text = f"{QUIET} {LOUD}"
    ((start, end),) = heard(text, Fake())
    assert text[start:end].strip() == LOUD
    assert heard(QUIET, Fake()) == ()


def test_what_is_heard_is_an_emergency_of_no_known_kind() -> None:
    (found,) = emergencies(LOUD, encoder=Fake())
    assert found.id == "other-words"
    assert "may be" in found.name
    assert emergencies(LOUD) == ()


def test_without_an_encoder_a_sentence_is_heard_by_its_words(monkeypatch: pytest.MonkeyPatch) -> None:
    words = alarm.Weighing({"vice": 2.0}, {}, threshold=1.0, brief=1.0, whole=1.0, perhaps=0.0)
    made = replace(alarm.ear(), alone=words)
    monkeypatch.setattr(alarm, "ear", lambda: made)
    assert heard(f"{QUIET} {LOUD}", None) == ((23, 46),)


def test_a_sentence_whose_words_tell_of_nothing_is_not_encoded(monkeypatch: pytest.MonkeyPatch) -> None:
    made = replace(alarm.ear(), alone=alarm.Weighing({"shoes": -2.0}, {}, 1.0, 1.0, 1.0, 0.0))
    monkeypatch.setattr(alarm, "ear", lambda: made)
    fake = Fake()
    heard(f"{QUIET} {LOUD}", fake)
    assert fake.asked == [LOUD]


def test_where_a_wording_fires_nothing_is_listened_to() -> None:
    fake = Fake()
    assert [one.id for one in emergencies("He is not breathing and has no pulse.", encoder=fake)] == ["cardiac-arrest"]
    assert fake.asked == []


def test_another_encoders_vectors_are_not_read() -> None:
    assert emergencies(LOUD, encoder=Fake(name="minilm")) == ()


@pytest.mark.parametrize(
    ("now", "not_now"),
    [
        ("My chest is in a vice.", "What does a vice-like pain mean?"),
        ("Her mouth hangs on one side.", "If her mouth hangs on one side, call us."),
        ("My boy shakes all over.", "My boy shook all over in 2019."),
        ("胸口像被钳子夹住。", "胸口像被夹住是什么病？"),
        ("孩子全身发抖。", "如果孩子全身发抖，请立即就医。"),
        ("他说不出话了。", "他三年前说不出话。"),
    ],
)
def test_only_what_may_be_somebodys_trouble_now_is_listened_to(now: str, not_now: str) -> None:
    assert is_told_now(now)
    assert not is_told_now(not_now)


class Whole(Fake):
    """An encoder to which two sentences are an emergency together, and neither alone."""

    def questions(self, texts: Sequence[str]) -> NDArray[np.float32]:
        gravest = alarm.ear().middle + alarm.ear().ours[int(np.argmax(alarm.ear().likeness))]
        away = alarm.ear().middle - alarm.ear().ours[int(np.argmax(alarm.ear().likeness))]
        return np.array([gravest if text == f"{QUIET} {LOUD}" else away for text in texts], np.float32)


def test_a_message_is_weighed_as_a_whole_and_a_clinicians_text_sentence_by_sentence() -> None:
    text = f"{QUIET} {LOUD}"
    assert heard(text, Whole(), message=True) == ((0, 23), (23, 46))
    assert heard(text, Whole()) == ()
    assert [one.id for one in emergencies(text, encoder=Whole())] == ["other-words"]


@pytest.mark.parametrize(
    ("told", "figure"),
    [
        ("Bitten by a viper on the path.", "I dreamed I was bitten by a viper."),
        ("My boss is having a heart attack.", "This queue is giving me a heart attack."),
        ("孩子正在抽搐，两眼上翻。", "孩子三岁时抽搐，再没抽过。"),
        ("老板心梗了。", "我快被老板气得心梗了。"),
        ("被毒蛇咬了。", "做梦梦见被毒蛇咬了。"),
        ("孩子溺水了。", "看见新闻说小孩溺水。"),
    ],
)
def test_dreams_news_and_figures_of_speech_are_no_emergency(told: str, figure: str) -> None:
    assert emergencies(told)
    assert emergencies(figure) == ()


TALK = "My neighbour has a lovely garden and she gave me two marrows and a recipe for soup. "


def test_an_emergency_in_the_middle_of_a_long_message_is_heard_if_it_is_new(monkeypatch: pytest.MonkeyPatch) -> None:
    words = alarm.Weighing({"vice": 4.0, "garden": -1.0}, {}, threshold=1.0, brief=3.0, whole=3.0, perhaps=0.0)
    made = replace(alarm.ear(), alone=words)
    monkeypatch.setattr(alarm, "ear", lambda: made)
    new, over = "Since lunch my chest is in a vice. ", "On the ninth my chest was in a vice. "
    assert heard(TALK * 2 + new + TALK, None, message=True)
    assert not heard(TALK * 2 + over + TALK, None, message=True)
    assert not heard(TALK + new, None, message=True)  # a short one is weighed with all it says
