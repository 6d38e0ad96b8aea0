"""What is asked of what: the kind of question (symptoms, dose, outlook, ...) and the words of its topic.

Kinds are those of `library/_question/kinds.py`. What is left of a question without their words and without stop words
(`data/focus.toml`) is its topic.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Sequence
from functools import cache, lru_cache
from importlib.resources import files

from bedside.cleaning.language import HAN
from bedside.consult._base import Focus
from bedside.consult.nearly import SHORTEST, nearly
from bedside.library._question.kinds import kinds_asked
from bedside.library._question.terms import terms_of

_MEASURE = re.compile(
    r"\d+(?:\.\d+)?\s*(?:度|岁|℃|°C?|周|天|个?月|年|小时|分钟|years?(?:[- ]old)?|yrs?|months?|weeks?|days?|hours?|"
    r"(?:mg|ml|kg|lbs?)\b|%)",
    re.IGNORECASE,
)


_PART = re.compile(r"[^.!?。！？，；;\n]+(?:[.!?。！？，；;](?=\s|$|[\u3400-\u9fff])|\n|$)?")
_LONG_WORD = re.compile(r"[A-Za-z]{5,}")
_TAG = re.compile(r"\[[A-Z_]+\]")


@lru_cache(maxsize=4096)
def focus_of(question: str) -> Focus:
    """The kinds of a question, the narrowest first, and its topic.

    >>> focus_of("What are the symptoms of gouty arthritis?")
    Focus(kinds=('symptoms',), topic=('gouty', 'arthritis'))
    >>> focus_of("痛风怎么治疗？").kinds
    ('treatment',)
    """
    kinds = kinds_asked(question)
    return Focus(kinds, topic_terms(question))


@lru_cache(maxsize=8192)
def topic_terms(text: str) -> tuple[str, ...]:
    """The terms of a text that name what it is about; of all its words where nothing else is left.

    >>> topic_terms("What are the treatments for Wilson disease?")
    ('wilson', 'disease')
    """
    text = _MEASURE.sub(" ", without_tags(text))
    return _content(text, framed=True) or _content(text, framed=False)


def names_topic(question: str) -> bool:
    """Whether a question says what it is about.

    >>> names_topic("What are the symptoms of gout?"), names_topic("What are the symptoms?"), names_topic("会遗传吗？")
    (True, False, False)
    """
    return bool(_content(_MEASURE.sub(" ", without_tags(question)), framed=True))


def respelt(question: str, known: Callable[[Sequence[str]], Sequence[bool]]) -> str:
    """A question whose misspelt words of asking ("symptmos") are mended; `known` says which words the library has.

    >>> respelt("What are the symptmos of gout?", lambda words: [word == "gout" for word in words])
    'What are the symptoms of gout?'
    """
    words = list(dict.fromkeys(_LONG_WORD.findall(question)))
    for word, there in zip(words, known([word.lower() for word in words]), strict=True):
        if not there and word.lower() not in _frame() and (meant := nearly(word.lower(), _frame())):
            question = re.sub(rf"\b{word}\b", meant, question)
    return question


def asking(question: str) -> str:
    """Of a question with a story before it, the part that asks; "" where it is one part.

    >>> asking("My father is 70. He fell twice. What causes Parkinson disease?")
    'What causes Parkinson disease?'
    """
    parts = [part.strip() for part in _PART.findall(without_tags(question)) if part.strip()]
    asks = [part for part in parts if names_topic(part) and (part.endswith(("?", "？")) or kinds_asked(part))]
    return " ".join(asks) if asks and len(asks) < len(parts) else ""


def without_tags(question: str) -> str:
    """A question without the tags that stand for identity: `[NAME]`, `[PHONE]`."""
    return _TAG.sub(" ", question)


def _content(text: str, *, framed: bool) -> tuple[str, ...]:
    english, chinese = _stop(framed)
    latin = [one for one in terms_of(HAN.sub(" ", text)) if one not in english]
    runs = [one for run in re.findall(rf"(?:{HAN.pattern})+", text) for one in chinese.split(run)]
    terms = [*latin, *(term for run in runs for term in _pairs(run))]
    several = [term for term in terms if len(term) > 1 or not HAN.match(term)]
    return tuple(dict.fromkeys(several or terms))


def _pairs(run: str) -> Iterable[str]:
    """The terms of a Chinese run but its single characters, unless it is one."""
    return (term for term in terms_of(run) if len(term) > 1 or len(run) == 1)


@cache
def _stop(framed: bool) -> tuple[frozenset[str], re.Pattern[str]]:
    """Words that name no topic; with those that say what kind of question it is, where `framed`."""
    rows = _data()
    words = {lang: (rows[lang] + " " + rows[f"frame_{lang}"] * framed).split() for lang in ("en", "zh")}
    english = frozenset(term for word in words["en"] for term in (word, *terms_of(word)))
    chinese = sorted(words["zh"], key=len, reverse=True)
    return english, re.compile("|".join(map(re.escape, chinese)))


@cache
def _frame() -> tuple[str, ...]:
    """English words of asking that are long enough to be misspelt, each also in the plural."""
    words = [word for word in _data()["frame_en"].split() if len(word) >= SHORTEST]
    more = ("information", "genetic", "genetics", "changes", "affected", "people", "related", "clinical", "about")
    return tuple(dict.fromkeys([*(one for word in words for one in (f"{word}s", word)), *more]))


@cache
def _data() -> dict[str, str]:
    found: dict[str, str] = tomllib.loads(
        files("bedside.consult").joinpath("data/focus.toml").read_text(encoding="utf-8")
    )["stop"]
    return found
