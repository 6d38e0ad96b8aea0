"""Asking the library: a question, and an answer whose every sentence names its passage."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Body
from starlette.responses import Response

from bedside.lang import tr
from bedside.server.clinic.access import Caller, require
from bedside.server.clinic.context import Context
from bedside.server.errors import Refusal
from bedside.server.workbench.page import lang_of, page
from bedside.server.workbench.pages._base import Page
from bedside.server.workbench.sent import text


def add(router: APIRouter, context: Context) -> None:
    """The question and its answer."""

    @router.get("/ask", response_model=None)
    def ask(caller: Annotated[Caller, require("advise")]) -> Response:
        """A question to the library."""
        return page("ask.html", caller, library=context.librarian)

    @router.post("/ask", response_model=None)
    def answer(sent: Annotated[dict[str, Any], Body()], caller: Annotated[Caller, require("advise")]) -> Response:
        """The answer, each sentence with its passage."""
        if context.librarian is None:
            raise Refusal(404, "no_library", tr("no library is served here", "此处未提供知识库"))
        told = context.librarian.ask(text(sent, "question"), lang_of(caller.request))
        caller.note(abstained=int(told.abstained), sentences=len(told.answer))
        return page("answer.html", caller, told=told)


PAGE = Page("/ask", "advise", "Ask", "提问", 20, add)
