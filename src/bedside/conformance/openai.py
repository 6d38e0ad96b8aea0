"""The OpenAI API as chat tools use it: models, chat completions whole and streamed, embeddings, errors."""

from __future__ import annotations

import json
from typing import Any

from bedside.conformance._base import Answer, Check, Client, NotTried, expect
from bedside.lang import tr

MESSAGE = {"role": "user", "content": "What is hypertension?"}


def models(client: Client) -> list[str]:
    """The names of the models."""
    answer = client("GET", "/v1/models")
    expect(answer.status == 200, "GET /v1/models: 200", answer.status)
    told = answer.json()
    expect(isinstance(told, dict) and told.get("object") == "list", '"object": "list"')
    expect(all(one.get("id") and one.get("object") == "model" for one in told["data"]), "data[]: id, object")
    return [str(one["id"]) for one in told["data"]]


def _models(client: Client) -> None:
    models(client)


def _talker(client: Client) -> tuple[str, dict[str, Any]]:
    """The first model that chats, and its answer."""
    for name in models(client):
        answer = client("POST", "/v1/chat/completions", {"model": name, "messages": [MESSAGE], "temperature": 0})
        if answer.status == 200:
            return name, dict(answer.json())
    raise NotTried(tr("no model chats", "没有可对话的模型"))


def _chat(client: Client) -> None:
    _, told = _talker(client)
    expect(told.get("object") == "chat.completion", '"object": "chat.completion"', told.get("object"))
    for name in ("id", "created", "model", "usage"):
        expect(told.get(name) is not None, name)
    (choice,) = told["choices"]
    expect(choice["message"]["role"] == "assistant", "choices[0].message.role: assistant")
    expect(isinstance(choice["message"]["content"], str), "choices[0].message.content: a text")
    expect(choice["finish_reason"] in ("stop", "length", "content_filter", "tool_calls"), "finish_reason")


def _stream(client: Client) -> None:
    name, _ = _talker(client)
    chunks = _chunks(client("POST", "/v1/chat/completions", {"model": name, "messages": [MESSAGE], "stream": True}))
    expect({one["object"] for one in chunks} == {"chat.completion.chunk"}, '"object": "chat.completion.chunk"')
    ends = [one["choices"][0]["finish_reason"] for one in chunks if one["choices"]]
    expect(ends[-1] is not None and not any(ends[:-1]), "finish_reason in the last chunk alone")


def _usage(client: Client) -> None:
    name, _ = _talker(client)
    asked = {"model": name, "messages": [MESSAGE], "stream": True, "stream_options": {"include_usage": True}}
    chunks = _chunks(client("POST", "/v1/chat/completions", asked))
    expect(all(one.get("usage", 0) is None for one in chunks[:-1]), '"usage": null in every chunk but the last')
    expect(chunks[-1]["choices"] == [] and "total_tokens" in (chunks[-1].get("usage") or {}), "the last chunk: usage")


def _chunks(answer: Answer) -> list[dict[str, Any]]:
    """The chunks of a stream that ends as clients expect."""
    expect(answer.status == 200, "200", answer.status)
    kind = answer.headers.get("content-type", "")
    expect(kind.startswith("text/event-stream"), "Content-Type: text/event-stream", kind)
    lines = [line[6:] for line in answer.body.decode("utf-8", "replace").splitlines() if line.startswith("data: ")]
    expect(bool(lines) and lines[-1] == "[DONE]", "the last event: [DONE]", lines[-1:])
    return [dict(json.loads(line)) for line in lines[:-1]]


def _embeddings(client: Client) -> None:
    for name in models(client):
        answer = client("POST", "/v1/embeddings", {"model": name, "input": ["fever", "cough"]})
        if answer.status == 200:
            told = answer.json()
            expect([one["index"] for one in told["data"]] == [0, 1], "data[].index in order")
            expect(len({len(one["embedding"]) for one in told["data"]}) == 1, "vectors of one size")
            return
    raise NotTried(tr("no model embeds", "没有向量模型"))


def _error(client: Client) -> None:
    answer = client("POST", "/v1/chat/completions", {"model": "no-such-model-here", "messages": [MESSAGE]})
    expect(answer.status in (400, 404), "404", answer.status)
    told = answer.json()
    expect(isinstance(told, dict) and {"message", "type", "param", "code"} <= told.get("error", {}).keys(), "error: {}")


def _no_messages(client: Client) -> None:
    (name, *_) = models(client) or [""]
    answer = client("POST", "/v1/chat/completions", {"model": name})
    expect(answer.status in (400, 422), "400", answer.status)


CHECKS = (
    Check("models", ("models are listed", "列出模型"), "GET /v1/models", _models),
    Check("chat", ("a chat is completed", "完成对话"), "POST /v1/chat/completions", _chat),
    Check("stream", ("a chat is streamed and ends with [DONE]", "流式输出并以 [DONE] 结束"), "streaming", _stream),
    Check("usage", ("a stream ends with its usage if asked", "按要求在流末给出用量"), "stream_options", _usage),
    Check("embeddings", ("texts become vectors", "文本转为向量"), "POST /v1/embeddings", _embeddings),
    Check("error", ("an unknown model is an error object", "未知模型返回错误对象"), "errors", _error),
    Check("no-messages", ("a chat without messages is refused", "无消息的对话被拒"), "errors", _no_messages),
)
