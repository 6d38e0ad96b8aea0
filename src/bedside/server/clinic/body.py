"""The body of a request: checked to be text that can be kept, and given once more to whoever reads it."""

from __future__ import annotations

import json
import re

from starlette.types import Message, Receive

from bedside.lang import tr
from bedside.server.errors import Refusal
from bedside.server.once import once

_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")
_OBJECT = re.compile(rb"[\xef\xbb\xbf\xff\xfe\x00\s]*[{\[]")
"""How JSON begins, in every encoding that whoever reads it next takes: UTF-8, 16 or 32, marked or not."""


def check_text(body: bytes) -> None:
    """Refuse JSON that one reader takes otherwise than the next, or that cannot be kept.

    A name twice in one object (the second patient would win in silence), NaN, which is no number, and half a surrogate
    pair, which is no text.
    """
    if not _OBJECT.match(body):
        return
    try:
        told = json.loads(body, parse_constant=_no_number, object_pairs_hook=once)
        if _SURROGATE.search(body.replace(b"\0", b"")):
            json.dumps(told, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        what = tr("holds half a surrogate pair", "含有不成对的代理字符")
        raise Refusal(422, "invalid", what, where="body", allowed=tr("Unicode text", "Unicode 文本")) from None
    except (ValueError, RecursionError):
        return  # not JSON, or too deep: whoever reads it says so


def _no_number(word: str) -> None:
    what = tr("the body is not JSON in UTF-8", "请求体不是 UTF-8 编码的 JSON")
    raise Refusal(400, "not_json", what, where=word)


def again(body: bytes, receive: Receive) -> Receive:
    """The body, once more, for whoever reads it; after it, whatever comes (the caller hanging up)."""
    told = False

    async def receiving() -> Message:
        nonlocal told
        if told:
            return await receive()
        told = True
        return {"type": "http.request", "body": body, "more_body": False}

    return receiving
