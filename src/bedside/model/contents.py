"""What model.json and calibration.json may hold: a folder whose hashes fit is still refused when no model can be so."""

from __future__ import annotations

import json
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any, get_args

from bedside import registry
from bedside.config.abstain import LEVELS
from bedside.errors import ModelError
from bedside.lang import tr
from bedside.model.apart import is_apart
from bedside.model.conformal import Method

SHORTEST, LONGEST = 8, 1_000_000
"""Tokens a text: the least a recipe may ask for, and more than any backbone reads."""
COLDEST, HOTTEST = 1e-3, 1e3
"""Temperatures beyond these turn logits into infinities or into chance; a fit stays well within."""

WRITERS = ("causal", "ctranslate2", "gguf")
"""Engines of models that write."""

LARGEST = 1e18
"""What an output may be: logits stay well within, numbers in the units of their labels may not."""

Rule = tuple[Callable[[Any], bool], str, str]
"""Whether a value will do, and what is allowed, in English and Chinese."""


def check_settings(settings: dict[str, Any], file: Path) -> None:
    """Refuse a model.json with a value that no fit writes; `file` is named in the ModelError."""
    rules: dict[str, Rule] = {
        "head": (
            _head,
            "the name of a head that is here: classify, multilabel, ...",
            "已有的输出层：classify、multilabel 等",
        ),
        "labels": (_labels, "a list of different texts", "互不相同的文本列表"),
        "hidden_size": _whole(1, 1_000_000),
        "max_tokens": _whole(SHORTEST, LONGEST),
        "pad_id": _whole(0, 10_000_000),
        "prefix": (lambda value: isinstance(value, str), "a text", "文本"),
        "learnt": (lambda value: value is None or isinstance(value, dict), "null, or an object", "null 或对象"),
    }
    if is_apart(settings):
        rules["backbone"] = (_base, "where, sha256 and scale of a backbone", "骨干的 where、sha256 与 scale")
    if settings["engine"] in ("onnx", "openvino"):
        rules["probe"] = (
            lambda value: _probe(value, len(settings["labels"])),
            "token ids, and a row of logits for each",
            "词元编号及对应的各行 logits",
        )
    if settings["engine"] == "likelihood":
        rules["backbone"] = (_base, "where, sha256 and scale of a decoder", "解码器的 where、sha256 与 scale")
    if settings["engine"] in WRITERS:
        rules["labels"] = (lambda value: value == [], "an empty list", "空列表")
        rules |= _of_writers()
    if settings["engine"] == "causal":
        rules["backbone"] = (_base, "where, sha256 and scale of a decoder", "解码器的 where、sha256 与 scale")
    _check(settings, rules, file)


def _of_writers() -> dict[str, Rule]:
    """What a model that writes holds beside the rest."""
    return {
        "prefix": (
            lambda value: isinstance(value, str) and value.count("{text}") == 1,
            "a text with {text} in it once",
            "含一次 {text} 的文本",
        ),
        "ends": (_ids, "a list of whole numbers", "整数列表"),
        "starts": (lambda value: value is None or _ids(value), "a list of whole numbers", "整数列表"),
        "write": (_writing, "settings of `write` in a recipe, with new_tokens", "配方中的 write 设置，含 new_tokens"),
    }


def _ids(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(type(one) is int for one in value)


def _base(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and isinstance(value.get("where"), str)
        and isinstance(value.get("sha256"), str)
        and isinstance(value.get("pieces", ""), str)
        and isinstance(value.get("added", {}), dict)
        and value.get("bits", 32) in (4, 32)
        and _number(value.get("scale"), 0, 1e3)
    )


def _writing(value: Any) -> bool:
    from pydantic import ValidationError

    from bedside.config.writing import Writing

    try:
        return Writing.model_validate(value).new_tokens is not None
    except ValidationError:
        return False


def check_calibration(values: dict[str, Any], labels: int, file: Path) -> None:
    """Refuse a calibration.json without a usable temperature, or with thresholds that do not fit the labels."""
    between = f"{COLDEST:g} - {HOTTEST:g}"
    rules: dict[str, Rule] = {
        "temperature": (lambda value: _number(value, COLDEST, HOTTEST), between, between),
        "thresholds": (
            lambda value: value is None or _numbers(value, labels, 0, 1),
            f"null, or {labels} numbers from 0 to 1",
            f"null，或 {labels} 个 0 到 1 之间的数",
        ),
        "tail": (lambda value: value is None or _number(value, 0, 0.5), "0 - 0.5", "0 - 0.5"),
    }
    if "baseline" in values:
        rules["baseline"] = (_baseline, "pairs of a time and a value, times ascending", "按时间递增的（时间, 值）列表")
    _check(values, rules, file)


def check_doubt(values: dict[str, Any], labels: int, file: Path) -> None:
    """Refuse a doubt.json whose cuts do not fit the labels, or its levels those that can be promised."""
    levels = [level / 100 for level in LEVELS]

    def cuts(value: Any) -> bool:
        return isinstance(value, list) and len(value) == len(LEVELS) and all(map(_cut, value))

    rules: dict[str, Rule] = {
        "method": (lambda value: value in get_args(Method), ", ".join(get_args(Method)), "、".join(get_args(Method))),
        "levels": (lambda value: value == levels, "0.5, 0.51, ... 0.99", "0.5、0.51……0.99"),
        "cuts": (
            lambda value: isinstance(value, list) and len(value) in (0, 1, labels) and all(map(cuts, value)),
            f"no list, one, or {labels}, of {len(LEVELS)} numbers or nulls",
            f"零个、一个或 {labels} 个列表，各含 {len(LEVELS)} 个数或 null",
        ),
        "strange": (lambda value: value is None or cuts(value), "null, or numbers and nulls", "null，或数与 null"),
        "patients": _whole(0, 1_000_000_000),
    }
    _check(values, rules, file)


def _cut(value: Any) -> bool:
    return value is None or _number(value, 0, LARGEST)


def _baseline(value: Any) -> bool:
    if not isinstance(value, list) or not value or not all(_numbers(point, 2, -1e12, 1e12) for point in value):
        return False
    times = [time for time, _ in value]
    return times[0] >= 0 and all(one < other for one, other in pairwise(times))


def _check(values: dict[str, Any], rules: dict[str, Rule], file: Path) -> None:
    for key, (fits, english, chinese) in rules.items():
        if not fits(values.get(key)):
            raise ModelError(
                tr(f"{key} cannot be used", f"{key} 不可用"),
                where=str(file),
                value=json.dumps(values.get(key), ensure_ascii=False)[:60],
                allowed=tr(english, chinese),
                next=tr("copy the folder again from where it was made", "请从生成处重新复制该目录"),
            )


def _whole(low: int, high: int) -> Rule:
    return lambda value: type(value) is int and low <= value <= high, f"{low} - {high}", f"{low} - {high}"


def _number(value: Any, low: float, high: float) -> bool:
    return type(value) in (int, float) and low <= value <= high


def _numbers(values: Any, count: int, low: float, high: float) -> bool:
    return isinstance(values, list) and len(values) == count and all(_number(value, low, high) for value in values)


def _head(value: Any) -> bool:
    """Our own are looked for first: asking the installed packages takes 20 ms."""
    ours = registry.files_in(Path(__file__).parents[1] / "heads")
    return isinstance(value, str) and (value in ours or value in registry.names("heads"))


def _labels(value: Any) -> bool:
    if not isinstance(value, list) or not all(isinstance(label, str) for label in value):
        return False
    return 0 < len(value) == len(set(value))


def _probe(value: Any, labels: int) -> bool:
    """Ids as lists of whole numbers, and as many rows of logits: a number a label or one alone, or a row a token."""
    ids, logits = (value.get("ids"), value.get("logits")) if isinstance(value, dict) else (None, None)
    if not isinstance(ids, list) or not isinstance(logits, list) or not 0 < len(ids) == len(logits):
        return False
    whole = all(isinstance(one, list) and one and all(type(id) is int for id in one) for one in ids)
    return whole and all(_logits(row, labels, len(one)) for row, one in zip(logits, ids, strict=True))


def _logits(value: Any, labels: int, tokens: int) -> bool:
    if isinstance(value, list) and value and isinstance(value[0], list):
        return (
            len(value) == tokens
            and len(value[0]) > 0
            and all(_numbers(r, len(value[0]), -LARGEST, LARGEST) for r in value)
        )
    return any(_numbers(value, count, -LARGEST, LARGEST) for count in (labels, 1))
