"""The OpenAI API, so that existing chat tools work: models, chat completions, embeddings, all past the guard."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Body
from starlette.responses import Response, StreamingResponse

from bedside.cleaning.language import language_of
from bedside.lang import Lang, speaking, tr
from bedside.server.clinic.access import Caller, require
from bedside.server.clinic.context import Context
from bedside.server.clinic.librarian import Librarian
from bedside.server.errors import Refusal, as_json
from bedside.server.openai.chat import completion, events
from bedside.server.openai.embeddings import embed, encoders
from bedside.server.openai.reply import Reply, from_library, from_model
from bedside.server.openai.request import Chat, read_chat

LIBRARY = "bedside-library"
"""What the model that answers from the library is called."""
SINCE = 1_767_225_600
TYPES = {401: "authentication_error", 403: "permission_error", 429: "rate_limit_error"}


def as_openai(refusal: Refusal, request_id: str) -> Response:
    """A refusal in the API's shape."""
    kind = TYPES.get(refusal.status, "invalid_request_error" if refusal.status < 500 else "server_error")
    said = refusal.what if refusal.allowed is None else f"{refusal.what} ({refusal.allowed})"
    body = {"message": said, "type": kind, "param": refusal.where, "code": refusal.code}
    return as_json({"error": body}, refusal.status, refusal.headers(request_id))


ERRORS = {"/v1/models": as_openai, "/v1/chat": as_openai, "/v1/embeddings": as_openai}


def routers(context: Context) -> list[APIRouter]:
    """The addresses of the API."""
    router = APIRouter(prefix="/v1", tags=["OpenAI"])
    librarian = context.librarian

    @router.get("/models")
    def models(caller: Annotated[Caller, require("models.read")]) -> dict[str, Any]:
        """What can be chatted with, and the encoders."""
        names = [*([LIBRARY] if librarian else []), *context.models, *encoders()]
        return {"object": "list", "data": [_model(name) for name in names]}

    @router.get("/models/{name}")
    def model(name: str, caller: Annotated[Caller, require("models.read")]) -> dict[str, Any]:
        """One of them."""
        if name not in (*([LIBRARY] if librarian else []), *context.models, *encoders()):
            raise _unknown(name, [*context.models])
        return _model(name)

    @router.post("/chat/completions", response_model=None)
    def chat(sent: Annotated[dict[str, Any], Body()], caller: Annotated[Caller, require("advise")]) -> Response:
        """Answer the last question; with `stream`, in pieces."""
        asked = read_chat(sent)
        lang = language_for(asked.question, caller.lang)
        with speaking(lang):
            reply = _reply(asked, context, librarian, lang)
        caller.remember("chat", asked.question, reply.text)
        caller.note(model=asked.model, finish=reply.finish, verdict=reply.beside.get("guard", {}).get("verdict", ""))
        if asked.stream:
            return StreamingResponse(events(asked, reply), media_type="text/event-stream")
        return as_json(completion(asked, reply))

    @router.post("/embeddings")
    def embeddings(
        sent: Annotated[dict[str, Any], Body()], caller: Annotated[Caller, require("advise")]
    ) -> dict[str, Any]:
        """The vectors of texts."""
        found = embed(sent)
        caller.note(model=found["model"], texts=len(found["data"]))
        return found

    return [router]


def language_for(question: str, otherwise: Lang) -> Lang:
    """The language of the question, for chat tools send none: who tells of an emergency in Chinese reads Chinese.

    >>> language_for("胸口压榨样疼痛", "en"), language_for("Crushing chest pain", "zh"), language_for("120/80", "zh")
    ('zh', 'en', 'zh')
    """
    told = language_of(question)
    return "zh" if told == "zh" else "en" if told == "en" else otherwise


def _reply(asked: Chat, context: Context, librarian: Librarian | None, lang: Lang) -> Reply:
    if librarian is not None and asked.model == LIBRARY:
        return from_library(asked, librarian, context.guard, lang)
    served = context.models.get(asked.model)
    if served is None:
        raise _unknown(asked.model, [*([LIBRARY] if librarian else []), *context.models])
    return from_model(asked, served, context.guard, lang)


def _model(name: str) -> dict[str, Any]:
    return {"id": name, "object": "model", "created": SINCE, "owned_by": "bedside"}


def _unknown(name: str, known: list[str]) -> Refusal:
    what = tr("no such model here", "没有该模型")
    return Refusal(404, "model_not_found", what, where="model", allowed=", ".join(known) or "-")
