"""Whether the chart gives the numbers of a sentence, and gives them of the same thing."""

from __future__ import annotations

from collections.abc import Iterator

from bedside.grounding._claims import Reading, Sentence
from bedside.grounding._coverage import alike
from bedside.grounding._figures import Figure
from bedside.grounding._near import distance
from bedside.grounding._pair import Note, Pair
from bedside.grounding._terms import Term

SMALL = 10
"""A whole number up to this one stands for many things."""
BESIDE = 3
"""Characters between a number and the word that it counts."""
DOSED = ("mass", "often", "units", "puffs")
"""Kinds of figures that are of a medicine where one is named."""
COUNTED = ("finding", "drug", "test", "care")
"""Kinds of terms that have figures."""
_SOFT = 0.4
"""What a number in words weighs ("one of them") where nothing rivals it."""


def numbers(pair: Pair) -> Iterator[Note]:
    """Figures that the chart gives differently, of another thing, elsewhere, or not at all."""
    for figure in pair.sentence.figures:
        yield from _number(pair, figure)


def _number(pair: Pair, figure: Figure) -> Iterator[Note]:
    """What speaks against one figure."""
    subjects = _subjects(pair.said, pair.sentence, figure)
    rivals = _rivals(pair, figure, subjects)
    if any(figure.equals(other) for other in rivals) or (figure.said <= 1 and figure.kind in ("", "count")):
        return
    weight = _SOFT if figure.soft and not rivals else 1.0
    equal = [one for one in pair.chart.sentences if _gives(pair, one, figure, subjects)]
    if equal:
        if not any(one in pair.evidence for one in equal):
            yield Note("figure_elsewhere", weight, figure.start, figure.end)
        elif rivals or not any(
            _share(_subjects(pair.chart, one, other), subjects)
            for one in equal
            for other in one.figures
            if figure.equals(other)
        ):
            of_drug = bool(rivals) and figure.kind in DOSED and any(term.kind == "drug" for term in subjects)
            other_thing = "figure_swapped" if rivals else "figure_apart"
            yield Note("figure_conflict" if of_drug else other_thing, weight, figure.start, figure.end)
    elif not _derived(figure, pair.chart):
        yield Note("figure_conflict" if rivals else "figure_missing", weight, figure.start, figure.end)


def instead(pair: Pair, figure: Figure) -> Figure | None:
    """What the chart gives of the same thing where a sentence gives a figure; None where it gives that, or several."""
    rivals = _rivals(pair, figure, _subjects(pair.said, pair.sentence, figure))
    values = {round(one.value, 6) for one in rivals}
    return rivals[0] if figure.kind and len(values) == 1 and not figure.equals(rivals[0]) else None


def _rivals(pair: Pair, figure: Figure, subjects: list[Term]) -> list[Figure]:
    """The chart's figures of the same kind and of the same thing."""
    return [
        other
        for one in pair.chart.sentences
        for other in one.figures
        if other.kind == figure.kind and _share(_subjects(pair.chart, one, other), subjects)
    ]


def _gives(pair: Pair, one: Sentence, figure: Figure, subjects: list[Term]) -> bool:
    """Whether a sentence gives a figure; a small number without a unit only as such, or of the same thing."""
    for other in one.figures:
        bare = not figure.kind or not other.kind
        many = bare and figure.kind != other.kind and figure.said <= SMALL and figure.said == int(figure.said)
        if figure.equals(other) and (not many or _share(_subjects(pair.chart, one, other), subjects)):
            return True
    return False


def _subjects(text: Reading, sentence: Sentence, figure: Figure) -> list[Term]:
    """What a figure may be of: the nearest name, rather before it, and all of its clause; of a dose, a medicine."""
    named = [
        one.term for one in sentence.claims if one.term.named and one.term.kind in ("finding", "drug", "test", "care")
    ]
    drugs = [term for term in named if term.kind == "drug"]
    if figure.kind in DOSED and drugs:
        return _dosed(text, sentence, figure, drugs)
    low, high = text.clause(figure.start, figure.end)
    nearest = sorted(named, key=lambda term: distance(text, term, figure.start, figure.end))[:1]
    found = [*nearest, *(term for term in named if low <= term.start < high and term not in nearest)]
    counted = [one.term for one in sentence.claims if 0 <= one.term.start - figure.end <= BESIDE and not one.term.named]
    return found if figure.kind else [*found, *counted[:1]]


def _dosed(text: Reading, sentence: Sentence, figure: Figure, drugs: list[Term]) -> list[Term]:
    """The medicine that a dose is of: the nearest, unless a second amount between is of one that is not known."""
    nearest = min(drugs, key=lambda term: distance(text, term, figure.start, figure.end))
    between = [
        one
        for one in sentence.figures
        if one.kind in ("mass", "units") and nearest.end <= one.start and one.end <= figure.start
    ]
    return [] if len(between) > 1 else [nearest]


def _share(one: list[Term], other: list[Term]) -> bool:
    return any(alike(first, second) for first in one for second in other)


def _derived(figure: Figure, chart: Reading) -> bool:
    """Whether a figure is the difference of two of its kind in one sentence."""
    if not figure.kind or figure.kind in ("age", "often", "date"):
        return False
    for one in chart.sentences:
        values = [other.value for other in one.figures if other.kind == figure.kind]
        if figure.kind == "packs":
            values = [other.said * two.said for other in one.figures for two in one.figures]
            if figure.said in values:
                return True
        if figure.kind == "mass":
            times = [other.said for other in one.figures if other.kind in ("", "count")]
            if any(abs(a * b - figure.value) < 1e-6 * figure.value for a in values for b in times):
                return True
        if any(abs(abs(a - b) - figure.value) <= 1e-6 * abs(a) for a in values for b in values if a != b):
            return True
    return False
