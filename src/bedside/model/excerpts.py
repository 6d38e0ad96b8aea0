"""Answers that stand in a text: how tables hold them, how alike two are, and which units an excerpt covers.

Source of the measures: Rajpurkar et al. 2016, "SQuAD", and 2018 (no answer); Chinese by characters as Cui et al. 2019,
"A Span-Extraction Dataset for Chinese Machine Reading Comprehension", have it.
"""

from __future__ import annotations

import json
import re
import string
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bedside.lang import tr
from bedside.model.given import Places
from bedside.model.units import HAN
from bedside.types import Excerpt

Floats = NDArray[np.float64]

LONGEST = 120
"""Units (words, numbers, Chinese characters, marks) of an answer at most."""

_MARKS = re.compile(f"[{re.escape(string.punctuation)}。，、；：？！“”‘’（）《》〈〉【】「」『』—…·～￥]")
_ARTICLES = re.compile(r"\b(a|an|the)\b")
_TOKEN = re.compile(rf"[{HAN}]|[^\s{HAN}]+")


def read_excerpts(value: Any, context: str) -> tuple[Excerpt, ...]:
    """A cell as the answers that stand in a context: text, a list, or {text, answer_start} as SQuAD has them.

    Without a place the first is meant; an empty cell says that there is no answer.

    >>> read_excerpts({"text": ["fever"], "answer_start": [3]}, "no fever")
    (Excerpt(start=3, end=8, probability=1.0),)

    ValueError: why the cell does not fit its context.
    """
    given = [(text, start) for text, start in _answers(_plain(value)) if not isinstance(text, str) or text.strip()]
    return tuple(dict.fromkeys(_placed(text, start, context) for text, start in given))


def words_of(text: str) -> list[str]:
    """What two answers are compared by: lower case, without punctuation and articles; a Chinese character is a word.

    >>> words_of("The CT (chest): 肺炎。")
    ['ct', 'chest', '肺', '炎']
    """
    return _TOKEN.findall(_ARTICLES.sub(" ", _MARKS.sub("", text.lower())))


def likeness(answer: Excerpt, truths: Sequence[Excerpt]) -> tuple[float, float]:
    """Exact match and F1 of words, with the true answer that it is most like; without any, both are 1 for no answer.

    >>> likeness(Excerpt(0, 9, "the fever"), [Excerpt(0, 5, "high fever")])
    (0.0, 0.6666666666666666)
    """
    if not truths or not answer:
        same = float(not truths and not answer)
        return same, same
    said = words_of(answer.text)
    pairs = [_alike(said, words_of(truth.text)) for truth in truths]
    return max(exact for exact, _ in pairs), max(f1 for _, f1 in pairs)


def units_within(excerpt: Excerpt, places: Places) -> tuple[int, int]:
    """The first and last unit that an excerpt touches.

    >>> units_within(Excerpt(3, 8), ((0, 2), (3, 8)))
    (1, 1)
    """
    first = bisect_right([end for _, end in places], excerpt.start)
    return first, max(first, bisect_left([start for start, _ in places], excerpt.end) - 1)


def best_span(starts: Floats, ends: Floats) -> tuple[int, int]:
    """First and last unit of the highest sum of scores [units], the last no earlier than the first.

    >>> best_span(np.array([0.0, 2.0, 0.0]), np.array([3.0, 0.0, 2.0]))
    (1, 2)
    """
    best, found = -np.inf, (0, 0)
    for size in range(min(LONGEST, len(starts))):
        sums = starts[: len(starts) - size] + ends[size:]
        at = int(sums.argmax())
        if sums[at] > best:
            best, found = float(sums[at]), (at, at + size)
    return found


def _alike(said: list[str], truth: list[str]) -> tuple[float, float]:
    if not said or not truth:
        return (float(said == truth),) * 2
    common = (Counter(said) & Counter(truth)).total()
    return float(said == truth), 2 * common / (len(said) + len(truth))


def _answers(value: Any) -> Iterator[tuple[Any, Any]]:
    """(text, start or None) of each answer in a cell."""
    if value is None or (isinstance(value, float) and value != value):
        return
    if isinstance(value, str):
        yield value, None
    elif isinstance(value, dict):
        texts, starts = value.get("text"), value.get("answer_start")
        texts = texts if isinstance(texts, list) else [] if texts is None else [texts]
        starts = starts if isinstance(starts, list) else [starts] * len(texts)
        if len(texts) != len(starts):
            raise ValueError(tr("not as many places as answers", "答案与位置数量不符"))
        yield from zip(texts, starts, strict=True)
    elif isinstance(value, (list, tuple)):
        for one in value:
            yield from _answers(one)
    else:
        raise ValueError(
            tr("the answer is neither text nor {text, answer_start}", "答案既非文本也非 {text, answer_start}")
        )


def _placed(text: Any, start: Any, context: str) -> Excerpt:
    if not isinstance(text, str) or not (start is None or type(start) is int):
        raise ValueError(tr("an answer is no text, or its place no number", "答案不是文本，或其位置不是整数"))
    if start is None:
        text = text.strip()
        start = context.find(text)
    if not 0 <= start <= len(context) - len(text):
        raise ValueError(tr("an answer does not stand in its text", "答案不在文本中"))
    if context[start : start + len(text)] != text:
        raise ValueError(tr("an answer is not what stands there", "答案与其位置的文本不符"))
    return Excerpt(start, start + len(text), text)


def _plain(value: Any) -> Any:
    """A list or object written as JSON in a cell of text is what it says."""
    if isinstance(value, str) and value.lstrip()[:1] in ("[", "{"):
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value
