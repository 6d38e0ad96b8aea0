"""A differential as the workbench shows it: findings to tick off, the list, the reasons, what the guard says."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from starlette.responses import Response

from bedside.errors import DataError, UsageError
from bedside.evaluate.pages.differential import bar_rows, in_words
from bedside.evaluate.pages.differential_aside import written_in_words
from bedside.knowledge.hpo import CITATION, licence
from bedside.lang import speaking, tr
from bedside.server.clinic.access import Caller
from bedside.server.clinic.diagnostician import Diagnostician, proposal_of
from bedside.server.clinic.weigh import weighed
from bedside.server.errors import Refusal
from bedside.server.workbench.page import lang_of, page
from bedside.tasks._diagnosis.case import DiagnosisCase
from bedside.tasks._diagnosis.told import SHOWN, Told
from bedside.tasks._diagnosis.words import language_note
from bedside.types import Facts

STATES = ("present", "denied", "")
"""What a reader may say of a finding; the empty one leaves it out."""
MOST_FINDINGS = 200


def answered(
    caller: Caller,
    case_of: Callable[[Diagnostician], DiagnosisCase],
    *,
    address: str,
    facts: Facts | None = None,
    story: str = "",
    marked: Any = "",
) -> Response:
    """The differential of a case, or in words why there is none; `address` is where its findings are sent back to."""
    who = caller.context.diagnostician
    with speaking(lang_of(caller.request)):
        try:
            case = case_of(who)
            told = who.tell(case)
            verdict = weighed(proposal_of(told, facts or Facts(), story), caller.context.guard)
            values = {"case": _shown(told, who), "marked": marked, "sources": (who.hpo.release, CITATION, licence())}
        except DataError as fault:
            caller.note(findings=0)
            return page("differential_none.html", caller, what=fault.what, next="", address=address)
        except UsageError as fault:
            return unavailable(caller, fault)
        caller.note(findings=len(case.findings.present), abstained=int(told.answer.abstained), verdict=verdict.outcome)
        values |= {"address": address, "note": language_note(), "writer": who.writer_name}
        return page("differential_case.html", caller, verdict=verdict, **values)


def written(caller: Caller, case_of: Callable[[Diagnostician], DiagnosisCase]) -> Response:
    """What the language model of the settings names for a case, apart from the ranking; or in words why nothing.

    What it wrote was guarded on its way here, as all that a served model writes.
    """
    who = caller.context.diagnostician
    with speaking(lang_of(caller.request)):
        try:
            told = who.written(who.tell(case_of(who)))
        except DataError as fault:
            return page("differential_none.html", caller, what=fault.what, next="", address="")
        except UsageError as fault:
            return unavailable(caller, fault)
        answer = told.aside.written
        if answer is None:
            raise Refusal(404, "not_found", tr("no language model is named in the settings", "设置中未指定语言模型"))
        caller.note(findings=len(told.case.findings.present), abstained=int(not answer.matched))
        return page("differential_written.html", caller, written=written_in_words(told.aside))


def unavailable(caller: Caller, fault: UsageError) -> Response:
    """Why nothing can be ranked here, and what to install."""
    return page("differential_none.html", caller, what=fault.what, next=fault.next or "", address="")


def chosen(sent: Mapping[str, Any], state: str) -> list[str]:
    """The findings that a form says are of that state.

    >>> chosen({"HP:0001250": "present", "HP:0001263": "denied", "sex": "male"}, "denied")
    ['HP:0001263']
    """
    found = {id: said for id, said in sent.items() if id.startswith("HP:")}
    if len(found) > MOST_FINDINGS or any(said not in STATES for said in found.values()):
        allowed = f"{', '.join(STATES[:2])}; ≤ {MOST_FINDINGS}"
        raise Refusal(422, "invalid", tr("these are not findings", "表型有误"), where="findings", allowed=allowed)
    return [id for id, said in found.items() if said == state]


def _shown(told: Told, who: Diagnostician) -> dict[str, Any]:
    """What the template shows of a case, the reasons of each listed disease among it."""
    hpo, called = who.hpo, who.called
    why = {
        one.id: bar_rows(told.bars[one.id], sum(bar.value for bar in told.bars[one.id]), called)
        for one in told.answer.ranking[:SHOWN]
    }
    return {**in_words(told, hpo, called), "why_of": why, "sex": told.case.findings.sex}
