"""The library and its graph: passages found for words, whole documents, concepts with their neighbours, paths."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Body
from markupsafe import Markup
from starlette.responses import Response

from bedside.errors import UsageError
from bedside.graph.page import kinds
from bedside.lang import speaking, tr
from bedside.server.clinic.access import Caller, require
from bedside.server.clinic.context import Context
from bedside.server.clinic.librarian import Librarian
from bedside.server.errors import Refusal
from bedside.server.workbench.knowledge import concepts_for, document, neighbourhood, passages_for, routes
from bedside.server.workbench.page import lang_of, page
from bedside.server.workbench.pages._base import Page
from bedside.server.workbench.sent import text

Reads = Annotated[Caller, require("knowledge.read")]
Sent = Annotated[dict[str, Any], Body()]
Found = TypeVar("Found")


def add(router: APIRouter, context: Context) -> None:
    """Words are posted: what is looked for may say something of a patient. Ids of what is public may be addresses."""

    @router.get("/knowledge", response_model=None)
    def knowledge(caller: Reads) -> Response:
        """What the library holds."""
        librarian = context.librarian
        sources = librarian.look(lambda library: library.sources()) if librarian else []
        return page("knowledge.html", caller, library=librarian, sources=sources)

    @router.post("/knowledge/search", response_model=None)
    def search(sent: Sent, caller: Reads) -> Response:
        """Passages and concepts for words."""
        librarian, said = _librarian(context), text(sent, "words")
        passages = librarian.look(passages_for(said))
        concepts = librarian.follow(concepts_for(said)) if librarian.has_graph else []
        caller.note(passages=len(passages), concepts=len(concepts))
        return page("knowledge_found.html", caller, passages=passages, concepts=concepts, kinds=kinds)

    @router.get("/knowledge/passages/{id:path}", response_model=None)
    def passage(id: str, caller: Reads) -> Response:
        """A passage within its document; one that was withdrawn says so."""
        one, others = _known(lambda: _librarian(context).look(document(id)))
        return page("knowledge_passage.html", caller, one=one, others=others)

    @router.get("/knowledge/concepts/{id:path}", response_model=None)
    def concept(id: str, caller: Reads) -> Response:
        """A concept with its neighbours, as a picture and as a table."""
        with speaking(lang_of(caller.request)):
            centre, near, told = _known(lambda: _graph(context).follow(neighbourhood(id)))
        return page("concept.html", caller, centre=centre, near=near, told=Markup(told), kinds=kinds)

    @router.post("/knowledge/path", response_model=None)
    def path(sent: Sent, caller: Reads) -> Response:
        """How two concepts hang together."""
        start, goal = text(sent, "start"), text(sent, "goal")
        with speaking(lang_of(caller.request)):
            found = _graph(context).follow(routes(start, goal))
        caller.note(paths=len(found))
        return page("paths.html", caller, found=found)


def _librarian(context: Context) -> Librarian:
    if context.librarian is None:
        raise Refusal(404, "no_library", tr("no library is served here", "此处未提供知识库"))
    return context.librarian


def _graph(context: Context) -> Librarian:
    librarian = _librarian(context)
    if not librarian.has_graph:
        what = tr("no graph was built of this library", "该知识库尚未构建图谱")
        raise Refusal(404, "no_graph", what, allowed="bedside graph build --library DIR")
    return librarian


def _known(find: Callable[[], Found]) -> Found:
    """What is found; 404 for an id that is unknown."""
    try:
        return find()
    except UsageError as fault:
        raise Refusal(404, "not_found", fault.what) from None


PAGE = Page("/knowledge", "knowledge.read", "Knowledge", "知识库", 35, add)
