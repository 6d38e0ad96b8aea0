"""Asking the library: questions that go on from one another, and answers whose every sentence shows its passage."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Body
from starlette.responses import Response

from bedside.server.clinic.access import Caller, require
from bedside.server.clinic.context import Context
from bedside.server.workbench.answer import answered
from bedside.server.workbench.page import page
from bedside.server.workbench.pages._base import Page

Asks = Annotated[Caller, require("advise")]


def add(router: APIRouter, context: Context) -> None:
    """The question and its answer."""

    @router.get("/ask", response_model=None)
    def ask(caller: Asks) -> Response:
        """A question to the library."""
        return page("ask.html", caller, library=context.librarian)

    @router.post("/ask", response_model=None)
    def answer(sent: Annotated[dict[str, Any], Body()], caller: Asks) -> Response:
        """The answer, each sentence with its passage."""
        return answered(caller, sent)


PAGE = Page("/ask", "advise", "Ask", "提问", 20, add)
