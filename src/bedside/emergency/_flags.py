"""Reads the red flags of data/red_flags.toml: triggers in two languages, words for the user, source and tests."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

from bedside.emergency.wording import Trigger, parts_of, trigger
from bedside.lang import LANGS


@dataclass(frozen=True, slots=True)
class Flag:
    """A red flag: words as (English, Chinese), its triggers by language, test sentences by language."""

    id: str
    name: tuple[str, str]
    what_to_do: tuple[str, str]
    source: str
    triggers: tuple[Trigger, ...]
    fires: dict[str, list[str]] = field(repr=False)
    silent: dict[str, list[str]] = field(repr=False)


@cache
def flags() -> tuple[Flag, ...]:
    """All red flags, the most pressing first."""
    source = files("bedside.emergency").joinpath("data/red_flags.toml").read_text(encoding="utf-8")
    told = tomllib.loads(source)
    parts: dict[str, dict[str, str]] = {lang: parts_of(told["parts"][lang]) for lang in LANGS}
    return tuple(_flag(one, parts, told["say"]) for one in told["flag"])


def _flag(told: dict[str, Any], parts: dict[str, dict[str, str]], say: dict[str, dict[str, str]]) -> Flag:
    en, zh = (
        told["do"][lang].format(**{name: words[lang] + " " * (lang == "en") for name, words in say.items()})
        for lang in LANGS
    )
    return Flag(
        id=told["id"],
        name=(told["name"]["en"], told["name"]["zh"]),
        what_to_do=(en.replace("  ", " ").strip(), zh),
        source=told["source"],
        triggers=tuple(trigger(wording, parts[lang], lang) for lang in LANGS for wording in told[lang]),
        fires=told["yes"],
        silent=told["no"],
    )
