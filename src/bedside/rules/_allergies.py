"""What a patient is allergic to, how gravely, and what only disagrees with him; the wordings: data/reactions.toml."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from bedside.drugs import find
from bedside.phenotypes.context import contexts
from bedside.rules._medicines import every_kind
from bedside.rules._stance import any_of
from bedside.types.verdict import Allergy, Facts


@dataclass(frozen=True, slots=True)
class Allergies:
    """Ids of medicines with all that each is a kind of; `allergic_named` only what an entry names as such."""

    allergic: frozenset[str]
    allergic_severe: frozenset[str]
    allergic_named: frozenset[str]
    intolerant: frozenset[str]


def allergies(facts: Facts) -> Allergies:
    """What a chart says of allergies, those among its conditions too.

    >>> told = allergies(Facts(allergies=[Allergy("amoxicillin", "anaphylaxis"), Allergy("codeine", "nausea")]))
    >>> "penicillin" in told.allergic_severe, "codeine" in told.allergic, "codeine" in told.intolerant
    (True, False, True)
    """
    allergic, severe, intolerant = set[str](), set[str](), set[str]()
    among = [Allergy(one) for one in facts.conditions if _says("allergy", one)]
    for one in (*facts.allergies, *among):
        what = _patients(one.substance)
        if _says("severe", f"{one.substance} {one.reaction}"):
            severe |= what
        elif _says("intolerance", one.reaction) and not _says("allergy", one.reaction):
            intolerant |= what
            continue
        allergic |= what
    return Allergies(every_kind(allergic), every_kind(severe), frozenset(allergic), every_kind(intolerant))


def _patients(substance: str) -> frozenset[str]:
    """The ids that an allergy's words name, unless they are of a relative or denied."""
    ends = [(0, max(1, len(substance))), (max(0, len(substance) - 1), len(substance))]
    if _says("none", substance) or any(of.family or of.negated for of in contexts(substance, ends)):
        return frozenset()
    return frozenset(one.id for one in find(substance))


def _says(name: str, words: str) -> bool:
    return bool(_pattern(name).search(words))


@cache
def read_reactions() -> dict[str, Any]:
    """The file as written, with its examples."""
    source = files("bedside.rules").joinpath("data/reactions.toml").read_text(encoding="utf-8")
    return tomllib.loads(source)


@cache
def _pattern(name: str) -> re.Pattern[str]:
    told = read_reactions()[name]
    return any_of(told["en"], told["zh"])
