"""The differential of a typed story: findings read from it, ticked off or added, and what they point to."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Body
from markupsafe import Markup
from starlette.responses import Response

from bedside.errors import UsageError
from bedside.lang import speaking
from bedside.phenotypes.render import marked
from bedside.server.clinic.access import Caller, require
from bedside.server.clinic.context import Context
from bedside.server.workbench.differential import answered, chosen, unavailable, written
from bedside.server.workbench.page import lang_of, page
from bedside.server.workbench.pages._base import Page
from bedside.server.workbench.sent import text

Asks = Annotated[Caller, require("advise")]
Sent = Annotated[dict[str, Any], Body()]


def add(router: APIRouter, context: Context) -> None:
    """A story, its findings, the ranking; what is typed is posted and never stands in an address."""

    @router.get("/differential", response_model=None)
    def differential(caller: Asks) -> Response:
        """The form."""
        return page("differential.html", caller)

    @router.post("/differential/story", response_model=None)
    def story(sent: Sent, caller: Asks) -> Response:
        """The ranking of a story."""
        told = text(sent, "story")
        try:
            with speaking(lang_of(caller.request)):
                plain, found = context.diagnostician.read(told)
        except UsageError as fault:
            return unavailable(caller, fault)
        present = [one.id for one in found if one.present]
        denied = [one.id for one in found if one.excluded]
        shown = Markup(marked(plain, found))
        return answered(
            caller, lambda who: who.of_ids(present, denied), address="/differential", story=plain, marked=shown
        )

    @router.post("/differential", response_model=None)
    def again(sent: Sent, caller: Asks) -> Response:
        """The ranking of findings as a reader left them."""
        present, denied, sex = chosen(sent, "present"), chosen(sent, "denied"), str(sent.get("sex", ""))
        return answered(caller, lambda who: who.of_ids(present, denied, sex=sex), address="/differential")

    @router.post("/differential/written", response_model=None)
    def named(sent: Sent, caller: Asks) -> Response:
        """What a language model names for the findings that are shown; no text of the patient is sent to it."""
        present, denied, sex = chosen(sent, "present"), chosen(sent, "denied"), str(sent.get("sex", ""))
        return written(caller, lambda who: who.of_ids(present, denied, sex=sex))

    @router.post("/differential/findings", response_model=None)
    def offered(sent: Sent, caller: Asks) -> Response:
        """Findings whose names hold some words, to be added."""
        with speaking(lang_of(caller.request)):
            found = context.diagnostician.offered(text(sent, "words"))
        return page("differential_offered.html", caller, found=found)


PAGE = Page("/differential", "advise", "Differential", "鉴别诊断", 15, add)
