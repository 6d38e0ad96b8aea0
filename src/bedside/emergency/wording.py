"""Wordings of the tables in data/: a regular expression of few signs, with {parts}, gaps and words that go together.

`a & b` asks for both near each other, `a & !b` for a without b anywhere near; `a & ~b` too asks for both, where b only
says more of a (its context is not looked at). `..` (in Chinese `.{0,n}`) is a gap within one sentence and without a
denial; a space is any space or hyphen. English wordings begin and end at a word's edge.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

Span = tuple[int, int]
NEAR = {"en": 320, "zh": 140}
"""Code points within which the parts of one trigger stand."""
_PART = re.compile(r"\{([a-z]\w*)\}")
_GAP = r"(?:(?!\b(?:no|not|never|without|denies|but)\b|n't\b)[^.;!?\n]){0,45}?"
_GAP_ZH = re.compile(r"\.\{0,(\d+)\}")
_FREE_ZH = r"(?:(?![没無无不未否非但]|排除)[^。；;！!？?\n]){0,\1}"
"""A gap holds no denial, for what stands before a denial is not said to be there."""
_LATIN = re.compile(r"(?<![A-Za-z\\])([A-Za-z]{2,})(?![A-Za-z])")
"""Letters in a Chinese wording: a word of their own."""


@dataclass(frozen=True, slots=True)
class Trigger:
    """Patterns that must all be near each other, those that must be there too, and those that must not."""

    needed: tuple[re.Pattern[str], ...]
    beside: tuple[re.Pattern[str], ...]
    barred: tuple[re.Pattern[str], ...]
    near: int

    def places(self, text: str) -> Iterator[tuple[Span, ...]]:
        """Where it holds: for each place of its first pattern the nearest place of each other one."""
        others = [[match.span() for match in one.finditer(text)] for one in self.needed[1:]]
        if not all(others):
            return
        for match in self.needed[0].finditer(text):
            first = match.span()
            spans = (first, *(min(some, key=lambda span: abs(span[0] - first[0])) for some in others))
            low, high = min(start for start, _ in spans), max(end for _, end in spans)
            around = text[max(0, low - self.near) : high + self.near]
            if high - low > self.near or any(one.search(around) for one in self.barred):
                continue
            if all(one.search(around) for one in self.beside):
                yield spans


def trigger(wording: str, parts: Mapping[str, str], lang: str) -> Trigger:
    """A wording compiled.

    >>> one = trigger("chest pain & sweat\\\\w*", {}, "en")
    >>> list(one.places("Chest-pain, and I am sweating."))
    [((0, 10), (21, 29))]
    """
    kinds: dict[str, list[re.Pattern[str]]] = {"": [], "~": [], "!": []}
    for piece in (piece.strip() for piece in wording.split(" & ")):
        sign = piece[0] if piece[0] in kinds else ""
        kinds[sign].append(compiled(piece.removeprefix(sign), parts, lang))
    return Trigger(tuple(kinds[""]), tuple(kinds["~"]), tuple(kinds["!"]), NEAR[lang])


def compiled(wording: str, parts: Mapping[str, str], lang: str) -> re.Pattern[str]:
    """One pattern of a wording; KeyError for a part that there is not."""
    filled = _PART.sub(lambda match: parts[match[1]], wording)
    if lang == "zh":
        filled = _LATIN.sub(r"(?<![A-Za-z])\1(?![A-Za-z])", _GAP_ZH.sub(_FREE_ZH, filled))
    else:
        filled = filled.replace("..", _GAP).replace(" ", r"(?:[\s-]+)")
        filled = rf"(?<!\w)(?:{filled})(?!\w)"
    return re.compile(filled, re.IGNORECASE)


def parts_of(told: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Named parts, each the choice of its wordings; a later one may hold earlier ones."""
    parts: dict[str, str] = {}
    for name, words in told.items():
        filled = (_PART.sub(lambda match: parts[match[1]], word) for word in words)
        parts[name] = f"(?:{'|'.join(filled)})"
    return parts
