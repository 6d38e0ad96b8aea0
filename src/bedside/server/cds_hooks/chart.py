"""The facts of the patient of a call: what was prefetched, fetched from the client's FHIR server, or stored here."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from bedside.facts.of_chart import facts_of_raw
from bedside.formats.fhir import read_resource
from bedside.lang import tr
from bedside.recent import Recent
from bedside.server.cds_hooks.request import HookRequest
from bedside.server.cds_hooks.services import BODY, HISTORY, NEEDED, PATIENT
from bedside.server.errors import Refusal
from bedside.types import Facts, RawChart, today_years

Fetch = Callable[[HookRequest, str], dict[str, Any] | None]
"""A call and a query such as "Patient/12" -> the resource from the client's FHIR server; None where it may not."""
Stored = Callable[[str], RawChart | None]
"""The client's number of a patient -> the chart stored here; None where there is none."""

TEMPLATES = {**PATIENT, **HISTORY, **BODY}


def facts_for(call: HookRequest, *, fetch: Fetch, stored: Stored, recent: Recent[Facts]) -> Facts:
    """The facts that orders are weighed against, without identity.

    A chart stored here stands in only where the client sent nothing at all. A prefetch that is sent again whole and
    unchanged, as at each order of one visit, is read once (`recent`). Refusal (412) names what is missing and could not
    be fetched.
    """
    if not call.prefetch and call.authorization is None and (chart := stored(call.patient)) is not None:
        return _facts(chart)
    if TEMPLATES.keys() - call.prefetch.keys():
        return _read(call, fetch)
    today = date.today().isoformat()  # the age is that of today
    return recent.of(json.dumps([today, call.patient, call.prefetch], sort_keys=True), lambda: _read(call, fetch))


def _read(call: HookRequest, fetch: Fetch) -> Facts:
    resources = _resources(call, fetch)
    bundle = {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": one} for one in resources]}
    charts = [one for one in read_resource(bundle, "prefetch") if isinstance(one, RawChart)]
    if not charts:
        raise _missing(["patient"])
    if len(charts) > 1:
        raise _another("prefetch")
    return _facts(charts[0])


def _facts(chart: RawChart) -> Facts:
    """The facts of a chart, with the age of today: a chart without identity has that of its last entry."""
    facts = facts_of_raw(chart)
    try:
        birth = date.fromisoformat(chart.birth_date or "")
    except ValueError:
        return facts
    return replace(facts, age_years=float(today_years(birth, date.today())))


def _resources(call: HookRequest, fetch: Fetch) -> list[dict[str, Any]]:
    """All resources, those of the prefetch and those that had to be fetched."""
    sent = {key: value for key, value in call.prefetch.items() if key in TEMPLATES}
    found: dict[str, Any] = {key: value for key, value in sent.items() if value is None or _answers(value, key)}
    for key in TEMPLATES.keys() - found.keys():
        fetched = fetch(call, query(TEMPLATES[key], call))
        if fetched is not None and _answers(fetched, key):
            found[key] = fetched
    if missing := [key for key in NEEDED if key not in found]:
        raise _missing(missing)
    if found["patient"] is None:
        raise _missing(["patient"])
    if found["patient"]["resourceType"] == "Patient":
        found["patient"] = {"id": call.patient, **found["patient"]}
        if found["patient"]["id"] != call.patient:
            raise _another("prefetch.patient")
    return [one for value in found.values() if value is not None for one in _unbundled(value)]


def _answers(told: Mapping[str, Any], key: str) -> bool:
    """Whether a resource is what its template asks for; an OperationOutcome in its place says that it was not had."""
    return told.get("resourceType") in ("Bundle", TEMPLATES[key].replace("?", "/").split("/")[0])


def query(template: str, call: HookRequest) -> str:
    """A prefetch template with its tokens filled.

    >>> call = HookRequest("i", "12", {}, None, {})
    >>> query("Patient/{{context.patientId}}", call)
    'Patient/12'
    """
    from urllib.parse import quote

    return template.replace("{{context.patientId}}", quote(call.patient, safe=""))


def _unbundled(value: Mapping[str, Any]) -> list[dict[str, Any]]:
    if value.get("resourceType") != "Bundle":
        return [dict(value)]
    entries = value.get("entry")
    held = [entry.get("resource") for entry in entries if isinstance(entry, dict)] if isinstance(entries, list) else []
    return [one for one in held if isinstance(one, dict) and one.get("resourceType") != "OperationOutcome"]


def _another(where: str) -> Refusal:
    """Nobody is weighed by the chart of somebody else."""
    what = tr("this is about another patient than the context", "与 context 中的患者不是同一人")
    return Refusal(400, "bad_request", what, where=where, allowed="context.patientId")


def _missing(keys: list[str]) -> Refusal:
    return Refusal(
        412,
        "missing_data",
        tr("needed data was neither sent nor could be fetched", "缺少所需数据，且无法获取"),
        where=", ".join(f"prefetch.{key}" for key in keys),
        allowed=tr("send the prefetch of the discovery", "请按服务发现中的模板提供预取数据"),
    )
