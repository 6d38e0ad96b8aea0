"""Names of HPO in criteria: what a phrase is called there, and its number."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bedside.trials.criteria.lexicon import Entry, Hit
from bedside.trials.criteria.plain import HAN

if TYPE_CHECKING:
    from bedside.knowledge.hpo import Hpo
    from bedside.phenotypes.names import Names


_LATIN = re.compile(r"[A-Za-z]{2}")


class Findings:
    """Names of HPO: what a phrase is called there, and its number."""

    def __init__(self, hpo: Hpo, names: Names) -> None:
        self._hpo, self._names = hpo, names
        self._codes: dict[str, tuple[str, ...]] = {}

    def find(self, text: str) -> list[Hit]:
        """The findings named in a text, in both languages."""
        hits = self._names.chinese.find(text) if HAN.search(text) else []
        if _LATIN.search(text):
            hits = [*hits, *self._names.english.find(text)]
        return [
            Hit(
                one.start,
                one.end + text.startswith("症", one.end),
                Entry(self._hpo.names[one.term].lower(), "finding", (self._hpo.ids[one.term],)),
            )
            for one in hits
        ]

    def codes(self, entry: Entry) -> tuple[str, ...]:
        """The numbers of those whose name is one of the entry's, or the entry's as a whole."""
        if entry.concept not in self._codes:
            found = [
                hit.entry.codes[0]
                for name in entry.names[:3]
                for hit in self.find(name)
                if hit.end - hit.start == len(name)
            ]
            self._codes[entry.concept] = tuple(dict.fromkeys(found))[:1]
        return self._codes[entry.concept]
