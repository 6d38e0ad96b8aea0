"""A contradicted sentence with the chart's own value, dose or side in its place: served only if it then holds.

A rewritten sentence is a new one, so it is traced to the chart again like any other; one that does not hold, or for
which the chart gives several values, is left out (removal.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from bedside.grounding._apart import sets
from bedside.grounding._check_figures import instead
from bedside.grounding._pair import Pair
from bedside.grounding.ground import Ground, Grounded, sentences_of
from bedside.grounding.removal import left_out_notice, removed
from bedside.lang import counted, tr
from bedside.phenotypes.context import Language

_OTHER_SIDE = {"left": "right", "right": "left", "左": "右", "右": "左"}
_SIDE = re.compile(r"left|right|[左右]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Rewritten:
    """A text that its chart supports, what was changed (before, after) and left out, and what its reader is told."""

    text: str = field(repr=False)
    changed: tuple[tuple[str, str], ...] = field(repr=False)
    left_out: tuple[str, ...] = field(repr=False)
    notice: str = ""


def rewritten(text: str, chart_text: str, lang: Language | None = None) -> Rewritten:
    """A text with its contradicted sentences put right from the chart where they can be, and the rest left out.

    >>> done = rewritten("She takes metformin 500 mg BID. She has asthma.", "Meds: metformin 1000 mg BID.")
    >>> done.text, done.left_out
    ('She takes metformin 1000 mg BID.', ('She has asthma.',))
    >>> done.notice.split(" Left")[0]
    'Changed 1 sentence to what the record says.'
    """
    places = sentences_of(text)
    done = put_right([text[one.start : one.end] for one in places], Ground(chart_text, lang))
    made, at = "", 0
    for place, one in zip(places, done, strict=True):
        made += text[at : place.start] + one.now
        at = place.end
    left = removed(made + text[at:], [one.verdict for one in done])
    return Rewritten(left.text, changes(done), left.left_out, rewriting_notice(done))


class PutRight(NamedTuple):
    """A sentence as it was said and as it now is (the same where it was not changed), and the verdict on the latter."""

    said: str
    now: str
    verdict: Grounded


def put_right(sentences: Sequence[str], chart: Ground) -> list[PutRight]:
    """Each sentence as the chart has it where it can be put right, else as it is; what does not hold is not served.

    >>> done = put_right(["Metformin 500 mg BID.", "Asthma."], Ground("Meds: metformin 1000 mg BID."))
    >>> [(one.now, one.verdict.verdict) for one in done]
    [('Metformin 1000 mg BID.', 'supported'), ('Asthma.', 'unsupported')]
    """
    now = [corrected(one, chart) or one for one in sentences]
    return [PutRight(*one) for one in zip(sentences, now, chart.ground_all(now), strict=True)]


def changes(done: Sequence[PutRight]) -> tuple[tuple[str, str], ...]:
    """What was changed: before, after."""
    return tuple((one.said, one.now) for one in done if one.said != one.now)


def rewriting_notice(done: Sequence[PutRight]) -> str:
    """How many sentences were changed and left out; "" where all stay as they are.

    >>> rewriting_notice(put_right(["无胸痛。"], Ground("否认胸痛。")))
    ''
    """
    changed = len(changes(done))
    said = tr(
        f"Changed {counted(changed, 'sentence')} to what the record says.",
        f"已按病历更正 {changed} 句。",
    )
    return " ".join(filter(None, (said if changed else "", left_out_notice([one.verdict for one in done]))))


def corrected(sentence: str, chart: Ground) -> str | None:
    """A contradicted sentence as the chart has it; None where it is not contradicted, or cannot be put right.

    >>> corrected("右侧膝关节肿胀。", Ground("查体：左膝肿胀。")), corrected("无发热。", Ground("发热两天。"))
    ('左侧膝关节肿胀。', None)
    """
    if chart.ground(sentence).verdict != "contradicted":
        return None
    made = sentence
    for start, end, right in sorted(_corrections(chart.pair(sentence)), reverse=True):
        made = made[:start] + right + made[end:]
    return made if made != sentence and chart.ground(made).supported else None


def _corrections(pair: Pair) -> Iterator[tuple[int, int, str]]:
    """The places of a sentence at which the chart says otherwise, and what it says there."""
    for figure in pair.sentence.figures:
        if right := instead(pair, figure):
            yield figure.start, figure.end, pair.chart.text[right.start : right.end]
    for mark in pair.sentence.marks:
        told = {other.value for one in pair.evidence for other in one.marks if other.set == mark.set}
        if mark.set == "side" and len(told) == 1 and sets()["side"].clash(mark.value, next(iter(told))):
            said = pair.said.text[mark.start : mark.end]
            yield mark.start, mark.end, _SIDE.sub(lambda side: _as_written(side[0]), said)


def _as_written(side: str) -> str:
    """The other side, with the capital of the one it replaces."""
    other = _OTHER_SIDE[side.lower()]
    return other.capitalize() if side[0].isupper() else other
