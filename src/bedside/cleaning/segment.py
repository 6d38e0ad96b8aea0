"""Cuts Chinese text into words with their part of speech, by a dictionary that knows medical terms.

Tags are jieba's: n noun, v verb, a adjective, d adverb, m number, x other; medical terms carry their own: nd disease,
ns symptom or sign, nb body part, ne examination, nm drug, np procedure.
"""

from __future__ import annotations

from collections.abc import Iterable
from importlib.resources import files
from typing import Any

TERM_FREQUENCY = 20000
"""High enough that a listed term beats its parts, which occur more often in newspapers."""


class Segmenter:
    """A dictionary of its own: terms added to one segmenter do not show in another (one a hospital, one a test).

    >>> Segmenter().words("双肺呼吸音粗")
    ['双肺', '呼吸音粗']
    """

    def __init__(self, extra_terms: Iterable[tuple[str, str]] = ()) -> None:
        import rjieba

        self._dictionary: Any = rjieba.Jieba()
        for term, tag in [*lexicon(), *extra_terms]:
            self._dictionary.add_word(term, TERM_FREQUENCY, tag)

    def words(self, text: str) -> list[str]:
        """The words; joined, they are the text."""
        return list(self._dictionary.cut(text))

    def tagged(self, text: str) -> list[tuple[str, str]]:
        """The words with their part of speech."""
        return [(word, tag) for word, tag in self._dictionary.tag(text)]


def lexicon() -> list[tuple[str, str]]:
    """The shipped medical terms with their tags; lines of the file are `tag term term ...`."""
    lines = files("bedside.cleaning").joinpath("data/medical_zh.txt").read_text(encoding="utf-8").splitlines()
    parts = [line.split() for line in lines if line.strip() and not line.startswith("#")]
    return [(term, tag) for tag, *terms in parts for term in terms]
