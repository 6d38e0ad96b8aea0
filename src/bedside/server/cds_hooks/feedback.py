"""What clinicians did with cards: accepted, or overridden and why; read strictly, told as plain values.

Source: CDS Hooks 2.0, "Feedback".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bedside.lang import tr
from bedside.server.errors import Refusal

OUTCOMES = ("accepted", "overridden")


@dataclass(frozen=True, slots=True)
class Feedback:
    """The outcome of one card; `comment` may name a patient and never reaches a log or a metric."""

    card: str
    outcome: str
    time: str
    accepted: tuple[str, ...] = ()
    reason: str = ""
    comment: str = field(default="", repr=False)


def read_feedback(body: Any) -> list[Feedback]:
    """All outcomes in a request's body; Refusal (400) names the first that is wrong, and then none is taken.

    >>> read_feedback({"feedback": [{"card": "c1", "outcome": "accepted", "acceptedSuggestions": [{"id": "s1"}],
    ...                              "outcomeTimestamp": "2026-01-01T10:00:00Z"}]})[0].accepted
    ('s1',)
    """
    told = body.get("feedback") if isinstance(body, dict) else None
    if not isinstance(told, list) or not told:
        raise _wrong("feedback", tr("a list of outcomes is needed", "需要结果列表"))
    return [_one(one, f"feedback[{at}]") for at, one in enumerate(told)]


def _one(told: Any, where: str) -> Feedback:
    if not isinstance(told, dict):
        raise _wrong(where, tr("an object is needed", "需要对象"))
    outcome = told.get("outcome")
    if outcome not in OUTCOMES:
        raise _wrong(f"{where}.outcome", tr("unknown outcome", "未知的结果"), ", ".join(OUTCOMES))
    accepted = told.get("acceptedSuggestions") or []
    if not isinstance(accepted, list) or not all(isinstance(one, dict) for one in accepted):
        raise _wrong(f"{where}.acceptedSuggestions", tr("a list of objects is needed", "需要对象列表"))
    if outcome == "accepted" and not accepted:
        raise _wrong(f"{where}.acceptedSuggestions", tr("required when accepted", "结果为 accepted 时必填"))
    reason, comment = _reason(told.get("overrideReason"), f"{where}.overrideReason")
    return Feedback(
        card=_text(told, "card", where),
        outcome=outcome,
        time=_time(_text(told, "outcomeTimestamp", where), f"{where}.outcomeTimestamp"),
        accepted=tuple(_text(one, "id", f"{where}.acceptedSuggestions") for one in accepted),
        reason=reason,
        comment=comment,
    )


def _reason(told: Any, where: str) -> tuple[str, str]:
    """The code of the reason, "" for none, and the user's own words."""
    if told is None:
        return "", ""
    if not isinstance(told, dict):
        raise _wrong(where, tr("an object is needed", "需要对象"))
    coded, comment = told.get("reason"), told.get("userComment", "")
    if not isinstance(comment, str):
        raise _wrong(f"{where}.userComment", tr("a text is needed", "需要文本"))
    if coded is None:
        return "", comment
    if not isinstance(coded, dict):
        raise _wrong(f"{where}.reason", tr("an object is needed", "需要对象"))
    return _text(coded, "code", f"{where}.reason"), comment


def _time(told: str, where: str) -> str:
    try:
        datetime.fromisoformat(told.replace("Z", "+00:00"))
    except ValueError:
        raise _wrong(where, tr("not a time (ISO 8601)", "不是 ISO 8601 时间")) from None
    return told


def _text(holder: Mapping[str, Any], name: str, where: str) -> str:
    told = holder.get(name)
    if not isinstance(told, str) or not told.strip():
        raise _wrong(f"{where}.{name}", tr("a text is needed", "需要文本"))
    return told.strip()


def _wrong(where: str, what: str, allowed: str | None = None) -> Refusal:
    return Refusal(400, "bad_request", what, where=where, allowed=allowed)
