"""Chinese verbs that are done or not yet (已破, 未破), and causes that the chart does not give."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bedside.grounding._coverage import SAME, covered
from bedside.grounding._pair import Note, Pair

_DONE = re.compile(
    r"(?P<said>已经?|未(?:曾|能)?|尚未|没有?)(?P<verb>[\u4e00-\u9fff])"
    r"(?=[^\u4e00-\u9fff]|[了过出及见并]|$)"
)
_CAUSE = re.compile(
    r"\b(?:caused by|because of|due to|secondary to|"
    r"resulting from|as a result of|triggered by|brought on by|owing to)\b"
    r"|由于|因为|继发于"
    r"|(?:由|因)(?=[^，。；]{1,14}(?:引起|导致|所致|诱发|造成))",
    re.IGNORECASE,
)


def done(pair: Pair) -> Iterator[Note]:
    """What the chart says is not done yet and the sentence that it is, or the contrary."""
    for match in _DONE.finditer(pair.said.text):
        told = {
            _is_done(other["said"])
            for one in pair.evidence
            for other in _DONE.finditer(pair.chart.text, one.start, one.end)
            if other["verb"] == match["verb"]
        }
        if told == {not _is_done(match["said"])}:
            yield Note("polarity", 1.0, *match.span())


def causes(pair: Pair) -> Iterator[Note]:
    """A cause that the chart does not name."""
    for match in _CAUSE.finditer(pair.said.text):
        _, end = pair.said.clause(match.end(), match.end())
        given = [one.term for one in pair.sentence.claims if match.end() <= one.term.start < end]
        if given and all(
            max((covered(one, it.ids) for it in pair.chart.sentences), default=0) < SAME for one in given[:2]
        ):
            yield Note("cause", 1.0, match.start(), match.end())


def _is_done(said: str) -> bool:
    return said.startswith("已")
