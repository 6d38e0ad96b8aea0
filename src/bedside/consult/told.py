"""A consultation as plain values: a line of a table, or the whole for a script."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from bedside.consult._base import Candidate, Consultation
from bedside.consult.words import notes, reason_said
from bedside.emergency import Emergency
from bedside.lang import disclaimer


def as_line(told: Consultation) -> dict[str, Any]:
    """`answer`, `abstained`, `emergency` and `passages`, then what else there is to say, in the language in force."""
    return {
        "answer": [{"sentence": one.sentence, "citations": list(one.citations)} for one in told.answer],
        "abstained": told.abstained,
        "emergency": bool(told.emergencies),
        "passages": [_passage(one) for one in told.passages],
        "lang": told.lang,
        "asked": {"kinds": list(told.focus.kinds), "topic": list(told.focus.topic)},
        "support": round(told.support, 4),
        "reason": told.reason or None,
        "why": reason_said(told) or None,
        "emergencies": [_urgent(one) for one in told.emergencies],
        "warnings": [asdict(one) for one in told.warnings],
        "explanations": [asdict(one) for one in told.explanations],
        "note": [*notes(told), disclaimer()],
    }


def _urgent(one: Emergency) -> dict[str, str]:
    return {"id": one.id, "name": one.name, "what_to_do": one.what_to_do, "source": one.source}


def _passage(one: Candidate) -> dict[str, Any]:
    passage = one.passage
    return {
        "id": passage.id,
        "item": passage.item,
        "source": passage.source,
        "title": passage.title,
        "heading": passage.heading,
        "text": passage.text,
        "citation": passage.citation,
        "version": passage.version,
        "licence": passage.licence,
        "url": passage.url,
        "support": round(one.chance, 4),
    }
