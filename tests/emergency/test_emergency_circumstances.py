"""What a message says around its trouble, and what that does to the ear: over or under way, seen to or held back."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bedside.emergency import alarm
from bedside.emergency._circumstances import circumstances, names
from bedside.emergency.alarm import heard
from bedside.emergency.recognise import reminder


@pytest.mark.parametrize(
    ("said", "name", "unsaid"),
    [
        ("It began twenty minutes ago.", "began-lately", "It began in the spring."),
        ("二十分钟前开始的。", "began-lately", "开春开始的。"),
        ("She is suddenly grey.", "now", "She is always grey."),
        ("刚才脸色发灰。", "now", "一向脸色发灰。"),
        ("All clear on Friday.", "over", "All of it hurts."),
        ("已经好多了。", "over", "越来越重。"),
        ("Seen in A&E yesterday.", "seen-to", "Nobody has looked at it."),
        ("急诊看过，拍片没事。", "seen-to", "还没去医院。"),
        ("Sorry to bother you.", "holds-back", "Please send somebody."),
        ("别告诉我妈。", "holds-back", "我妈在旁边。"),
        ("A mild ache.", "mild", "A crushing ache."),
        ("有点酸。", "mild", "疼得打滚。"),
        ("Eating well and playing.", "well", "Not waking for feeds."),
        ("精神挺好。", "well", "精神萎靡。"),
        ("It is for a film script.", "in-jest", "It is for my father."),
        ("电影里这么演的。", "in-jest", "我爸就这样。"),
        ("Temp 39.4, shaking.", "grave-number", "Temp 36.8, laughing."),
        ("化疗第九天，39.6。", "grave-number", "化疗第九天，36.6。"),
    ],
)
def test_a_circumstance_is_read_where_it_is_said(said: str, name: str, unsaid: str) -> None:
    assert name in names()
    assert name in circumstances(said)
    assert name not in circumstances(unsaid)


def test_what_is_said_often_counts_twice_at_most() -> None:
    assert circumstances("now, now, now and now")["now"] == 2


@pytest.mark.parametrize("way", ["alone", "beside"])
def test_what_is_over_or_seen_to_weighs_against_and_what_is_under_way_for_an_emergency(way: str) -> None:
    around = getattr(alarm.ear(), way).around
    assert all(around[name] < 0 for name in ("over", "seen-to", "mild", "well", "in-jest", "harmless-number"))
    assert all(around[name] > 0 for name in ("now", "holds-back", "grave-number"))


def test_the_same_trouble_is_an_emergency_or_not_by_what_is_said_around_it(monkeypatch: pytest.MonkeyPatch) -> None:
    scale = alarm.Weighing({"arm": 1.0}, {"over": -2.0, "now": 1.0}, threshold=9.0, brief=1.5, whole=1.5, perhaps=0.5)
    made = replace(alarm.ear(), alone=scale, hopeless=-9.0)
    monkeypatch.setattr(alarm, "ear", lambda: made)
    assert heard("His arm hangs, just now.", None, message=True)
    assert not heard("His arm hung, all clear since.", None, message=True)
    assert reminder("His arm hangs.", None)
    assert not reminder("His arm hung, all clear since.", None)


def test_a_short_message_alarms_from_a_higher_point(monkeypatch: pytest.MonkeyPatch) -> None:
    scale = alarm.Weighing({"arm": 1.0}, {"now": 1.0}, threshold=9.0, brief=1.2, whole=0.8, perhaps=0.5)
    made = replace(alarm.ear(), alone=scale, hopeless=-9.0)
    monkeypatch.setattr(alarm, "ear", lambda: made)
    assert not heard("His arm, arm.", None, message=True)
    assert heard("Arm, arm, arm. " * 7, None, message=True)
