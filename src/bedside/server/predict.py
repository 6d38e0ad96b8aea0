"""POST /v1/predict: one text or many in, a decision for each out. Validated by hand: it is the hot path."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bedside.lang import LANGS, Lang, disclaimer, speaking, tr
from bedside.model.doubt import told
from bedside.model.forms import Form
from bedside.model.given import Given
from bedside.model.relations import read_entities
from bedside.server.errors import Refusal, failure
from bedside.server.once import once
from bedside.server.settings import Settings
from bedside.types import Abstained, Advice, Decision, Failed, NothingToSay

FIELDS = ("text", "texts", "lang")
SECOND = ("text_b", "texts_b")
"""Fields of the second text, or texts, for a model that reads two."""
MODEL = ("model",)
"""The field that names one of several models: by the name it is served as, or by the hash of its folder."""
ENTITIES = ("entities",)
"""The field of a text's entities, or of a list of them for each text, for a model that relates them."""


@dataclass(frozen=True)
class Asked:
    """A valid request; `model` is the name of the one it asks, where several are served."""

    texts: tuple[str, ...]
    given: tuple[Given, ...]
    several: bool
    lang: Lang
    model: str = ""


@dataclass(frozen=True)
class Named:
    """What a request may name: the models served, by name and by hash, and which rows each reads."""

    names: Mapping[str, str]
    forms: Mapping[str, Form]

    def chosen(self, wanted: object) -> str:
        """The name of the model asked for; the only one need not be named. None is chosen in place of another."""
        if wanted is None and len(self.forms) == 1:
            return next(iter(self.forms))
        name = self.names.get(wanted) if isinstance(wanted, str) else None
        if name is None:
            what = tr("must name a model that is served here", "须为此处提供的模型名称")
            raise _invalid("model", what, ", ".join(self.forms))
        return name


@dataclass(frozen=True)
class Answer:
    """A decision, and how many spans of identity of each type were removed from its text on the way."""

    decision: Decision
    removed: Counter[str]


def language(header: str, wanted: object = None) -> Lang:
    """The language to answer in: the body's `lang`, else the first of Accept-Language that we speak, else English."""
    if wanted in LANGS:
        return "zh" if wanted == "zh" else "en"
    for part in header.split(","):
        tag = part.split(";")[0].strip().lower()[:2]
        if tag in LANGS:
            return "zh" if tag == "zh" else "en"
    return "en"


def read_request(
    body: bytes,
    header: str,
    settings: Settings,
    *,
    two: bool = False,
    marked: bool = False,
    named: Named | None = None,
) -> Asked:
    """The request in `body`, or a Refusal (400 no JSON, 422 a field) that says what is allowed.

    `two`: the model reads a second text with each; `marked`: it relates the entities of each. Where several models are
    served, `named` are these, and what is read follows from the one that the request names.
    """
    try:
        values = json.loads(body, object_pairs_hook=once)
    except (ValueError, RecursionError):
        raise Refusal(400, "not_json", tr("the body is not JSON in UTF-8", "请求体不是 UTF-8 编码的 JSON")) from None
    if not isinstance(values, dict):
        shapes = ('{"text": "..."}', '{"texts": ["..."]}')
        raise _invalid("body", tr("must be a JSON object", "必须是 JSON 对象"), tr(" or ", " 或 ").join(shapes))
    model = named.chosen(values.get("model")) if named else ""
    if named:
        two, marked = named.forms[model].two, named.forms[model].marked
    fields = FIELDS + (MODEL if named else ()) + (SECOND if two else ()) + (ENTITIES if marked else ())
    if set(values) - set(fields):
        raise _invalid("body", tr("has an unknown field", "包含未知字段"), ", ".join(fields))
    if ("text" in values) == ("texts" in values):
        raise _invalid("body", tr("needs either text or texts", "须且只须包含 text 或 texts"), "text, texts")
    if values.get("lang") not in (None, *LANGS):
        raise _invalid("lang", tr("is not a language we speak", "不支持该语言"), ", ".join(LANGS))
    several = "texts" in values
    texts = _texts(values, "texts" if several else "text", settings)
    seconds = _texts(values, "texts_b" if several else "text_b", settings) if two else [""] * len(texts)
    if len(seconds) != len(texts):
        raise _invalid("texts_b", tr("must be as many as texts", "数量必须与 texts 相同"), str(len(texts)))
    if marked:
        given = _entities(values.get("entities"), texts, several=several)
    else:
        given = tuple(Given(second=second) for second in seconds)
    return Asked(tuple(texts), given, several, language(header, values.get("lang")), model)


def _texts(values: dict[str, Any], name: str, settings: Settings) -> list[str]:
    """The text, or texts, under a name."""
    several = name in ("texts", "texts_b")
    texts = values.get(name) if several else [values.get(name)]
    if not isinstance(texts, list) or not 1 <= len(texts) <= settings.max_texts:
        most = settings.max_texts
        allowed = tr(f"1 to {most} texts", f"1 到 {most} 条文本")
        raise _invalid(name, tr("must be a list of texts", "必须是文本列表"), allowed)
    for number, text in enumerate(texts):
        _check_text(text, f"{name}[{number}]" if several else name, settings.max_chars)
    return texts


def _entities(found: Any, texts: list[str], *, several: bool) -> tuple[Given, ...]:
    """The entities of each text; none where there is no such field."""
    rows = ([None] * len(texts) if found is None else found) if several else [found]
    if not isinstance(rows, list) or len(rows) != len(texts):
        raise _invalid("entities", tr("must be a list for each text", "须为每条文本各一个列表"), str(len(texts)))
    given = []
    for number, (text, one) in enumerate(zip(texts, rows, strict=True)):
        try:
            given.append(read_entities(text, one))
        except ValueError as fault:
            where = f"entities[{number}]" if several else "entities"
            raise _invalid(where, str(fault), '[{"start": 0, "end": 7, "type": "drug"}]') from None
    return tuple(given)


def _check_text(text: Any, where: str, max_chars: int) -> None:
    if not isinstance(text, str):
        raise _invalid(where, tr("must be a string", "必须是字符串"), tr("string", "字符串"))
    if not text.strip() or len(text) > max_chars:
        what = tr("is too long", "过长") if text.strip() else tr("must not be empty", "不能为空")
        raise _invalid(where, what, tr(f"1 to {max_chars} characters", f"1 到 {max_chars} 个字符"))
    if "\0" in text:
        raise _invalid(
            where, tr("holds a NUL character", "含有 NUL 字符"), tr("any text without U+0000", "不含 U+0000 的文本")
        )
    if not text.isascii() and any("\ud800" <= character <= "\udfff" for character in text):
        raise _invalid(
            where, tr("holds half a surrogate pair", "含有不成对的代理字符"), tr("Unicode text", "Unicode 文本")
        )


def _invalid(where: str, what: str, allowed: str) -> Refusal:
    return Refusal(422, "invalid", what, where=where, allowed=allowed)


def write_answer(asked: Asked, answers: list[Answer], *, form: Form, model: str, request_id: str) -> dict[str, Any]:
    """The JSON of an answered request. A text that failed refuses the whole (500) and is named: none is passed over."""
    failed = {n: a.decision.error_id for n, a in enumerate(answers) if isinstance(a.decision, Failed)}
    if failed:
        raise failure(list(failed.values()), failed=list(failed))
    with speaking(asked.lang):
        about = {"request_id": request_id, "model": model, "disclaimer": disclaimer()}
        about |= {"name": asked.model} if asked.model else {}
        rows = zip(answers, asked.texts, asked.given, strict=True)
        results = [_result(answer, text, given, form) for answer, text, given in rows]
    return {**about, "results": results} if asked.several else {**results[0], **about}


def _result(answer: Answer, text: str, given: Given, form: Form) -> dict[str, Any]:
    decision, removed = answer.decision, answer.removed.total()
    if isinstance(decision, Advice):
        about = {"limits": list(decision.limits), "identity_removed": removed}
        doubt = told(decision.possible, decision.doubts)
        return {"outcome": "advice", **form.told(text, given, decision.prediction), **doubt, **about}
    nothing: dict[str, Any] = {**dict.fromkeys(form.tells), "limits": [], "identity_removed": removed}
    if isinstance(decision, Abstained):
        return {"outcome": "abstained", **nothing, "reason": decision.reason}
    if isinstance(decision, NothingToSay):
        return {"outcome": "nothing_to_say", **nothing}
    raise TypeError(f"no answer for {type(decision).__name__}")
