"""The wordings of data/actions.toml, compiled: what is done with the medicines that words reach."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Any, Literal

Action = Literal["start", "continue", "increase", "decrease", "stop", "avoid", "past", "mention", "ask"]
"""What a text would do with a medicine; `mention` is no more than its name."""


NAME = "\ufffc"
"""Stands for every character of a medicine's name while wordings are looked for, so that no wording takes it in."""


@dataclass(frozen=True, slots=True)
class Cue:
    """Where words stand that say what is done with the medicines behind (`after`) or in front of them (`before`)."""

    action: Action
    way: Literal["after", "before"]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Wording:
    action: Action
    way: Literal["after", "before"]
    pattern: re.Pattern[str]
    question: bool


@cache
def read_actions() -> list[dict[str, Any]]:
    """The file as written, with its example sentences."""
    source = files("bedside.drugs").joinpath("data/actions.toml")
    return list(tomllib.loads(source.read_text(encoding="utf-8"))["cue"])


def cues(clause: str, *, question: bool) -> list[Cue]:
    """All that a clause, its medicines' names replaced by `NAME`, says; wordings for questions only where it is one."""
    found = [
        Cue(one.action, one.way, *match.span())
        for one in _wordings()
        if question or not one.question
        for match in one.pattern.finditer(clause)
    ]
    return _denied(found, clause)


@cache
def _wordings() -> list[_Wording]:
    return [
        _Wording(told["action"], told["way"], _compiled(told), told.get("question", False)) for told in read_actions()
    ]


def _compiled(told: dict[str, Any]) -> re.Pattern[str]:
    en, zh = ("|".join(told[lang]).replace("@", f"{NAME}+") for lang in ("en", "zh"))
    behind = rf"(?!(?!于)[^,，。；、]{{0,8}}{NAME})" if told["way"] == "before" and told["action"] != "mention" else ""
    return re.compile(rf"(?<![A-Za-z])(?:{en})(?![A-Za-z])|(?:{zh}){behind}", re.IGNORECASE)


def _denied(found: list[Cue], clause: str) -> list[Cue]:
    """What is denied swallows the wording that it runs into: "do not start her on" and 不要同时服用 are one each."""
    kept: list[Cue] = []
    for one in sorted(found, key=lambda cue: (cue.start, -cue.end, cue.action != "avoid")):
        last = next(
            (cue for cue in kept if cue.action == "avoid" and cue.way == one.way and _run_into(clause, cue, one)), None
        )
        if last is None:
            kept.append(one)
        elif one.end > last.end:
            kept[kept.index(last)] = replace(last, end=one.end)
    return kept


def _run_into(clause: str, denied: Cue, then: Cue) -> bool:
    """Whether a wording begins within one that denies, or a few Chinese characters behind it."""
    return then.start < denied.end or _FEW.fullmatch(clause, denied.end, then.start) is not None


_FEW = re.compile(r"[\u4e00-\u9fff]{0,4}")
