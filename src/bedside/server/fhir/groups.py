"""FHIR Group: the patients that a program wants copies of together, for `Group/[id]/$export`."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Body
from starlette.responses import Response

from bedside.clinic.groups import Group
from bedside.lang import tr
from bedside.server.clinic.access import Caller, require
from bedside.server.clinic.context import Context
from bedside.server.errors import Refusal
from bedside.server.fhir.instants import instant
from bedside.server.fhir.outcome import fhir
from bedside.server.fhir.searchset import searchset

MOST_HELD = 100
"""Groups of one caller at a time."""


def groups_router(context: Context) -> APIRouter:
    """The addresses of groups; whoever made one sees it, and nobody else."""
    router = APIRouter(prefix="/fhir", tags=["FHIR Bulk Data"])
    groups = context.clinic.groups

    @router.post("/Group", response_model=None)
    def make(
        sent: Annotated[dict[str, Any], Body()], caller: Annotated[Caller, require("patient.export", "Group.c")]
    ) -> Response:
        """A new group of patients by our ids or the hospital's numbers; of what is sent, its members alone are kept."""
        for_all_patients(caller)
        if len(groups.all(caller.principal.id)) >= MOST_HELD:
            raise Refusal(429, "too_many", tr("too many groups at a time", "组数量过多"), retry_after_s=3600)
        made = groups.make(caller.principal.id, _patients(sent, caller))
        caller.note(group=made.id, patients=made.size)
        return fhir(_told(made, _members(made, caller)), 201, {"Location": f"{caller.address}/fhir/Group/{made.id}"})

    @router.get("/Group", response_model=None)
    def search(caller: Annotated[Caller, require("patient.export", "Group.s")]) -> Response:
        """One's own groups, without their members."""
        for_all_patients(caller)
        told = [_told(one) for one in groups.all(caller.principal.id)]
        caller.note(groups=len(told))
        return fhir(searchset(told, f"{caller.address}/fhir", total=len(told)))

    @router.get("/Group/{group_id}", response_model=None)
    def read(group_id: str, caller: Annotated[Caller, require("patient.export", "Group.r")]) -> Response:
        """One group, with those of its patients whom this program may have."""
        found = own_group(group_id, caller)
        return fhir(_told(found, _members(found, caller)))

    @router.delete("/Group/{group_id}", response_model=None)
    def delete(group_id: str, caller: Annotated[Caller, require("patient.export", "Group.d")]) -> Response:
        """End a group, and with it the exports of it; the patients stay."""
        groups.delete(own_group(group_id, caller).id)
        return Response(status_code=204)

    return router


def own_group(id: str, caller: Caller) -> Group:
    """A group of this caller's; Refusal (404) for every other."""
    for_all_patients(caller)
    found = caller.context.clinic.groups.get(id, caller.principal.id)
    if found is None:
        raise Refusal(404, "unknown_group", tr("no such group", "没有该组"))
    caller.note(group=found.id)
    return found


def for_all_patients(caller: Caller) -> None:
    """Refusal (403) for a token that is for one patient."""
    if caller.only:
        raise Refusal(403, "another_patient", tr("this token is for one patient", "此令牌仅限一位患者"))


def _patients(sent: dict[str, Any], caller: Caller) -> list[str]:
    """Our ids of the members of a Group that was sent; Refusal (422) names the first part that cannot be taken."""
    members = sent.get("member")
    wanted = {"resourceType": "Group", "type": "person", "actual": True}
    for name, value in wanted.items():
        if sent.get(name) != value:
            raise _wrong(f"Group.{name}", str(value).lower() if value is True else str(value))
    if "modifierExtension" in sent:  # it could turn what the members mean into its contrary
        raise _wrong("Group.modifierExtension", "-")
    if not isinstance(members, list) or not members:
        raise _wrong("Group.member", "Patient/[id]")
    return [_patient(one, f"Group.member[{at}]", caller) for at, one in enumerate(members)]


def _patient(member: Any, where: str, caller: Caller) -> str:
    """Our id of a member who is there and whom this caller may have: nobody is told which of the two is not so."""
    entity = member.get("entity") if isinstance(member, dict) else None
    if not isinstance(entity, dict) or member.get("inactive") or "modifierExtension" in member:
        raise _wrong(where, "entity.reference, entity.identifier.value")
    reference, identifier = entity.get("reference"), entity.get("identifier")
    id = reference.removeprefix("Patient/") if isinstance(reference, str) else ""
    if not id and isinstance(identifier, dict) and isinstance(number := identifier.get("value"), str):
        id = caller.context.clinic.records.patient_of(number) or ""
    if not id or not caller.sees(id):
        raise Refusal(422, "unknown_patient", tr("no such patient", "没有该患者"), where=where)
    return id


def _members(group: Group, caller: Caller) -> list[dict[str, Any]]:
    patients = caller.context.clinic.groups.patients(group.id, limit=group.size)
    return [{"entity": {"reference": f"Patient/{one}"}} for one in patients if caller.sees(one)]


def _told(group: Group, members: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    """A group as FHIR has it; where members are not told, it says so (SUBSETTED)."""
    meta: dict[str, Any] = {"lastUpdated": instant(group.created)}
    if members is None:
        meta["tag"] = [{"system": "http://terminology.hl7.org/CodeSystem/v3-ObservationValue", "code": "SUBSETTED"}]
    told = {"resourceType": "Group", "id": group.id, "meta": meta, "type": "person", "actual": True}
    return {**told, "quantity": group.size, **({"member": members} if members else {})}


def _wrong(where: str, allowed: str) -> Refusal:
    what = tr("a part of the group is missing, wrong or not supported", "组的某一部分缺失、有误或不受支持")
    return Refusal(422, "invalid", what, where=where, allowed=allowed)
