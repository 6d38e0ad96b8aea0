"""The medicines and conditions of data/names.toml, found in a text, with the kinds of thing that each is."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal, get_args

from bedside.emergency.wording import compiled
from bedside.lang import LANGS

Kind = Literal["medicine", "condition"]


@dataclass(frozen=True, slots=True)
class Thing:
    """A medicine or a condition: name as (English, Chinese), its wordings, what it is a kind of."""

    id: str
    kind: Kind
    name: tuple[str, str]
    patterns: tuple[re.Pattern[str], ...]
    kinds: tuple[str, ...]
    lasting: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """A thing that a text names, and where."""

    thing: Thing
    start: int
    end: int


@cache
def things() -> dict[str, Thing]:
    """All things by id; `kinds` holds the id itself and all that it is a kind of."""
    told = tomllib.loads(files("bedside.facts").joinpath("data/names.toml").read_text(encoding="utf-8"))
    rows: dict[str, tuple[Kind, dict[str, Any]]] = {
        id: (kind, row) for kind in get_args(Kind) for id, row in told[kind].items()
    }
    made = {}
    for id, (kind, row) in rows.items():
        kinds = [id]
        for one in kinds:
            kinds += [above for above in rows[one][1].get("is", []) if above not in kinds]
        patterns = tuple(compiled(f"(?:{'|'.join(row[lang])})", {}, lang) for lang in LANGS)
        name = (str(row["name"][0]), str(row["name"][1]))
        made[id] = Thing(id, kind, name, patterns, tuple(kinds), bool(row.get("lasting")))
    return made


def find(text: str, kind: Kind | None = None) -> Iterator[Found]:
    """The things that a text names, each with its places.

    >>> sorted(one.thing.id for one in find("Advil with warfarin"))
    ['nsaid', 'warfarin']
    """
    for thing in things().values():
        if kind in (None, thing.kind):
            for pattern in thing.patterns:
                for match in pattern.finditer(text):
                    yield Found(thing, *match.span())


def kinds_in(text: str, kind: Kind | None = None) -> tuple[str, ...]:
    """The ids of all that a text names and of what these are kinds of, each once.

    >>> kinds_in("codeine", "medicine")
    ('codeine', 'opioid')
    """
    return tuple(dict.fromkeys(id for one in find(text, kind) for id in one.thing.kinds))
