"""/v1/patients: import a chart, find patients, read one, erase one."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Body, Query
from pydantic import BaseModel, Field

from bedside.charts import chart_to_json, raw_from_json
from bedside.clinic.records import MOST_FOUND, PATIENT_ID, About
from bedside.errors import where_raised
from bedside.formats._base import Problem
from bedside.formats.fhir import read_resource
from bedside.lang import tr
from bedside.server.clinic.access import Caller, require, unknown_patient
from bedside.server.clinic.context import Context
from bedside.server.errors import Refusal, log
from bedside.types import RawChart

UNNAMED = "(unnamed)"
"""What a chart is called whose bundle names no patient; it is refused, or all such would become one person."""
MOST_NUMBER = 128


class Kept(BaseModel):
    """One patient that was in the import."""

    id: str
    number: str
    new: bool
    entries: int


class Imported(BaseModel):
    """What came of an import; `problems` say what could not be read, by place."""

    patients: list[Kept]
    problems: list[dict[str, str]]


class Row(BaseModel):
    """A patient in a list; one who is restricted shows no name."""

    id: str
    number: str
    name: str
    sex: str
    birth_date: str | None
    restricted: bool


class Found(BaseModel):
    """A page of patients; `next` is the `after` of the following page."""

    patients: list[Row]
    next: str | None


class Shown(Row):
    """A patient with the whole chart, in the form that `bedside import` writes."""

    chart: dict[str, Any]


class Reason(BaseModel):
    """Why; kept sealed under the patient's key."""

    reason: str = Field(min_length=5, max_length=500, pattern=r"\S")


class Erased(BaseModel):
    """Whose key was destroyed."""

    erased: str


def routers(context: Context) -> list[APIRouter]:
    """The patients of this server."""
    router = APIRouter(prefix="/v1/patients", tags=["patients"])
    records = context.clinic.records

    @router.post("", status_code=201)
    def add(sent: Annotated[dict[str, Any], Body()], caller: Annotated[Caller, require("patient.write")]) -> Imported:
        """Import a FHIR R4 bundle or resource, or a chart as `bedside import` writes it; what is new is added."""
        charts, problems = _read(sent)
        kept = []
        for chart in charts:
            id, new = caller.keep(chart)
            kept.append(Kept(id=id, number=chart.patient, new=new, entries=len(chart.entries)))
        caller.note(patients=len(kept), entries=sum(one.entries for one in kept))
        return Imported(patients=kept, problems=[{"place": one.place, "what": one.what} for one in problems])

    @router.get("")
    def search(
        caller: Annotated[Caller, require("patient.search")],
        query: Annotated[str, Query(max_length=200)] = "",
        limit: Annotated[int, Query(ge=1, le=MOST_FOUND)] = 20,
        after: Annotated[str, Query(pattern=f"^({PATIENT_ID.pattern})?$")] = "",
    ) -> Found:
        """Patients whose name, number or date of birth begins as the words of the query do; all for none."""
        found = records.search(query, limit=limit, after=after)
        shown = [one for one in found if not caller.only or one.id == caller.only]
        caller.note(found=len(shown))
        return Found(
            patients=[_row(about, caller) for about in shown], next=found[-1].id if len(found) == limit else None
        )

    @router.get("/{patient_id}")
    def show(patient_id: str, caller: Annotated[Caller, require("patient.read")]) -> Shown:
        """One patient's whole chart."""
        chart, about = caller.chart(patient_id), records.about(patient_id)
        if about is None:
            raise unknown_patient()
        caller.note(entries=len(chart.entries))
        return Shown(**_row(about, caller).model_dump(), chart=chart_to_json(chart))

    @router.post("/{patient_id}/erase")
    def erase(patient_id: str, sent: Reason, caller: Annotated[Caller, require("patient.erase")]) -> Erased:
        """Erase a patient: the key under which the chart is sealed is destroyed."""
        caller.concerns(patient_id)
        if not records.erase(patient_id):
            raise unknown_patient()
        return Erased(erased=patient_id)

    return [router]


def _row(about: About, caller: Caller) -> Row:
    """What a list shows of a patient to this caller."""
    if not caller.sees(about.id):
        return Row(id=about.id, number="", name="", sex="unknown", birth_date=None, restricted=True)
    return Row(
        id=about.id,
        number=about.number,
        name=about.name,
        sex=about.sex,
        birth_date=about.birth_date,
        restricted=about.restricted,
    )


def _read(sent: dict[str, Any]) -> tuple[list[RawChart], list[Problem]]:
    """The charts in what was sent; refused when there is none, or one of nobody."""
    pieces = read_resource(sent, UNNAMED) if "resourceType" in sent else [raw_from_json(sent)]
    try:
        read = list(pieces)
    except (TypeError, ValueError, AttributeError, KeyError) as fault:  # as `bedside import` does with a file
        log.warning("an import could not be read: %s at %s", type(fault).__name__, where_raised(fault))
        what = tr("what was sent cannot be read", "所发送内容无法读取")
        raise Refusal(422, "unreadable", what, allowed="FHIR R4") from None
    charts = [piece for piece in read if isinstance(piece, RawChart)]
    problems = [piece for piece in read if isinstance(piece, Problem)]
    if not charts:
        what = tr("no patient in what was sent", "所发送内容中没有患者")
        raise Refusal(
            422, "no_patient", what, allowed=tr("a FHIR R4 bundle, or a chart as JSON", "FHIR R4 Bundle 或病历 JSON")
        )
    if any(not chart.patient.strip() or chart.patient.startswith(UNNAMED) for chart in charts):
        what = tr("something in it belongs to no named patient", "其中有内容未指明患者")
        raise Refusal(422, "unnamed_patient", what, where=problems[0].place if problems else None)
    if any(len(chart.patient) > MOST_NUMBER for chart in charts):
        raise Refusal(
            422, "invalid", tr("the patient's number is too long", "患者编号过长"), allowed=f"<= {MOST_NUMBER}"
        )
    return charts, problems
