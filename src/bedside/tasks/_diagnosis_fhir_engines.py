"""The other engines' answers as RiskAssessments: a local model's by a Device of its own, and both fused."""

from __future__ import annotations

from typing import Any

from bedside import __version__
from bedside.lang import tr
from bedside.tasks._diagnosis_aside import SHOWN, FusedAnswer, LocalAnswer
from bedside.tasks._diagnosis_words import chance, fused_said, silence
from bedside.tasks.fhir_parts import Resource, device, language, meta, narrative, notes, percent


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
