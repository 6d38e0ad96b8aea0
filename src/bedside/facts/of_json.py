"""Reads the facts of a person from plain JSON, as people and programs write it.

Nothing is guessed: a value that is there and cannot be understood is an error with its place, since a guard that did
not see an allergy would let pass what it should stop. Keys that are not known are given back, to be told.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from bedside.errors import DataError
from bedside.facts._json_lists import allergies, labs, texts
from bedside.facts._json_values import age_years, height_cm, sex, weight_kg, yes_or_no
from bedside.lang import tr
from bedside.types import Facts

_READ: dict[str, tuple[tuple[str, ...], Callable[[Any, str], Any]]] = {
    "age_years": (("age", "年龄"), age_years),
    "sex": (("gender", "性别"), sex),
    "pregnant": (("pregnancy", "is_pregnant", "妊娠", "怀孕"), yes_or_no),
    "breastfeeding": (("lactating", "哺乳"), yes_or_no),
    "weight_kg": (("weight", "体重"), weight_kg),
    "height_cm": (("height", "身高"), height_cm),
    "allergies": (("allergy", "过敏史", "过敏"), allergies),
    "conditions": (("condition", "diagnoses", "problems", "history", "诊断", "病史"), texts),
    "medications": (("medication", "medicines", "drugs", "meds", "用药"), texts),
    "labs": (("lab", "lab_results", "laboratory", "检验", "化验"), labs),
}
"""Each fact: other names of its key, and what reads its value."""


def facts_from_json(told: Any) -> tuple[Facts, tuple[str, ...]]:
    """The facts in an object such as a chart of `bedside guard`, and the keys that were left out, for none knows them.

    Strings may stand for objects, text for numbers, words for ages; null and "" are "not said". DataError names the
    place ("chart.labs[2].value"), never the value.

    >>> facts, left = facts_from_json({"age": "六十七岁", "sex": "女", "allergies": ["penicillin (rash)"], "bed": 3})
    >>> facts.age_years, facts.sex, len(facts.allergies), left
    (67.0, 'female', 1, ('bed',))
    """
    if told is None:
        return Facts(), ()
    if not isinstance(told, Mapping):
        raise DataError(tr("not an object", "不是 JSON 对象"), where="chart", allowed='{"age_years": 67, ...}')
    keys = {key: _key(key) for key in told}
    left = tuple(str(key) for key in told if keys[key] is None)
    found: dict[str, Any] = {}
    for key, name in keys.items():
        value = told[key]
        if name is None or _is_nothing(value):
            continue
        if name in found:
            raise DataError(tr("said twice, under two names", "以两个名称重复给出"), where=f"chart.{key}")
        found[name] = _READ[name][1](value, f"chart.{key}")
    return Facts(**{name: value for name, value in found.items() if value is not None}), left


def _key(said: Any) -> str | None:
    """The fact that a key names."""
    plain = re.sub(r"[\s-]+", "_", str(said).strip().lower())
    return next((name for name, (others, _) in _READ.items() if plain == name or plain in others), None)


def _is_nothing(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())
