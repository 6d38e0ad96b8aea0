"""Which of two values came first: "9 on admission, 4 today" is not "4 on admission and 9 today"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bedside.grounding._claims import Reading, Sentence
from bedside.grounding._coverage import alike
from bedside.grounding._figures import Figure
from bedside.grounding._near import distance
from bedside.grounding._pair import Note, Pair
from bedside.grounding._terms import Term

_AHEAD = {
    "before": re.compile(
        r"(?:\b(?:from|was|baseline|initially|previously|"
        r"(?:on|at) (?:admission|arrival|presentation|baseline)(?: \w+)?)|"
        r"入院时?|术前|治疗前|基线|前次|上次|初始|之前|由|从)\W{0,3}$",
        re.IGNORECASE,
    ),
    "after": re.compile(
        r"(?:\b(?:to|now|today|currently|is(?: now)?|(?:on|at) discharge(?: \w+)?)|"
        r"->|→|今日?|现在?|目前|出院时?|术后|治疗后|复查|本次|至|到)"
        r"\W{0,3}$",
        re.IGNORECASE,
    ),
}
_BEHIND = {
    "before": re.compile(
        r"[ (（]{0,2}(?:on (?:admission|arrival|presentation)|at (?:baseline|admission|presentation)|"
        r"initially|previously|"
        r"(?:last|a|one|\d+) (?:visit|week|month|mo|year)s?(?: ago)?|(?:入院时|\d+[个周天]?月?前|术前|前次))",
        re.IGNORECASE,
    ),
    "after": re.compile(
        r"[ (（]{0,2}(?:today|now|currently|at present|(?:on|at) discharge|this (?:morning|visit)|"
        r"(?:今日|现在|目前|出院时))",
        re.IGNORECASE,
    ),
}
"""Words right before a value, or right behind it, that say when it was."""
_NEAR = 24
_TIMES = ("time", "age", "often")


def when(pair: Pair) -> Iterator[Note]:
    """Values of one thing that the chart puts first and the sentence last, or the contrary."""
    told = [(sentence, one) for sentence in pair.chart.sentences for one in sentence.figures]
    for figure in pair.sentence.figures:
        if figure.kind in _TIMES:
            continue
        said = _time(pair.said, figure)
        if not said:
            continue
        found = {
            _time(pair.chart, one)
            for sentence, one in told
            if one.kind == figure.kind and one.equals(figure) and _same(pair, figure, sentence, one)
        }
        if found and said not in found and "" not in found:
            yield Note("figure_conflict", 1.0, figure.start, figure.end)


def _same(pair: Pair, figure: Figure, sentence: Sentence, other: Figure) -> bool:
    """Whether two values are of one thing."""
    first = _subject(pair.said, pair.sentence, figure)
    second = _subject(pair.chart, sentence, other)
    return first is not None and second is not None and alike(first, second)


def _subject(text: Reading, sentence: Sentence, figure: Figure) -> Term | None:
    """What a value is of: the nearest thing that can have one."""
    named = [one.term for one in sentence.claims if one.term.kind in ("test", "finding")]
    return min(named, key=lambda term: distance(text, term, figure.start, figure.end), default=None)


def _time(text: Reading, figure: Figure) -> str:
    """Before, after, or "" where the words beside a value say neither or both."""
    ahead, behind = text.text[max(0, figure.start - _NEAR) : figure.start], text.text[figure.end :]
    found = {name for name, cue in _BEHIND.items() if cue.match(behind)}
    found = found or {name for name, cue in _AHEAD.items() if cue.search(ahead)}
    return found.pop() if len(found) == 1 else ""
