"""Findings of papers by outcome: which way each points, and whether papers agree; every one with its sentence.

A finding is a figure that compares (a ratio, a difference, or a p value alone). It points to more or less where its
interval leaves out the value of no effect (or p < 0.05 where no interval is printed), and else tells no difference.
Which arm it speaks for is the paper's wording: sentences are shown so that it can be read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

from bedside.lang import tr
from bedside.literature._statistic import measures
from bedside.literature.terms import key_of

MORE, LESS, SAME = "more", "less", "no difference"
AGREE, DIFFER, MIXED, ALONE = "agree", "disagree", "mixed", "one paper"
MOST = 100
"""Findings of an outcome that are kept to be shown; all are counted."""
_P = 0.05


@dataclass(frozen=True, slots=True)
class Finding:
    """A figure of a paper, which way it points, and the sentence that says so with its place."""

    paper: str
    direction: str
    figure: str
    kind: str
    sentence: str
    start: int
    end: int
    year: int | None = None
    design: str = ""
    doubts: tuple[str, ...] = ()


@dataclass
class Outcome:
    """What papers find of one outcome; `papers` are those whose figures are not flagged, with where they point."""

    name: str
    findings: list[Finding] = field(default_factory=list)
    papers: dict[str, set[str]] = field(default_factory=dict)

    @property
    def verdict(self) -> str:
        """Whether papers point the same way; one that points both ways makes it mixed."""
        said = list(self.papers.values())
        if len(said) <= 1:
            return ALONE
        every = set().union(*said)
        if every == {MORE} or every == {LESS} or every == {SAME}:
            return AGREE
        return DIFFER if {MORE, LESS} <= every else MIXED


def outcomes_of(lines: Iterable[Mapping[str, Any]]) -> list[Outcome]:
    """The outcomes of analysed papers, those of most papers first; retracted papers are left out."""
    found: dict[str, Outcome] = {}
    for line in lines:
        if line["retracted"]:
            continue
        for name, finding in findings_of(line):
            one = found.setdefault(name, Outcome(name))
            if not finding.doubts:
                one.papers.setdefault(finding.paper, set()).add(finding.direction)
            if len(one.findings) < MOST:
                one.findings.append(finding)
    return sorted(found.values(), key=lambda one: (-len(one.papers), one.name))


def findings_of(line: Mapping[str, Any]) -> Iterator[tuple[str, Finding]]:
    """The findings of one paper, each with the name of its outcome; places are in the paper's text."""
    roles = {(one["start"], one["end"]): one["role"] for one in line["roles"]}
    seen: set[tuple[str, str]] = set()
    for one in line["numbers"]:
        start, end = one["sentence"]
        way, said = direction(one), one.get("outcome", "")
        if not way or not said or roles.get((start, end)) in ("background", "objective", "methods"):
            continue
        name = outcome_name(said)
        if not name or (name, one["shown"]) in seen:
            continue
        seen.add((name, one["shown"]))
        yield (
            name,
            Finding(
                paper=line["id"],
                direction=way,
                figure=one["shown"],
                kind=one["kind"],
                sentence=line["text"][start:end],
                start=start,
                end=end,
                year=line["year"],
                design=line["design"]["name"],
                doubts=tuple(one.get("flags", ())),
            ),
        )


def direction(one: Mapping[str, Any]) -> str:
    """Which way a figure points, "" where it compares nothing.

    >>> direction({"kind": "HR", "value": 0.8, "low": 0.7, "high": 0.9})
    'less'
    >>> direction({"kind": "OR", "value": 2, "p": "=0.3"})
    'no difference'
    """
    measure = measures().get(one["kind"])
    null = measure.null if measure and one["kind"] not in ("DOR", "LR+", "LR-") else None
    value, p = one.get("value"), one.get("p", "")
    if one["kind"] == "p":
        return SAME if p and p[0] in ">=≥" and float(p[1:]) >= _P else ""
    if null is None or value is None:
        return ""
    if one.get("low") is not None:
        clear = one["low"] > null or one["high"] < null
    elif p:
        clear = p[0] in "<=≤" and float(p[1:]) < _P + (p[0] in "<≤") * 1e-9
    else:
        return ""
    return (MORE if value > null else LESS) if clear else SAME


def outcome_name(said: str) -> str:
    """The name under which an outcome is grouped: in the user's language where it is known, else its own words.

    >>> outcome_name("death from any cause"), outcome_name("全因病死率"), outcome_name("grip strength")
    ('death', 'death', 'grip strength')
    """
    for en, zh, words in _known():
        if words.search(said):
            return tr(en, zh)
    key = key_of(re.sub(r"^(?:the|a|an|in|of)\s+", "", said.strip().lower()))
    return key if 2 <= len(key) <= 60 else ""


def told(name: str) -> str:
    """A direction or a verdict in the user's language."""
    zh = {
        MORE: "升高或更多", LESS: "降低或更少", SAME: "无明显差异",
        AGREE: "各文献一致", DIFFER: "各文献相反", MIXED: "不尽一致", ALONE: "仅一篇文献",
    }  # fmt: skip
    en = {AGREE: "papers agree", DIFFER: "papers disagree", MIXED: "papers differ in part", ALONE: "one paper"}
    return tr(en.get(name, name), zh[name])


@cache
def _known() -> tuple[tuple[str, str, re.Pattern[str]], ...]:
    lines = files("bedside.literature").joinpath("data/outcomes.tsv").read_text(encoding="utf-8").splitlines()
    cells = [line.split("\t") for line in lines if line.strip() and not line.startswith("#")]
    return tuple((en, zh, re.compile(words, re.IGNORECASE)) for en, zh, words in cells)
