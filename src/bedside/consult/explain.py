"""Hard words of an answer in plain words: the library's own definition, else the ontology's lay word; each cited."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from bedside.cleaning.language import HAN
from bedside.consult._base import Cited, Explained
from bedside.consult.check import contains
from bedside.consult.sentences import squash, units
from bedside.errors import BedsideError
from bedside.library import Library

if TYPE_CHECKING:
    from bedside.knowledge.hpo import Hpo
    from bedside.phenotypes.called import Called
    from bedside.phenotypes.names import Names

MOST = 4
"""Words explained below one answer."""
_BEFORE, _AFTER = "有现或和及的是如为见致伴与", "或和及的等是与者时、"
"""Characters beside which a Chinese word stands by itself."""
_SAID_BESIDE = re.compile(r"\s*[(（]")


class Explainer:
    """Looks words up in a library and, where it is installed, in the Human Phenotype Ontology."""

    def __init__(self, library: Library) -> None:
        self._library = library

    def explained(self, answer: Sequence[Cited], lang: str) -> tuple[Explained, ...]:
        """The clinical names in an answer that patients have another word for, unless the answer says it."""
        if self._opened is None:
            return ()
        hpo, names, called = self._opened
        said = "\n".join(one.sentence for one in answer)
        low = squash(said).lower()
        found: dict[int, Explained] = {}
        hits = [*names.english.find(said), *(names.chinese.find(said) if HAN.search(said) else ())]
        for hit in sorted(hits, key=lambda one: one.start):
            word = said[hit.start : hit.end]
            if hit.term in found or _SAID_BESIDE.match(said, hit.end) or _within(said, hit.start, hit.end):
                continue
            id = hpo.ids[hit.term]
            everyday = called.everyday(id)
            if (
                not everyday
                or any(one.lower() in low for one in everyday)
                or not self._hard(word, everyday, hpo, hit.term)
            ):
                continue
            plain = Explained(word, ("、" if lang == "zh" else "; ").join(everyday), f"{id} ({_release(hpo)})")
            defined = self._defined(word)
            if defined is None or squash(defined.text).lower() not in low:
                found[hit.term] = defined or plain
            if len(found) == MOST:
                break
        return tuple(found.values())

    @staticmethod
    def _hard(word: str, everyday: Sequence[str], hpo: Hpo, term: int) -> bool:
        """Whether a word is not itself what patients say."""
        if HAN.search(word):
            return not any(2 * len(set(word) & set(one)) >= len(word) for one in everyday)
        lay = {text.lower() for text, _, kind in hpo.synonyms(term) if kind == "layperson"}
        return squash(word).lower() not in lay

    def _defined(self, word: str) -> Explained | None:
        """The first sentence of the library that opens with the word and says what it is."""
        opens = re.compile(
            rf"(?:an?|the)?\s*{re.escape(word)}\b.{{0,60}}?\b(?:is|are|means|refers to)\b|{re.escape(word)}(?:是|指)",
            re.I,
        )
        for passage in self._library.search(word, 5):
            for unit in units(passage.text):
                sentence = passage.text[unit.start : unit.end]
                if unit.quotable and opens.match(sentence) and contains(passage.text, sentence):
                    return Explained(word, squash(sentence), passage.id)
        return None

    @cached_property
    def _opened(self) -> tuple[Hpo, Names, Called] | None:
        from bedside.knowledge.hpo import open_hpo
        from bedside.phenotypes.called import Called
        from bedside.phenotypes.names import open_names

        try:
            hpo = open_hpo()
            return hpo, open_names(hpo), Called(hpo)
        except BedsideError:
            return None


def _within(text: str, start: int, end: int) -> bool:
    """Whether a Chinese word is part of a longer one, which may mean something else (胃烧灼感)."""
    before, after = text[start - 1 : start], text[end : end + 1]
    return HAN.match(text[start]) is not None and (
        (HAN.match(before) is not None and before not in _BEFORE)
        or (HAN.match(after) is not None and after not in _AFTER)
    )


def _release(hpo: Hpo) -> str:
    return f"HPO {hpo.release}"
