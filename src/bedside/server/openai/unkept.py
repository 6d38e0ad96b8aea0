"""What a chat request may ask for that no answer here keeps: refused by name, rather than left out in silence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bedside.lang import tr
from bedside.server.openai.wrong import wrong

HARMLESS: Mapping[str, tuple[Any, ...]] = {
    "n": (1,),
    "tools": ([],),
    "tool_choice": ("none", "auto"),
    "functions": ([],),
    "function_call": ("none", "auto"),
    "response_format": ({"type": "text"},),
    "logprobs": (False,),
    "top_logprobs": (0,),
    "modalities": (["text"],),
    "audio": (),
    "store": (False,),
    "web_search_options": (),
}
"""The values of each field that ask for nothing more than an answer in words; so does leaving it out, or null."""


def check_kept(body: Mapping[str, Any]) -> None:
    """Refuse (400) the first field that asks for what an answer here does not have.

    What steers sampling and `max_tokens` are taken without effect: an answer with its warnings is never cut.

    >>> check_kept({"n": 1, "tools": [], "temperature": 0.2})
    """
    for name, harmless in HARMLESS.items():
        told = body.get(name)
        if told is not None and not any(type(told) is type(one) and told == one for one in harmless):
            allowed = tr("leave it out", "请勿填写") + "".join(f" | {one}" for one in harmless)
            raise wrong(name, tr("not offered here: one answer in words is given", "此处仅给出一个文本回答"), allowed)
