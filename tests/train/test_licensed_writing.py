"""`bedside predict --licensed` keeps a fitted writer to what each text holds; the same writer, free, writes it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from fit_rows import recipe_for as recipe_of_labels
from fit_rows import rows_of, write_rows
from tiny_decoders import tiny_decoder

from bedside.commands._call import call
from bedside.commands._predict.licensed import read_names
from bedside.config import Recipe
from bedside.errors import ColumnError, DataError, UsageError
from bedside.model.folder import open_model
from bedside.model.writing.licensed import licensed
from bedside.train.fit import fit

pytest.importorskip("transformers")

SAYS = {"chest pain": "ASA 75", "头痛": "布洛芬"}


@pytest.fixture(scope="module")
def writer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny decoder that has learnt to answer two complaints with a drug and a dose each."""
    place = tmp_path_factory.mktemp("licensed")
    rows = [{"patient": f"p{n}", "text": text, "label": SAYS[text]} for n, text in enumerate([*SAYS] * 45)]
    data = {"train": write_rows(place / "rows.jsonl", rows), "identity": "absent", "identity_reason": "made up"}
    how = {
        "head": "generate",
        "backbone": str(tiny_decoder(place / "tiny")),
        "learning_rate": 2e-2,
        "epochs": 14,
        "batch_tokens": 256,
    }
    more = {"prompt": "<s>{text} =>", "max_tokens": 96, "adapt": "full", "dropout": 0.0, "precision": "fp32"}
    fit(Recipe.from_dict({"data": data, "fit": how | more}), out=place / "W")
    return place / "W"


@pytest.fixture
def names(tmp_path: Path) -> Path:
    table = tmp_path / "names.csv"
    table.write_text("name,concept\naspirin,asa\nASA,asa\n布洛芬,ibuprofen\n", encoding="utf-8")
    return table


def said(writer: Path, text: str, *words: str) -> dict[str, Any]:
    _, heard = call("predict", str(writer), "--text-value", text, "--json", *words)
    found: dict[str, Any] = json.loads(heard.strip().splitlines()[-1])
    return found


def test_a_drug_and_a_dose_that_no_text_holds_are_not_written(writer: Path, names: Path) -> None:
    assert "ASA 75" in said(writer, "chest pain")["text"]
    kept = said(writer, "chest pain", "--licensed-names", str(names)).get("text", "")
    assert "ASA" not in kept
    assert not any(char.isdigit() for char in kept)
    assert "布洛芬" in said(writer, "头痛")["text"]
    assert "布洛芬" not in said(writer, "头痛", "--licensed-names", str(names)).get("text", "")


def test_numbers_are_kept_to_without_any_names(writer: Path) -> None:
    assert not any(char.isdigit() for char in said(writer, "chest pain", "--licensed").get("text", ""))


def test_only_a_model_that_writes_can_be_kept_to_a_licence(tmp_path: Path) -> None:
    fit(recipe_of_labels(write_rows(tmp_path / "rows.jsonl", rows_of(60)), epochs=1), out=tmp_path / "M")
    with pytest.raises(UsageError, match="only a model that writes"):
        licensed(open_model(tmp_path / "M"), [])


def test_a_table_without_names_is_refused(tmp_path: Path) -> None:
    table = tmp_path / "t.csv"
    table.write_text("drug\naspirin\n", encoding="utf-8")
    with pytest.raises(ColumnError, match="name"):
        read_names(table)
    table.write_text("name,concept\n,x\n", encoding="utf-8")
    with pytest.raises(DataError, match="no names"):
        read_names(table)
