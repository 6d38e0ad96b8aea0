"""A chat request in the shape of the OpenAI API: what is asked, of whom, and whether to stream.

Fields that steer sampling are taken and have no effect: an answer is quoted or comes from a fitted model. Those that
ask for more than one answer in words are refused (unkept.py). No message, whatever its role, can change what the guard
does: only the last question and the turns before it are read.
Source: platform.openai.com/docs/api-reference/chat.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bedside.lang import tr
from bedside.server.openai.unkept import check_kept
from bedside.server.openai.wrong import wrong

ROLES = ("system", "developer", "user", "assistant", "tool", "function")
MOST_MESSAGES = 200
MOST_CHARACTERS = 20_000


@dataclass(frozen=True, slots=True)
class Chat:
    """A valid request: the model's name, the question that stands last, and the user's turns before it."""

    model: str
    question: str = field(repr=False)
    before: tuple[str, ...] = field(default=(), repr=False)
    stream: bool = False
    usage_at_end: bool = False
    instructions: int = 0
    """How many messages tried to instruct the system; they are not read."""


def read_chat(body: Mapping[str, Any]) -> Chat:
    """The chat in a request's body; Refusal (400) names the field.

    >>> read_chat({"model": "m", "messages": [{"role": "user", "content": "What is gout?"}]}).stream
    False
    """
    messages = body.get("messages")
    if not isinstance(messages, list) or not 0 < len(messages) <= MOST_MESSAGES:
        raise wrong("messages", tr("a list of messages is needed", "需要消息列表"), f"1 - {MOST_MESSAGES}")
    turns = [_message(one, f"messages[{at}]") for at, one in enumerate(messages)]
    asked = [text for role, text in turns if role == "user" and text.strip()]
    if turns[-1][0] not in ("user", "tool", "function") or not asked:
        raise wrong("messages", tr("the last message must be a user's question", "最后一条消息须为用户提问"))
    check_kept(body)
    return Chat(
        model=text_in(body, "model"),
        question=asked[-1],
        before=tuple(asked[:-1]),
        stream=_flag(body, "stream"),
        usage_at_end=_usage_asked(body),
        instructions=sum(role in ("system", "developer") for role, _ in turns),
    )


def _message(told: Any, where: str) -> tuple[str, str]:
    """The role and the text of one message; its content may be a text, or parts of which the texts are read."""
    if not isinstance(told, dict) or told.get("role") not in ROLES:
        raise wrong(f"{where}.role", tr("unknown role", "未知的角色"), ", ".join(ROLES))
    content = told.get("content")
    if content is None and told["role"] == "assistant":
        return "assistant", ""
    if isinstance(content, list):
        parts = [part["text"] for part in content if _is_text(part)]
        if len(parts) < len(content):
            raise wrong(f"{where}.content", tr("only texts can be read", "仅支持文本"), '{"type": "text", "text": ...}')
        content = "\n".join(parts)
    if not isinstance(content, str):
        raise wrong(f"{where}.content", tr("a text is needed", "需要文本"))
    if len(content) > MOST_CHARACTERS:
        raise wrong(f"{where}.content", tr("too long", "过长"), f"<= {MOST_CHARACTERS}")
    return told["role"], content


def _is_text(part: Any) -> bool:
    return isinstance(part, dict) and part.get("type") == "text" and isinstance(part.get("text"), str)


def text_in(body: Mapping[str, Any], name: str) -> str:
    """A field that must be a text."""
    told = body.get(name)
    if not isinstance(told, str) or not told.strip():
        raise wrong(name, tr("a text is needed", "需要文本"))
    return told


def _flag(body: Mapping[str, Any], name: str, where: str = "") -> bool:
    told = body.get(name)
    if told is not None and not isinstance(told, bool):
        raise wrong(where or name, tr("true or false is needed", "须为 true 或 false"))
    return bool(told)


def _usage_asked(body: Mapping[str, Any]) -> bool:
    """Whether a stream shall end with what was read and written."""
    options = body.get("stream_options")
    if options is None:
        return False
    if not isinstance(options, dict):
        raise wrong("stream_options", tr("an object is needed", "需要对象"), '{"include_usage": true}')
    return _flag(options, "include_usage", "stream_options.include_usage")
