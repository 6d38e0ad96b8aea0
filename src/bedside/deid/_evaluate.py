"""Measures finding against notes marked by people: recall and precision a type, with intervals clustered by note.

The overlap rule. Only letters and digits count, not spaces or punctuation. A marked span is *found* when every one of
its letters and digits is covered by spans of any type: what matters is that it goes, and half found is not found.
`typed_recall` also asks that one span of its own type overlaps it. A found span is *right* when at least half of its
letters and digits are marked. `character_*` are the same two questions asked of each letter and digit.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import sqrt

from bedside.lang import tr
from bedside.types import Estimate, Figure, Span, Undefined

ALL = "ALL"
MEASURES = ("recall", "typed_recall", "precision", "character_recall", "character_precision")
_MEASURES_ZH = ("召回率", "类型正确的召回率", "精确率", "字符召回率", "字符精确率")
DRAWS = 1000
_LEVEL_Z = 1.959964


@dataclass(frozen=True, slots=True)
class SpanEvaluation:
    """Figures by type (and `ALL`) and measure; how many notes, and how many without identity came back untouched."""

    n_notes: int
    untouched: Figure
    types: dict[str, dict[str, Figure]]


def measure_name(measure: str) -> str:
    """A measure's name as a reader meets it.

    >>> measure_name("typed_recall")
    'typed recall'
    """
    return tr(measure.replace("_", " "), _MEASURES_ZH[MEASURES.index(measure)])


def evaluate_spans(
    notes: Iterable[tuple[str, Sequence[Span], Sequence[Span]]], *, seed: int = 0, draws: int = DRAWS
) -> SpanEvaluation:
    """Figures over `(text, marked, found)`.

    Intervals are 95 % percentile bootstrap over notes, and Wilson's where every draw would give 0 or 1.
    """
    counts: dict[tuple[str, str], list[tuple[int, int, int]]] = defaultdict(list)
    n_notes = clean = untouched = 0
    for number, (text, marked, found) in enumerate(notes):
        n_notes += 1
        if not marked:
            clean += 1
            untouched += not found
        for (type, measure), (hits, of) in _count(text, marked, found).items():
            counts[type, measure].append((number, hits, of))
    types = sorted({type for type, _ in counts} - {ALL})
    figures = {
        type: {measure: _figure(counts.get((type, measure), []), n_notes, seed, draws) for measure in MEASURES}
        for type in [*types, ALL]
    }
    return SpanEvaluation(n_notes, wilson(untouched, clean, clean), figures)


def wilson(hits: int, of: int, n_notes: int) -> Figure:
    """Wilson's score interval for a proportion (Wilson, J Am Stat Assoc 1927; 22:209).

    >>> print(wilson(10, 10, 10))
    1.000 [0.722, 1.000]
    """
    if of == 0:
        return Undefined(reason=tr("none of this type", "没有这一类"), n=0, n_patients=n_notes)
    share, z2 = hits / of, _LEVEL_Z**2
    middle = (share + z2 / (2 * of)) / (1 + z2 / of)
    half = _LEVEL_Z / (1 + z2 / of) * sqrt(share * (1 - share) / of + z2 / (4 * of * of))
    low, high = max(0.0, middle - half), min(1.0, middle + half)
    return Estimate(value=share, low=min(low, share), high=max(high, share), n=of, n_patients=n_notes, method="Wilson")


def _figure(rows: list[tuple[int, int, int]], n_notes: int, seed: int, draws: int) -> Figure:
    hits, of = sum(row[1] for row in rows), sum(row[2] for row in rows)
    if hits in (0, of):
        return wilson(hits, of, len(rows))
    import numpy as np

    table = np.array([row[1:] for row in rows], dtype=float)
    rng = np.random.default_rng(seed)
    shares = np.empty(draws)
    for draw in range(draws):
        sums = table[rng.integers(0, len(rows), len(rows))].sum(axis=0)
        shares[draw] = sums[0] / sums[1] if sums[1] else np.nan
    low, high = np.nanpercentile(shares, [2.5, 97.5])
    return Estimate(
        value=hits / of, low=float(low), high=float(high), n=of, n_patients=len(rows),
        method="bootstrap over notes", seed=seed,
    )  # fmt: skip


def _count(text: str, marked: Sequence[Span], found: Sequence[Span]) -> dict[tuple[str, str], tuple[int, int]]:
    """Hits and tries of one note, by type and measure."""
    is_marked, is_found = _covered(text, marked), _covered(text, found)
    tally: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])

    def add(type: str, measure: str, hits: int, of: int) -> None:
        for name in (type, ALL):
            tally[name, measure][0] += hits
            tally[name, measure][1] += of

    for span in marked:
        letters = [place for place in range(span.start, span.end) if text[place].isalnum()]
        gone = sum(is_found[place] for place in letters)
        own = any(f.type == span.type and f.start < span.end and span.start < f.end for f in found)
        add(span.type, "recall", int(gone == len(letters)), 1)
        add(span.type, "typed_recall", int(gone == len(letters) and own), 1)
        add(span.type, "character_recall", gone, len(letters))
    for span in found:
        letters = [place for place in range(span.start, span.end) if text[place].isalnum()]
        right = sum(is_marked[place] for place in letters)
        add(span.type, "precision", int(2 * right >= len(letters) and right > 0), 1)
        add(span.type, "character_precision", right, len(letters))
    return {key: (hits, of) for key, (hits, of) in tally.items()}


def _covered(text: str, spans: Sequence[Span]) -> bytearray:
    flags = bytearray(len(text))
    for span in spans:
        flags[span.start : span.end] = b"\1" * (span.end - span.start)
    return flags
