"""Edges for the graph: what does what to what by the words of a sentence, affirmed, negated or uncertain.

By a fitted relating model where one is given; by the words between two mentions of a sentence (data/links.tsv) always.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from bedside.literature._paper import Paper
from bedside.literature.mentions import AFFIRMED, NEGATED, UNCERTAIN, Mention
from bedside.literature.roles import Role

Edge = dict[str, Any]
_DENIED = re.compile(
    r"\b(?:no|not|neither|nor|without|lack of|failed to|unrelated|independent of|did not|was not|were not)\b"
    r"|n['’]t\b|未(?!来)|无(?=明显|显著|统计|关|相关|差异)|不(?=能|会|增加|降低|影响|相关)|没有",
    re.IGNORECASE,
)
_DOUBTED = re.compile(
    r"\b(?:may|might|could|possibl[ey]|probabl[ey]|suggest\w*|appears?|seems?|potential(?:ly)?|hypothes\w+"
    r"|whether|unclear)\b|可能|或许|提示|有望|是否|尚不",
    re.IGNORECASE,
)
_APART = re.compile(r"\s*(?:[,;，；、]|(?:and|but|or)\b|并|但|且|和|或)", re.IGNORECASE)
_CLAUSE = re.compile(r"[;；。]|[,，]\s*(?:but|and|while|whereas|however|但|而|且)", re.IGNORECASE)
_BETWEEN = 90
"""Characters between two mentions at most."""


def edges_by_words(paper: Paper, roles: Sequence[Role], mentions: Sequence[Mention]) -> Iterator[Edge]:
    """Edges between neighbouring mentions with a linking word between; aims claim nothing and are left out."""
    for role in roles:
        if role.role in ("objective", "methods"):
            continue
        inside = sorted(
            (one for one in mentions if role.start <= one.start and one.end <= role.end), key=lambda one: one.start
        )
        for one, two in itertools.pairwise(inside):
            gap = paper.text[one.end : two.start]
            if (
                one.end > two.start
                or _APART.match(gap)
                or _CLAUSE.search(gap)
                or len(gap) > _BETWEEN
                or (one.id and one.id == two.id)
            ):
                continue
            for relation, turned, words in _links():
                if words.search(gap):
                    ends = (two, one) if turned else (one, two)
                    yield made(paper, ends, relation, (role.start, role.end), "words")
                    break


def edges_by_model(paper: Paper, found: Sequence[dict[str, Any]]) -> Iterator[Edge]:
    """Edges out of a relating model's answers."""
    for one in found:
        edge = made(paper, one["ends"], one["relation"], one["place"], "model")
        yield {**edge, "probability": round(one["p"], 3)}


def made(paper: Paper, ends: Sequence[Mention], relation: str, place: tuple[int, int], by: str) -> Edge:
    """An edge with the sentence that says so: `passage` is the paper's id and the place in its text."""
    head, tail = ends
    return {
        "head": _name(paper, head),
        "relation": relation,
        "tail": _name(paper, tail),
        "passage": f"{paper.id}#{place[0]}-{place[1]}",
        "polarity": _polarity(paper.text[slice(*place)], ends),
        "year": paper.year,
        "head_id": head.id,
        "tail_id": tail.id,
        "head_type": head.type,
        "tail_type": tail.type,
        "by": by,
        **({"retracted": paper.retracted} if paper.retracted else {}),
    }


def _name(paper: Paper, one: Mention) -> str:
    return one.label or paper.text[one.start : one.end]


def _polarity(sentence: str, ends: Sequence[Mention]) -> str:
    if _DENIED.search(sentence) or any(one.polarity == NEGATED for one in ends):
        return NEGATED
    if _DOUBTED.search(sentence) or any(one.polarity == UNCERTAIN for one in ends):
        return UNCERTAIN
    return AFFIRMED


@cache
def _links() -> tuple[tuple[str, bool, re.Pattern[str]], ...]:
    lines = files("bedside.literature").joinpath("data/links.tsv").read_text(encoding="utf-8").splitlines()
    cells = [line.split("\t") for line in lines if line.strip() and not line.startswith("#")]
    return tuple((name, how == "turned", re.compile(words, re.IGNORECASE)) for name, how, words in cells)
