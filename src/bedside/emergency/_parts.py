"""The parts of a sentence that tell what it is about: English words and pairs of them, runs of Chinese characters."""

from __future__ import annotations

import re
from itertools import pairwise

_RUN = re.compile(r"[a-z']+|[\u4e00-\u9fff]+|\d+", re.IGNORECASE)
_ENDING = re.compile(r"(?:ing|ed|es|s)$")
_LONG = 5
"""Letters beyond which a word is cut to its stem."""
_LONGEST = 3
"""Characters of a run of Chinese, and digits of a number."""


def parts(sentence: str) -> set[str]:
    """The words of a sentence without endings, pairs of neighbours, and of Chinese all runs of up to three characters.

    >>> sorted(parts("Her lips turned")) == sorted(["her", "lips", "turn", "her lips", "lips turn"])
    True
    >>> sorted(parts("嘴唇 39")) == sorted(["嘴", "唇", "嘴唇", "##"])
    True
    """
    runs = [match[0].casefold() for match in _RUN.finditer(sentence)]
    stems = [_stem(run) for run in runs]
    words = {stem for stem in stems if stem.isascii()}
    pairs = {f"{one} {two}" for one, two in pairwise(stems) if one.isascii() and two.isascii()}
    chinese = {part for run in runs if not run.isascii() for part in _characters(run)}
    return words | pairs | chinese


def _stem(run: str) -> str:
    if run.isdigit():
        return "#" * min(len(run), _LONGEST)
    return _ENDING.sub("", run) if run.isascii() and len(run) > _LONG else run


def _characters(run: str) -> set[str]:
    return {run[at : at + size] for size in range(1, _LONGEST + 1) for at in range(len(run) - size + 1)}
