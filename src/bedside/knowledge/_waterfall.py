"""Why a disease stands where it does: one bar for each part of its score, which sum to the score exactly."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bedside.knowledge._closure import closure_without
from bedside.knowledge._lr_table import match
from bedside.knowledge._ranker import Findings, Ranker
from bedside.knowledge._scores import Scores

ROOTS = {"HP:0000001", "HP:0000118"}
"""To have anything at all in common is no match."""
SURELY_SHOWN = 0.5
"""From this share of patients a finding is expected of a disease."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One part of a score. Of a finding: how it matched, which annotated term, how often there and in all diseases.

    `kind` is finding or the name of a part (breadth, orphanet, gene, onset, sex, denied ...). `match` is exact,
    narrower (the disease is annotated with a kind of the finding), broader (with something above it) or none.
    """

    kind: str
    value: float
    term: str = ""
    label: str = ""
    match: str = ""
    by: str = ""
    by_label: str = ""
    frequency: str = ""
    share: float = 0.0
    background: float = 0.0
    references: tuple[str, ...] = ()
    source: str = ""


def waterfall(
    ranker: Ranker, found: Findings, scores: Scores, disease: int, *, without: Collection[str] = ()
) -> list[Bar]:
    """The bars of one disease, findings first, each group by size; they sum to `scores.total[disease]`."""
    closure = closure_without(ranker.hpo, disease, without)
    shown = _shown(ranker, disease, without)
    bars = [
        _finding(ranker, term, float(scores.weights[row] * scores.logs[row, disease]), closure, shown)
        for row, term in enumerate(found.present)
    ]
    rest = [
        Bar(kind, float(values[disease]), source=_source(ranker, scores, kind, disease))
        for kind, values in scores.parts.items()
        if kind != "findings" and values[disease]
    ]
    by_size = {"key": lambda bar: -abs(bar.value)}
    return sorted(bars, **by_size) + sorted(rest, **by_size)  # type: ignore[call-overload]


def contrast(found: Findings, scores: Scores, one: int, other: int) -> list[tuple[int, float]]:
    """The findings that speak for one disease against another: term numbers and score differences, largest first."""
    gaps = scores.weights * (scores.logs[:, one] - scores.logs[:, other])
    return sorted(((t, float(g)) for t, g in zip(found.present, gaps, strict=True)), key=lambda pair: -abs(pair[1]))


def unexplained(found: Findings, scores: Scores, disease: int) -> list[int]:
    """Findings that nothing in the disease's annotation accounts for better than chance."""
    return [term for row, term in enumerate(found.present) if scores.logs[row, disease] <= 0]


def expected(ranker: Ranker, found: Findings, disease: int, *, most: int = 5) -> list[tuple[int, float]]:
    """What the disease usually shows and the case neither reports nor denies: term numbers and shares, telling first.

    A finding counts as reported when it, a kind of it or something it is a kind of is.
    """
    hpo = ranker.hpo
    said = {int(above) for term in found.present for above in hpo.ancestors(term)} | set(found.denied)
    told = set(found.present) | set(found.denied)
    shares: dict[int, float] = {}
    terms, share = closure_without(hpo, disease, ())
    direct = {int(hpo.row_term[row]) for row in hpo.rows(disease)}
    for term, value in zip(terms.tolist(), share.tolist(), strict=True):
        if (
            term in direct
            and value > SURELY_SHOWN
            and term not in said
            and not told & set(hpo.ancestors(term).tolist())
        ):
            shares[term] = value
    tell = {term: value * -np.log(ranker.background[term]) for term, value in shares.items()}
    return [(term, shares[term]) for term in sorted(shares, key=lambda term: -tell[term])[:most]]


def _finding(
    ranker: Ranker,
    term: int,
    value: float,
    closure: tuple[NDArray[np.int64], NDArray[np.float32]],
    shown: dict[int, list[int]],
) -> Bar:
    hpo = ranker.hpo
    _, by, share = match(hpo, ranker.background, term, *closure)
    if by >= 0 and hpo.ids[by] in ROOTS:
        by, share = -1, 0.0
    rows = shown.get(by, [])
    direct = [row for row in rows if int(hpo.row_term[row]) == by]
    kind = "none" if by < 0 else "broader" if by != term else "exact" if direct else "narrower"
    cited = direct or rows
    return Bar(
        kind="finding",
        value=value,
        term=hpo.ids[term],
        label=hpo.names[term],
        match=kind,
        by=hpo.ids[by] if by >= 0 else "",
        by_label=hpo.names[by] if by >= 0 else "",
        frequency=_frequency(ranker, cited),
        share=share,
        background=float(ranker.background[term]),
        references=tuple(dict.fromkeys(one for row in cited for one in hpo.references(row)))[:3],
    )


def _shown(ranker: Ranker, disease: int, without: Collection[str]) -> dict[int, list[int]]:
    """The annotation rows that make a disease show each term: those of the term, and of kinds of it."""
    hpo, left_out = ranker.hpo, set(without)
    rows: dict[int, list[int]] = {}
    for row in hpo.rows(disease):
        if not (left_out and left_out & set(hpo.references(row))):
            for above in hpo.ancestors(int(hpo.row_term[row])).tolist():
                rows.setdefault(above, []).append(row)
    return rows


def _frequency(ranker: Ranker, rows: list[int]) -> str:
    """Counts of the same finding in several papers as one, else what the file says."""
    hpo = ranker.hpo
    terms = {int(hpo.row_term[row]) for row in rows}
    said = [hpo.frequency(row) for row in rows if hpo.frequency(row)]
    if len(terms) == 1 and said and all("/" in text for text in said):
        return f"{sum(int(t.split('/')[0]) for t in said)}/{sum(int(t.split('/')[1]) for t in said)}"
    return said[0] if len(said) == 1 else ""


def _source(ranker: Ranker, scores: Scores, kind: str, disease: int) -> str:
    """What a part that is not a finding rests on."""
    hpo = ranker.hpo
    if kind == "variants":
        return f"{scores.hits[disease].gene}: {scores.hits[disease].told}"
    entry = ranker.orphanet_entry(scores, disease) if kind in ("orphanet", "linked", "likeness_orphanet") else -1
    if entry >= 0:
        return hpo.diseases[entry]
    if kind in ("gene", "genes"):
        return ", ".join(hpo.genes[disease])
    if kind == "onset":
        return ", ".join(hpo.names[term] for term in hpo.course[disease])
    return ", ".join(hpo.names[term] for term in hpo.inheritance[disease]) if kind == "sex" else ""
