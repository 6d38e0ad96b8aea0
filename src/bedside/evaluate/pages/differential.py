"""Writes a diagnosis, or a table of them, as one HTML page that needs nothing else: the list, why, and what to ask."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bedside import __version__
from bedside.evaluate.pages import fill
from bedside.evaluate.pages.differential_aside import beside
from bedside.evaluate.pages.waterfall import apart, falling
from bedside.files import whole_file
from bedside.knowledge._waterfall import Bar
from bedside.knowledge.hpo import CITATION, Hpo, licence
from bedside.lang import counted, tr
from bedside.phenotypes.called import Called
from bedside.phenotypes.render import marked
from bedside.tasks._diagnosis.told import SHOWN, Told
from bedside.tasks._diagnosis.words import (
    answer_said,
    bar_name,
    chance,
    disease_said,
    facts,
    language_note,
    none_of_these,
)

MOST = 100
"""Cases on one page; a table with more of them is told how many are left out."""
TELLING = 4
"""Bars named under each disease of the list."""
CONTRASTED = 8


def save(path: Path, cases: Sequence[Told], hpo: Hpo, *, beyond: int = 0, failed: int = 0) -> Path:
    """Write the page, whole or not at all; returns the path."""
    with whole_file(path) as file:
        file.write(render(cases, hpo, beyond=beyond, failed=failed))
    return path


def render(cases: Sequence[Told], hpo: Hpo, *, beyond: int = 0, failed: int = 0) -> str:
    """The page as text, in the language in force; of `beyond` more cases and `failed` rows only the number."""
    called = Called(hpo)
    return fill(
        "differential.html",
        cases=[in_words(told, hpo, called) for told in cases],
        single=len(cases) == 1 and not beyond and not failed,
        beyond=beyond,
        failed=failed,
        release=hpo.release,
        licence=licence(),
        citation=CITATION,
        version=__version__,
        language_note=language_note(),
        counted=counted,
    )


def in_words(told: Told, hpo: Hpo, called: Called) -> dict[str, Any]:
    """What a template shows of one case, all in words, the drawings among them."""
    from markupsafe import Markup

    found, why = told.case.findings, told.why
    shown = told.answer.ranking[:SHOWN]
    return {
        **beside(told, shown, hpo, called),
        "id": told.case.id,
        "abstained": told.answer.abstained,
        "first": shown[0],
        "ranking": [
            (one, chance(one.probability), _share(one.probability), _telling(told, one.id, called)) for one in shown
        ],
        "rest": (none_of_these(len(shown)), chance(told.rest()), _share(told.rest())),
        "chance": chance,
        "unread": told.answer.unread,
        "disputed": [f"{called.name(id)} ({id})" for id in told.answer.disputed],
        "text": Markup(marked(told.text, told.read)) if told.text else "",
        "present": [_finding(hpo, called, term) for term in found.present],
        "denied": [_finding(hpo, called, term) for term in found.denied],
        "denied_weight": f"{told.denied_weight:.2f}",
        "known": _known(told),
        "why": disease_said(hpo, why.disease),
        "bars": bar_rows(why.bars, told.total, called),
        "unexplained": [called.name(bar.term, bar.label) for bar in why.bars if _unexplained(bar, told)],
        "expected": [(called.name(id, name), f"~{100 * share:.0f} %") for id, name, share in why.expected],
        "rival": disease_said(hpo, why.rival) if why.rival != why.disease else "",
        "against": _against(why.against[:CONTRASTED], called),
        "questions": [_question(hpo, called, id, bits) for id, _, bits in why.questions],
        "asked": [
            (
                called.name(one.id),
                answer_said(one.answer),
                [(disease_said(hpo, id), chance(p)) for id, p in one.leading[:1]],
            )
            for one in told.asked
        ],
    }


def _share(probability: float) -> str:
    """A chance as the length of its bar."""
    return f"{100 * min(1.0, probability):.2f}"


def _telling(told: Told, id: str, called: Called) -> list[str]:
    bars = sorted(told.bars.get(id, ()), key=lambda bar: -abs(bar.value))[:TELLING]
    return [f"{bar.value:+.2f} {bar_name(bar, called)}" for bar in bars]


def _finding(hpo: Hpo, called: Called, term: int) -> tuple[str, str]:
    return called.name(hpo.ids[term]), hpo.ids[term]


def _known(told: Told) -> list[str]:
    """What beside the findings was used of the patient."""
    found = told.case.findings
    sex = {"male": tr("male", "男"), "female": tr("female", "女")}.get(found.sex, "")
    years = found.onset_years
    onset = tr("congenital", "先天") if years is not None and years <= 0 else ""
    if years is not None and years > 0:
        onset = tr(f"onset at {years:.3g} years", f"{years:.3g} 岁起病")
    return [*filter(None, (sex, onset)), *sorted(found.genes)]


def bar_rows(bars: Sequence[Bar], total: float, called: Called) -> list[dict[str, Any]]:
    """The rows of the waterfall; the last is their sum."""
    from markupsafe import Markup

    names = [bar_name(bar, called) for bar in bars]
    labels = [f"{name} {bar.value:+.2f}" for name, bar in zip(names, bars, strict=True)]
    sums = tr("score: the sum of the bars", "得分：各项之和")
    drawn = list(falling([bar.value for bar in bars], [*labels, f"{sums} {total:+.2f}"]))
    rows = [
        {"name": name, "term": bar.term, "facts": facts(bar, called), "value": f"{bar.value:+.2f}", "svg": Markup(svg)}
        for name, bar, svg in zip(names, bars, drawn, strict=False)
    ]
    return [*rows, {"name": sums, "term": "", "facts": (), "value": f"{total:+.2f}", "svg": Markup(drawn[-1])}]


def _unexplained(bar: Bar, told: Told) -> bool:
    return bar.kind == "finding" and bar.label in told.why.unexplained


def _against(gaps: Sequence[tuple[str, str, float]], called: Called) -> list[tuple[str, str, Any]]:
    from markupsafe import Markup

    names = [called.name(id, name) for id, name, _ in gaps]
    values = [f"{gap:+.2f}" for _, _, gap in gaps]
    labels = [f"{name} {value}" for name, value in zip(names, values, strict=True)]
    drawn = apart([gap for _, _, gap in gaps], labels) if gaps else ()
    return [(name, value, Markup(svg)) for name, value, svg in zip(names, values, drawn, strict=True)]


def _question(hpo: Hpo, called: Called, id: str, bits: float) -> dict[str, Any]:
    term = hpo.number[id]
    return {
        "name": called.name(id),
        "id": id,
        "everyday": called.everyday(id),
        "definition": hpo.definition(term),
        "bits": f"{bits:.2f}",
    }
