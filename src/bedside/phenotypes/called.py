"""What a finding is called in the language in force: its clinical name, and the words that patients use for it."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from importlib.resources import files

from bedside.knowledge.hpo import Hpo
from bedside.lang import current
from bedside.phenotypes._lists import read_names

EVERYDAY = 2
"""Everyday words told beside a name."""


class Called:
    """Names of one release's findings; Chinese from the curated lists, English where there is no Chinese one."""

    def __init__(self, hpo: Hpo) -> None:
        self.hpo = hpo

    def name(self, id: str, otherwise: str = "") -> str:
        """The clinical name of a term; `otherwise`, or its id, for one that this release does not have."""
        chinese = self._chinese.get(id) if current() == "zh" else None
        return chinese[0] if chinese else self.hpo.label(id) or otherwise or id

    def known(self, id: str) -> bool:
        """Whether the name is in the language in force."""
        return current() != "zh" or id in self._chinese

    def names(self, ids: Iterable[str]) -> str:
        """Several names as a list in a sentence."""
        return ("、" if current() == "zh" else ", ").join(map(self.name, ids))

    def everyday(self, id: str) -> tuple[str, ...]:
        """How patients say it, without the clinical name: a few wordings, the most usual first; may be none."""
        if current() == "zh":
            words = self._chinese.get(id, [])[1:]
        else:
            term = self.hpo.number.get(id)
            said = self.hpo.synonyms(term) if term is not None else []
            words = [*self._lay.get(id, []), *(text for text, _, kind in said if kind == "layperson")]
        name = self.name(id).lower()
        return tuple(word for word in dict.fromkeys(words) if word.lower() != name)[:EVERYDAY]

    @cached_property
    def _chinese(self) -> dict[str, list[str]]:
        return _read("knowledge/data/hpo_zh.tsv", "phenotypes/data/zh_more.tsv")

    @cached_property
    def _lay(self) -> dict[str, list[str]]:
        return _read("phenotypes/data/en_lay.tsv")


def _read(*lists: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for path in lists:
        for id, name in read_names(files("bedside").joinpath(path).read_text(encoding="utf-8")):
            found.setdefault(id, []).append(name)
    return found
