"""`bedside conformance` holds a chat to what clients of the OpenAI API read: the end of a stream, and its usage."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from bedside.conformance._base import Answer, Broken, NotTried
from bedside.conformance.openai import CHECKS

RUN = {check.id: check.run for check in CHECKS}
WORDS = {"choices": [{"delta": {"content": "Raised pressure."}, "finish_reason": None}], "usage": None}
END = {"choices": [{"delta": {}, "finish_reason": "stop"}], "usage": None}
USAGE = {"choices": [], "usage": {"prompt_tokens": 4, "completion_tokens": 3, "total_tokens": 7}}
KEPT = [WORDS, END, USAGE]


class Server:
    """Has one model, and streams `chunks` before `last`."""

    def __init__(self, chunks: list[dict[str, Any]], last: str = "[DONE]", models: tuple[str, ...] = ("ward",)) -> None:
        told = [json.dumps({"object": "chat.completion.chunk", **one}) for one in chunks]
        self._stream = "".join(f"data: {one}\n\n" for one in [*told, last]).encode()
        self._models = {"object": "list", "data": [{"id": name, "object": "model"} for name in models]}

    def __call__(self, method: str, path: str, body: Any = None, headers: Mapping[str, str] | None = None) -> Answer:
        if path.endswith("/models"):
            return Answer(200, {}, json.dumps(self._models).encode())
        if body.get("stream"):
            return Answer(200, {"content-type": "text/event-stream"}, self._stream)
        return Answer(200, {}, b"{}")


def test_a_stream_that_ends_with_its_usage_is_kept() -> None:
    RUN["usage"](Server(KEPT))
    RUN["stream"](Server(KEPT))


@pytest.mark.parametrize(
    "chunks",
    [
        [WORDS, END],
        [{**WORDS, "usage": USAGE["usage"]}, END, USAGE],
        [{"choices": WORDS["choices"]}, END, USAGE],
        [WORDS, END, {**USAGE, "choices": END["choices"]}],
        [WORDS, END, {**USAGE, "usage": {}}],
    ],
    ids=["no usage", "usage at first", "no null before", "usage beside words", "no total"],
)
def test_a_stream_that_tells_its_usage_otherwise_is_not_kept(chunks: list[dict[str, Any]]) -> None:
    with pytest.raises(Broken):
        RUN["usage"](Server(chunks))


@pytest.mark.parametrize(
    ("chunks", "last"),
    [(KEPT, "{}"), ([WORDS, WORDS], "[DONE]"), ([END, END], "[DONE]")],
    ids=["no [DONE]", "no reason to end", "ends twice"],
)
def test_a_stream_that_does_not_end_once_is_not_kept(chunks: list[dict[str, Any]], last: str) -> None:
    with pytest.raises(Broken):
        RUN["stream"](Server(chunks, last))


def test_without_a_model_nothing_is_tried() -> None:
    with pytest.raises(NotTried):
        RUN["usage"](Server(KEPT, models=()))
