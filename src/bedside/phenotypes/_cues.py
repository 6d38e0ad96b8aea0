"""Reads the cues of a language from data/context_*.toml: wordings, named parts and ends, and example sentences."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

from bedside.phenotypes._rules import Beside, Cue, Heading, Rules

_PART = re.compile(r"\{([a-z]\w*)\}")


@cache
def read_cues(language: str) -> dict[str, Any]:
    """The file of a language as written, example sentences and all."""
    source = files("bedside.phenotypes").joinpath(f"data/context_{language}.toml")
    return tomllib.loads(source.read_text(encoding="utf-8"))


@cache
def rules(language: str) -> Rules:
    """The rules of `en` or `zh`."""
    told = read_cues(language)
    parts: dict[str, str] = {}
    for name, words in told["parts"].items():
        parts[name] = _any(words, parts)
    ends: dict[str, str] = {}
    for name, words in told["ends"].items():
        ends[name] = "|".join(_filled(word, parts) for word in words)
    tail = told["after"]
    cues = []
    for cue in told["cue"]:
        stops = [ends["always"], *(_filled(one, {**parts, **ends}) for one in cue.get("ends", []))]
        cues.append(Cue(_any(cue["words"], parts) + tail, tuple(cue["says"]), cue.get("way", "after"), "|".join(stops)))
    headings = []
    for section in told["section"]:
        stops = [_filled(one, {**parts, **ends}) for one in section.get("ends", [])]
        headings.append(Heading(_any(section["headings"], parts), tuple(section["says"]), "|".join(stops)))
    beside = [_beside(one, parts) for one in told["beside"]]
    return Rules(cues, headings, beside, sentence=told["sentence"], begins=told["begins"], heading=told["heading"])


def _beside(told: dict[str, str], parts: dict[str, str]) -> Beside:
    before, behind = (re.compile(_filled(told.get(name, ""), parts), re.IGNORECASE) for name in ("before", "behind"))
    return Beside(before, behind, told["says"])


def _any(words: list[str], parts: dict[str, str]) -> str:
    return f"(?:{'|'.join(_filled(word, parts) for word in words)})"


def _filled(word: str, parts: dict[str, str]) -> str:
    """A wording with its named parts put in."""
    return _PART.sub(lambda match: parts[match[1]], word)
