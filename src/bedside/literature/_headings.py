"""The parts of a text by the headings it holds: `METHODS:`, 【方法】, 方法：; the words of headings are data.

Source of the English words: the label list of structured abstracts of the US National Library of Medicine (2014), by
its five categories; the Chinese ones are those that journals of the Chinese Medical Association ask for.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

from bedside.literature._paper import Section

ROLES = ("background", "objective", "methods", "results", "conclusions")
"""What a sentence of a paper is for, after the categories of the US National Library of Medicine."""

_LONGEST = 60
_BARE = re.compile(r"[\s:：.。>\d、（）()【】\[\]]+")


def role_of(heading: str) -> str:
    """The role that a heading names, "" where it names none.

    >>> [role_of(one) for one in ("PATIENTS AND METHODS", "Abstract > Findings", "资料与方法", "p. 3")]
    ['methods', 'results', 'methods', '']
    """
    for part in reversed(heading.split(">")):
        said = " ".join(_BARE.split(part.lower())).strip()
        if not said or len(said) > _LONGEST:
            continue
        if role := _words().get(said):
            return role
        for word, role in _parts():
            if re.search(rf"\b{word}\b", said) if word.isascii() else word in said:
                return role
    return ""


def headed(text: str, start: int = 0, end: int | None = None) -> tuple[Section, ...]:
    """The parts of a text between the headings in it; none where it holds fewer than two.

    >>> text = "【目的】探讨疗效。【方法】选取60例。"
    >>> [(one.heading, text[one.start : one.end]) for one in headed(text)]
    [('目的', '探讨疗效。'), ('方法', '选取60例。')]
    """
    end = len(text) if end is None else end
    heads = [
        (found.start(), found.end(), found[found.lastindex or 0]) for found in _pattern().finditer(text, start, end)
    ]
    if len(heads) < 2:
        return ()
    starts = [(start, ""), *((after, name) for _, after, name in heads)]
    ends = [*(at for at, _, _ in heads), end]
    parts = (_trimmed(text, one, two, name) for (one, name), two in zip(starts, ends, strict=True))
    return tuple(part for part in parts if part.end > part.start)


def _trimmed(text: str, start: int, end: int, heading: str) -> Section:
    said = text[start:end]
    return Section(start + len(said) - len(said.lstrip()), start + len(said.rstrip()), heading.strip())


@cache
def _words() -> dict[str, str]:
    """Headings as they stand, each with its role."""
    return {word: role for role, word, whole in _rows() if whole}


@cache
def _parts() -> tuple[tuple[str, str], ...]:
    """Words that tell the role of a heading which holds them, in the order in which they are asked."""
    return tuple((word, role) for role, word, whole in _rows() if not whole)


@cache
def _rows() -> tuple[tuple[str, str, bool], ...]:
    lines = files("bedside.literature").joinpath("data/headings.tsv").read_text(encoding="utf-8").splitlines()
    cells = [line.split("\t") for line in lines if line.strip() and not line.startswith("#")]
    return tuple((role, word, how == "whole") for role, how, word in cells)


@cache
def _pattern() -> re.Pattern[str]:
    """A heading where one may stand: marked off by a colon, brackets, capitals or a line of its own."""
    english = "|".join(re.escape(one) for one in sorted(_words(), key=len, reverse=True) if one.isascii())
    chinese = "|".join(re.escape(one) for one in sorted(_words(), key=len, reverse=True) if not one.isascii())
    place = r"(?:(?<![^\s])|(?<=[.。;；!?]))"
    return re.compile(
        rf"[【\[〔［](?P<a>{chinese})[】\]〕］][:：]?\s*"
        rf"|(?:(?<=[。；;\n])|(?<![^\s]))(?P<b>{chinese})(?:[:：]\s*|[ \u3000]+(?=[^\s是为显表及和与])|(?=\n))"
        rf"|{place}(?P<c>(?=[A-Z])(?i:{english}))(?:\s?[:：]\s*|(?=\s*\n))"
        rf"|{place}(?P<d>(?-i:{english.upper()}))(?:\s?[-–—:.]\s*|\s+(?=[A-Z]))"
    )
