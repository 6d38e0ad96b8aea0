"""The OpenAPI description of the predict endpoint: as it is validated by hand, so it is described by hand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bedside.server.settings import Settings

ERROR = {
    "type": "object",
    "required": ["error"],
    "properties": {
        "error": {
            "type": "object",
            "required": ["code", "what", "request_id"],
            "properties": {
                name: {"type": "string"} for name in ("code", "what", "where", "allowed", "request_id", "error_id")
            },
        }
    },
}
_NUMBER = {"oneOf": [{"type": "number"}, {"type": "null"}]}
_NUMBERS: dict[str, dict[str, Any]] = {
    "risk": {"type": "number", "description": "of a model of times to an event: the higher the earlier"},
    "survival": {"type": "object", "description": "chance of no event by each time", "additionalProperties": _NUMBER},
    "median": {**_NUMBER, "description": "time by which the event is as likely as not; null beyond what was seen"},
    "answer": {
        "oneOf": [{"type": "string"}, {"type": "null"}],
        "description": "of a model that finds answers: what text_b says, identity removed; null where it says nothing",
    },
    "start": {**_NUMBER, "description": "of the answer in text_b as sent; code points"},
    "end": {**_NUMBER, "description": "exclusive"},
    "probability": {"type": "number", "description": "of the answer, or of there being none"},
}
ENDS = ("value", "low", "high")
_ANSWERS: dict[str, dict[str, Any]] = {
    "entities": {
        "type": "array",
        "description": "of a tagging model, in place of label and probabilities; start and end in code points",
        "items": {"type": "object", "required": ["start", "end", "type", "text", "probability"]},
    },
    "relations": {
        "type": "array",
        "description": "of a model that relates entities, likewise; head and tail are entities",
        "items": {"type": "object", "required": ["head", "tail", "type", "directed", "probability"]},
    },
    **_NUMBERS,
    **{name: {"type": "number", "description": "of a score: its interval from low to high"} for name in ENDS},
    "text": {"type": "string", "description": "of a model that writes, in place of label and probabilities"},
    "draft": {"type": "string", "description": "of a model that writes: what every reader of the text must know"},
}
"""What is told in place of a label and probabilities; null where there is no answer."""
_RESULT = {
    "type": "object",
    "required": ["outcome"],
    "properties": {
        "outcome": {"enum": ["advice", "abstained", "nothing_to_say"]},
        "label": {"oneOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}, {"type": "null"}]},
        "probabilities": {"oneOf": [{"type": "object", "additionalProperties": {"type": "number"}}, {"type": "null"}]},
        **{name: {"oneOf": [one, {"type": "null"}]} for name, one in _ANSWERS.items()},
        "set": {
            "type": "array",
            "items": {"type": "string"},
            "description": "of a model of labels: one of these is right as often as was promised; docs/doubt.md",
        },
        "abstained": {
            "type": "string",
            "description": "there where the answer is in doubt: why a person is to be asked",
        },
        "limits": {"type": "array", "items": {"type": "string"}},
        "identity_removed": {
            "type": "integer",
            "description": "spans of identity removed before the model saw the text",
        },
        "reason": {"type": "string"},
    },
}
_ABOUT = {name: {"type": "string"} for name in ("request_id", "model", "name", "disclaimer")}
_REFUSALS = {
    "400": "not JSON",
    "401": "no valid API key",
    "408": "the body did not arrive in time",
    "413": "the body is too long",
    "422": "a field is wrong; `where` and `allowed` say which and how",
    "429": "too many texts a second for this key; see Retry-After",
    "500": "our fault; no conclusion was drawn; `error_id` leads to the log",
    "503": "not ready, busy, ending, or too slow; see Retry-After",
}


def predict_path(settings: Settings, names: Sequence[str] = ()) -> dict[str, Any]:
    """The path item of /v1/predict; `names` are those of the models, where several are served."""
    text = {"type": "string", "minLength": 1, "maxLength": settings.max_chars}
    body: dict[str, Any] = {
        "type": "object",
        "additionalProperties": False,
        "oneOf": [{"required": ["text"]}, {"required": ["texts"]}],
        "properties": {
            "text": text,
            "texts": {"type": "array", "items": text, "minItems": 1, "maxItems": settings.max_texts},
            "text_b": {**text, "description": "the second text, for a model that reads two"},
            "texts_b": {"type": "array", "items": text, "minItems": 1, "maxItems": settings.max_texts},
            "entities": {
                "type": "array",
                "description": "for a model that relates them: start, end, type, id; of texts a list for each",
            },
            "lang": {"enum": ["en", "zh"], "description": "language of the sentences in the answer"},
        },
    }
    if names:
        told = "the model that is asked, by its name here or by the hash of its folder (`model` of an answer)"
        body["properties"]["model"] = {"type": "string", "examples": list(names), "description": told}
        body["required"] = ["model"] if len(names) > 1 else []
    examples: dict[str, Any] = {
        "one text": {"value": {"text": "Solid nodule in the right upper lobe, 21 mm, marked spiculation."}},
        "several, in Chinese": {
            "value": {"texts": ["右上肺实性结节，直径21 mm，毛刺明显。", "左下肺钙化结节，边缘光滑。"], "lang": "zh"}
        },
    }
    if names:
        for one in examples.values():
            one["value"]["model"] = names[0]
    answered = {"oneOf": [_single(), _several()]}
    refusals = {
        status: {"description": why, "content": {"application/json": {"schema": ERROR}}}
        for status, why in _REFUSALS.items()
    }
    return {
        "post": {
            "summary": "Predict for one text or several",
            "description": "Identity is removed before the model reads a text. Decision support: a clinician decides.",
            "operationId": "predict",
            "security": [{"bearer": []}, {"key": []}] if settings.keys else [],
            "requestBody": {"required": True, "content": {"application/json": {"schema": body, "examples": examples}}},
            "responses": {
                "200": {"description": "a decision a text", "content": {"application/json": {"schema": answered}}},
                **refusals,
            },
        }
    }


def security_schemes() -> dict[str, Any]:
    """The two ways to send a key."""
    return {
        "bearer": {"type": "http", "scheme": "bearer"},
        "key": {"type": "apiKey", "in": "header", "name": "X-API-Key"},
    }


def _single() -> dict[str, Any]:
    return {**_RESULT, "properties": {**_RESULT["properties"], **_ABOUT}}  # type: ignore[dict-item]


def _several() -> dict[str, Any]:
    properties = {"results": {"type": "array", "items": _RESULT}, **_ABOUT}
    return {"type": "object", "required": ["results"], "properties": properties}
