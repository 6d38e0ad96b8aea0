"""A task with a page of its own: the findings that a text says a patient has, and those that it denies."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Body
from markupsafe import Markup
from starlette.responses import Response

from bedside.errors import UsageError
from bedside.lang import speaking
from bedside.phenotypes.render import marked, said
from bedside.server.clinic.access import Caller, require
from bedside.server.clinic.context import Context
from bedside.server.workbench.differential import unavailable
from bedside.server.workbench.page import lang_of, page
from bedside.server.workbench.pages._base import Page
from bedside.server.workbench.sent import text

Asks = Annotated[Caller, require("advise")]


def add(router: APIRouter, context: Context) -> None:
    """What `bedside phenotypes` does, on a page."""

    @router.get("/findings", response_model=None)
    def findings(caller: Asks) -> Response:
        """The form."""
        return page("findings.html", caller)

    @router.post("/findings", response_model=None)
    def read(sent: Annotated[dict[str, Any], Body()], caller: Asks) -> Response:
        """The text without identity, its findings marked, and a row for each."""
        with speaking(lang_of(caller.request)):
            try:
                plain, found = context.diagnostician.read(text(sent, "text"))
            except UsageError as fault:
                return unavailable(caller, fault)
            caller.note(findings=len(found))
            rows = [(context.diagnostician.called.name(one.id), one.id, said(one)) for one in found]
            return page("findings_read.html", caller, marked=Markup(marked(plain, found)), rows=rows)


PAGE = Page("/findings", "advise", "Findings", "表型", 22, add)
