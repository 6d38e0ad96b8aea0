"""`bedside recipes`: each parses, is copied as a file that `fit` takes, and fits on a small table of its own shape."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import get_args

import pytest
from fit_rows import write_rows
from recipe_rows import rows_for
from tiny_decoders import tiny_decoder

from bedside import open_model
from bedside.commands._call import call
from bedside.commands.recipes import about, names
from bedside.config import Recipe
from bedside.config.choices import Head
from bedside.errors import UnknownName, UsageError
from bedside.lang import speaking

DOCS = Path(__file__).parents[2] / "docs"
QUICK = ("--epochs", "1", "--set", "precision=fp32", "--set", "batch_tokens=512")
TINY = ("--set", "prompt=<s>{text} =>", "--set", "max_tokens=120", "--set", "write.new_tokens=8", "--adapt", "full")
"""A decoder that nothing has taught neither has a template nor ends a text."""


@pytest.fixture(scope="module")
def decoder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("transformers")
    return tiny_decoder(tmp_path_factory.mktemp("decoder") / "tiny")


@pytest.mark.parametrize("name", names())
def test_a_recipe_copied_fits_on_rows_of_its_shape(name: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    mine = tmp_path / "my.toml"
    assert call("recipes", "copy", name, "-o", str(mine))[0] == 0
    recipe = Recipe.read(mine)
    assert recipe.fit.head == about(name)["head"]
    write_rows(tmp_path / "train.jsonl", rows_for(recipe, 40))
    stated = ("--identity", "absent", "made up")
    small = ("--backbone", "echo")
    if recipe.fit.head == "generate":
        small = ("--backbone", str(request.getfixturevalue("decoder")), *TINY)
    if recipe.fit.layers:
        small = (*small, "--set", "layers=1")  # echo has two
    quick = () if recipe.fit.cues else QUICK  # no network, no passes
    code, _ = call("fit", str(mine), "-o", str(tmp_path / "M"), *stated, *quick, *small)
    assert code == 0
    model = open_model(tmp_path / "M")
    assert model.head == recipe.fit.head
    assert sum(model.fitting["rows"].values()) == 40, "no row of the shape it describes is left out"


def test_every_head_has_a_recipe() -> None:
    assert {about(name)["head"] for name in names()} == set(get_args(Head)) - {"auto", "score"}


@pytest.mark.parametrize("name", [name for name in names() if about(name)["expected"]])
def test_an_expected_figure_stands_in_the_page_it_names(name: str) -> None:
    one = about(name)
    (page,) = re.findall(r"docs/([\w/]+\.md)", one["measured_on"])
    text = (DOCS / page).read_text(encoding="utf-8")
    assert [number for number in re.findall(r"\d+\.\d+", one["expected"]) if number not in text] == []


def test_a_recipe_without_a_figure_says_so_and_one_with_it_says_of_what() -> None:
    assert "expect: not measured yet" in call("recipes", "show", "evidence")[1]
    heard = call("recipes", "show", "severity")[1]
    assert "QWK 0.731 [0.685, 0.767]" in heard
    assert "measured on: malignancy rating" in heard
    with speaking("zh"):
        assert "预期: 尚未度量" in call("recipes", "show", "evidence")[1]


def test_what_comes_after_the_fit_is_told_where_there_is_something() -> None:
    assert "after the fit: bedside compress MODEL" in call("recipes", "show", "small_machine")[1]
    assert "after the fit" not in call("recipes", "show", "entities")[1]


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
