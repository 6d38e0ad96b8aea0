"""`bedside guard` of a table: a line a case with its verdict; a case that cannot be read is blocked, and says why."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from bedside.commands._guard.chart import facts_in
from bedside.commands._lines import Line, Row, TableRow, lang_of
from bedside.errors import BedsideError, DataError
from bedside.lang import speaking, tr
from bedside.types import Facts, Proposal, Verdict

if TYPE_CHECKING:
    from bedside.commands._review.send import ToPeople
    from bedside.review import Item


class Case(NamedTuple):
    """A proposal that was judged, and the keys of its chart that nothing here knows."""

    proposal: Proposal
    verdict: Verdict
    unread: tuple[str, ...]


def answer_rows(rows: list[TableRow], to_people: ToPeople | None = None) -> Iterator[Line]:
    """A line a row, in order; `unread` names keys of a chart that nothing here knows.

    What people are to check is in their queue before the lines are written: a run that was killed loses none.
    """
    cases = [(one, _tried(one.row)) for one in rows]
    if to_people is not None:
        to_people.send(for_people(case, one.id) for one, case in cases if isinstance(case, Case))
    for one, case in cases:
        yield {"id": one.id, **(told(case.verdict, case.unread) if isinstance(case, Case) else _blocked(case))}


def for_people(case: Case, patient: str = "") -> Item:
    """A judged proposal as those who check read it."""
    from bedside.review import item_of_verdict

    return item_of_verdict(case.proposal, case.verdict, patient=patient)


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


def proposed(
    text: str, lang: Any = None, facts: Facts | None = None, question: str = "", evidence: Any = ()
) -> Proposal:
    """What is to be judged, in the text's own language where no other is stated."""
    from bedside.cleaning.language import spoken

    return Proposal(
        text=text, lang=lang or spoken(text), facts=facts or Facts(), question=question, evidence=tuple(evidence)
    )


def judged(proposal: Proposal) -> Verdict:
    """The verdict, its reasons in the proposal's language."""
    from bedside.guards import guard

    with speaking(proposal.lang):
        return guard(proposal)


def _tried(row: Row) -> Case | str:
    """The case of a row, or why it could not be judged, without anything the row holds."""
    try:
        return _case(row)
    except BedsideError as fault:
        return str(fault)
    except Exception as fault:  # this row's alone; its kind says nothing of what the row holds
        return f"{tr('could not be processed', '无法处理')} ({type(fault).__name__})"


def _case(row: Row) -> Case:
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
    proposal = proposed(text, lang_of(row), facts, question, evidence)
    return Case(proposal, judged(proposal), unread)


def _blocked(why: str) -> dict[str, Any]:
    """What is written of a case that could not be judged: never that it may pass."""
    finding = {"rule": "unread.case", "severity": "critical", "reason": why, "source": "bedside"}
    return {"verdict": "block", "findings": [finding], "ms": {}, "error": why}
