"""`bedside recipes`: each parses, is copied as a file that `fit` takes, and fits on a small table of its own shape."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest
from fit_rows import WORDS, write_rows

from bedside import open_model
from bedside.commands._call import call
from bedside.commands.recipes import about, names
from bedside.config import Recipe
from bedside.errors import UnknownName, UsageError
from bedside.lang import speaking

QUICK = ("--backbone", "echo", "--epochs", "1", "--set", "precision=fp32", "--set", "batch_tokens=512")


def row_for(recipe: Recipe, number: int) -> dict[str, Any]:
    """A made-up row of the shape that a recipe's head reads."""
    dice = random.Random(number)
    label = sorted(WORDS)[number % 3]
    word = dice.choice(WORDS[label])
    row: dict[str, Any] = dict.fromkeys(recipe.data.text.split("+"), f"{word} since Monday")
    given: Any = label
    if recipe.fit.head == "multilabel":
        given = [label]
    if recipe.fit.head == "tag":
        given = [{"start": 0, "end": len(word), "type": label}]
    if recipe.data.text_b:
        row[recipe.data.text_b] = dice.choice(WORDS["gut"])
    return {**row, recipe.data.label: given, "patient": f"p{number // 2}"}


@pytest.mark.parametrize("name", names())
def test_a_recipe_copied_fits_on_rows_of_its_shape(name: str, tmp_path: Path) -> None:
    mine = tmp_path / "my.toml"
    assert call("recipes", "copy", name, "-o", str(mine))[0] == 0
    recipe = Recipe.read(mine)
    assert recipe.fit.head == about(name)["head"]
    write_rows(tmp_path / "train.jsonl", [row_for(recipe, number) for number in range(40)])
    stated = ("--identity", "absent", "made up")
    narrow = ("--set", "layers=1") if recipe.fit.layers else ()  # echo has two
    code, _ = call("fit", str(mine), "-o", str(tmp_path / "M"), *stated, *QUICK, *narrow)
    assert code == 0
    assert open_model(tmp_path / "M").head == recipe.fit.head


@pytest.mark.parametrize("name", names())
def test_an_expected_figure_says_where_it_was_measured(name: str) -> None:
    one = about(name)
    assert bool(one["expected"]) == bool(one["measured_on"])
    assert all(one[key] and one[f"{key}_zh"] for key in ("question", "rows", "method"))


def test_recipes_are_told_in_both_languages_and_an_unknown_one_is_refused() -> None:
    heard = call("recipes", "show", "entities")[1]
    assert "Where does a note name diseases" in heard
    assert "[fit]" in heard
    with speaking("zh"):
        assert "何处提到疾病" in call("recipes", "show", "entities")[1]
    assert {one["name"] for one in json.loads(call("recipes", "--json")[1])["recipes"]} == set(names())
    with pytest.raises(UnknownName, match="entities"):
        call("recipes", "show", "entitys")


def test_a_copy_does_not_overwrite_unless_told_to(tmp_path: Path) -> None:
    mine = tmp_path / "my.toml"
    mine.write_text("mine", encoding="utf-8")
    with pytest.raises(UsageError, match="--force"):
        call("recipes", "copy", "entities", "-o", str(mine))
    assert mine.read_text(encoding="utf-8") == "mine"
    call("recipes", "copy", "entities", "-o", str(mine), "--force")
    assert "[fit]" in mine.read_text(encoding="utf-8")
