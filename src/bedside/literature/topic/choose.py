"""The sentences that answer a topic's question best, each word for word from a passage; none says another again.

Extractive: a sentence scores by the question's words it holds (rare ones more, over all sentences found), by standing
under results or conclusions, and by holding a figure; the best is taken, and those like it fall (maximal marginal
relevance, Carbonell & Goldstein 1998).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from math import log

from bedside.cleaning.sentences import spans
from bedside.library._question.terms import terms_of
from bedside.literature.numbers import numbers_in
from bedside.literature.topic.state import Said
from bedside.types import Passage

SENTENCES, OF_ONE_PAPER = 12, 2
SHORTEST, LONGEST = 30, 420
"""Letters; a Chinese sentence may be a third as long."""
ALIKE = 0.6
"""Share of terms beyond which a sentence says what another said."""
SHARE = 0.4
"""Of the question's terms in a language that a paper must hold to be listed."""
FOR_HEADING, FOR_FIGURE = 1.25, 1.15
_TELLING = ("result", "conclusion", "finding", "interpretation", "recommend", "结果", "结论", "推荐")


@cache
def function_words() -> frozenset[str]:
    """Words that say nothing by themselves ("of", "with")."""
    lines = files("bedside.literature").joinpath("data/stop.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if line.startswith("part ") for word in line.split()[1:])


def paper_key(passage: Passage) -> str:
    """The key of the paper that a passage is of."""
    return f"{passage.source}:{passage.item}"


def speaks_of(question: str, passages: Sequence[Passage]) -> bool:
    """Whether a paper holds enough of the question's terms, those of either language; words like "of" are none.

    Ranks and cosines have no zero: without this a page would be filled up with whatever is least far away.

    >>> one = Passage(text="Ice helps in gout.", citation="", source="s", version="1", title="Gout")
    >>> speaks_of("ice for gout flares", [one]), speaks_of("ice for sprains of the ankle", [one])
    (True, False)
    """
    held = {term for one in passages for part in (one.title, one.text) for term in terms_of(part)}
    asked = [term for term in dict.fromkeys(terms_of(question)) if term not in function_words()]
    english = [term for term in asked if term.isascii()]
    chinese = [term for term in asked if not term.isascii() and len(term) > 1]
    return any(sum(term in held for term in those) >= SHARE * len(those) for those in (english, chinese) if those)


def chosen(question: str, passages: Sequence[Passage], count: int = SENTENCES) -> list[Said]:
    """The best sentences in the order of their worth; a passage that is not current gives none."""
    asked = set(terms_of(question))
    found = [
        (Said(text=text, passage=one.id, paper=paper_key(one), heading=one.heading), set(terms_of(text)))
        for one in passages
        if one.status == "current"
        for start, end in spans(one.text)
        if _fit(text := one.text[start:end])
    ]
    rare = _rarity([terms for _, terms in found])
    total = sum(rare.get(term, 0.0) for term in asked) or 1.0
    worth = [(sum(rare[term] for term in terms & asked) / total * _bonus(one), one, terms) for one, terms in found]
    kept: list[tuple[Said, set[str]]] = []
    of_paper: Counter[str] = Counter()
    for value, one, terms in sorted(worth, key=lambda row: -row[0]):
        if value <= 0 or len(kept) == count:
            break
        if of_paper[one.paper] < OF_ONE_PAPER and not any(_alike(terms, other) for _, other in kept):
            kept.append((one, terms))
            of_paper[one.paper] += 1
    return [one for one, _ in kept]


def figures_of(passages: Sequence[Passage], most: int = 4) -> tuple[tuple[str, str], ...]:
    """The figures of a paper's passages as they are shown, each with the passage it stands in."""
    found = [(one.shown(), passage.id) for passage in passages for one in numbers_in(passage.text)]
    return tuple(dict(found).items())[:most]


def _fit(text: str) -> bool:
    chinese = sum("\u3400" <= letter <= "\u9fff" for letter in text) * 3 > len(text)
    scale = 3 if chinese else 1
    return SHORTEST <= len(text) * scale <= LONGEST * (1.5 if chinese else 1) and not text.rstrip().endswith(
        ("?", "？")
    )


def _rarity(every: Sequence[set[str]]) -> dict[str, float]:
    seen = Counter(term for terms in every for term in terms)
    return {term: log(1 + len(every) / count) for term, count in seen.items()}


def _bonus(one: Said) -> float:
    telling = FOR_HEADING if any(word in one.heading.lower() for word in _TELLING) else 1.0
    return telling * (FOR_FIGURE if any(letter.isdigit() for letter in one.text) else 1.0)


def _alike(one: set[str], other: set[str]) -> bool:
    return len(one & other) > ALIKE * min(len(one), len(other))
