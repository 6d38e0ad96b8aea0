"""Reads a guard's table of wordings (data/*.toml): what each row finds, in two languages, with its own cases."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

from bedside.emergency.wording import Span, Trigger, parts_of, trigger
from bedside.lang import LANGS


@dataclass(frozen=True, slots=True)
class Phrase:
    """A row: its name and, if it has one, what to say instead, as (English, Chinese); cases by language."""

    id: str
    name: tuple[str, str]
    triggers: tuple[Trigger, ...]
    fires: dict[str, list[str]] = field(repr=False)
    silent: dict[str, list[str]] = field(repr=False)
    instead: tuple[str, str] = ("", "")
    source: str = ""

    def places(self, text: str) -> Iterator[Span]:
        """Where a text has it: the place of a trigger's first pattern."""
        return (spans[0] for one in self.triggers for spans in one.places(text))


@cache
def phrases(table: str) -> tuple[Phrase, ...]:
    """The rows of a table, in order."""
    told = tomllib.loads(files("bedside.guards").joinpath(f"data/{table}.toml").read_text(encoding="utf-8"))
    parts: dict[str, dict[str, str]] = {lang: parts_of(told.get("parts", {}).get(lang, {})) for lang in LANGS}
    return tuple(_phrase(row, parts, told.get("source", "")) for row in told["kind"])


def _phrase(row: dict[str, Any], parts: dict[str, dict[str, str]], source: str) -> Phrase:
    instead = row.get("instead", {})
    return Phrase(
        id=row["id"],
        name=(row["name"]["en"], row["name"]["zh"]),
        triggers=tuple(trigger(wording, parts[lang], lang) for lang in LANGS for wording in row.get(lang, ())),
        fires=row["yes"],
        silent=row["no"],
        instead=(instead.get("en", ""), instead.get("zh", "")),
        source=row.get("source", source),
    )
