"""What a differential's page shows beside the list: near twins, the other engines, tests, and places in the chart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bedside.knowledge.hpo import Hpo
from bedside.lang import tr
from bedside.phenotypes.called import Called
from bedside.tasks._diagnosis.answer import Candidate
from bedside.tasks._diagnosis.aside import Aside, FusedAnswer, LocalAnswer, twins
from bedside.tasks._diagnosis.chart import conflicts_said, places
from bedside.tasks._diagnosis.told import Told
from bedside.tasks._diagnosis.words import (
    behind_said,
    chance,
    classes_said,
    fused_said,
    gain_said,
    looked_for,
    mixed_said,
    places_said,
    silence,
    twins_said,
    written_notes,
    written_title,
)

LABELS = 5
"""Labels of another engine that the page lists."""
LOOKED_FOR = 4


def beside(told: Told, shown: Sequence[Candidate], hpo: Hpo, called: Called) -> dict[str, Any]:
    """All of it in words, by the names that the template has for it."""
    found = twins(shown)
    return {
        "twins": [twins_said(one) for one in found],
        "twin_of": {place: _others(one.places, place) for one in found for place in one.places},
        "local": _local(told.aside.local),
        "fused": _fused(told.aside.fused),
        "written": written_in_words(told.aside),
        "tests": _tests(told.aside, called),
        "places": _places(told, hpo, called),
        "conflicts": conflicts_said(told.case.chart, called) if told.case.chart else [],
    }


def _others(places: Sequence[int], place: int) -> str:
    if len(places) > 4:
        return tr(f"one of {len(places)} near twins", f"{len(places)} 种近似疾病之一")
    others = tr(", ", "、").join(str(one) for one in places if one != place)
    return tr(f"near twin of {others}", f"与第 {others} 位近似")


def _local(answer: LocalAnswer | None) -> dict[str, Any] | None:
    if answer is None:
        return None
    rows = [(label, "", chance(p), _length(p)) for label, p in answer.chances[:LABELS]]
    return {"name": answer.name, "rows": rows, "silence": silence(answer), "limits": answer.limits}


def _fused(answer: FusedAnswer | None) -> dict[str, Any] | None:
    if answer is None:
        return None
    rows = [
        (
            one.label,
            tr("; ", "；").join(name for _, name, _ in one.diseases),
            chance(one.probability),
            _length(one.probability),
        )
        for one in answer.labels[:LABELS]
    ]
    return {"rows": rows, "silence": answer.abstained, "said": fused_said(answer)}


def written_in_words(aside: Aside) -> dict[str, Any] | None:
    """A language model's list, and the one fused with it where a weight was fitted."""
    answer, both = aside.written, aside.mixed
    if answer is None:
        return None
    rows = [(place, one.name, behind_said(one)) for place, one in enumerate(answer.listed, 1) if one.diseases]
    mixed = [(one.label, one.id, places_said(one)) for one in both.ranking] if both else []
    said = mixed_said(both) if both else ""
    notes = written_notes(answer, both)
    return {"title": written_title(answer), "rows": rows, "notes": notes, "mixed": mixed, "said": said}


def _tests(aside: Aside, called: Called) -> list[dict[str, Any]]:
    most = max((one.gain_bits for one in aside.tests), default=0.0) or 1.0
    return [
        {
            "name": tr(*one.test.name),
            "finds": looked_for(one, called, most=LOOKED_FOR),
            "classes": classes_said(one.test),
            "gain": gain_said(one),
            "bar": _length(one.gain_bits / most),
            "at_most": one.at_most,
        }
        for one in aside.tests
    ]


def _places(told: Told, hpo: Hpo, called: Called) -> list[tuple[str, str, bool, str]]:
    """Each finding of a chart: name, id, whether it is denied, and where it stands."""
    if told.case.chart is None:
        return []
    where: Mapping[str, str] = places(told.case.chart)
    used = [(hpo.ids[term], False) for term in told.case.findings.present]
    used += [(hpo.ids[term], True) for term in told.case.findings.denied]
    return [(called.name(id), id, denied, where[id]) for id, denied in used if id in where]


def _length(share: float) -> str:
    """A share as the length of its bar, in percent."""
    return f"{100 * min(1.0, share):.2f}"
