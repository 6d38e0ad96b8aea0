"""Relations end to end on echo: learnt from a table, saved, killed and resumed, asked on the command line, served."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fit_rows import recipe_for, write_rows
from safetensors.torch import load_file

from bedside.advise import advise
from bedside.commands._call import call
from bedside.errors import ColumnError, UsageError
from bedside.lang import speaking
from bedside.model.calibration import Calibration
from bedside.model.folder import open_model
from bedside.model.given import Given
from bedside.server.errors import Refusal
from bedside.server.predict import read_request
from bedside.server.settings import Settings
from bedside.train.fit import fit
from bedside.types import Advice, Entity, Relating

ABSENT = ("--identity", "absent", "made up")
QUICK = ("--backbone", "echo", "--epochs", "2", "--set", "precision=fp32", "--set", "batch_tokens=512")
KILLED = """
import os, signal, sys
from pathlib import Path
sys.path.insert(0, sys.argv[3])
from fit_rows import recipe_for
from bedside.train.fit import fit

def die(event):
    if event["event"] == "step" and event["step"] == 7:
        os.kill(os.getpid(), signal.SIGKILL)

fit(recipe_for(Path(sys.argv[1]), accumulate=2, checkpoint_minutes=1e-9), out=sys.argv[2], on_event=die)
"""


def relation_rows(count: int) -> list[dict[str, Any]]:
    """A drug causes an illness, treats a symptom, and has nothing to do with either in a row that says "no"."""
    dice = random.Random(0)
    rows = []
    for number in range(count):
        illness, symptom, none = dice.choice(["ulcer", "胃溃疡"]), dice.choice(["pain", "头痛"]), dice.random() < 0.3
        text, entities = "", []
        for word, kind in (("no " if none else "", ""), ("aspirin ", "drug"), (illness, "illness"), (" ", "")):
            start = len(text)
            text += word
            if kind:
                entities.append({"id": kind, "start": start, "end": start + len(word.strip()), "type": kind})
        entities.append({"id": "symptom", "start": len(text), "end": len(text) + len(symptom), "type": "symptom"})
        pairs = [
            {"head": "drug", "tail": "illness", "type": "none" if none else "causes"},
            {"head": "symptom", "tail": "drug", "type": "none" if none else "treated_by"},
        ]
        row = {"patient": f"p{number // 3}", "id": f"r{number}", "text": text + symptom, "entities": entities}
        rows.append({**row, "label": pairs})
    return rows


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_rows(tmp_path_factory.mktemp("rows") / "relations.jsonl", relation_rows(90))


@pytest.fixture(scope="module")
def folder(table: Path) -> Path:
    fit(recipe_for(table, epochs=5, learning_rate=5e-3, head_learning_rate=2e-2), out=table.parent / "MODEL")
    return table.parent / "MODEL"


@pytest.fixture(scope="module")
def tagger(table: Path) -> Path:
    rows = [{**row, "label": row["entities"]} for row in relation_rows(60)]
    path = write_rows(table.parent / "tagged.jsonl", rows)
    fit(
        recipe_for(path, epochs=3, learning_rate=5e-3, head_learning_rate=2e-2, head="tag"), out=table.parent / "TAGGER"
    )
    return table.parent / "TAGGER"


def test_relations_are_learnt_with_their_direction_and_the_folder_answers_the_same(folder: Path, table: Path) -> None:
    model = open_model(folder)
    assert model.head == "relate"
    assert model.fitting["best"] > 0.8
    assert model.settings["learnt"]["directed"] == [["symptom", "drug"]]
    again = open_model(model.save(table.parent / "COPY", replace=True))
    rows = relation_rows(8)
    texts, given = [row["text"] for row in rows], [_given(row) for row in rows]
    assert model.predict(texts, given) == again.predict(texts, given)
    assert all(
        np.array_equal(a, b) for a, b in zip(model.logits(texts, given), again.logits(texts, given), strict=True)
    )


def test_a_killed_fit_goes_on_and_ends_bit_for_bit_the_same(table: Path, tmp_path: Path) -> None:
    how: dict[str, Any] = {"accumulate": 2, "checkpoint_minutes": 1e-9}
    fit(recipe_for(table, **how), out=tmp_path / "straight")
    words = [sys.executable, "-c", KILLED, str(table), str(tmp_path / "killed"), str(Path(__file__).parent)]
    assert subprocess.run(words, env=os.environ, check=False).returncode == -signal.SIGKILL
    heard: list[str] = []
    fit(recipe_for(table, **how), out=tmp_path / "killed", on_event=lambda event: heard.append(event["event"]))
    assert "resumed" in heard
    one, two = (load_file(tmp_path / name / "head.safetensors") for name in ("straight", "killed"))
    assert all((one[key] == two[key]).all() for key in one)


def test_evaluate_measures_beside_baselines_and_speaks_chinese(folder: Path, table: Path) -> None:
    code, heard = call("evaluate", str(folder), str(table), "--json")
    found = json.loads(heard.splitlines()[-1])
    assert code == 0
    assert found["metrics"]["relation_f1"]["value"] > 0.8
    assert set(found["per_class"]) == {"causes", "treated_by"}
    assert found["baselines"]["cooccurrence"]["relation_recall"]["value"] == 1.0
    assert 0 < found["baselines"]["pair_words"]["relation_f1"]["n_patients"] == 30
    with speaking("zh"):
        _, heard = call("evaluate", str(folder), str(table))
    assert "关系 F1" in heard


def test_predict_answers_with_the_entities_as_they_were_given(folder: Path, tmp_path: Path) -> None:
    text = "aspirin ulcer pain"
    entities = [
        {"id": "T1", "start": 0, "end": 7, "type": "drug"},
        {"id": "T2", "start": 8, "end": 13, "type": "illness"},
    ]
    rows = [
        {"id": "a", "text": text, "found": entities},
        {"id": "b", "text": text, "found": [{"start": 8, "end": 99, "type": "drug"}]},
        {"id": "c", "text": text, "found": []},
    ]
    data, out = write_rows(tmp_path / "d.jsonl", rows), tmp_path / "o.jsonl"
    with pytest.raises(ColumnError, match="entities"):
        call("predict", str(folder), str(data), "-o", str(out))
    code, _ = call("predict", str(folder), str(data), "-o", str(out), "--entities", "found")
    first, second, third = map(json.loads, out.read_text(encoding="utf-8").splitlines())
    assert code == 3
    (relation,) = first["relations"]
    assert relation["head"] == {"id": "T1", "start": 0, "end": 7, "type": "drug", "text": "aspirin"}
    assert (relation["tail"]["id"], relation["type"]) == ("T2", "causes")
    assert 0.5 < relation["probability"] <= 1
    assert "outside its text" in second["error"]
    assert third["relations"] == []


def test_entities_stand_where_they_are_in_the_text_as_given_though_identity_was_removed(folder: Path) -> None:
    text = "Mr. John Smith, phone 555-0134: aspirin ulcer"
    entities = (Entity(32, 39, "drug"), Entity(40, 45, "illness"))
    of_all = replace(open_model(folder), calibration=Calibration(thresholds=(0.0, 0.0)))
    named, plain = advise(of_all, [text, text[32:]], given=[Given(entities=entities), _shifted(entities)])
    for decision, start in ((named, 32), (plain, 0)):
        assert isinstance(decision, Advice)
        assert isinstance(decision.prediction, Relating)
        (relation,) = decision.prediction.relations
        assert (relation.head.start, relation.tail.start) == (start, start + 8)


def test_a_tagger_supplies_the_entities_of_a_bare_text(folder: Path, tagger: Path, table: Path) -> None:
    words = ("predict", str(folder), "--text-value", "aspirin ulcer pain")
    with pytest.raises(UsageError, match="--entities-from"):
        call(*words)
    _, heard = call(*words, "--entities-from", str(tagger), "--json")
    (relation, *_) = json.loads(heard.splitlines()[-1])["relations"]
    assert relation["head"]["text"] == "aspirin"
    assert 0 < relation["head"]["probability"] <= 1
    _, heard = call(*words, "--entities-from", str(tagger))
    assert "causes: aspirin – ulcer" in heard
    _, heard = call("evaluate", str(folder), str(table), "--entities-from", str(tagger), "--json")
    assert json.loads(heard.splitlines()[-1])["metrics"]["relation_f1"]["value"] > 0.3
    with pytest.raises(UsageError, match="not a model that finds entities"):
        call(*words, "--entities-from", str(folder))
    with pytest.raises(UsageError, match="relates no entities"):
        call("predict", str(tagger), "--text-value", "aspirin", "--entities-from", str(tagger))


def test_crossval_and_fit_run_from_the_command_line(table: Path, tmp_path: Path) -> None:
    words = (*ABSENT, "--patient", "patient", *QUICK)
    _, heard = call("crossval", str(table), *words, "--folds", "2", "--json")
    found = json.loads(heard.splitlines()[-1])
    assert found["n"] == 90
    assert "relation_f1" in found["baselines"]["pair_words"]
    rows = [{**row, "marked": row["entities"]} for row in relation_rows(30)]
    path = write_rows(tmp_path / "r.jsonl", [{k: v for k, v in row.items() if k != "entities"} for row in rows])
    _, heard = call("fit", str(path), *words, "--entities", "marked", "-o", str(tmp_path / "M"), "--json")
    told = {one["name"]: one["value"] for one in json.loads(heard.splitlines()[-1])["choices"]}
    assert told["undirected"] == "causes"
    assert "pairs" in told


def test_a_request_brings_entities_and_a_bad_one_is_refused_by_its_place(folder: Path) -> None:
    entities = [{"start": 0, "end": 7, "type": "drug"}]
    asked = read_request(_body(text="aspirin", entities=entities), "", Settings(), marked=True)
    assert asked.given[0].entities == (Entity(0, 7, "drug"),)
    asked = read_request(_body(texts=["aspirin", "胃溃疡"], entities=[entities, []]), "", Settings(), marked=True)
    assert [len(one.entities) for one in asked.given] == [1, 0]
    bad = [entities, [{"start": 0, "end": 9, "type": "illness"}]]
    with pytest.raises(Refusal) as refused:
        read_request(_body(texts=["aspirin", "胃溃疡"], entities=bad), "", Settings(), marked=True)
    assert refused.value.where == "entities[1]"
    with pytest.raises(Refusal, match="unknown field"):
        read_request(_body(text="aspirin", entities=entities), "", Settings())


def _body(**values: Any) -> bytes:
    return json.dumps(values).encode()


def _given(row: dict[str, Any]) -> Given:
    return Given(entities=tuple(Entity(one["start"], one["end"], one["type"]) for one in row["entities"]))


def _shifted(entities: tuple[Entity, ...]) -> Given:
    return Given(entities=tuple(Entity(one.start - 32, one.end - 32, one.type) for one in entities))
