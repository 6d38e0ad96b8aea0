"""What a text does with a thing that it names: proposes it, advises against it, tells of the past, asks, or supposes.

The wordings are data (data/stance.toml), each kind with sentences. They hold within their clause; a list after a comma
shares what was said of its first ("avoid contrast CT, MRI").
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from bedside.drugs.clauses import clauses
from bedside.phenotypes.context import contexts

Stance = Literal["proposed", "against", "past", "asked", "supposed", "other"]
"""`other`: of another person; `supposed`: under a condition that has not come about."""

_REACH = r"[^,;，；]{0,60}?"
"""How far behind a thing words may speak against it: no further than its clause."""


_BUT = re.compile(
    r"[\s,，]*(?:but|yet|however|但是?|然而|不过)\s*(?:(?:it|this|that|which|他|她|此|其)\b\s*)?", re.IGNORECASE
)


class Stances:
    """A text read once; `of` says how each of its places is meant.

    >>> text = "Avoid contrast CT; do an ultrasound. He had an MRI in 2019."
    >>> said = Stances(text)
    >>> [said.of(text.index(word), text.index(word) + 3) for word in ("contrast CT", "ultrasound", "MRI")]
    ['against', 'proposed', 'past']
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._clauses = list(clauses(text, ()))

    def of(self, start: int, end: int) -> Stance:
        """How the words from start to end are meant."""
        number = next((n for n, one in enumerate(self._clauses) if one.start <= start < one.end), None)
        if number is None:
            return "proposed"
        clause = self._clauses[number]
        before, behind = clause.text[: start - clause.start], clause.text[end - clause.start :]
        if clause.question or _whole("asked").search(self._sentence(number)):
            return "asked"
        if self._of_another(number, start, end, behind):
            return "other"
        own = _own(before, behind) or self._taken_back(number + 1)
        if own is None and clause.listed and not _whole("verb").search(before):
            return self._carried(number)
        return own or "proposed"

    def denied(self, start: int, end: int) -> bool:
        """Do the words say that it is not so?"""
        return contexts(self._text, [(start, end)])[0].negated

    def _of_another(self, number: int, start: int, end: int, behind: str) -> bool:
        earlier = self._text[self._begin(number) : start]
        if _before("other").search(earlier) or _behind("other", "").match(behind):
            return True
        return contexts(self._text, [(start, end)])[0].family

    def _carried(self, number: int) -> Stance:
        """What the clause before in the list says of all in it."""
        earlier = _whole("despite").sub("", self._clauses[number - 1].text)
        return "against" if _before("against").search(earlier) else "proposed"

    def _taken_back(self, number: int) -> Stance | None:
        """What the clause behind says of it: "an MRI would show it, but is not safe"."""
        if number >= len(self._clauses) or self._clauses[number].first:
            return None
        behind = _BUT.sub("", self._clauses[number].text)
        return "against" if _BUT.match(self._clauses[number].text) and _behind("against", "").match(behind) else None

    def _begin(self, number: int) -> int:
        while number and not self._clauses[number].first:
            number -= 1
        return self._clauses[number].start

    def _sentence(self, number: int) -> str:
        last = number + 1
        while last < len(self._clauses) and not self._clauses[last].first:
            last += 1
        return self._text[self._begin(number) : self._clauses[last - 1].end]


def _own(before: str, behind: str) -> Stance | None:
    """What the words of a clause say of what stands between them."""
    before, behind = (_whole("despite").sub("", one) for one in (_whole("turn").split(before)[-1], behind))
    if _before("against").search(before) or _behind("against", _REACH).match(behind):
        return "against"
    if _before("past").search(before) or _behind("past", "").match(behind):
        return "past"
    return "supposed" if _before("supposed").search(before) else None


@cache
def read_stances() -> dict[str, Any]:
    """The file as written, with its sentences."""
    source = files("bedside.rules").joinpath("data/stance.toml").read_text(encoding="utf-8")
    return tomllib.loads(source)


@cache
def _whole(name: str) -> re.Pattern[str]:
    told = read_stances()[name]
    return any_of(told["en"], told["zh"])


@cache
def _before(name: str) -> re.Pattern[str]:
    told = read_stances()[name]
    return any_of(told["before_en"], told["before_zh"])


@cache
def _behind(name: str, reach: str) -> re.Pattern[str]:
    told = read_stances()[name]
    return re.compile(rf"\s*{reach}(?:{any_of(told['behind_en'], told['behind_zh']).pattern})", re.IGNORECASE)


def any_of(en: list[str], zh: list[str]) -> re.Pattern[str]:
    """Any of some wordings; those among them that begin with a Latin letter as whole words. None matches nothing."""
    parts = [rf"(?<![A-Za-z])(?:{'|'.join(en)})(?![A-Za-z])" if en else "", "|".join(zh)]
    return re.compile("|".join(filter(None, parts)) or r"(?!)", re.IGNORECASE)
