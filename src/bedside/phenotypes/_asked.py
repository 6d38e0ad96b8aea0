"""Findings asked after in a conversation: what the answer to the question says of them, in English and Chinese.

"Any chest pain?" "No." is a denial, "Yes." a finding, and anything else leaves it open. A question that takes the
finding for granted ("When did the pain begin?") says that it is there. The wordings are data (data/asked.toml).
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import Any, Literal, NamedTuple

Answer = Literal["yes", "no", "open", "granted"]
Span = tuple[int, int]

_END = re.compile(r"[?？。！；;\n]|[.!](?=\s|$)|-(?=\s*\[)")
_MARKS = ("?", "？", "-")
"""What a question ends with; the last of one that was cut short."""
_BESIDE = 24
"""Characters before a mention that may say it is known."""


class Asked(NamedTuple):
    """A question from `start` to `end`, and how it was answered."""

    start: int
    end: int
    answer: Answer


class _Turn(NamedTuple):
    start: int
    end: int
    named: bool


class _Wordings(NamedTuple):
    speaker: re.Pattern[str]
    asks: re.Pattern[str]
    grants: re.Pattern[str]
    known: re.Pattern[str]
    filler: re.Pattern[str]
    answers: dict[str, re.Pattern[str]]


def asked(text: str) -> list[Asked]:
    """The questions of a text, each with its answer; one that takes for granted what it names needs none.

    >>> [one.answer for one in asked("Doctor: Any fever? Patient: No. Doctor: Do you cough? Patient: Yes, at night.")]
    ['no', 'yes']
    >>> [one.answer for one in asked("医生：有没有发热？患者：没有。医生：头痛多久了？患者：三天。")]
    ['no', 'granted']
    """
    turns = _turns(text)
    if not turns[0].named:
        return list(_in_prose(text, turns[0]))
    pairs = zip(turns, [*turns[1:], None], strict=True)
    return sorted(one for turn, then in pairs for one in _in_conversation(text, turn, then))


def known(text: str, mention: Span) -> bool:
    """Does the word before a mention say that it is known: "the pain", "your cough"?"""
    return bool(_wordings().known.search(text[max(0, mention[0] - _BESIDE) : mention[0]]))


def speeches(text: str) -> list[int]:
    """Where each of the speakers of a conversation begins; nothing where none is named."""
    return [match.start() for match in _wordings().speaker.finditer(text)]


def read_wordings() -> dict[str, Any]:
    """The file as written, examples and all."""
    source = files("bedside.phenotypes").joinpath("data/asked.toml")
    return tomllib.loads(source.read_text(encoding="utf-8"))


@cache
def _wordings() -> _Wordings:
    told = read_wordings()

    def pattern(words: list[str], form: str = "{}") -> re.Pattern[str]:
        latin = "|".join(f"{word}\\b" if word[-1].isascii() and word[-1].isalpha() else word for word in words)
        return re.compile(form.replace("{}", f"(?:{latin})"), re.IGNORECASE | re.MULTILINE)

    who = "|".join(told["speakers"])
    return _Wordings(
        re.compile(
            rf"(?:^|(?<=[\s。？?！!；;]))(?:[\[【](?:{who})[\]】]|(?:{who})\s*[:：])\s*", re.IGNORECASE | re.MULTILINE
        ),
        re.compile(f"(?:{'|'.join(told['asks'])})", re.IGNORECASE),
        pattern(told["grants"], r"^(?:\W|\b(?:and|so|okay|ok|well|now|i see|then)\b)*{}"),
        pattern(told["known"], r"(?<!\w){}\s*(?:\w+\s+)?$"),
        pattern(told["fillers"], r"(?:{}|[\s,，.。…\-])*"),
        {name: pattern(words) for name, words in told["answers"].items()},
    )


def _turns(text: str) -> list[_Turn]:
    marks = [match.span() for match in _wordings().speaker.finditer(text)]
    if not marks:
        return [_Turn(0, len(text), named=False)]
    begins = [end for _, end in marks]
    ends = [*(start for start, _ in marks[1:]), len(text)]
    return [_Turn(start, end, named=True) for start, end in zip(begins, ends, strict=True)]


def _sentences(text: str, turn: _Turn) -> list[Span]:
    cuts = [turn.start, *(match.end() for match in _END.finditer(text, turn.start, turn.end)), turn.end]
    return [(start, end) for start, end in pairwise(cuts) if text[start:end].strip()]


def _in_prose(text: str, turn: _Turn) -> Iterator[Asked]:
    """Questions that the next sentence answers in a word; of others nothing is said."""
    for question, then in pairwise(_sentences(text, turn)):
        said = text[slice(*question)].strip()
        if said.endswith(_MARKS) and _wordings().asks.search(said) and not _wordings().grants.search(said):
            answer = _answer(text[slice(*then)], "_short")
            if answer != "open":
                yield Asked(*question, answer)


def _in_conversation(text: str, turn: _Turn, then: _Turn | None) -> Iterator[Asked]:
    """Questions of a turn; those that end it share the answer with which the next turn begins."""
    answer = _answer(text[then.start : then.end], "") if then else "open"
    ends = True
    for start, end in reversed(_sentences(text, turn)):
        said = text[start:end].strip()
        if not said.endswith(_MARKS):
            ends = False
        elif _wordings().grants.search(said):
            yield Asked(start, end, "granted")
        elif _wordings().asks.search(said) or (ends and answer != "open"):
            yield Asked(start, end, answer if ends else "open")


def _answer(said: str, kind: Literal["", "_short"]) -> Answer:
    wordings = _wordings()
    start = match.end() if (match := wordings.filler.match(said)) else 0
    if wordings.answers["open"].match(said, start):
        return "open"
    if wordings.answers[f"no{kind}"].match(said, start):
        return "no"
    return "yes" if wordings.answers[f"yes{kind}"].match(said, start) else "open"
