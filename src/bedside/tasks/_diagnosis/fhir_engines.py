"""The other engines' answers as RiskAssessments, each by a Device of its own, and what is fused of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bedside import __version__
from bedside.lang import tr
from bedside.tasks._diagnosis.aside import SHOWN, FusedAnswer, LocalAnswer
from bedside.tasks._diagnosis.words import (
    behind_said,
    chance,
    fused_said,
    mixed_said,
    places_said,
    silence,
    written_notes,
    written_title,
)
from bedside.tasks._diagnosis.written import MixedAnswer, WrittenAnswer
from bedside.tasks._fhir_parts import Resource, device, language, meta, narrative, notes, percent

OMIM = "http://www.omim.org"


def local_device(answer: LocalAnswer) -> Resource:
    """The local model as a Device."""
    kind = "clinical decision support model fitted on this site's charts"
    return device(answer.name, kind, {"type": {"text": "bedside"}, "value": __version__})


def local_risk(answer: LocalAnswer, **common: Any) -> Resource:
    """What the local model says, in its own labels; without predictions, and with the reason, where it says nothing."""
    title = tr(f"Local model {answer.name}", f"本地模型 {answer.name}")
    why = [silence(answer)] if silence(answer) else []
    rows = [(label, p, "") for label, p in answer.chances[:SHOWN]]
    method = f"bedside {__version__}: local model {answer.name}, its own labels"
    return _risk(title, method, rows, [*why, *answer.limits], common)


def fused_risk(answer: FusedAnswer, name: str, **common: Any) -> Resource:
    """Both engines as one."""
    title = tr("Both fused", "两者融合")
    rows = [(one.label, one.probability, "; ".join(id for id, _, _ in one.diseases)) for one in answer.labels]
    method = f"bedside {__version__}: stacking of the knowledge's ranking and local model {name}"
    return _risk(title, method, rows, [answer.abstained] if answer.abstained else [fused_said(answer)], common)


def writer_device(answer: WrittenAnswer) -> Resource:
    """The language model as a Device."""
    return device(answer.by, "language model", {"type": {"text": "bedside"}, "value": __version__})


def written_risk(answer: WrittenAnswer, both: MixedAnswer | None, **common: Any) -> Resource:
    """A list that a language model wrote: outcomes in its order, with no chance, since none stands behind them."""
    title, said = written_title(answer), written_notes(answer, both)
    method = f"bedside {__version__}: list written by language model {answer.by}, names linked to diseases"
    rows = [(one.name, one.diseases, behind_said(one)) for one in answer.matched]
    return _list(title, method, rows, said, common)


def mixed_risk(answer: MixedAnswer, by: str, **common: Any) -> Resource:
    """The written list fused with the ranking, in its order."""
    title = tr(f"Ranking fused with the list of {by}", f"排序与 {by} 所写列表的融合")
    method = f"bedside {__version__}: reciprocal rank fusion, weight {answer.weight:g}"
    rows = [(one.label, ((one.id, one.label),), places_said(one)) for one in answer.ranking]
    return _list(title, method, rows, (mixed_said(answer),), common)


def _list(
    title: str,
    method: str,
    rows: Sequence[tuple[str, Sequence[tuple[str, str]], str]],
    said: Sequence[str],
    common: dict[str, Any],
) -> Resource:
    return {
        "meta": meta(),
        "language": language(),
        "text": narrative(title, [*(f"{place}. {name}" for place, (name, _, _) in enumerate(rows, 1)), *said]),
        "status": "preliminary",
        "method": {"text": method},
        "code": {"text": title},
        "prediction": [{"outcome": _outcome(name, found), "rationale": why} for name, found, why in rows],
        "note": notes(*said),
        **common,
    }


def _outcome(name: str, diseases: Sequence[tuple[str, str]]) -> Resource:
    """A disease by its OMIM id; a name that stands for several by the name alone, for they are not synonyms."""
    if len(diseases) != 1:
        return {"text": name}
    ((id, title),) = diseases
    return {"coding": [{"system": OMIM, "code": id.removeprefix("OMIM:"), "display": title}], "text": name}


def _risk(
    title: str, method: str, rows: list[tuple[str, float, str]], more: list[str], common: dict[str, Any]
) -> Resource:
    return {
        "meta": meta(),
        "language": language(),
        "text": narrative(title, [*(f"{label}: {chance(p)}" for label, p, _ in rows), *more]),
        "status": "preliminary",
        "method": {"text": method},
        "code": {"text": title},
        "prediction": [
            {
                "outcome": {"text": label},
                "probabilityDecimal": percent(p),
                **({"rationale": tr("diseases behind it: ", "对应疾病：") + behind} if behind else {}),
            }
            for label, p, behind in rows
        ],
        "note": notes(*more),
        **common,
    }
