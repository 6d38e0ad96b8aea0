"""What the resources of a FHIR draft share: maker, label, language, narrative, percentage, the words that say so."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import Any

from bedside import __version__
from bedside.lang import current, disclaimer, tr

TERMINOLOGY = "http://terminology.hl7.org/CodeSystem"
MACHINE = {
    "system": f"{TERMINOLOGY}/v3-ObservationValue",
    "code": "AIAST",
    "display": "Artificial Intelligence asserted",
}
Resource = dict[str, Any]


def draft() -> str:
    """That nobody has looked at it."""
    return tr(
        "AI-generated draft, not reviewed by a clinician.",
        "人工智能生成的草稿，未经临床医生审核。",
    )


def program(*versions: Resource, **more: Any) -> Resource:
    """This program as the Device that made a draft, with the versions of what it knows from."""
    kept = versions or ({"value": __version__},)
    return device("bedside", "clinical decision support software", *kept, **more)


def device(name: str, kind: str, *versions: Resource, naming: str = "user-friendly-name", **more: Any) -> Resource:
    """Who made a draft, as a Device.

    >>> device("triage", "language model fitted on local data", {"value": "3"}, naming="model-name")["deviceName"]
    [{'name': 'triage', 'type': 'model-name'}]
    """
    named = {"deviceName": [{"name": name, "type": naming}], "type": {"text": kind}}
    return {"status": "active", **named, "version": list(versions), **more}


def meta() -> Resource:
    """The label of what a machine asserted."""
    return {"security": [MACHINE]}


def language() -> str:
    """The language in force, as FHIR codes it."""
    return "zh-CN" if current() == "zh" else "en"


def percent(probability: float) -> float:
    """A chance as R4 has it: 0 to 100 (ras-2)."""
    return round(100 * probability, 4)


def notes(*more: str) -> list[Resource]:
    """The notes of a draft with chances, and what else there is to say."""
    said = tr("probabilityDecimal is a percentage (FHIR R4).", "probabilityDecimal 为百分数（FHIR R4）。")
    return [{"text": text} for text in (draft(), disclaimer(), *more, said)]


def narrative(title: str, lines: Iterable[str]) -> Resource:
    """A resource in words."""
    return listed(lines, before=f"<p>{escape(title)}</p>", after=f"<p>{escape(draft())} {escape(disclaimer())}</p>")


def listed(lines: Iterable[str], *, before: str = "", after: str = "") -> Resource:
    """Lines as a list in a narrative; `before` and `after` are markup."""
    items = "".join(f"<li>{escape(line)}</li>" for line in lines)
    said = f"{before}<ul>{items}</ul>{after}"
    return {"status": "generated", "div": f'<div xmlns="http://www.w3.org/1999/xhtml">{said}</div>'}
