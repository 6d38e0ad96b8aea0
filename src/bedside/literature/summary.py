"""A summary of one paper in its own sentences: why, how, what was found and so what, each with the place it is from.

Sentences are chosen, never written: `text[start:end]` of the paper is the sentence, to the character.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from bedside.lang import tr

Level = Literal["clinician", "patient"]
PARTS = ("why", "how", "what", "so what")
_OF = {"background": "why", "objective": "why", "methods": "how", "results": "what", "conclusions": "so what"}
_MOST: dict[Level, dict[str, int]] = {
    "clinician": {"why": 2, "how": 2, "what": 3, "so what": 2},
    "patient": {"why": 1, "how": 1, "what": 1, "so what": 2},
}
_PRIMARY = re.compile(r"\bprimary\b|\bmain (?:outcome|finding)|主要(?:结局|终点|结果)", re.IGNORECASE)
_WHO = re.compile(
    r"\b(?:patients|participants|women|men|children|adults|volunteers|rats|mice|studies|trials)\b|例|名|患者",
    re.IGNORECASE,
)
_HARD = re.compile(r"[=<>±%]|\bCI\b|\bp\b|统计学|\([^)]*\d")


@dataclass(frozen=True, slots=True)
class Cited:
    """A sentence of a paper with what it answers, and its place in the paper's text."""

    part: str
    sentence: str
    paper: str
    start: int
    end: int

    @property
    def citation(self) -> str:
        """The paper and place, as edges and answers cite it."""
        return f"{self.paper}#{self.start}-{self.end}"


def summary_of(line: Mapping[str, Any], level: Level = "clinician") -> list[Cited]:
    """The sentences of an analysed paper that tell most, in the order of the questions.

    For patients fewer, and of each part the one that says it with fewest figures.
    """
    chosen: list[Cited] = []
    for part in PARTS:
        own = [one for one in line["roles"] if _OF[one["role"]] == part]
        ranked = sorted(own, key=lambda one: -_weight(line, one, part, own, level))
        for one in sorted(ranked[: _MOST[level][part]], key=lambda one: one["start"]):
            said = line["text"][one["start"] : one["end"]]
            chosen.append(Cited(part, said, line["id"], one["start"], one["end"]))
    return chosen


def part_name(part: str) -> str:
    """A question in the user's language."""
    zh = {"why": "为什么做", "how": "怎么做", "what": "发现了什么", "so what": "意味着什么"}
    en = {"why": "Why", "how": "How", "what": "What was found", "so what": "So what"}
    return tr(en[part], zh[part])


def _weight(
    line: Mapping[str, Any], one: Mapping[str, Any], part: str, own: Sequence[Mapping[str, Any]], level: Level
) -> float:
    """What speaks for a sentence: its role's cues, figures, words of the title, and its place among its own."""
    said = line["text"][one["start"] : one["end"]]
    figures = [two for two in line["numbers"] if one["start"] <= two["start"] < one["end"]]
    title = set(re.findall(r"[a-z]{4,}|[\u4e00-\u9fff]{2}", line["title"].lower()))
    words = set(re.findall(r"[a-z]{4,}|[\u4e00-\u9fff]{2}", said.lower()))
    weight = 1.5 * len(title & words) / (len(title) or 1) + 0.3 * one["probability"]
    place = own.index(one)
    if part == "why":
        weight += 2.0 * (one["role"] == "objective") + 0.3 * (place == len(own) - 1)
    elif part == "how":
        weight += 1.0 * bool(_WHO.search(said)) + 0.8 * any(two["kind"] == "n" for two in figures) + 0.4 * (place == 0)
    elif part == "what":
        weight += 1.2 * bool(_PRIMARY.search(said)) + 0.5 * min(2, sum("p" in two or "low" in two for two in figures))
    else:
        weight += 0.4 * (place == 0) + 0.2 * (place == len(own) - 1)
    if level == "patient" and part != "why":
        weight -= 0.5 * len(_HARD.findall(said)) + len(said) / 400
    return (
        weight
        - (0.8 if len(said) < 25 and not re.search(r"[\u4e00-\u9fff]", said) else 0)
        - max(0, len(said) - 400) / 400
    )
