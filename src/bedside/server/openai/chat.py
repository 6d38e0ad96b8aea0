"""Chat completions as the OpenAI API shapes them: whole, or as a stream of server-sent events."""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Iterator
from typing import Any

from bedside.server.openai.reply import Reply
from bedside.server.openai.request import Chat

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def completion(chat: Chat, reply: Reply) -> dict[str, Any]:
    """The whole answer; `bedside` holds the guard's verdict and the citations."""
    choice = {"index": 0, "message": {"role": "assistant", "content": reply.text, "refusal": None}, "logprobs": None}
    head = _head(chat, "chat.completion")
    return {**head, "choices": [{**choice, "finish_reason": reply.finish}], "usage": usage(chat, reply)} | {
        "bedside": _beside(chat, reply)
    }


def events(chat: Chat, reply: Reply) -> Iterator[str]:
    """The same in pieces, part by part. All of it has passed the guard before the first piece goes out."""
    head = _head(chat, "chat.completion.chunk")
    if chat.usage_at_end:
        head["usage"] = None  # said in every chunk, told in the last

    def event(delta: dict[str, Any], finish: str | None = None, **more: Any) -> str:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
        return f"data: {_encode({**head, 'choices': [choice], **more})}\n\n"

    yield event({"role": "assistant", "content": ""})
    for at, part in enumerate(reply.parts):
        yield event({"content": part if at == 0 else f"\n{part}"})
    yield event({}, reply.finish, bedside=_beside(chat, reply))
    if chat.usage_at_end:
        yield f"data: {_encode({**head, 'choices': [], 'usage': usage(chat, reply)})}\n\n"
    yield "data: [DONE]\n\n"


def usage(chat: Chat, reply: Reply) -> dict[str, int]:
    """How much was read and written. Nothing is counted in tokens here: these are words, or Chinese characters."""
    read, written = _words(chat.question), _words(reply.text)
    return {"prompt_tokens": read, "completion_tokens": written, "total_tokens": read + written}


def _words(text: str) -> int:
    han = sum("一" <= letter <= "鿿" for letter in text)
    return han + len("".join(" " if "一" <= letter <= "鿿" else letter for letter in text).split())


def _head(chat: Chat, kind: str) -> dict[str, Any]:
    return {"id": f"chatcmpl-{secrets.token_hex(12)}", "object": kind, "created": int(time.time()), "model": chat.model}


def _beside(chat: Chat, reply: Reply) -> dict[str, Any]:
    return {**reply.beside, **({"instructions_not_read": chat.instructions} if chat.instructions else {})}
