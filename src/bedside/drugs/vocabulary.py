"""The medicines, products and classes of data/*.tsv: their names in two languages and what each is a kind of.

Substance names are those of the WHO lists of international nonproprietary names and of the Chinese Pharmacopoeia; ATC
codes are those of the WHO Collaborating Centre for Drug Statistics Methodology, left empty where they are several.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Drug:
    """A medicine: `classes` hold all above it; a product of several substances names them in `parts`, mg a unit each.

    >>> from bedside.drugs import drug
    >>> drug("co_amoxiclav").parts
    {'amoxicillin': 500.0, 'clavulanate': 125.0}
    """

    id: str
    en: str
    zh: str
    atc: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    parts: dict[str, float | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What the files hold: medicines and products by id, the classes above each class, and whom each name names."""

    drugs: dict[str, Drug]
    above: dict[str, tuple[str, ...]]
    titles: dict[str, tuple[str, str]]
    names: dict[str, str]


@cache
def vocabulary() -> Vocabulary:
    """All of it, read once."""
    above, titles, names = _classes()
    drugs: dict[str, Drug] = {}
    for id, atc, classes, en, zh in _rows("medicines"):
        all_above = tuple(dict.fromkeys(one for name in classes.split() for one in above[name]))
        drugs[id] = Drug(id, _first(en), _first(zh), tuple(atc.split()), all_above)
        names |= dict.fromkeys(_names(en, zh), id)
    for id, parts, en, zh in _rows("products"):
        drugs[id] = _product(id, parts, _first(en), _first(zh), drugs)
        names |= dict.fromkeys(_names(en, zh), id)
    for _, en, zh in _rows("not_medicines"):
        names |= dict.fromkeys(_names(en, zh), "")
    return Vocabulary(drugs, above, titles, names)


def _classes() -> tuple[dict[str, tuple[str, ...]], dict[str, tuple[str, str]], dict[str, str]]:
    """Each class with itself and all above it (parents stand first in the file), its titles, and the names of all."""
    above: dict[str, tuple[str, ...]] = {}
    titles: dict[str, tuple[str, str]] = {}
    names: dict[str, str] = {}
    for id, parents, en, zh in _rows("classes"):
        higher = [one for parent in parents.split() for one in above[parent]]
        above[id] = tuple(dict.fromkeys((id, *higher)))
        titles[id] = (_first(en) or id.replace("_", " "), _first(zh) or id)
        names |= dict.fromkeys(_names(en, zh), id)
    return above, titles, names


def _product(id: str, told: str, en: str, zh: str, drugs: dict[str, Drug]) -> Drug:
    parts: dict[str, float | None] = {}
    for part in told.split():
        name, _, amount = part.partition("=")
        parts[name] = float(amount) if amount else None
    kinds = dict.fromkeys(one for name in parts for one in (name, *drugs[name].classes))
    return Drug(id, en, zh, (), tuple(kinds), parts)


def _rows(name: str) -> Iterator[list[str]]:
    """The rows of a file: one a line, columns by tab; lines that begin with # are for the reader."""
    lines = files("bedside.drugs").joinpath(f"data/{name}.tsv").read_text(encoding="utf-8").splitlines()
    columns = len(lines[0].split("\t"))
    for line in lines[1:]:
        if line and not line.startswith("#"):
            cells = line.split("\t")
            yield [cell.strip() for cell in cells] + [""] * (columns - len(cells))


def _names(*cells: str) -> list[str]:
    return [name.strip() for cell in cells for name in cell.split("|") if name.strip()]


def _first(cell: str) -> str:
    return cell.split("|")[0].strip().lstrip("=?")
