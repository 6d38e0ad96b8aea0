"""What stands beside a Chinese name: people, verbs of telling and accompanying before it, titles and acts after it."""

from __future__ import annotations

from functools import cache

from bedside.deid._zh_text import words

_LONGEST = 4
_BODY = frozenset("左右双血腹胸头颈腰膝髋肩腕踝肘肝肾心肺胃脑胆尿糖面手足腿骨切伤眼耳鼻咽口舌腋臀")
_BREAKS = frozenset(" \t\n,，。.;；:：、|()（）[]【】“”\"'‘’/!！?？<>《》—-~")


@cache
def _cues(rule: str) -> frozenset[str]:
    return frozenset(words(rule).split())


def cue_before(text: str, at: int) -> str:
    """The kind of thing that ends at `at`: `person`, `verb`, `bed`, `link`, `digit`, `break`, or nothing."""
    if at == 0 or text[at - 1] in _BREAKS:
        return "break"
    if text[at - 1].isdigit():
        return "digit"
    for kind in ("person", "verb", "bed", "link"):
        if any(text[at - size : at] in _cues(f"cues {kind} before") for size in range(1, min(_LONGEST, at) + 1)):
            return kind
    return ""


def cue_after(text: str, end: int) -> str:
    """The kind of thing that begins at `end`: `sex`, `title`, `act`, `break`, `body`, or nothing."""
    if end >= len(text):
        return "break"
    if text[end] in _BREAKS:
        rest = text[end : end + 6].lstrip(" ,，、(（|")
        return "sex" if rest[:1] in ("男", "女") and rest[1:2] not in ("儿", "子", "友", "士") else "break"
    for kind in ("title", "act"):
        if any(text[end : end + size] in _cues(f"cues {kind} after") for size in range(1, _LONGEST + 1)):
            return kind
    return "body" if text[end] in _BODY else ""


def is_staff(text: str, at: int, end: int) -> bool:
    """Whether a title of staff stands right before or after a name."""
    return any(text[at - size : at] in _cues("cues staff") for size in range(2, min(_LONGEST, at) + 1)) or any(
        text[end : end + size] in _cues("cues staff") for size in range(2, _LONGEST + 1)
    )


def people_words() -> frozenset[str]:
    """Words for people by their part: patients, kin, staff."""
    return _cues("cues person before")
