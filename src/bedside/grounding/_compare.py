"""A sentence beside the chart: which sentences of the chart it may rest on, and how far each of its claims follows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from bedside.grounding._apart import Mark, sets
from bedside.grounding._derived import changes
from bedside.grounding._features import Features
from bedside.grounding._figures import Figure
from bedside.grounding._reading import TENTATIVE as _TENTATIVE
from bedside.grounding._reading import Claim, Reading, Sentence
from bedside.grounding._terms import Term, above

MOST_SENTENCES = 3
"""Sentences of the chart that one sentence may be joined from."""
SAME = 0.99
"""From this coverage on, a term is named."""
HALF = 0.5
"""Below this coverage, a term is missing; from it on, partly there."""
SMALL = 10
"""A whole number up to this one stands for many things."""
_FIRM = re.compile(r"\b(?:underwent|performed|was|were|has been|have been|had been|is being|is scheduled|scheduled for|confirmed|showed|showing)\b|已|确诊", re.IGNORECASE)
_GRANTED = re.compile(r"\b(?:from|during|despite|after|since|on|while|when|due to) (?:the |her |his |an? |this |their )?\Z", re.IGNORECASE)
"""Before what is taken for granted, and not denied with the rest."""
_LISTED = re.compile(r",|，|、|;|；|\b(?:or|and|nor|but)\b|[和及与或]")
ROOT = 6
"""Letters that two words of one root share."""
BESIDE = 3
"""Characters between a number and the word that it counts."""
DOSED = ("mass", "often", "units", "puffs")
"""Kinds of figures that are of a medicine where one is named."""
_WEIGHT = {"finding": 1.0, "drug": 1.2, "test": 0.9, "care": 0.7, "body": 0.6, "word": 0.4, "act": 0.2}


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
    made.together()
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
        left_terms = [one for one in left_terms if covered(one.term, best.ids) < SAME]
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
    root = plain[: len("w:") + ROOT]
    return 0.8 if len(plain) >= len(root) == len("w:") + ROOT and any(id.startswith(root) for id in ids) else 0.0


class _Made:
    """The features as they are found."""

    def __init__(self, said: Reading, sentence: Sentence, chart: Reading, evidence: tuple[Sentence, ...]) -> None:
        self.said, self.sentence, self.chart, self.evidence = said, sentence, chart, evidence
        self.features = Features()
        self.notes: list[str] = []
        self.changes = list(changes(said.text, list(sentence.figures)))
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
            here, anywhere = self._held(term, self.evidence), self._held(term, self.chart.sentences)
            weight = _WEIGHT[term.kind]
            total += weight
            lost += weight * (1 - here)
            if anywhere < SAME:
                feature = f"missing_{'plain' if term.kind == 'word' and not term.named else term.kind}"
                self.note(feature if anywhere < HALF else "partial", 1 - anywhere if anywhere >= HALF else 1.0, term.start, term.end)
            if anywhere - here > 0.01:
                self.note("elsewhere", anywhere - here, term.start, term.end)
        self.features.share_missing = lost / total if total else 0.0

    def _held(self, term: Term, sentences: Sequence[Sentence]) -> float:
        """How far some sentences name a term, its parts within one clause."""
        if term.kind == "drug":
            return float(any(term.ids & one.ids for one in sentences))
        whole = max((covered(term, one.ids) for one in sentences), default=0.0)
        if whole >= SAME and term.ids & frozenset[str]().union(*(one.ids for one in sentences)) or len(term.parts) < 2:
            return whole
        return max((covered(term, ids) for one in sentences for _, ids in self.chart.clauses(one)), default=0.0)

    def numbers(self) -> None:
        """What of the figures the chart gives, of the same thing or another."""
        for figure in self.sentence.figures:
            self._number(figure)

    def _number(self, figure: Figure) -> None:
        subjects = _subjects(self.said, self.sentence, figure)
        rivals = [
            other
            for one in self.chart.sentences
            for other in one.figures
            if other.kind == figure.kind and _share(_subjects(self.chart, one, other), subjects)
        ]
        if any(figure.equals(other) for other in rivals) or (figure.said <= 1 and figure.kind in ("", "count")):
            return
        weight = 0.4 if figure.soft and not rivals else 1.0
        equal = [one for one in self.chart.sentences if self._gives(one, figure, subjects)]
        if equal:
            if not any(one in self.evidence for one in equal):
                self.note("figure_elsewhere", weight, figure.start, figure.end)
            elif rivals or not any(
                _share(_subjects(self.chart, one, other), subjects)
                for one in equal
                for other in one.figures
                if figure.equals(other)
            ):
                of_drug = bool(rivals) and figure.kind in DOSED and any(term.kind == "drug" for term in subjects)
                self.note("figure_conflict" if of_drug else "figure_swapped", weight, figure.start, figure.end)
        elif not _derived(figure, self.chart):
            self.note("figure_conflict" if rivals else "figure_missing", weight, figure.start, figure.end)

    def _gives(self, one: Sentence, figure: Figure, subjects: list[Term]) -> bool:
        """Whether a sentence gives a figure; a small number without a unit only as such, or of the same thing."""
        for other in one.figures:
            bare = not figure.kind or not other.kind
            many = bare and figure.kind != other.kind and figure.said <= SMALL and figure.said == int(figure.said)
            if figure.equals(other) and (not many or _share(_subjects(self.chart, one, other), subjects)):
                return True
        return False

    def contexts(self) -> None:
        """Denied, a relative's, only possible: what the chart says of the same thing."""
        firm = _FIRM.search(self.said.text) is not None
        for claim in self.sentence.claims:
            term = claim.term
            same, narrow = self._occurrences(term)
            if not same and not narrow or term.kind in ("body", "test"):
                self._sure(claim, same + narrow, firm)
                continue
            opposed = [one for one in same if one.denied != claim.denied]
            if claim.denied:
                opposed += [one for one in narrow if not one.denied]
            agree = [one for one in same if one.denied == claim.denied]
            agree += [one for one in narrow if one.denied == claim.denied]
            if opposed and not agree and not self._explained(claim):
                self.note("polarity", 1.0 if term.named else 0.6, term.start, term.end)
            relatives = all(one.context.family for one in same + narrow)
            if term.kind == "finding" and relatives and not claim.context.family:
                self.note("person", 1.0, term.start, term.end)
            self._sure(claim, same + narrow, firm)
            if term.kind == "drug" and all(one.allergic != claim.allergic for one in same + narrow):
                self.note("allergy", 1.0, term.start, term.end)

    def together(self) -> None:
        """What a clause says of a thing where one clause of the chart holds all of it: there, or not there."""
        for low, high in {self.said.clause(one.term.start, one.term.end) for one in self.sentence.claims}:
            claims = [one for one in self.sentence.claims if low <= one.term.start < high]
            leaves = [leaf for one in claims for leaf in self._leaves(one.term)]
            if len(leaves) < 2:
                continue
            found = [self._denies(sentence, place, leaves) for sentence in self.chart.sentences for place, ids in self.chart.clauses(sentence) if all(covered(leaf, ids) >= SAME for leaf in leaves)]
            if found and all(denied != any(one.denied for one in claims) for denied in found):
                self.note("opposite", 1.0, low, high)

    def _leaves(self, term: Term) -> tuple[Term, ...]:
        """A term that the chart names, or else its parts."""
        return (term,) if term.ids & self.chart.ids or not term.parts else term.parts

    def _denies(self, sentence: Sentence, place: tuple[int, int], leaves: list[Term]) -> bool:
        inside = [one for one in sentence.claims if place[0] <= one.term.start < place[1]]
        return any(one.denied for one in inside if any(_names(one.term, leaf) for leaf in leaves))

    def _explained(self, claim: Claim) -> bool:
        """Whether the denial is of another term beside it, which the chart denies too, or the term is told both ways here."""
        if any(one.term.ids & claim.term.ids and one.denied != claim.denied for one in self.sentence.claims):
            return True
        if not claim.denied:
            return False
        if _GRANTED.search(self.said.text[: claim.term.start]):
            return True
        for other in self.sentence.claims:
            if other is not claim and other.denied and any(one.denied for one in self._occurrences(other.term)[0]):
                first, second = sorted((claim.term, other.term), key=lambda term: term.start)
                if not _LISTED.search(self.said.text, first.end, second.start):
                    return True
        return False

    def _sure(self, claim: Claim, found: list[Claim], firm: bool) -> None:
        """What is only possible, or not so yet, said as so."""
        held = (claim.term.kind in ("finding", "drug") and claim.term.named) or (firm and claim.term.kind != "body")
        held = held and not claim.unsure and bool(found)
        if held and all(one.unsure for one in found) and not _TENTATIVE.search(self.said.text):
            self.note("certainty", 1.0, claim.term.start, claim.term.end)

    def _occurrences(self, term: Term) -> tuple[list[Claim], list[Claim]]:
        """What the chart says of the thing itself, and of kinds of it: in the evidence if it is there, else anywhere."""
        for sentences in (self.evidence, self.chart.sentences):
            claims = [one for sentence in sentences for one in sentence.claims]
            same = [one for one in claims if one.term.ids & term.ids]
            narrow = [one for one in claims if one not in same and _names(one.term, term)]
            if same or narrow:
                return same, narrow
        return [], []

    def marks(self) -> None:
        """Sides, degrees, directions: whether the chart says them of the same thing, or others."""
        for mark in self.sentence.marks:
            if mark.set == "sex" or self._named_whole(mark):
                continue
            verdict = self._mark(mark)
            if verdict == "conflict":
                self.note("side" if mark.set == "side" else "mark_conflict", 1.0, mark.start, mark.end)
            elif verdict != "ok":
                feature = "side_missing" if mark.set == "side" else "mark_missing"
                self.note(feature, 2.0 if verdict == "unlike" else 1.0, mark.start, mark.end)
        self._sex()

    def _named_whole(self, mark: Mark) -> bool:
        """Whether a mark is within a name that the chart has too ("elevated ALT")."""
        return any(
            one.term.start <= mark.start and mark.end <= one.term.end and one.term.ids & self.chart.ids
            for one in self.sentence.claims
            if one.term.parts and (mark.set in ("amount", "normality") or (mark.set == "side" and one.term.kind == "body"))
        )

    def _mark(self, mark: Mark) -> str:
        """Whether the chart says the same of the same thing ("ok"), the opposite, something of another thing, or nothing."""
        one = sets()[mark.set]
        if any(other.set == mark.set and one.agree(mark.value, other.value) for other in self.changes):
            return "ok"
        subject = _head(self.said, self.sentence, mark) if one.binds else None
        bound = next(filter(None, (self._bound(mark, term) for term in (subject, *subject.parts))), []) if subject else []
        told = [other for sentence in self.evidence for other in sentence.marks if other.set == mark.set]
        for found in (self._beside(mark), bound, [] if one.binds else told):
            if any(_same(mark, other) for other in found):
                return "ok"
            if any(_opposite(mark, other) for other in found):
                return "conflict"
        if any(_same(mark, other) for other in told):
            return "ok"
        first = [other for sentence in self.evidence[:1] for other in sentence.marks if other.set == mark.set]
        if mark.set in ("amount", "course") and any(_opposite(mark, other) for other in first):
            return "conflict"
        normal = Mark(mark.start, mark.end, "normality", "normal")
        if _abnormal(mark) and any(other.value == "normal" for other in self._beside(normal)):
            return "conflict"
        everywhere = [other for sentence in self.chart.sentences for other in sentence.marks if other.set == mark.set]
        if mark.set == "side" and everywhere and not any(_same(mark, other) for other in everywhere):
            return "conflict"
        return "unlike" if told and mark.set not in ("amount", "course") else "missing"

    def _bound(self, mark: Mark, subject: Term) -> list[Mark]:
        """Marks of the same set that the chart says of a thing."""
        return [
            other
            for sentence in self.chart.sentences
            for other in sentence.marks
            if other.set == mark.set and _is(_head(self.chart, sentence, other), subject)
        ]

    def _beside(self, mark: Mark) -> list[Mark]:
        """Marks of the same set in those clauses of the chart that hold most of the mark's own clause, rare words first."""
        low, high = self.said.clause(mark.start, mark.end)
        terms = [one.term for one in self.sentence.claims if low <= one.term.start < high and (one.term.kind != "word" or not one.term.named)]
        clauses = [(sentence, *one) for sentence in self.chart.sentences for one in self.chart.clauses(sentence)]
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

    def _sex(self) -> None:
        said = {mark.value for mark in self.sentence.marks if mark.set == "sex"}
        told = [mark.value for one in self.chart.sentences for mark in one.marks if mark.set == "sex"]
        if len(said) == 1 and told and not any(mark.set == "kin" for mark in self.sentence.marks):
            value = next(iter(said))
            if told.count(value) == 0 or told.count(value) * 3 < len(told):
                self.note("sex", 1.0, 0, 0)


def _same(one: Mark, other: Mark) -> bool:
    return sets()[one.set].agree(one.value, other.value) and one.denied == other.denied


def _opposite(one: Mark, other: Mark) -> bool:
    return one.denied != other.denied or sets()[one.set].clash(one.value, other.value)


def _abnormal(mark: Mark) -> bool:
    return (mark.set, mark.value) in (("amount", "up"), ("amount", "down"), ("amount", "high"), ("amount", "low"), ("normality", "abnormal"), ("result", "positive"))


def _names(one: Term, other: Term) -> bool:
    """Whether a term of the chart names what another does, or a kind of it, or has it as a part."""
    ids = one.all_ids()
    return bool(other.ids & ids) or any(other.ids & above(id) for id in ids)


def _is(one: Term | None, other: Term | None) -> bool:
    return one is not None and other is not None and (_names(one, other) or _names(other, one))


def _subjects(text: Reading, sentence: Sentence, figure: Figure) -> list[Term]:
    """What a figure may be of: the nearest name, one before it rather than behind, and all of its clause; of a dose, a medicine."""
    named = [one.term for one in sentence.claims if one.term.named and one.term.kind in ("finding", "drug", "test", "care")]
    drugs = [term for term in named if term.kind == "drug"]
    if figure.kind in DOSED and drugs:
        return [min(drugs, key=lambda term: _distance(text, term, figure.start, figure.end))]
    low, high = text.clause(figure.start, figure.end)
    nearest = sorted(named, key=lambda term: _distance(text, term, figure.start, figure.end))[:1]
    found = [*nearest, *(term for term in named if low <= term.start < high and term not in nearest)]
    counted = [one.term for one in sentence.claims if 0 <= one.term.start - figure.end <= BESIDE and not one.term.named]
    return found if figure.kind else [*found, *counted[:1]]


def _share(one: list[Term], other: list[Term]) -> bool:
    return any(_is(first, second) for first in one for second in other)


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
