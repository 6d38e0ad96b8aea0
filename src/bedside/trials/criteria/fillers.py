"""Words that join or introduce conditions and ask for nothing themselves, and words that narrow the next one."""

from __future__ import annotations

import re
from functools import lru_cache
from importlib.resources import files


def _read(name: str) -> list[str]:
    said = files("bedside.trials").joinpath(f"data/{name}").read_text(encoding="utf-8")
    return [line for line in said.splitlines() if line and not line.startswith("#")]


def _pairs(name: str) -> tuple[tuple[str, str], ...]:
    return tuple((word, told) for word, told in (line.split("\t") for line in _read(name)))


_JOINED = sorted({one for line in _read("joining_zh.txt") for one in line.split()}, key=len, reverse=True)
_WORD_EN = frozenset(one for line in _read("joining_en.txt") for one in line.split())
_TOKEN = re.compile(r"[a-z]+(?:[./'-][a-z]+)*|[\u4e00-\u9fff]+(?:/[\u4e00-\u9fff]+)*|\d+(?:\.\d+)?|[^\W_]")
_LEADING = re.compile(
    "|".join(re.escape(one) for one in _JOINED if len(one) > 1 or one in "的有患或和及与为伴曾是且并")
)
"""Single characters such as 前 and 内 begin names too (前庭, 内翻)."""
_HEAD = re.compile("|".join(map(re.escape, _JOINED)))

QUALIFIER_ZH = _pairs("qualifiers_zh.tsv")
QUALIFIER_EN = _pairs("qualifiers_en.tsv")
_QUALIFIER_ZH = re.compile("|".join(re.escape(word) for word, _ in sorted(QUALIFIER_ZH, key=lambda one: -len(one[0]))))
_SAYS_ZH = dict(QUALIFIER_ZH)
_QUALIFIER_EN = re.compile("|".join(rf"(?P<q{n}>\b(?:{words})(?![a-z]))" for n, (words, _) in enumerate(QUALIFIER_EN)))


@lru_cache(maxsize=4096)
def qualifiers(text: str) -> list[tuple[int, int, str]]:
    """The words of a text that narrow what stands beside them.

    >>> qualifiers("severe asthma")
    [(0, 6, 'severe')]
    """
    found = [(one.start(), one.end(), _SAYS_ZH[one[0]]) for one in _QUALIFIER_ZH.finditer(text)]
    for one in _QUALIFIER_EN.finditer(text) if _LATIN.search(text) else ():
        found.append((one.start(), one.end(), QUALIFIER_EN[int(str(one.lastgroup)[1:])][1]))
    return sorted(found)


def leading(text: str, start: int, end: int) -> int:
    """Past words at the beginning of a Chinese stretch that ask for nothing."""
    while start < end:
        match = _LEADING.match(text, start, end) or _QUALIFIER_ZH.match(text, start, end)
        if match is None or match.end() >= end:
            return start
        start = match.end()
    return start


def trimmed(text: str, start: int, end: int) -> int:
    """Past the words that stand before a name and are no part of it."""
    while True:
        before = start
        while start < end and not (text[start].isalnum()):
            start += 1
        start = leading(text, start, end)
        word = re.compile(r"[a-z][a-z'-]*").match(text, start, end)
        if word and word.end() < end and (word[0] in _WORD_EN or word[0] in _NOT or _QUALIFIER_EN.fullmatch(word[0])):
            start = word.end()
        cut = re.search(r".*\b(?:of|or|and|with|by|to|for|due|from|in|without|no)\s", text[start:end])
        if cut and cut.end() < end - start:
            start += cut.end()
        if start == before:
            return start


_LATIN = re.compile(r"[a-z]{4}")
_NOT = frozenset(["no", "not", "without", "never", "non", "neither", "nor", "absence", "free"])


def contents(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """The stretches of words that are not in the lists of this file, which join and introduce.

    >>> contents("patients with a diploma", 0, 23)
    [(16, 23)]
    """
    found: list[tuple[int, int]] = []
    for token in _TOKEN.finditer(text, start, end):
        if token[0][0].isascii():
            if token[0] not in _WORD_EN:
                found.append(token.span())
        elif "\u4e00" <= token[0][0] <= "\u9fff":
            found += _han(text, *token.span())
        else:
            found.append(token.span())
    return found


def _han(text: str, start: int, end: int) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    at = start
    while at < end:
        match = _HEAD.match(text, at, end)
        if match:
            at = match.end()
            continue
        if found and found[-1][1] == at:
            found[-1] = (found[-1][0], at + 1)
        else:
            found.append((at, at + 1))
        at += 1
    return found
