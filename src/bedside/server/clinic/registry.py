"""/v1/models/registry: versions of models, their gates, promotion, rollback; every act with its reason."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter
from fastapi import Path as PathParameter
from pydantic import BaseModel, Field

from bedside.clinic.jobs.jobs import Job, shown
from bedside.clinic.jobs.verbs import place
from bedside.clinic.models.comparison import queue_comparison
from bedside.clinic.models.registry import Models
from bedside.clinic.models.versions import Version
from bedside.errors import ModelError, UsageError
from bedside.lang import tr
from bedside.model.naming import NAME
from bedside.server.clinic.access import Caller, require
from bedside.server.clinic.context import Context
from bedside.server.clinic.jobs import JobShown
from bedside.server.errors import Refusal

Reads = Annotated[Caller, require("models.read")]
Writes = Annotated[Caller, require("models.write")]
Number = Annotated[int, PathParameter(ge=1, le=1_000_000)]
ERRORS = {"/v1/models/registry": Refusal.response}
"""Said in this server's own shape, not in that of the models' list beside it."""


class VersionShown(BaseModel):
    """A version and its stage."""

    name: str
    version: int
    stage: str
    share: float
    sha256: str
    head: str
    created: float
    asked: int
    agreed: int


class GateShown(BaseModel):
    """A gate, whether it is open, and the figures that say why."""

    name: str
    open: bool
    figures: str


class ActShown(BaseModel):
    """What was done with a version, when, by whom and why."""

    version: int
    act: str
    user_id: str
    reason: str
    created: float


class OneModel(BaseModel):
    """A name with its versions and what was done with them."""

    versions: list[VersionShown]
    acts: list[ActShown]


class Added(BaseModel):
    """A folder below `work` to be taken in as a candidate."""

    name: str = Field(max_length=64)
    folder: str = Field(max_length=400)
    reason: str = Field("", max_length=500)


class Why(BaseModel):
    """The reason for an act."""

    reason: str = Field(min_length=5, max_length=500, pattern=r"\S")


class Promotion(Why):
    """To `live`, or to `shadow`, with a share of the requests where it is to be a canary."""

    to: Literal["shadow", "live"] = "live"
    share: float = Field(0.0, ge=0, le=1)


class Rows(BaseModel):
    """A labelled table below `work` that neither version was fitted on."""

    rows: str = Field(max_length=400)


def routers(context: Context) -> list[APIRouter]:
    """The registry of this server's data."""
    router = APIRouter(prefix="/v1/models/registry", tags=["models"])
    _reading(router, context.clinic.models)
    _changing(router, context)
    return [router]


def _reading(router: APIRouter, models: Models) -> None:
    @router.get("")
    def listed(caller: Reads) -> list[VersionShown]:
        """Every version of every model."""
        return [_shown(one) for one in models.all()]

    @router.get("/{name}")
    def show(name: str, caller: Reads) -> OneModel:
        """One model's versions, and who did what with them and why."""
        found = [_shown(one) for one in known_versions(models, name)]
        acts = [ActShown(**{part: getattr(act, part) for part in ActShown.model_fields}) for act in models.acts(name)]
        return OneModel(versions=found, acts=acts)

    @router.get("/{name}/{version}/gates")
    def gates(name: str, version: Number, caller: Reads) -> list[GateShown]:
        """What stands between a version and being heard."""
        found = models.gates(name, _known(models, name, version).version)
        return [GateShown(name=gate.name, open=gate.open, figures=gate.figures) for gate in found]


def _changing(router: APIRouter, context: Context) -> None:
    models = context.clinic.models

    @router.post("", status_code=201)
    def add(sent: Added, caller: Writes) -> VersionShown:
        """Take a folder in as the next version of a name: a candidate."""
        folder = place(sent.folder, "in", context.clinic.folder)
        made = models.add(sent.name, folder, by=caller.principal.id, reason=sent.reason)
        return _noted(made, caller)

    @router.post("/{name}/{version}/compare", status_code=202)
    def compare(name: str, version: Number, sent: Rows, caller: Writes) -> JobShown:
        """Queue the measurement that the gates ask for."""
        job = compared(context, _known(models, name, version), sent.rows, caller)
        return JobShown(**shown(job))

    @router.post("/{name}/{version}/promote")
    def promote(name: str, version: Number, sent: Promotion, caller: Writes) -> VersionShown:
        """Make a version a shadow, a canary or the live one; 409 with the figures where a gate is closed."""
        return _noted(promoted(context, _known(models, name, version), sent, caller), caller)

    @router.post("/{name}/rollback")
    def rollback(name: str, sent: Why, caller: Writes) -> VersionShown:
        """Make the version before live again."""
        known_versions(models, name)
        return _noted(models.rollback(name, by=caller.principal.id, reason=sent.reason), caller)

    @router.post("/{name}/{version}/retire")
    def retire(name: str, version: Number, sent: Why, caller: Writes) -> VersionShown:
        """Take a version out of use."""
        one = _known(models, name, version)
        return _noted(models.retire(one.name, one.version, by=caller.principal.id, reason=sent.reason), caller)


def known_versions(models: Models, name: str) -> list[Version]:
    """The versions of a name, the newest first; 404 where there is none."""
    found = models.all(name) if NAME.fullmatch(name) else []
    if not found:
        raise _unknown()
    return found


def promoted(context: Context, one: Version, sent: Promotion, caller: Caller) -> Version:
    """The version after its promotion; 409 with the figures where a gate is closed."""
    try:
        return context.clinic.models.promote(
            one.name, one.version, by=caller.principal.id, reason=sent.reason, to=sent.to, share=sent.share
        )
    except ModelError as fault:
        raise Refusal(409, "gate_closed", fault.what, where=fault.where) from None


def compared(context: Context, one: Version, rows: str, caller: Caller) -> Job:
    """The job that measures a version beside the live one."""
    job = queue_comparison(context.clinic.jobs, context.clinic.models, one, rows, by=caller.principal.id)
    caller.note(job=job.id, model=one.name, version=one.version)
    return job


def _noted(one: Version, caller: Caller) -> VersionShown:
    caller.note(model=one.name, version=one.version, stage=one.stage)
    return _shown(one)


def _shown(one: Version) -> VersionShown:
    return VersionShown(**{part: getattr(one, part) for part in VersionShown.model_fields})


def _known(models: Models, name: str, version: int) -> Version:
    try:
        if NAME.fullmatch(name):
            return models.get(name, version)
    except UsageError:
        pass
    raise _unknown()


def _unknown() -> Refusal:
    return Refusal(404, "unknown_model", tr("no such version of a model", "没有该模型版本"))
