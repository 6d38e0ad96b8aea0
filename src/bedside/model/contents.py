"""What model.json and calibration.json may hold: a folder whose hashes fit is still refused when no model can be so."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bedside import registry
from bedside.errors import ModelError
from bedside.lang import tr

SHORTEST, LONGEST = 8, 1_000_000
"""Tokens a text: the least a recipe may ask for, and more than any backbone reads."""
COLDEST, HOTTEST = 1e-3, 1e3
"""Temperatures beyond these turn logits into infinities or into chance; a fit stays well within."""

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
    }
    if settings["engine"] == "onnx":
        rules["probe"] = (
            lambda value: _probe(value, len(settings["labels"])),
            "token ids, and a row of logits for each",
            "词元编号及对应的各行 logits",
        )
    _check(settings, rules, file)


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
    _check(values, rules, file)


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
    ours = {path.stem for path in (Path(__file__).parents[1] / "heads").glob("[a-z]*.py")}
    return isinstance(value, str) and (value in ours or value in registry.names("heads"))


def _labels(value: Any) -> bool:
    if not isinstance(value, list) or not all(isinstance(label, str) for label in value):
        return False
    return 0 < len(value) == len(set(value))


def _probe(value: Any, labels: int) -> bool:
    """Ids as lists of whole numbers, and as many rows of logits, a number a label."""
    ids, logits = (value.get("ids"), value.get("logits")) if isinstance(value, dict) else (None, None)
    if not isinstance(ids, list) or not isinstance(logits, list) or not 0 < len(ids) == len(logits):
        return False
    whole = all(isinstance(one, list) and one and all(type(id) is int for id in one) for one in ids)
    return whole and all(_numbers(row, labels, -LARGEST, LARGEST) for row in logits)
