"""/v1/predict: what a served model says of texts, as the plain prediction server does; written texts are for chat."""

from __future__ import annotations

from collections import Counter
from typing import Annotated, Any

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from bedside.lang import speaking, tr
from bedside.server.clinic.access import Caller, require
from bedside.server.clinic.context import Context
from bedside.server.errors import Refusal
from bedside.server.predict import Answer, Named, read_request, write_answer
from bedside.server.settings import Settings
from bedside.types import Advice, Written

LIMITS = Settings()
"""Of texts in a request, and of characters in a text."""


def routers(context: Context) -> list[APIRouter]:
    """One address for every model that is served."""
    router = APIRouter(prefix="/v1", tags=["models"])

    @router.post("/predict")
    async def predict(request: Request, caller: Annotated[Caller, require("advise")]) -> dict[str, Any]:
        """Label, number or findings for a text, or for each of many; `model` names the one asked."""
        return await run_in_threadpool(_answered, await request.body(), context, caller)

    return [router]


def _answered(body: bytes, context: Context, caller: Caller) -> dict[str, Any]:
    """The answer of the version that was chosen for this request, whatever is promoted meanwhile."""
    served = {name: context.models[name] for name in context.models}
    named = Named({name: name for name in served}, {name: one.form for name, one in served.items()})
    asked = read_request(body, caller.request.headers.get("accept-language", ""), LIMITS, named=named)
    chosen = served[asked.model]
    removed = [Counter[str]() for _ in asked.texts]
    with speaking(asked.lang):
        decisions = chosen.advise(asked.texts, asked.given, removed)
    if any(isinstance(one, Advice) and isinstance(one.prediction, Written) for one in decisions):  # past no guard here
        what = tr(
            "this model writes texts; ask it by /v1/chat/completions", "该模型生成文本，请用 /v1/chat/completions"
        )
        raise Refusal(422, "invalid", what, where="model")
    caller.note(model=asked.model, version=chosen.id, texts=len(asked.texts))
    answers = [Answer(decision, counts) for decision, counts in zip(decisions, removed, strict=True)]
    return write_answer(asked, answers, form=chosen.form, model=chosen.id, request_id=caller.request_id)
