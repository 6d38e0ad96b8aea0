"""Registered models: versions and their stages, what the gates say, promotion and rollback with a reason."""

from __future__ import annotations

from typing import Annotated, Any, cast

from fastapi import APIRouter, Body
from pydantic import ValidationError
from starlette.responses import FileResponse, RedirectResponse, Response

from bedside.clinic.models.comparison import report_of
from bedside.clinic.models.gates import gate_name
from bedside.clinic.models.versions import Version
from bedside.clinic.models.words import act_said, stage_said
from bedside.clinic.permissions import may
from bedside.lang import speaking, tr
from bedside.server.clinic.context import Context
from bedside.server.clinic.registry import (
    Number,
    Promotion,
    Reads,
    Writes,
    compared,
    known_versions,
    promoted,
)
from bedside.server.errors import Refusal
from bedside.server.workbench.page import lang_of, page
from bedside.server.workbench.pages._base import Page
from bedside.server.workbench.sent import text

SHARES = (5, 10, 25)
"""Percent of the requests that the page offers for a canary."""
REPORT_POLICY = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:"
"""A report is a file of its own with its style inside; it may run nothing."""


def add(router: APIRouter, context: Context) -> None:
    """The registry of this server's data."""
    models = context.clinic.models

    @router.get("/models", response_model=None)
    def listed(caller: Reads) -> Response:
        """Every name, with the version that answers to it and those that would."""
        found: dict[str, list[Version]] = {}
        for one in models.all():
            found.setdefault(one.name, []).append(one)
        return page("models.html", caller, found=found, stage_said=stage_said)

    @router.get("/models/{name}", response_model=None)
    def one(name: str, caller: Reads) -> Response:
        """One name: its versions, the gates of those not heard yet, and the acts."""
        found = known_versions(models, name)
        with speaking(lang_of(caller.request)):
            gates = {v.version: models.gates(name, v.version) for v in found if v.stage in ("candidate", "shadow")}
            reports = {v.version for v in found if report_of(context.clinic.folder, v).is_file()}
            before = models.before(name)
        names = {user.id: user.name for user in context.clinic.accounts.all()}
        said = {one.__name__: one for one in (stage_said, act_said, gate_name)}
        values = {"found": found, "gates": gates, "reports": reports, "before": before, "acts": models.acts(name)}
        changes = may(caller.principal.role, "models.write")
        return page("model.html", caller, name=name, names=names, changes=changes, shares=SHARES, **values, **said)

    @router.get("/models/{name}/{version}/report", response_model=None)
    def report(name: str, version: Number, caller: Reads) -> Response:
        """The report of its last comparison, without texts."""
        path = report_of(context.clinic.folder, _one(known_versions(models, name), version))
        if not path.is_file():
            raise Refusal(404, "no_report", tr("not compared yet", "尚未评估"))
        return FileResponse(path, media_type="text/html", headers={"Content-Security-Policy": REPORT_POLICY})

    _changing(router, context)


def _changing(router: APIRouter, context: Context) -> None:
    models = context.clinic.models

    @router.post("/models/{name}/{version}/compare", response_model=None)
    def compare(name: str, version: Number, sent: Annotated[dict[str, Any], Body()], caller: Writes) -> Response:
        """Queue its measurement beside the live version, and show the job."""
        with speaking(lang_of(caller.request)):
            one = _one(known_versions(models, name), version)
            job = compared(context, one, text(sent, "rows"), caller)
        return RedirectResponse(f"/jobs/{job.id}", 303)

    @router.post("/models/{name}/{version}/promote", response_model=None)
    def promote(name: str, version: Number, sent: Annotated[dict[str, Any], Body()], caller: Writes) -> Response:
        """Make it live, a shadow, or a canary; what a gate says against it is said in place."""
        with speaking(lang_of(caller.request)):
            one = promoted(context, _one(known_versions(models, name), version), _promotion(sent), caller)
        caller.note(model=one.name, version=one.version, stage=one.stage)
        return RedirectResponse(f"/models/{name}", 303)

    @router.post("/models/{name}/{version}/retire", response_model=None)
    def retire(name: str, version: Number, sent: Annotated[dict[str, Any], Body()], caller: Writes) -> Response:
        """Take it out of use."""
        with speaking(lang_of(caller.request)):
            one = _one(known_versions(models, name), version)
            models.retire(name, one.version, by=caller.principal.id, reason=_reason(sent))
        caller.note(model=name, version=version)
        return RedirectResponse(f"/models/{name}", 303)

    @router.post("/models/{name}/rollback", response_model=None)
    def rollback(name: str, sent: Annotated[dict[str, Any], Body()], caller: Writes) -> Response:
        """Make the version before live again."""
        with speaking(lang_of(caller.request)):
            known_versions(models, name)
            one = models.rollback(name, by=caller.principal.id, reason=_reason(sent))
        caller.note(model=name, version=one.version)
        return RedirectResponse(f"/models/{name}", 303)


def _promotion(sent: dict[str, Any]) -> Promotion:
    """What the form says: `live`, `shadow`, or the percent that a canary answers."""
    to = text(sent, "to")
    percent = int(to) if to.isdecimal() and int(to) in SHARES else 0
    try:
        where = cast(Any, "shadow" if percent else to)
        return Promotion(to=where, share=percent / 100, reason=_reason(sent))
    except ValidationError:
        what = tr("choose what it becomes", "请选择目标阶段")
        raise Refusal(422, "invalid", what, where="to", allowed="live, shadow") from None


def _reason(sent: dict[str, Any]) -> str:
    reason = text(sent, "reason").strip()
    if not 5 <= len(reason) <= 500:
        what = tr("say why, in a sentence", "请用一句话说明理由")
        raise Refusal(422, "invalid", what, where="reason", allowed="5 - 500")
    return reason


def _one(found: list[Version], version: int) -> Version:
    for one in found:
        if one.version == version:
            return one
    raise Refusal(404, "unknown_model", tr("no such version of a model", "没有该模型版本"))


PAGE = Page("/models", "models.read", "Models", "模型", 50, add)
