"""The names of things in two languages, each with what it is and what it is a kind of."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any, Literal, cast

from bedside.cleaning.language import HAN
from bedside.drugs import kinds
from bedside.drugs.vocabulary import vocabulary
from bedside.phenotypes._english import stem
from bedside.phenotypes.tables import analytes, concepts

Kind = Literal["finding", "body", "test", "care", "drug", "word", "act"]
Key = tuple[str, ...]
TOKEN = re.compile(r"[A-Za-zαβγ]+(?:['’](?=s\b))?\d*[A-Za-z]*|\d+(?:\.\d+)?|[ⅠⅡⅢⅣⅤⅥ]+")
"""A word or number in Latin letters."""
_SHORT = re.compile(r"[A-Z][A-Za-z0-9]{0,5}\Z")


@dataclass(frozen=True, slots=True)
class Named:
    """What one name stands for: ids, and whether it says that the thing is not there ("afebrile")."""

    ids: frozenset[str]
    kind: Kind
    denied: bool = False


@dataclass
class Names:
    """Names by the stems of their words, by their letters (abbreviations), and by their characters (Chinese)."""

    english: dict[Key, Named] = field(default_factory=dict)
    short: dict[Key, Named] = field(default_factory=dict)
    chinese: dict[str, Named] = field(default_factory=dict)
    wider: dict[str, frozenset[str]] = field(default_factory=dict)
    molar: dict[str, float] = field(default_factory=dict)
    longest_zh: int = 1
    longest_en: int = 1

    def add(self, name: str, id: str, kind: Kind, *, denied: bool = False) -> None:
        """One more name of a thing."""
        if HAN.search(name):
            _put(self.chinese, name, id, kind, denied)
            self.longest_zh = max(self.longest_zh, len(name))
            return
        words = TOKEN.findall(name)
        table = self.short if _SHORT.match(words[0]) and not words[0][1:].islower() and words[0] != "I" else None
        key = tuple(words) if table is not None else tuple(map(key_of, words))
        _put(self.english if table is None else table, key, id, kind, denied)
        self.longest_en = max(self.longest_en, len(words))

    def above(self, ids: Iterable[str]) -> frozenset[str]:
        """The ids and all that they are kinds of."""
        found, waiting = set(ids), list(ids)
        while waiting:
            fresh = self.wider.get(waiting.pop(), frozenset()) - found
            found |= fresh
            waiting.extend(fresh)
        return frozenset(found)


def key_of(word: str) -> str:
    """What words of one meaning share, of any form; leukocytosis is no form of leukocytes."""
    plain = word.lower().replace("’", "'").rstrip("'")
    return plain if plain.endswith("cytosis") else stem(plain)


@cache
def names() -> Names:
    """All names: our own, then conditions, what is measured, medicines and their classes, and the words of the library.

    >>> sorted(names().short["HTN",].ids)
    ['hypertension']
    """
    made = Names()
    for kind, rows in tomllib.loads(_read("names.toml")).items():
        for row in rows if kind != "quiet" and kind != "quiet_zh" else ():
            _own(made, kind, row)
    for concept in concepts():
        _others(made, concept.name, "finding", concept.names, concept.denials)
        made.wider[concept.name] = made.wider.get(concept.name, frozenset()) | frozenset(concept.parents)
    for analyte in analytes():
        _others(made, analyte.name, "test", analyte.names)
        if analyte.molar_mass:
            made.molar[analyte.name] = analyte.molar_mass
    _medicines(made)
    for row in _rows(files("bedside.library").joinpath("data/zh_en.tsv").read_text(encoding="utf-8")):
        said = "|".join(row).split("|")
        _others(made, f"library:{said[0]}", "word", said)
    return made


@cache
def quiet() -> tuple[frozenset[str], frozenset[str]]:
    """Words that claim nothing by themselves, English in lower case and Chinese."""
    read = tomllib.loads(_read("names.toml"))
    return frozenset(read["quiet"].split()), frozenset(read["quiet_zh"].split())


def _own(made: Names, kind: str, row: str) -> None:
    """A row of our list: name<wider<wider|name|!name that denies it."""
    named, *rest = row.split("|")
    id, *wider = named.split("<")
    made.wider[id] = made.wider.get(id, frozenset()) | frozenset(wider)
    for name in (id, *rest):
        made.add(name.lstrip("!"), id, cast(Kind, kind), denied=name.startswith("!"))


def _others(made: Names, id: str, kind: Kind, said: Iterable[str], denials: Iterable[str] = ()) -> None:
    for name in said:
        made.add(name, id, kind)
    for name in denials:
        made.add(name, id, kind, denied=True)


def _medicines(made: Names) -> None:
    """Medicines, products and classes, each a kind of its classes; names that need a dose behind them are left out."""
    known = vocabulary()
    for name, id in known.names.items():
        if id and not name.startswith("?"):
            made.add(name.lstrip("="), id, "drug")
    for id in (*known.drugs, *known.above):
        made.wider[id] = made.wider.get(id, frozenset()) | (kinds(id) - {id})


def _put(table: dict[Any, Named], key: Any, id: str, kind: Kind, denied: bool) -> None:
    known = table.get(key)
    if known is None:
        table[key] = Named(frozenset((id,)), kind, denied)
    elif known.denied == denied:
        table[key] = Named(known.ids | {id}, known.kind, denied)


def _read(name: str) -> str:
    return files("bedside.grounding").joinpath(f"data/{name}").read_text(encoding="utf-8")


def _rows(text: str) -> Iterator[list[str]]:
    return (line.split("\t") for line in text.splitlines() if line and not line.startswith("#"))


def longest(words: list[str], at: int, keys: list[str], made: Names) -> Iterator[tuple[int, Named]]:
    """The names that begin at a word, the longest first: where each ends, and what it stands for."""
    for end in range(min(len(words), at + made.longest_en), at, -1):
        found = made.short.get(tuple(words[at:end])) or made.english.get(tuple(keys[at:end]))
        if found:
            yield end, found
