"""Findings of the guard as cards: what, how grave, on whose word, what to do about it, and why one may override it.

Source: CDS Hooks 2.0, "CDS Service Response".
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Sequence
from typing import Any

from bedside.lang import disclaimer, tr
from bedside.server.cds_hooks.orders import Draft
from bedside.types import Finding

SUMMARY = 140
"""Characters that a summary may have."""
SYSTEM = "urn:bedside:rule"
REASONS = "urn:bedside:override-reason"
INDICATOR = {"critical": "critical", "warning": "warning", "info": "info"}
_SENTENCE = re.compile(r".+?(?:。|\.(?=\s|$)|$)", re.DOTALL)
_CLAUSE = re.compile(r".+?(?:[;；]|$)", re.DOTALL)

OVERRIDE = (
    ("benefit", "The benefit outweighs the risk for this patient", "对该患者利大于弊"),
    ("tolerated", "The patient has tolerated it before", "患者既往可耐受"),
    ("monitored", "It will be monitored", "将加强监测"),
    ("not-true", "The record it rests on is wrong or out of date", "所依据的记录有误或已过时"),
    ("other", "Another reason", "其他原因"),
)


def card(finding: Finding, draft: Draft | None) -> dict[str, Any]:
    """One finding as a card; about a draft order it suggests to remove that order.

    >>> shown = card(Finding(rule="renal.metformin", severity="critical", reason="Too low.", source="FDA 2016"), None)
    >>> shown["indicator"], shown["source"]["topic"]["code"]
    ('critical', 'renal.metformin')
    """
    about = [] if draft is None else [f"**{draft.name}**"]
    detail = "\n\n".join([*about, finding.reason, tr("Source: ", "来源：") + finding.source, disclaimer()])
    topic = {"system": SYSTEM, "code": finding.rule, "display": finding.rule}
    shown: dict[str, Any] = {
        "uuid": str(uuid.uuid4()),
        "summary": _summary(finding.reason),
        "detail": detail,
        "indicator": INDICATOR[finding.severity],
        "source": {"label": finding.source, "topic": topic},
        "overrideReasons": [
            {"system": REASONS, "code": code, "display": tr(english, chinese)} for code, english, chinese in OVERRIDE
        ],
    }
    if draft is not None:
        shown |= {"suggestions": [_removal(draft)], "selectionBehavior": "at-most-one"}
    return shown


def in_order(cards: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The gravest first; what stays equal keeps its order."""
    ranks = list(INDICATOR.values())
    return sorted(cards, key=lambda one: ranks.index(one["indicator"]))


def _removal(draft: Draft) -> dict[str, Any]:
    label = tr("Remove this order", "移除该医嘱")
    action = {"type": "delete", "description": f"{label}: {draft.name}", "resourceId": draft.reference}
    return {"label": label, "uuid": str(uuid.uuid4()), "actions": [action]}


def _summary(reason: str) -> str:
    """The first sentence, of a long one its first clause, cut between words where even that is too long.

    >>> _summary("Potassium is 6.2 mmol/L; stop it. Repeat the ECG.")
    'Potassium is 6.2 mmol/L; stop it.'
    """
    first = reason.strip()
    for shorter in (_SENTENCE, _CLAUSE):
        if (found := shorter.match(first)) and (shorter is _SENTENCE or len(first) > SUMMARY):
            first = found[0].strip()
    if len(first) <= SUMMARY:
        return first
    return first[: SUMMARY - 1].rsplit(" ", 1)[0][: SUMMARY - 1] + "…"
