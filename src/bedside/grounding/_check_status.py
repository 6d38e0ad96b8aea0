"""Whether a medicine is still taken: "takes propranolol" beside a chart in which it was stopped, and the contrary."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bedside.drugs import orders
from bedside.grounding._pair import Note, Pair

_GIVEN = frozenset(("start", "continue", "increase", "decrease"))
_ENDED = frozenset(("stop", "past"))
_NOW = re.compile(
    r"\b(?:takes|(?:is|are|remains?|stays?) (?:still )?(?:on|taking)|still|continues?|continuing|currently|"
    r"was continued)\b"
    r"|继续|仍|目前|现服|正在|一直",
    re.IGNORECASE,
)


def status(pair: Pair) -> Iterator[Note]:
    """Medicines taken now that the chart only ends, and ended ones that it only gives."""
    now = _NOW.search(pair.said.text) is not None
    for one in orders(pair.said.text):
        told = {other.action for other in pair.chart.orders if other.id == one.id}
        kept = now and one.action not in _ENDED and bool(told) and told <= _ENDED
        ended = one.action == "stop" and bool(told) and told <= _GIVEN
        if kept or ended:
            yield Note("mark_conflict", 1.0, one.start, one.end)
