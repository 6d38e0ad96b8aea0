"""The workbench: pages for people, made by the server, in Chinese and English; no build step, no other site."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Body
from starlette.responses import FileResponse, RedirectResponse, Response

from bedside.lang import speaking, tr
from bedside.server.clinic.access import Caller, require
from bedside.server.clinic.context import Context
from bedside.server.errors import Refusal
from bedside.server.workbench.check import checked
from bedside.server.workbench.page import LANG_COOKIE, STATIC, as_page, first_place, lang_of, page
from bedside.server.workbench.patient import issues_of, shown
from bedside.server.workbench.review import add_review

PATHS = ("/", "/login", "/patients", "/ask", "/review", "/static")
ERRORS = dict.fromkeys(PATHS[1:], as_page)
FOUND = 50
MOST_CHARACTERS = 20_000


def routers(context: Context) -> list[APIRouter]:
    """The pages."""
    router = APIRouter(include_in_schema=False)
    _entry(router)
    _patients(router, context)
    _questions(router, context)
    add_review(router, context)
    return [router]


def _entry(router: APIRouter) -> None:
    """The start, the login, the language, and what pages are made with."""

    @router.get("/", response_model=None)
    def home(caller: Annotated[Caller, require("public")]) -> Response:
        """To the first place that the role may go, or to the login."""
        return RedirectResponse(first_place(caller.principal) if caller.principal.id else "/login", 303)

    @router.get("/login", response_model=None)
    def login(caller: Annotated[Caller, require("public")]) -> Response:
        """Name and password."""
        return page("login.html", caller)

    @router.get("/lang/{lang}", response_model=None)
    def speak(lang: str, caller: Annotated[Caller, require("public")], back: str = "/") -> Response:
        """The other language, from now on in this browser."""
        safe = back if back.startswith("/") and not back.startswith(("//", "/\\")) else "/"
        response = RedirectResponse(safe, 303)
        response.set_cookie(LANG_COOKIE, "zh" if lang == "zh" else "en", samesite="strict", max_age=31_536_000)
        return response

    @router.get("/static/{name}", response_model=None)
    def static(name: str, caller: Annotated[Caller, require("public")]) -> Response:
        """The style and the script of the pages."""
        if name not in STATIC:
            raise Refusal(404, "not_found", tr("no such address", "地址不存在"))
        return FileResponse(STATIC[name], headers={"Cache-Control": "max-age=300"})


def _patients(router: APIRouter, context: Context) -> None:
    """Finding a patient, reading a chart, weighing a proposal."""
    records, consent = context.clinic.records, context.clinic.consent

    @router.get("/patients", response_model=None)
    def patients(caller: Annotated[Caller, require("patient.search")], query: str = "") -> Response:
        """Search the patients."""
        found = records.search(query[:200], limit=FOUND)
        reached = [one for one in found if consent.reaches(caller.principal.id, one.id)]
        caller.note(found=len(found))
        return page("patients.html", caller, query=query, found=reached, hidden=len(found) - len(reached))

    @router.get("/patients/{patient_id}", response_model=None)
    def patient(patient_id: str, caller: Annotated[Caller, require("patient.read")]) -> Response:
        """One patient: problems, medicines, values in time, documents; what the guard says comes when it is ready."""
        chart, about = caller.chart(patient_id), records.about(patient_id)
        caller.note(entries=len(chart.entries))
        return page("patient.html", caller, about=about, **shown(chart))

    @router.get("/patients/{patient_id}/issues", response_model=None)
    def of_chart(patient_id: str, caller: Annotated[Caller, require("advise")]) -> Response:
        """What the guard says of a chart as it is, for the patient's page."""
        with speaking(lang_of(caller.request)):
            found = issues_of(caller.chart(patient_id), context.guard)
        caller.note(issues=len(found))
        return page("issues.html", caller, issues=found)

    @router.post("/patients/{patient_id}/check", response_model=None)
    def check(
        patient_id: str, sent: Annotated[dict[str, Any], Body()], caller: Annotated[Caller, require("advise")]
    ) -> Response:
        """What the guard says of a proposal for this patient."""
        with speaking(lang_of(caller.request)):
            verdict = checked(caller.chart(patient_id), _text(sent, "proposal"), context.guard)
        caller.note(verdict=verdict.outcome, findings=len(verdict.findings))
        return page("verdict.html", caller, verdict=verdict)


def _questions(router: APIRouter, context: Context) -> None:
    """Asking the library."""

    @router.get("/ask", response_model=None)
    def ask(caller: Annotated[Caller, require("advise")]) -> Response:
        """A question to the library."""
        return page("ask.html", caller, library=context.librarian)

    @router.post("/ask", response_model=None)
    def answer(sent: Annotated[dict[str, Any], Body()], caller: Annotated[Caller, require("advise")]) -> Response:
        """The answer, each sentence with its passage."""
        if context.librarian is None:
            raise Refusal(404, "no_library", tr("no library is served here", "此处未提供知识库"))
        told = context.librarian.ask(_text(sent, "question"), lang_of(caller.request))
        caller.note(abstained=int(told.abstained), sentences=len(told.answer))
        return page("answer.html", caller, told=told)


def _text(sent: dict[str, Any], name: str) -> str:
    told = sent.get(name)
    if not isinstance(told, str) or not told.strip() or len(told) > MOST_CHARACTERS:
        raise Refusal(422, "invalid", tr("a text is needed", "需要文本"), where=name, allowed=f"1 - {MOST_CHARACTERS}")
    return told
