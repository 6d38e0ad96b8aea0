"""A recipe's faults are told all at once, in plain words of both languages, never in a library's."""

from __future__ import annotations

from typing import Any

import pytest

from bedside.config import Recipe
from bedside.errors import ConfigError
from bedside.lang import speaking

FAULTS: list[tuple[dict[str, Any], str, str]] = [
    ({"data": "notes.csv"}, "data: must be a table of settings", "data: 应为一组设置（TOML 表）"),
    ({"data": {}}, "data.train: must be given", "data.train: 必须给出"),
    ({"data": {"train": 5}}, "data.train: must be a path", "data.train: 应为文件路径"),
    ({"fit": {"learning_rate": float("nan")}}, "must be a number, not nan or inf", "不能是 nan 或 inf"),
    ({"fit": {"learning_rate": 2}}, "fit.learning_rate: must be below 1", "fit.learning_rate: 必须小于 1"),
    ({"fit": {"epochs": 1.5}}, "fit.epochs: must be a whole number", "fit.epochs: 应为整数"),
    ({"fit": {"epochs": 0}}, "fit.epochs: must be 1 or more", "fit.epochs: 必须不小于 1"),
    ({"fit": {"dropout": "high"}}, "fit.dropout: must be a number", "fit.dropout: 应为数"),
    ({"fit": {"tune_embeddings": "maybe"}}, "must be true or false", "应为 true 或 false"),
    ({"fit": {"head": "tagg"}}, "must be one of auto, classify", "应为 auto, classify"),
    ({"fit": {"epoch": 1}}, "fit.epoch: unknown key", "fit.epoch: 未知的键"),
    ({"data": {"train": "n.csv", "identity": "absent"}}, "identity_reason must say why", "identity_reason 必须说明"),
]


@pytest.mark.parametrize(("wrong", "english", "chinese"), FAULTS)
def test_a_fault_is_told_in_plain_words_of_both_languages(wrong: dict[str, Any], english: str, chinese: str) -> None:
    values = {"data": {"train": "notes.csv"}, **wrong}
    for lang, words, next in (("en", english, ". Next: "), ("zh", chinese, "。下一步：")):
        with speaking(lang), pytest.raises(ConfigError) as caught:  # type: ignore[arg-type]
            Recipe.from_dict(values)
        with speaking(lang):  # type: ignore[arg-type]
            said = str(caught.value)
        assert words in said
        assert next in said
        assert "input" not in said.lower()
        assert "pathlib" not in said


def test_all_faults_of_a_recipe_are_in_the_one_error() -> None:
    with pytest.raises(ConfigError) as caught:
        Recipe.from_dict({"data": {"train": 5, "zz": 1}, "fit": {"epochs": 0}})
    assert caught.value.faults == [
        "data.train: must be a path",
        "data.zz: unknown key",
        "fit.epochs: must be 1 or more",
    ]
