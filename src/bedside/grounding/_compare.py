"""A sentence beside the chart: which sentences of the chart it may rest on, and how far each of its claims follows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, fields

from bedside.grounding._apart import Mark, sets
from bedside.grounding._figures import Figure
from bedside.grounding._reading import Claim, Reading, Sentence
from bedside.grounding._terms import Term, above

MOST_SENTENCES = 3
"""Sentences of the chart that one sentence may be joined from."""
_WEIGHT = {"finding": 1.0, "drug": 1.2, "test": 0.9, "care": 0.7, "body": 0.6, "word": 0.4}


@dataclass
class Features:
    """How far a sentence follows; each counts or weighs what speaks against it, `cover` and `evidence` what speaks for it."""

    missing_named: float = 0.0
    missing_drug: float = 0.0
    missing_plain: float = 0.0
    elsewhere: float = 0.0
    share_missing: float = 0.0
    figure_missing: float = 0.0
    figure_conflict: float = 0.0
    figure_elsewhere: float = 0.0
    polarity: float = 0.0
    person: float = 0.0
    certainty: float = 0.0
    allergy: float = 0.0
    side: float = 0.0
    mark_conflict: float = 0.0
    mark_missing: float = 0.0
    sex: float = 0.0


CONFLICTS = ("figure_conflict", "polarity", "person", "allergy", "side", "mark_conflict", "sex")
"""Features that say that the chart speaks against a sentence, where others say that it is silent."""
NAMES = tuple(one.name for one in fields(Features))


@dataclass(frozen=True)
class Comparison:
    """The features of a sentence, and the sentences of the chart it is compared with, best first."""

    features: Features
    evidence: tuple[Sentence, ...]
    claims: int
    notes: tuple[str, ...] = field(default=(), repr=False)


def compare(said: Reading, chart: Reading) -> Comparison:
    """Compare one sentence, read as a whole, with a chart."""
    sentence = said.sentences[0]
    evidence = _evidence(sentence, chart)
    made = _Made(said, sentence, chart, evidence)
    made.words()
    made.numbers()
    made.contexts()
    made.marks()
    counted = sum(1 for _ in _telling(sentence)) + len(sentence.figures) + len(sentence.marks)
    return Comparison(made.features, evidence, counted, tuple(made.notes))


def _telling(sentence: Sentence) -> Iterator[Claim]:
    return iter(sentence.claims)


def _evidence(sentence: Sentence, chart: Reading) -> tuple[Sentence, ...]:
    """The sentences of the chart that together hold most of what is said, the one that holds most first."""
    left_terms = list(sentence.claims)
    left_figures = [one for one in sentence.figures if not one.soft]
    chosen: list[Sentence] = []
    for _ in range(MOST_SENTENCES):
        best = max(chart.sentences, key=lambda one: _held(one, left_terms, left_figures, sentence.marks), default=None)
        if best is None or best in chosen or _held(best, left_terms, left_figures, ()) < 0.3:
            break
        chosen.append(best)
        left_terms = [one for one in left_terms if covered(one.term, best.ids) < 0.99]
        left_figures = [one for one in left_figures if not any(one.equals(other) for other in best.figures)]
    return tuple(chosen)


def _held(one: Sentence, claims: Iterable[Claim], figures: Iterable[Figure], marks: Iterable[Mark]) -> float:
    terms = sum(covered(claim.term, one.ids) * _WEIGHT[claim.term.kind] for claim in claims)
    numbers = sum(0.8 for figure in figures if any(figure.equals(other) for other in one.figures))
    told = {(mark.set, mark.value) for mark in one.marks}
    return terms + numbers + sum(0.2 for mark in marks if (mark.set, mark.value) in told)


def covered(term: Term, ids: frozenset[str]) -> float:
    """How far a term is among what is named: 1 by any of its names, else by its parts.

    >>> from bedside.grounding._reading import read
    >>> chart = read("c/o right knee pain").sentences[0]
    >>> [round(covered(one.term, chart.ids), 2) for one in read("gonalgia of the knee", whole=True).sentences[0].claims]
    [0.0, 1.0]
    """
    if term.ids & ids:
        return 1.0
    if term.parts:
        return sum(covered(part, ids) for part in term.parts) / len(term.parts) * 0.95
    plain = next(iter(term.ids))
    return _characters(plain[2:], ids) if plain.startswith("z:") else _stem(plain, ids)


def _characters(word: str, ids: frozenset[str]) -> float:
    """How much of a Chinese word is in a word of the chart."""
    return max((len(set(word) & set(id[2:])) / len(set(word)) for id in ids if id.startswith("z:")), default=0.0) * 0.9


def _stem(plain: str, ids: frozenset[str]) -> float:
    """Whether an English word begins as one of the chart does."""
    if len(plain) < 7:
        return 0.0
    return 0.8 if any(id.startswith(plain[:7]) for id in ids) else 0.0


class _Made:
    """The features as they are found."""

    def __init__(self, said: Reading, sentence: Sentence, chart: Reading, evidence: tuple[Sentence, ...]) -> None:
        self.said, self.sentence, self.chart, self.evidence = said, sentence, chart, evidence
        self.features = Features()
        self.notes: list[str] = []
        self.near = frozenset[str]().union(*(one.ids for one in evidence))

    def note(self, feature: str, amount: float, start: int, end: int) -> None:
        """Add to a feature, and remember because of which words."""
        setattr(self.features, feature, getattr(self.features, feature) + amount)
        self.notes.append(f"{feature}:{self.said.text[start:end]}")

    def words(self) -> None:
        """What of the terms the chart names, in the evidence or elsewhere."""
        total = lost = 0.0
        for claim in self.sentence.claims:
            term = claim.term
            here, anywhere = covered(term, self.near), covered(term, self.chart.ids)
            weight = _WEIGHT[term.kind]
            total += weight
            lost += weight * (1 - here)
            if anywhere < 0.99:
                kind = "missing_drug" if term.kind == "drug" else "missing_named" if term.named else "missing_plain"
                self.note(kind, 1 - anywhere, term.start, term.end)
            if anywhere - here > 0.01:
                self.note("elsewhere", anywhere - here, term.start, term.end)
        self.features.share_missing = lost / total if total else 0.0

    def numbers(self) -> None:
        """What of the figures the chart gives, of the same thing or another."""
        for figure in self.sentence.figures:
            self._number(figure)

    def _number(self, figure: Figure) -> None:
        weight = 0.4 if figure.soft else 1.0
        here = [other for one in self.evidence for other in one.figures]
        everywhere = [other for one in self.chart.sentences for other in one.figures]
        subject = _subject(self.said, self.sentence, figure)
        rivals = [
            other
            for one in self.chart.sentences
            for other in one.figures
            if subject and other.kind == figure.kind and _is(_subject(self.chart, one, other), subject)
        ]
        if any(figure.equals(other) for other in rivals):
            return
        if any(figure.equals(other) for other in here):
            if rivals and figure.kind and not figure.soft:
                self.note("figure_elsewhere", weight, figure.start, figure.end)
            return
        if figure.soft and figure.said <= 1:
            return
        if any(figure.equals(other) for other in everywhere):
            self.note("figure_elsewhere", weight, figure.start, figure.end)
        elif _derived(figure, self.chart):
            return
        else:
            self.note("figure_conflict" if rivals else "figure_missing", weight, figure.start, figure.end)

    def contexts(self) -> None:
        """Denied, a relative's, only possible: what the chart says of the same thing."""
        for claim in self.sentence.claims:
            found = self._occurrences(claim.term)
            if not found or claim.term.kind == "word" and not claim.context.negated:
                continue
            if all(one.denied != claim.denied for one in found):
                self.note("polarity", 1.0 if claim.term.named else 0.6, claim.term.start, claim.term.end)
            if claim.term.kind == "finding" and all(one.context.family != claim.context.family for one in found):
                self.note("person", 1.0, claim.term.start, claim.term.end)
            doubted = all(one.context.uncertain or one.context.hypothetical for one in found)
            if doubted and not (claim.context.uncertain or claim.context.hypothetical):
                self.note("certainty", 1.0, claim.term.start, claim.term.end)
            if claim.term.kind == "drug" and all(one.allergic != claim.allergic for one in found):
                self.note("allergy", 1.0, claim.term.start, claim.term.end)

    def _occurrences(self, term: Term) -> list[Claim]:
        """What the chart says of the thing, in the evidence if it is there, else anywhere."""
        for sentences in (self.evidence, self.chart.sentences):
            found = [one for sentence in sentences for one in sentence.claims if _names(one.term, term)]
            if found:
                return found
        return []

    def marks(self) -> None:
        """Sides, degrees, directions: whether the chart says them of the same thing, or others."""
        for mark in self.sentence.marks:
            if mark.set == "sex":
                continue
            verdict = self._mark(mark)
            if verdict == "conflict":
                self.note("side" if mark.set == "side" else "mark_conflict", 1.0, mark.start, mark.end)
            elif verdict == "missing":
                self.note("mark_missing", 1.0, mark.start, mark.end)
        self._sex()

    def _mark(self, mark: Mark) -> str:
        one = sets()[mark.set]
        if one.binds and (subject := _head(self.said, self.sentence, mark)):
            bound = [
                other.value
                for sentence in self.chart.sentences
                for other in sentence.marks
                if other.set == mark.set and _is(_head(self.chart, sentence, other), subject)
            ]
            if any(one.agree(mark.value, value) for value in bound):
                return "ok"
            if bound:
                return "conflict"
        told = [other.value for sentence in self.evidence for other in sentence.marks if other.set == mark.set]
        if any(one.agree(mark.value, value) for value in told):
            return "ok"
        return "conflict" if told else "missing"

    def _sex(self) -> None:
        said = {mark.value for mark in self.sentence.marks if mark.set == "sex"}
        told = [mark.value for one in self.chart.sentences for mark in one.marks if mark.set == "sex"]
        if len(said) == 1 and told and not any(mark.set == "kin" for mark in self.sentence.marks):
            value = next(iter(said))
            if told.count(value) == 0 or told.count(value) * 3 < len(told):
                self.note("sex", 1.0, 0, 0)


def _names(one: Term, other: Term) -> bool:
    """Whether a term of the chart names what another does, or a kind of it, or has it as a part."""
    ids = one.all_ids()
    return bool(other.ids & ids) or any(other.ids & above(id) for id in ids)


def _is(one: Term | None, other: Term | None) -> bool:
    return one is not None and other is not None and (_names(one, other) or _names(other, one))


def _subject(text: Reading, sentence: Sentence, figure: Figure) -> Term | None:
    """What a figure is of: the nearest name of its clause, one before it rather than behind; of doses, a medicine."""
    named = [one.term for one in sentence.claims if one.term.named and one.term.kind in ("finding", "drug", "test", "care")]
    if figure.kind in ("mass", "often", "units", "puffs"):
        drugs = [term for term in named if term.kind == "drug"]
        named = drugs or named
    return min(named, key=lambda term: _distance(text, term, figure.start, figure.end), default=None)


def _head(text: Reading, sentence: Sentence, mark: Mark) -> Term | None:
    """What a mark is said of: the nearest term, in English one behind it rather than before."""
    near = [one.term for one in sentence.claims if one.term.kind != "word" or not one.term.named]
    return min(near, key=lambda term: _distance(text, term, mark.start, mark.end, behind=True), default=None)


def _distance(text: Reading, term: Term, start: int, end: int, *, behind: bool = False) -> float:
    if term.start <= start and end <= term.end:
        return 0.0
    after = term.start >= end
    gap = term.start - end if after else start - term.end
    low, high = text.clause(start, end)
    outside = not (low <= term.start < high)
    return gap + (12 if after != behind else 0) + (25 if outside else 0)


def _derived(figure: Figure, chart: Reading) -> bool:
    """Whether a figure is the difference of two of its kind in one sentence."""
    if not figure.kind or figure.kind in ("age", "often"):
        return False
    for one in chart.sentences:
        values = [other.value for other in one.figures if other.kind == figure.kind]
        if any(abs(abs(a - b) - figure.value) <= 1e-6 * abs(a) for a in values for b in values if a != b):
            return True
    return False
