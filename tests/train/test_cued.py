"""`fit.cues`: pairs fitted without a network; saved, opened, measured; refused where it means nothing."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from fit_rows import write_rows

from bedside import open_model
from bedside.commands._call import call
from bedside.config.conflicts import contradictions
from bedside.errors import ModelError
from bedside.model.given import Given
from bedside.model.manifest import write_manifest

DENIED = "We asked {n} people. Outcome did not differ by {what} ( p = 0 . 6 ) and was similar in both groups."
FOUND = "We asked {n} people. Outcome was higher with {what} ( p < 0 . 01 ) and significantly better in one group."
THINGS = ("age", "sex", "weight", "smoking", "salt", "sleep", "height", "income")


def rows(count: int) -> list[dict[str, str]]:
    """Questions whose answer no word of the question tells."""
    found = []
    for number in range(count):
        what, told = THINGS[number % len(THINGS)], (FOUND, DENIED)[number // len(THINGS) % 2]
        context = told.format(n=number, what=what)
        found.append(
            {
                "question": f"Does {what} affect outcome?",
                "context": context,
                "answer": "no" if told is DENIED else "yes",
            }
        )
    return found


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("cues")
    write_rows(place / "train.jsonl", rows(64))
    asked = ("--text", "question", "--text-b", "context", "--label", "answer", "--set", "cues=true")
    stated = ("--backbone", "echo", "--identity", "absent", "made up")
    code, _ = call("fit", str(place / "train.jsonl"), *asked, *stated, "-o", str(place / "M"))
    assert code == 0
    return place / "M"


def test_a_finding_and_its_denial_are_told_apart_by_the_opened_folder(folder: Path) -> None:
    told = [Given(second=told.format(n=9, what="salt")) for told in (FOUND, DENIED)]
    model = open_model(folder)
    assert [one.label for one in model.predict(["Does salt affect outcome?"] * 2, told)] == ["yes", "no"]
    assert model.settings["engine"] == "cues"
    assert "No network" in model.card
    assert "无网络" in model.cards["zh"]


def test_a_texts_answer_does_not_depend_on_its_neighbours(folder: Path) -> None:
    model, told = open_model(folder), [Given(second=one.format(n=3, what="age")) for one in (FOUND, DENIED)]
    together = model.logits(["Does age affect outcome?"] * 2, told)
    alone = [model.logits(["Does age affect outcome?"], [one])[0] for one in told]
    np.testing.assert_allclose(together, alone, rtol=1e-5)


def test_a_folder_whose_parts_do_not_fit_is_refused(folder: Path, tmp_path: Path) -> None:
    broken = tmp_path / "M"
    open_model(folder).save(broken)
    known = json.loads((broken / "cues.json").read_text())
    (broken / "cues.json").write_text(json.dumps({**known, "questions": known["questions"][1:]}))
    write_manifest(broken)
    with pytest.raises(ModelError, match="words and cues"):
        open_model(broken)


@pytest.mark.parametrize("beside", [{"adapt": "lora"}, {"epochs": 3}, {"learning_rate": 0.1}, {"head": "classify"}])
def test_what_means_nothing_without_a_network_is_refused(beside: dict[str, object]) -> None:
    assert len(contradictions({"cues": True, **beside})) == 1
    assert contradictions({"cues": True}) == contradictions({"cues": False, **beside}) == []
