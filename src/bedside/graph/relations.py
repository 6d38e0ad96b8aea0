"""The relations of the graph, from data/relations.toml: what may stand at each end, and what other sets call them."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from bedside.lang import tr

TOGETHER = "co_occurs_with"
"""The weak one: named in one sentence, or under one title, and nothing more is known."""
_NOT_A_WORD = re.compile(r"[^\w]+")


@dataclass(frozen=True, slots=True)
class Kind:
    """A relation: its words in two languages, the kinds of concept at its ends (none named: any), other names."""

    name: str
    en: str
    zh: str
    heads: tuple[str, ...]
    tails: tuple[str, ...]
    directed: bool
    weak: bool
    same: tuple[str, ...]

    @property
    def said(self) -> str:
        """In the language in force."""
        return tr(self.en, self.zh)


@cache
def relations() -> dict[str, Kind]:
    """All, by name.

    >>> relations()["treats"].zh
    '治疗'
    """
    told = tomllib.loads(files("bedside.graph").joinpath("data/relations.toml").read_text(encoding="utf-8"))
    return {
        name: Kind(
            name,
            one["en"],
            one["zh"],
            tuple(one.get("heads", ())),
            tuple(one.get("tails", ())),
            one.get("directed", True),
            one.get("weak", False),
            tuple(one.get("same", ())),
        )
        for name, one in told.items()
    }


@cache
def undirected() -> frozenset[str]:
    """Those of which neither end is the head."""
    return frozenset(name for name, kind in relations().items() if not kind.directed)


def weak(name: str) -> bool:
    """Whether a relation is no more than standing together."""
    return relations()[name].weak


def words(name: str) -> str:
    """What a relation is called in the language in force; one that users brought, by its own name."""
    return relations()[name].said if name in relations() else name.replace("_", " ")


def named(said: str) -> tuple[str, bool]:
    """The relation that another set's name stands for, and whether head and tail change places.

    >>> named("药物治疗"), named("may treat"), named("is cousin of")
    (('treats', True), ('treats', False), ('is_cousin_of', False))
    """
    name = _plain(said)
    return _same().get(name, (name, False))


@cache
def _same() -> dict[str, tuple[str, bool]]:
    found = {name: (name, False) for name in relations()}
    for name, kind in relations().items():
        for one in kind.same:
            found[_plain(one.removeprefix("^"))] = (name, one.startswith("^"))
    return found


def _plain(said: str) -> str:
    return _NOT_A_WORD.sub("_", said.strip().casefold()).strip("_")
