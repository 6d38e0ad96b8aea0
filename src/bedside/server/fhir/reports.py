"""What a served model says of each note of a chart, as DiagnosticReports: drafts that name their note and model."""

from __future__ import annotations

from collections import Counter
from typing import Any

from bedside.cleaning.language import spoken
from bedside.facts.of_chart import facts_of_raw
from bedside.lang import disclaimer, tr
from bedside.model.given import Given
from bedside.server.clinic.access import Caller
from bedside.server.clinic.weigh import weighed
from bedside.server.errors import Refusal, failure
from bedside.server.fhir.made import Made, Resource
from bedside.server.fhir.resources import id_of, resource_of
from bedside.server.service import Served
from bedside.tasks._fhir_parts import device, draft, language, meta
from bedside.types import Abstained, Advice, Decision, Entry, Facts, Failed, Proposal, RawChart, Verdict, Written

MOST = 200
"""Notes of one chart that are read at one request: the youngest. An OperationOutcome says how many were left."""


def reports(chart: RawChart, patient: str, caller: Caller) -> Resource:
    """A Bundle of type collection: a DiagnosticReport a note, by the served model that the address names as `model`.

    Refusal: 404 no such model; 422 the model needs more than a text, or writes; 500 the model or a guard broke: no
    report is made of some notes alone.
    """
    name = caller.request.query_params.get("model", "")
    served, found = _model(name, caller), notes_of(chart)
    notes = found[:MOST]
    made = Made(patient)
    maker, facts = made.add("Device", **_maker(served)), facts_of_raw(chart)
    for note, decision in zip(notes, _decided(served, [one.text for one in notes]), strict=True):
        said = _said(decision, served, facts, note.text, caller)
        report = made.add("DiagnosticReport", subject=made.who, issued=made.time, **_report(served, note, **said))
        source = {"role": "source", "what": {"identifier": {"value": id_of(note.id)}}}
        made.provenance([report], who=maker, entity=[source])
    if len(found) > MOST:
        made.add("OperationOutcome", **_left(len(found) - MOST))
    caller.note(model=name, version=served.id, texts=len(notes))
    return made.collection()


def notes_of(chart: RawChart) -> list[Entry]:
    """The entries that are a text to read, the youngest first.

    >>> kept = RawChart(patient="1", entries=(Entry(id="c", kind="Condition", text="Gout"),
    ...     Entry(id="n", kind="DocumentReference", text="Denies chest pain.")))
    >>> [one.id for one in notes_of(kept)]
    ['n']
    """
    texts = [one for one in chart.entries if resource_of(one, "")["resourceType"] == "DocumentReference" and one.text]
    return sorted(texts, key=lambda one: one.time or "", reverse=True)


def _left(count: int) -> Resource:
    said = tr(f"Older notes that were not read: {count}.", f"未读取的较早文书：{count}份。")
    return {"issue": [{"severity": "warning", "code": "incomplete", "details": {"text": said}}]}


def _model(name: str, caller: Caller) -> Served:
    models = caller.context.models
    if name not in models:
        what = tr("no model of this name is served", "没有提供该名称的模型")
        raise Refusal(404, "no_such_model", what, where="model", allowed=", ".join(models) or tr("none", "无"))
    if models[name].form.two or models[name].form.marked:
        what = tr("this model needs more than a note", "该模型所需不止一份文书")
        raise Refusal(422, "invalid", what, where="model")
    return models[name]


def _decided(served: Served, texts: list[str]) -> list[Decision]:
    found = served.advise(texts, [Given()] * len(texts), [Counter[str]() for _ in texts]) if texts else []
    if broken := [one.error_id for one in found if isinstance(one, Failed)]:
        raise failure(broken)
    if any(isinstance(one, Advice) and isinstance(one.prediction, Written) for one in found):
        raise Refusal(422, "invalid", tr("this model writes texts", "该模型生成文本"), where="model")
    return list(found)


def _said(decision: Decision, served: Served, facts: Facts, text: str, caller: Caller) -> dict[str, str]:
    """The status and the conclusion; an answer that was held back, by the model or a guard, is not given."""
    if isinstance(decision, Abstained):
        return {"status": "registered", "conclusion": decision.reason}
    if not isinstance(decision, Advice):
        return {"status": "preliminary", "conclusion": tr("Nothing to say.", "无可说明。")}
    first, *more = served.form.spoken(served.form.told(text, Given(), decision.prediction))
    verdict = weighed(Proposal(text=first, lang=spoken(first), facts=facts, reader=caller.lang), caller.context.guard)
    if verdict.outcome != "allow":
        return {"status": "registered" if verdict.outcome == "block" else "preliminary", **_held(verdict, first)}
    limits = [*decision.limits, *decision.doubts]
    return {
        "status": "preliminary",
        "conclusion": tr("; ", "；").join([first, *(one.strip() for one in more), *limits]),
    }


def _held(verdict: Verdict, said: str) -> dict[str, str]:
    reasons = tr("; ", "；").join(one.reason for one in verdict.findings if one.asks != "allow")
    return {"conclusion": reasons if verdict.outcome == "block" else f"{said}{tr('; ', '；')}{reasons}"}


def _report(served: Served, note: Entry, status: str, conclusion: str) -> dict[str, Any]:
    return {
        "meta": meta(),
        "language": language(),
        "status": status,
        "code": {"text": served.name},
        "conclusion": f"{conclusion} {draft()} {disclaimer()}",
        **({"effectiveDateTime": note.time} if note.time else {}),
    }


def _maker(served: Served) -> Resource:
    version, kind = {"value": served.id}, "language model fitted on local data"
    return device(served.name, kind, version, naming="model-name")
