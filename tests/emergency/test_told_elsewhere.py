"""A film, a play or a course frames a trouble that nobody here has; whoever watches or attends one may fall ill."""

from __future__ import annotations

import pytest

from bedside.emergency import emergencies
from bedside.emergency.asking import is_told_now


@pytest.mark.parametrize(
    ("framed", "had"),
    [
        (
            "I am writing a play in which the vicar collapses clutching his chest with crushing chest pain.",
            "It is the interval of the play and my father has crushing chest pain and is sweating.",
        ),
        (
            "On our first aid course they showed a man who is not breathing and has no pulse.",
            "On our first aid course the man next to me is not breathing and has no pulse.",
        ),
        ("故事里的小孩全身抽了十分钟，这叫什么", "给孩子讲故事呢，他忽然全身抽，十分钟了还没停"),
        ("我母亲十年前是脑出血走的，吃着饭突然喊头炸了一样疼。", "我母亲十年前走的，今天我突然头炸了一样疼。"),
        (
            "The printer in outpatients had a seizure again, smoke and all.",
            "The printer in outpatients fell on her and she is having a seizure.",
        ),
        (
            "The dog had a seizure. It cannot breathe.",
            "The dog was barking. Crushing chest pain and sweating since noon.",
        ),
        ("Our cow cannot breathe.", "Cow's milk allergy, lips swelling, wheezing badly."),
        (
            'My translation exam has the sentence "she cannot breathe and her lips are blue".',
            "In my translation exam the girl beside me cannot breathe and her lips are blue.",
        ),
        ("He will kill himself laughing when I come as a tooth.", "He will kill himself when I go out."),
        ("Reading about a lad who was stabbed in Leeds.", "A lad was stabbed in the street just now."),
        ("我们要搞溺水急救演练，想借两个假人。", "我们搞急救演练，有人真溺水了，捞上来没呼吸。"),
        ("败血症是去年出院小结上写的，病案室在几楼？", "去年出院，今天又高烧寒战，血压测不出，人糊涂了。"),
        (
            "Reading about a man with crushing chest pain.",
            "Blood pressure reading on the home cuff is 220/130 and I have crushing chest pain.",
        ),
        ("被狗血剧情噎住了，喘不上气，哈哈。", "看剧情笑得噎住了，脸发紫喘不上气。"),
        ("电梯突然抽搐了一下就不动了。", "电梯夹住了他，他突然抽搐了。"),
    ],
)
def test_what_is_shown_written_or_over_is_no_alarm_and_what_is_had_is(framed: str, had: str) -> None:
    assert emergencies(framed) == ()
    assert emergencies(had)


@pytest.mark.parametrize(
    ("learnt", "told"),
    [
        ("I read an article about how the throat closes up", "My exam is on Monday but my throat is closing up"),
        ("I saw a film about a man who cannot be roused", "Watching a film on TV he collapsed and I can't rouse him"),
    ],
)
def test_a_day_or_a_screen_is_no_topic(learnt: str, told: str) -> None:
    assert not is_told_now(learnt)
    assert is_told_now(told)


@pytest.mark.parametrize(
    "message",
    [
        "He has the line in his arm, is shivering with a fever of 40 and confused.",
        "The fridge broke down yesterday. Crushing chest pain since lunch and sweating.",
        "The computer crashed and now crushing chest pain and sweating.",
        "It hurts laughing because I have crushing chest pain and I am sweating.",
        "I could die of embarrassment, but I am numb in my groin and can't hold my wee.",
        "股票跌光了，不想活了。",
        "电梯里突然胸口压榨样疼，出大汗。",
        "剧情太吓人，突然昏迷叫不醒。",
        "他昏迷在演习场上叫不醒。",
    ],
)
def test_a_thing_a_laugh_or_a_story_beside_an_emergency_hides_nothing(message: str) -> None:
    assert emergencies(message)
