"""A tagging model from table to answer, flat and nested, both languages: each command goes on from the one before."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from entity_rows import marked_rows
from fit_rows import write_rows

from bedside import open_model
from bedside.commands._call import call
from bedside.config import Recipe
from bedside.lang import speaking
from bedside.model.folder import Model
from bedside.train.fit import fit
from bedside.types import Entity

ABSENT = ("--identity", "absent", "made up")
EPOCHS = 6
QUICK = {"backbone": "echo", "epochs": EPOCHS, "learning_rate": 4e-3, "head_learning_rate": 1e-2, "precision": "fp32"}
FLAGS = [word for key, value in QUICK.items() if key != "backbone" for word in ("--set", f"{key}={value}")]
QUICK_FLAGS = ("--backbone", "echo", *FLAGS, "--set", "batch_tokens=512")
NOTES = {
    "tag": {
        "no chest pain": [("symptom", "chest pain")],
        "on aspirin since Monday": [("drug", "aspirin")],
        "无胸痛": [("symptom", "胸痛")],
        "服用甲硝唑三天": [("drug", "甲硝唑")],
    },
    "nested": {
        "no lung cancer": [("body", "lung"), ("disease", "lung cancer")],
        "with sepsis": [("disease", "sepsis")],
        "无肺癌": [("body", "肺"), ("disease", "肺癌")],
        "伴败血症": [("disease", "败血症")],
    },
}


def recipe(path: Path, **columns: Any) -> Recipe:
    data = {"train": path, "patient": "patient", "identity": "absent", "identity_reason": "made up"} | columns
    return Recipe.from_dict({"data": data, "fit": {**QUICK, "batch_tokens": 512}})


def found(entities: tuple[Entity, ...], text: str) -> list[tuple[str, str]]:
    return sorted((one.type, text[one.start : one.end]) for one in entities)


@pytest.fixture(scope="module", params=["tag", "nested"])
def fitted(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Model]:
    """A folder with train.jsonl, test.jsonl and the model M fitted on the former."""
    place = tmp_path_factory.mktemp(request.param)
    rows = marked_rows(240, nested=request.param == "nested")
    write_rows(place / "test.jsonl", [{**row, "patient": f"q{row['patient']}"} for row in rows[180:]])
    train = write_rows(place / "train.jsonl", rows[:180])
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BEDSIDE_HOME", str(place / "home"))
        return place, fit(recipe(train, label="entities"), out=place / "M")


def test_entities_of_both_languages_are_found_those_inside_others_too(fitted: tuple[Path, Model]) -> None:
    _, model = fitted
    expected = NOTES[model.head]
    answers = model.predict(list(expected))
    told = [found(answer.entities, text) for answer, text in zip(answers, expected, strict=True)]
    assert told == list(expected.values())
    assert all(0.5 < one.probability <= 1 for answer in answers for one in answer.entities)


def test_the_saved_model_reopens_with_equal_answers(fitted: tuple[Path, Model]) -> None:
    place, model = fitted
    texts = list(NOTES[model.head])
    again = open_model(place / "M")
    assert again.head == model.head
    assert again.predict(texts) == model.predict(texts)
    assert [a.entities[0].probability for a in again.predict(texts)] == [
        a.entities[0].probability for a in model.predict(texts)
    ]


def test_evaluate_gives_f1_with_an_interval_beside_the_dictionary(fitted: tuple[Path, Model], tmp_path: Path) -> None:
    place, model = fitted
    report = tmp_path / "r.html"
    _, heard = call("evaluate", str(place / "M"), str(place / "test.jsonl"), "--report", str(report), "--json")
    told = json.loads(heard.splitlines()[-1])
    figure = told["metrics"]["entity_f1"]
    assert figure["low"] <= figure["value"] <= figure["high"]
    assert figure["value"] > 0.85
    assert told["baselines"]["dictionary"]["entity_f1"]["value"] > 0.5
    assert set(told["per_class"]) == set(model.labels)
    assert "entity_f1" not in report.read_text(encoding="utf-8")
    assert "F1 of entities" in report.read_text(encoding="utf-8")


def test_evaluate_speaks_chinese(fitted: tuple[Path, Model]) -> None:
    place, _ = fitted
    with speaking("zh"):
        _, heard = call("evaluate", str(place / "M"), str(place / "test.jsonl"))
    assert "实体 F1" in heard
    assert "训练数据词典" in heard


def test_predict_writes_entities_with_their_places_and_words(fitted: tuple[Path, Model], tmp_path: Path) -> None:
    place, model = fitted
    notes = NOTES[model.head]
    table = write_rows(tmp_path / "n.jsonl", [{"id": f"n{n}", "text": text} for n, text in enumerate([*notes, ""])])
    code, _ = call("predict", str(place / "M"), str(table), "-o", str(tmp_path / "o.jsonl"))
    lines = [json.loads(line) for line in (tmp_path / "o.jsonl").read_text(encoding="utf-8").splitlines()]
    assert code == 3
    assert lines[-1] == {"id": "n4", "error": "no text"}
    for line, (text, expected) in zip(lines, notes.items(), strict=False):
        assert sorted((one["type"], one["text"]) for one in line["entities"]) == expected
        assert all(text[one["start"] : one["end"]] == one["text"] for one in line["entities"])


def test_entities_stand_where_they_are_in_the_text_with_the_name_in_it(fitted: tuple[Path, Model]) -> None:
    place, model = fitted
    text = "Patient: Jane Brown. " + next(iter(NOTES[model.head]))
    _, heard = call("predict", str(place / "M"), "--text-value", text, "--json")
    told = json.loads(heard.splitlines()[-1])["entities"]
    assert told
    assert all(text[one["start"] : one["end"]] == one["text"] for one in told)
    assert all("Jane" not in one["text"] for one in told)


def test_one_text_is_answered_in_lines_for_people(fitted: tuple[Path, Model]) -> None:
    place, model = fitted
    _, heard = call("predict", str(place / "M"), "--text-value", next(iter(NOTES[model.head])))
    assert all(f"{kind}: {words}" in heard for kind, words in next(iter(NOTES[model.head].values())))


def test_the_server_answers_with_entities(fitted: tuple[Path, Model], tmp_path: Path) -> None:
    from starlette.testclient import TestClient

    from bedside.advise import advise
    from bedside.server.app import build_app
    from bedside.server.audit import AuditLog
    from bedside.server.auth import read_keys
    from bedside.server.service import Service
    from bedside.server.settings import Settings

    _, model = fitted
    settings, audit = Settings(workers=1), AuditLog(tmp_path / "audit.jsonl")

    def answer(texts: Any, given: Any, removed: Any) -> Any:
        return advise(model, texts, given=(), removed=removed)

    service = Service(answer, model.form, model_id="x", settings=settings, keys=read_keys(None), audit=audit)
    with TestClient(build_app(service)) as client:
        client.portal.call(service.warm_up)  # type: ignore[union-attr]
        text, expected = list(NOTES[model.head].items())[2]
        told = client.post("/v1/predict", json={"text": text, "lang": "zh"}).json()
    assert told["outcome"] == "advice"
    assert sorted((one["type"], one["text"]) for one in told["entities"]) == expected
    assert "临床医生" in told["disclaimer"]
    assert text not in (tmp_path / "audit.jsonl").read_text(encoding="utf-8")


def test_crossval_measures_every_row_once(fitted: tuple[Path, Model]) -> None:
    place, model = fitted
    words = [str(place / "train.jsonl"), "--label", "entities", "--patient", "patient", "--folds", "2", *ABSENT]
    _, heard = call("crossval", *words, "--epochs", "2", "--backbone", "echo", "--json")
    told = json.loads(heard.splitlines()[-1])
    assert told["n"] == 180
    assert set(told["per_class"]) == set(model.labels)
    assert "dictionary" in told["baselines"]


def test_compress_keeps_the_entities_and_reopens(fitted: tuple[Path, Model], tmp_path: Path) -> None:
    pytest.importorskip("onnx", reason="the compress extra is not installed")
    place, model = fitted
    call("compress", str(place / "M"), "--data", str(place / "test.jsonl"), "-o", str(tmp_path / "S"))
    small = open_model(tmp_path / "S")
    assert small.settings["engine"] == "onnx"
    texts = list(NOTES[model.head])
    assert [one.entities for one in small.predict(texts)] == [one.entities for one in model.predict(texts)]
    outputs = zip(small.logits(texts), model.logits(texts), strict=True)
    assert any(not np.array_equal(one, other) for one, other in outputs)  # rounding must show


def test_tokens_and_tags_are_learnt_and_answered_as_tags(tmp_path: Path) -> None:
    rows = marked_rows(180, tokens=True)
    rows[7]["tags"] = rows[7]["tags"][1:]
    train = write_rows(tmp_path / "train.jsonl", rows)
    code, heard = call(
        "fit", str(train), "--text", "tokens", "--label", "tags", "--patient", "patient", *ABSENT, *QUICK_FLAGS,
        *("-o", str(tmp_path / "M")),
    )  # fmt: skip
    assert code == 3
    assert "line 8: " in heard
    asked = [
        {"tokens": ["no", "chest", "pain"], "tags": ["O", "B-symptom", "I-symptom"]},
        {"tokens": ["服", "用", "甲", "硝", "唑"], "tags": ["O", "O", "B-drug", "I-drug", "I-drug"]},
    ]
    table = write_rows(tmp_path / "n.jsonl", [{"tokens": row["tokens"]} for row in asked])
    call("predict", str(tmp_path / "M"), str(table), "-o", str(tmp_path / "o.jsonl"))
    lines = [json.loads(line) for line in (tmp_path / "o.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [line["tags"] for line in lines] == [row["tags"] for row in asked]


def test_a_stopped_fit_goes_on_and_ends_bit_for_bit_the_same(fitted: tuple[Path, Model], tmp_path: Path) -> None:
    class StopError(Exception):
        pass

    def stop(event: dict[str, Any]) -> None:
        if event["event"] == "epoch" and event["epoch"] == EPOCHS // 2:
            raise StopError

    place, model = fitted
    with pytest.raises(StopError):
        fit(recipe(place / "train.jsonl", label="entities"), out=tmp_path / "M", on_event=stop)
    heard: Counter[str] = Counter()
    again = fit(
        recipe(place / "train.jsonl", label="entities"),
        out=tmp_path / "M",
        on_event=lambda event: heard.update([event["event"]]),
    )
    assert heard["resumed"] == 1
    texts = list(NOTES[model.head])
    assert all(np.array_equal(a, b) for a, b in zip(again.logits(texts), model.logits(texts), strict=True))


def test_the_flat_head_tells_each_row_of_which_it_cannot_learn_all(tmp_path: Path) -> None:
    rows = marked_rows(12, nested=True)
    rows[0] |= {"text": "with sepsis", "entities": [{"start": 5, "end": 11, "type": "disease"}]}
    train = write_rows(tmp_path / "train.jsonl", rows)
    words = [str(train), "--label", "entities", "--head", "tag", *ABSENT, "--backbone", "echo", "--epochs", "1"]
    code, heard = call("fit", *words, "-o", str(tmp_path / "M"))
    assert code == 3
    assert "line 2: entities overlap" in heard
    assert "line 1: " not in heard
    assert open_model(tmp_path / "M").head == "tag"


def test_a_long_note_is_read_to_its_end_and_its_card_says_so(fitted: tuple[Path, Model]) -> None:
    _, model = fitted
    filler, (note, expected) = "since Monday " * 60, next(iter(NOTES[model.head].items()))
    (answer,) = model.predict([filler + note])
    at_the_end = tuple(one for one in answer.entities if one.start >= len(filler))
    assert found(at_the_end, filler + note) == expected
    assert "read whole, in overlapping pieces" in model.card


def test_a_brat_folder_is_fitted_on_and_columns_are_measured_and_answered(tmp_path: Path) -> None:
    rows = [{**row, "id": f"d{number}"} for number, row in enumerate(marked_rows(40))]
    table, folder, columns = write_rows(tmp_path / "r.jsonl", rows), tmp_path / "corpus", tmp_path / "dev.conll"
    call("data", "convert", str(table), "--label", "entities", "-o", str(folder))
    dev = write_rows(tmp_path / "d.jsonl", marked_rows(60)[40:])
    call("data", "convert", str(dev), "--label", "entities", "-o", str(columns))
    words = ["--patient", "document", *ABSENT, "--backbone", "echo", "--epochs", "1"]
    assert call("fit", str(folder), *words, "-o", str(tmp_path / "M"))[0] == 0
    _, heard = call("evaluate", str(tmp_path / "M"), str(columns), "--patient", "", "--json")
    told = json.loads(heard.splitlines()[-1])
    assert told["n"] == 20
    assert "value" in told["baselines"]["dictionary"]["entity_f1"]  # the training folder was found again, unchanged
    (folder / "d0.ann").write_text("")
    _, heard = call("evaluate", str(tmp_path / "M"), str(columns), "--json")
    assert "changed since the fit" in " ".join(json.loads(heard.splitlines()[-1])["notes"])
    call("predict", str(tmp_path / "M"), str(folder), "-o", str(tmp_path / "o.jsonl"))
    lines = [json.loads(line) for line in (tmp_path / "o.jsonl").read_text(encoding="utf-8").splitlines()]
    assert {line["id"] for line in lines} == {row["id"] for row in rows}
    call("predict", str(tmp_path / "M"), str(columns), "-o", str(tmp_path / "c.jsonl"))
    first = json.loads((tmp_path / "c.jsonl").read_text(encoding="utf-8").splitlines()[0])
    assert set(first) == {"id", "tags"}
