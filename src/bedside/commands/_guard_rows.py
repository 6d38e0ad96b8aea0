"""`bedside guard` of a table: a line a case with its verdict; a case that cannot be read is blocked, and says why."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bedside.commands._guard_chart import facts_in
from bedside.commands._lines import Line, Row, TableRow, lang_of
from bedside.errors import BedsideError, DataError
from bedside.lang import speaking, tr
from bedside.types import Facts, Proposal, Verdict


def answer_rows(rows: list[TableRow]) -> Iterator[Line]:
    """A line a row, in order; `unread` names keys of a chart that nothing here knows."""
    for one in rows:
        try:
            yield {"id": one.id, **_answered(one.row)}
        except BedsideError as fault:
            yield {"id": one.id, **_blocked(str(fault))}
        except Exception as fault:  # this row's alone; its kind says nothing of what the row holds
            yield {"id": one.id, **_blocked(f"{tr('could not be processed', '无法处理')} ({type(fault).__name__})")}


def told(found: Verdict, unread: tuple[str, ...] = ()) -> dict[str, Any]:
    """A verdict as it is written: `verdict`, `findings`, and the milliseconds of each guard."""
    return {
        "verdict": found.outcome,
        "findings": [
            {"rule": one.rule, "severity": one.severity, "reason": one.reason, "source": one.source}
            for one in found.findings
        ],
        "ms": {name: round(took, 3) for name, took in found.ms.items()},
        **({"unread": [f"chart.{key}" for key in unread]} if unread else {}),
    }


def judged(text: str, lang: Any = None, facts: Facts | None = None, question: str = "", evidence: Any = ()) -> Verdict:
    """The verdict on a text, its reasons in the text's language where no other is stated."""
    from bedside.cleaning.language import spoken
    from bedside.guards import guard

    lang = lang or spoken(text)
    with speaking(lang):
        return guard(
            Proposal(text=text, lang=lang, facts=facts or Facts(), question=question, evidence=tuple(evidence))
        )


def _answered(row: Row) -> dict[str, Any]:
    text = row.get("proposal")
    if not isinstance(text, str) or not text.strip():
        raise DataError(tr("no text in this row", "此行没有文本"), where="proposal")
    question = row.get("question") or ""
    evidence = row.get("evidence") or ()
    evidence = [evidence] if isinstance(evidence, str) else evidence
    if not isinstance(question, str):
        raise DataError(tr("not text", "不是文字"), where="question")
    if not isinstance(evidence, (list, tuple)) or not all(isinstance(one, str) for one in evidence):
        raise DataError(tr("not texts", "不是文本列表"), where="evidence")
    facts, unread = facts_in(row.get("chart"))
    return told(judged(text, lang_of(row), facts, question, evidence), unread)


def _blocked(why: str) -> dict[str, Any]:
    """What is written of a case that could not be judged: never that it may pass."""
    finding = {"rule": "unread.case", "severity": "critical", "reason": why, "source": "bedside"}
    return {"verdict": "block", "findings": [finding], "ms": {}, "error": why}
