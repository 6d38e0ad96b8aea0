"""The design of a study: by the publication types of its source, and cues in its title and text, each shown."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from bedside.lang import tr
from bedside.literature._paper import Paper

LEAST = 1.5
"""Weight from which a design is told."""
_READ = 6000
"""Characters of the abstract that are looked at."""

DESIGNS = {
    "rct": ("randomised controlled trial", "随机对照试验"),
    "trial": ("trial, not randomised or not said", "临床试验（非随机或未说明）"),
    "cohort": ("cohort study", "队列研究"),
    "case-control": ("case-control study", "病例对照研究"),
    "cross-sectional": ("cross-sectional study", "横断面研究"),
    "diagnostic accuracy": ("diagnostic accuracy study", "诊断准确性研究"),
    "case report": ("case report", "病例报告"),
    "case series": ("case series", "病例系列"),
    "review": ("review", "综述"),
    "systematic review": ("systematic review", "系统评价"),
    "meta-analysis": ("meta-analysis", "荟萃分析"),
    "guideline": ("guideline", "指南"),
    "protocol": ("protocol", "研究方案"),
    "qualitative": ("qualitative study", "质性研究"),
    "animal": ("animal study", "动物实验"),
    "in vitro": ("in vitro study", "体外研究"),
    "comment": ("letter, comment or editorial", "来信、评论或社论"),
    "": ("not told", "未能判断"),
}
"""Designs with their words in both languages; "" is none."""


@dataclass(frozen=True, slots=True)
class Design:
    """The design, how sure (its weight's share of all), and what told it: (where, words, start, end)."""

    name: str
    share: float
    cues: tuple[tuple[str, str, int, int], ...] = ()


def design_name(name: str) -> str:
    """A design in the user's language."""
    return tr(*DESIGNS[name])


def design_of(paper: Paper) -> Design:
    """The design that most speaks for; "" where nothing does.

    >>> design_of(Paper(id="1", title="Ice in gout", text="Sixty men were randomly assigned to ice or none.")).name
    'rct'
    >>> design_of(Paper(id="1", title="痛风综述", text="本文就痛风的治疗作一综述。")).name
    'review'
    """
    weights: dict[str, float] = defaultdict(float)
    cues: dict[str, list[tuple[str, str, int, int]]] = defaultdict(list)
    told = {"title": paper.title, "text": paper.abstract[:_READ]}
    at = max(0, paper.text.find(told["text"]))
    for name, where, weight, cue in _cues():
        if where == "type":
            for said in (*paper.types, *paper.keywords):
                if cue.search(said):
                    weights[name] += weight
                    cues[name].append(("type", said, 0, 0))
                    break
        elif found := cue.search(told[where]):
            weights[name] += weight
            place = at if where == "text" else 0
            cues[name].append((where, found[0][:80], place + found.start(), place + found.end()))
    _settle(weights)
    if not weights or (most := max(weights.values())) < LEAST:
        return Design("", 0.0)
    best = max(weights, key=lambda one: weights[one])
    total = sum(one for one in weights.values() if one > 0)
    return Design(best, round(most / total, 3), tuple(cues[best]))


def _settle(weights: dict[str, float]) -> None:
    """What is both: a meta-analysis is no trial though it speaks of them, nor is an analysis of a trial's cohort."""
    if weights.get("meta-analysis", 0) >= 3 or weights.get("systematic review", 0) >= 4:
        for name in ("rct", "trial", "cohort", "case-control", "diagnostic accuracy", "cross-sectional"):
            weights.pop(name, None)
    if weights.get("rct", 0) >= LEAST:
        weights["rct"] += weights.pop("trial", 0)
    if weights.get("animal", 0) >= 2.4:
        weights["animal"] += weights.pop("in vitro", 0) + weights.pop("rct", 0)
    if weights.get("protocol", 0) >= 4:
        weights.pop("rct", None)


@cache
def _cues() -> tuple[tuple[str, str, float, re.Pattern[str]], ...]:
    lines = files("bedside.literature").joinpath("data/designs.tsv").read_text(encoding="utf-8").splitlines()
    cells = [line.split("\t") for line in lines if line.strip() and not line.startswith("#")]
    return tuple((name, where, float(weight), re.compile(cue, re.IGNORECASE)) for name, where, weight, cue in cells)
