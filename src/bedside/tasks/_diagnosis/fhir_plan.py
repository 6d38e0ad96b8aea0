"""The tests that would separate the leading candidates, as a proposed FHIR CarePlan: nothing in it is ordered."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bedside.knowledge._workup import Suggested
from bedside.lang import disclaimer, tr
from bedside.phenotypes.called import Called
from bedside.tasks._diagnosis.words import classes_said, gain_said, looked_for
from bedside.tasks._fhir_parts import Resource, draft, language, meta, narrative


def work_up(
    tests: Sequence[Suggested],
    called: Called,
    patient: Resource,
    device: Resource,
    impression: Resource,
    time: str,
) -> dict[str, Any]:
    """The elements of the CarePlan: status draft, intent proposal, an activity a test, the most telling first."""
    return {
        "meta": meta(),
        "language": language(),
        "text": narrative(_title(), [_line(one, called) for one in tests]),
        "status": "draft",
        "intent": "proposal",
        "title": _title(),
        "description": draft(),
        "subject": patient,
        "created": time,
        "author": device,
        "supportingInfo": [impression],
        "activity": [{"detail": _detail(one, called)} for one in tests],
        "note": [{"text": disclaimer()}],
    }


def _detail(one: Suggested, called: Called) -> dict[str, Any]:
    return {
        "kind": "ServiceRequest",
        "code": {"text": tr(*one.test.name)},
        "status": "not-started",
        "doNotPerform": False,
        "description": _line(one, called),
    }


def _line(one: Suggested, called: Called) -> str:
    gain, classes = gain_said(one), tr(", ", "，").join(classes_said(one.test))
    said = tr(f"expected gain {gain} bits", f"预期信息增益 {gain} 比特")
    return f"{tr(*one.test.name)}: {said} [{classes}]; {looked_for(one, called)}"


def _title() -> str:
    return tr("Tests that would separate the leading candidates", "有助于鉴别的检查")
