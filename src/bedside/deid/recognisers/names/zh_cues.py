"""What stands beside a Chinese name: people, verbs of telling and accompanying before it, titles and acts after it."""

from __future__ import annotations

from functools import cache, lru_cache

from bedside.deid.lexicon.chinese import words

_LONGEST = 4
_BEFORE = ("person", "verb", "bed", "link", "")
_AFTER = ("title", "act", "")
_BODY = frozenset("左右双血腹胸头颈腰膝髋肩腕踝肘肝肾心肺胃脑胆尿糖面手足腿骨切伤眼耳鼻咽口舌腋臀")
_BREAKS = frozenset(" \t\n,，。.;；:：、|()（）[]【】“”\"'‘’/!！?？<>《》—-~")


@cache
def _cues(rule: str) -> frozenset[str]:
    return frozenset(words(rule).split())


@cache
def _table(side: str, kinds: tuple[str, ...]) -> dict[str, int]:
    """A word to the rank of the first kind that lists it."""
    return {word: rank for rank in range(len(kinds) - 2, -1, -1) for word in _cues(f"cues {kinds[rank]} {side}")}


def cue_before(text: str, at: int) -> str:
    """The kind of thing that ends at `at`: `person`, `verb`, `bed`, `link`, `digit`, `break`, or nothing."""
    if at == 0 or text[at - 1] in _BREAKS:
        return "break"
    return _kind_before(text[max(0, at - _LONGEST) : at])


@lru_cache(maxsize=65_536)
def _kind_before(shown: str) -> str:
    if shown[-1].isdigit():
        return "digit"
    table = _table("before", _BEFORE)
    return _BEFORE[min(table.get(shown[at:], len(_BEFORE) - 1) for at in range(len(shown)))]


def cue_after(text: str, end: int) -> str:
    """The kind of thing that begins at `end`: `sex`, `title`, `act`, `break`, `body`, or nothing."""
    if end >= len(text):
        return "break"
    if text[end] in _BREAKS:
        rest = text[end : end + 6].lstrip(" ,，、(（|")
        return "sex" if rest[:1] in ("男", "女") and rest[1:2] not in ("儿", "子", "友", "士") else "break"
    return _kind_after(text[end : end + _LONGEST])


@lru_cache(maxsize=65_536)
def _kind_after(shown: str) -> str:
    table = _table("after", _AFTER)
    kind = _AFTER[min(table.get(shown[:size], len(_AFTER) - 1) for size in range(1, _LONGEST + 1))]
    return kind or ("body" if shown[0] in _BODY else "")


def is_staff(text: str, at: int, end: int) -> bool:
    """Whether a title of staff stands right before or after a name."""
    return any(text[at - size : at] in _cues("cues staff") for size in range(2, min(_LONGEST, at) + 1)) or any(
        text[end : end + size] in _cues("cues staff") for size in range(2, _LONGEST + 1)
    )


def people_words() -> frozenset[str]:
    """Words for people by their part: patients, kin, staff."""
    return _cues("cues person before")
