"""Left and right, mild and severe, better and worse: whether the chart says them of the same thing, or others."""

from __future__ import annotations

from collections.abc import Iterator

from bedside.grounding._apart import Mark, sets
from bedside.grounding._coverage import SAME, alike, covered
from bedside.grounding._derived import changes
from bedside.grounding._near import head
from bedside.grounding._pair import Note, Pair
from bedside.grounding._terms import Term

CHANGES = ("up", "down")
RARELY = 3
"""The chart names the other sex so many times as often as the one said."""


def marks(pair: Pair) -> Iterator[Note]:
    """Sides, degrees, directions: whether the chart says them of the same thing, or others."""
    for mark in pair.sentence.marks:
        if mark.set == "sex" or named_whole(pair, mark):
            continue
        verdict = _mark(pair, mark)
        if verdict == "conflict":
            yield Note("side" if mark.set == "side" else "mark_conflict", 1.0, mark.start, mark.end)
        elif verdict != "ok":
            feature = "side_missing" if mark.set == "side" else "mark_missing"
            yield Note(feature, 2.0 if verdict == "unlike" else 1.0, mark.start, mark.end)
    yield from _sex(pair)


def named_whole(pair: Pair, mark: Mark) -> bool:
    """Whether a mark is within a name that the chart has too ("elevated ALT")."""
    return any(
        one.term.start <= mark.start and mark.end <= one.term.end and one.term.ids & pair.chart.ids
        for one in pair.sentence.claims
        if one.term.parts and (mark.set in ("amount", "normality") or (mark.set == "side" and one.term.kind == "body"))
    )


def _mark(pair: Pair, mark: Mark) -> str:
    """Whether the chart says the same of the same thing ("ok"), the opposite, it of another thing, or nothing."""
    one = sets()[mark.set]
    if any(
        other.set == mark.set and one.agree(mark.value, other.value)
        for other in changes(pair.said.text, list(pair.sentence.figures))
    ):
        return "ok"
    subject = head(pair.said, pair.sentence, mark) if one.binds else None
    bound = next(filter(None, (_bound(pair, mark, term) for term in (subject, *subject.parts))), []) if subject else []
    told = [other for sentence in pair.evidence for other in sentence.marks if other.set == mark.set]
    for found in (_telling(mark, few) for few in (_beside(pair, mark), bound, [] if one.binds else told)):
        if any(_same(mark, other) for other in found):
            return "ok"
        if any(_opposite(mark, other) for other in found):
            return "conflict"
    if any(_same(mark, other) for other in told):
        return "ok"
    first = [other for sentence in pair.evidence[:1] for other in sentence.marks if other.set == mark.set]
    if mark.set in ("amount", "course") and any(_opposite(mark, other) for other in first):
        return "conflict"
    normal = Mark(mark.start, mark.end, "normality", "normal")
    if _abnormal(mark) and any(other.value == "normal" for other in _beside(pair, normal)):
        return "conflict"
    everywhere = [other for sentence in pair.chart.sentences for other in sentence.marks if other.set == mark.set]
    if mark.set == "side" and everywhere and not any(_same(mark, other) for other in everywhere):
        return "conflict"
    return "unlike" if told and mark.set not in ("amount", "course") else "missing"


def _telling(mark: Mark, found: list[Mark]) -> list[Mark]:
    """Where the chart says how a thing changed, how it stands says nothing: a high value may have fallen."""
    changed = [other for other in found if other.value in CHANGES]
    return changed if mark.value in CHANGES and changed else found


def _bound(pair: Pair, mark: Mark, subject: Term) -> list[Mark]:
    """Marks of the same set that the chart says of a thing."""
    return [
        other
        for sentence in pair.chart.sentences
        for other in sentence.marks
        if other.set == mark.set and alike(head(pair.chart, sentence, other), subject)
    ]


def _beside(pair: Pair, mark: Mark) -> list[Mark]:
    """Marks of the same set in those clauses of the chart that hold most of the mark's own clause, rare words first."""
    low, high = pair.said.clause(mark.start, mark.end)
    terms = [
        one.term
        for one in pair.sentence.claims
        if low <= one.term.start < high and (one.term.kind != "word" or not one.term.named)
    ]
    clauses = [(sentence, *one) for sentence in pair.chart.sentences for one in pair.chart.clauses(sentence)]
    held = [[covered(term, ids) >= SAME for term in terms] for _, _, ids in clauses]
    rare = [1 / max(1, sum(column)) for column in zip(*held, strict=True)]
    scores = [sum(weight for weight, has in zip(rare, row, strict=True) if has) for row in held]
    best = max(scores, default=0.0)
    return [
        other
        for (sentence, place, _), score in zip(clauses, scores, strict=True)
        for other in (sentence.marks if score == best and best else ())
        if other.set == mark.set and place[0] <= other.start < place[1]
    ]


def _sex(pair: Pair) -> Iterator[Note]:
    """Whether the person is of the chart's sex; a sentence of relatives says nothing of it."""
    said = {mark.value for mark in pair.sentence.marks if mark.set == "sex"}
    told = [mark.value for one in pair.chart.sentences for mark in one.marks if mark.set == "sex"]
    if len(said) == 1 and told and not any(mark.set == "kin" for mark in pair.sentence.marks):
        value = next(iter(said))
        if told.count(value) == 0 or told.count(value) * RARELY < len(told):
            yield Note("sex", 1.0, 0, len(pair.said.text))


def _same(one: Mark, other: Mark) -> bool:
    return sets()[one.set].agree(one.value, other.value) and one.denied == other.denied


def _opposite(one: Mark, other: Mark) -> bool:
    return one.denied != other.denied or sets()[one.set].clash(one.value, other.value)


def _abnormal(mark: Mark) -> bool:
    return (mark.set, mark.value) in (
        ("amount", "up"),
        ("amount", "down"),
        ("amount", "high"),
        ("amount", "low"),
        ("normality", "abnormal"),
        ("result", "positive"),
    )
