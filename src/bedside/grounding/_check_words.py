"""Whether the chart names what a sentence names: whole or in part, in the evidence or elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from bedside.grounding._claims import Sentence
from bedside.grounding._coverage import SAME, covered
from bedside.grounding._names import key_of, names
from bedside.grounding._pair import WEIGHT, Note, Pair
from bedside.grounding._terms import Term

HALF = 0.5
"""Below this coverage, a term is missing; from it on, partly there."""
APART = 0.75
"""What a name counts whose parts stand in several sentences ("right knee pain. No swelling.")."""
PLANNED = 2.0
"""What a procedure weighs that is ordered and that the chart does not name."""
_ORDERED = re.compile(
    r"(?:建议|给予|予以?|拟行|拟|已行|行|安排|完善)[^，。；,;]{0,6}\Z|"
    r"\b(?:advised|recommended|scheduled|planned|arranged|underwent)\b[^,.;]{0,30}\Z",
    re.IGNORECASE,
)
_LEAST = 0.01
_WORD = re.compile(r"[A-Za-z]{4,}")


def words(pair: Pair) -> Iterator[Note]:
    """What is missing, only partly there, or not where the rest is; and the share of all that is missing there."""
    total = lost = 0.0
    for claim in pair.sentence.claims:
        term = claim.term
        here, anywhere = _held(pair, term, pair.evidence), _held(pair, term, pair.chart.sentences)
        if not anywhere and term.kind == "drug" and _shortened(pair, term):
            here = anywhere = 1.0
        total += WEIGHT[term.kind]
        lost += WEIGHT[term.kind] * (1 - here)
        if anywhere < HALF:
            planned = term.kind in ("care", "test") and _ORDERED.search(pair.said.text[: term.start])
            kind = "care" if planned else _kind(term)
            yield Note(f"missing_{kind}", PLANNED if planned else 1.0, term.start, term.end)
        elif anywhere < SAME:
            yield Note("partial", 1 - anywhere, term.start, term.end)
        if anywhere - here > _LEAST:
            yield Note("elsewhere", anywhere - here, term.start, term.end)
    if lost:
        yield Note("share_missing", lost / total, 0, 0)


def _shortened(pair: Pair, term: Term) -> bool:
    """Whether the chart has the beginning of a medicine's name for it: "fluclox", "amox", "furos"."""
    name = pair.said.text[term.start : term.end].lower()
    return any(
        len(word) < len(name) and name.startswith(word.lower()) and (key_of(word),) not in names().english
        for word in _WORD.findall(pair.chart.text)
    )


def _kind(term: Term) -> str:
    return "plain" if term.kind == "word" and not term.named else term.kind


def _held(pair: Pair, term: Term, sentences: Sequence[Sentence]) -> float:
    """How far some sentences name a term, its parts within one clause; a medicine is named or it is not."""
    if term.kind == "drug":
        return float(any(term.ids & one.ids for one in sentences))
    whole = max((covered(term, one.ids) for one in sentences), default=0.0)
    if len(term.parts) < 2 or any(term.ids & one.ids for one in sentences):
        return whole
    clause = max((covered(term, ids) for one in sentences for _, ids in pair.chart.clauses(one)), default=0.0)
    apart = covered(term, frozenset[str]().union(*(one.ids for one in sentences)))
    return max(clause, APART * apart)
