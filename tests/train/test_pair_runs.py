"""Two texts read together, end to end on echo: neither is lost, neither keeps identity, and the second one counts."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from fit_rows import write_rows
from score_rows import pairs_of

from bedside import open_model
from bedside.advise import advise
from bedside.backbones._load import load_backbone
from bedside.commands._call import call
from bedside.config import DataRecipe
from bedside.errors import ModelError, UsageError
from bedside.lang import speaking
from bedside.model.forms import form_of
from bedside.model.given import Given
from bedside.model.reading import read_labelled, read_texts
from bedside.server.errors import Refusal
from bedside.server.predict import Answer, read_request, write_answer
from bedside.server.settings import Settings

QUICK = ["--backbone", "echo", "--set", "precision=fp32", "--set", "learning_rate=3e-3", "--set", "batch_tokens=512"]
COLUMNS = ["--text-b", "note", "--patient", "patient"]
ABSENT = ["--identity", "absent", "made up"]
FEVER = ("Is there fever?", "fever since Monday", "denies any chill")


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_rows(tmp_path_factory.mktemp("pairs") / "pairs.jsonl", pairs_of(240))


@pytest.fixture(scope="module")
def model(table: Path) -> Path:
    out = table.parent / "M"
    code, _ = call("fit", str(table), *COLUMNS, *ABSENT, *QUICK, "--epochs", "8", "-o", str(out))
    assert code == 0
    return out


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_the_same_question_is_answered_by_what_the_second_text_says(model: Path) -> None:
    opened = open_model(model)
    question, present, absent = FEVER
    said = opened.predict(
        [question, question, "有无发热？", "有无发热？"],
        [Given(second=s) for s in (present, absent, "高热三天", "未见异常")],
    )
    assert opened.head == "pair"
    assert [one.label for one in said] == ["yes", "no", "yes", "no"]


def test_a_row_without_its_second_text_is_refused_and_the_rest_is_kept(tmp_path: Path) -> None:
    rows = [{"text": "a?", "note": note, "label": "x"} for note in ("fever", " ", None, "发热")]
    path = write_rows(tmp_path / "p.jsonl", rows)
    recipe = DataRecipe(train=path, text_b="note")
    found = read_labelled(path, recipe)
    assert (found.head, [given.second for given in found.given]) == ("pair", ["fever", "发热"])
    assert [(one.place, one.what) for one in found.refused] == [
        ("line 2", "no second text; left out"),
        ("line 3", "no second text; left out"),
    ]
    with speaking("zh"):
        assert read_labelled(path, recipe).refused[0].what == "没有第二段文本；未使用"
    assert [row.problem is None for row in read_texts(path, recipe, head="pair")] == [True, False, False, True]
    with pytest.raises(UsageError, match="--text-b"):
        read_labelled(path, DataRecipe(train=path), head="pair")


def test_identity_leaves_both_texts_in_both_languages(tmp_path: Path) -> None:
    rows = [
        {"text": "Was Mr John Smith seen?", "note": "Seen by Dr. Mary Jones, phone 617-555-0142.", "label": "yes"},
        {"text": "患者张伟是否就诊？", "note": "患者张伟，电话13812345678，已就诊。", "label": "yes"},
    ]
    path = write_rows(tmp_path / "p.jsonl", rows)
    clean = form_of("pair").scrub(read_labelled(path, DataRecipe(train=path, text_b="note")), "scrub")
    for first, given in zip(clean.texts, clean.given, strict=True):
        assert not any(name in first + given.second for name in ("Smith", "Jones", "0142", "张伟", "13812345678"))
        assert "[" in given.second


def test_a_pair_that_is_too_long_keeps_both_ends_of_both(model: Path) -> None:
    opened = open_model(model)
    long = "fever " * 200
    limit = opened.settings["max_tokens"]
    for first, second in (("Is it so? " + long, "short answer"), ("Is it so?", long + "denied"), (long, long)):
        encoded = opened.encode([first], [Given(second=second)])
        read = opened.tokenizer.decode(encoded.ids[0])
        assert (len(encoded.ids[0]), encoded.cut) == (limit, (0,))
        for text in (first, second):
            assert text[:8] in read
            assert text.strip()[-5:] in read
    short = opened.encode(["Is it so?"], [Given(second="no")])
    assert short.cut == ()


def test_predict_answers_pairs_and_says_which_row_lacks_one(model: Path, tmp_path: Path) -> None:
    rows = [{"id": n, "text": FEVER[0], "note": note} for n, note in enumerate((FEVER[1], "", FEVER[2]))]
    data, out = write_rows(tmp_path / "d.jsonl", rows), tmp_path / "o.jsonl"
    code, _ = call("predict", str(model), str(data), "-o", str(out))
    first, second, third = lines(out)
    assert (code, first["label"], third["label"]) == (3, "yes", "no")
    assert second == {"id": "1", "error": "no second text"}
    _, heard = call("predict", str(model), "--text-value", FEVER[0], "--text-b-value", FEVER[2], "--json")
    assert json.loads(heard)["label"] == "no"
    with pytest.raises(UsageError, match="--text-b-value"):
        call("predict", str(model), "--text-value", FEVER[0])


def test_evaluate_sets_pairs_beside_a_baseline_that_sees_both(model: Path, tmp_path: Path) -> None:
    fresh = [{**row, "patient": f"q{n}"} for n, row in enumerate(pairs_of(60))]
    data = write_rows(tmp_path / "test.jsonl", fresh)
    _, heard = call("evaluate", str(model), str(data), "--json")
    found = json.loads(heard.splitlines()[-1])
    assert found["metrics"]["accuracy"]["value"] > 0.9
    assert found["baselines"]["tfidf"]["accuracy"]["value"] > 0.9
    assert found["baselines"]["majority"]["accuracy"]["value"] < 0.7


def test_crossval_answers_every_pair_once(tmp_path: Path) -> None:
    data = write_rows(tmp_path / "all.jsonl", pairs_of(40))
    code, heard = call("crossval", str(data), *COLUMNS, *ABSENT, *QUICK, "--folds", "2", "--epochs", "1", "--json")
    found = json.loads(heard.splitlines()[-1])
    assert (code, found["n"], found["n_patients"]) == (0, 40, 20)
    assert set(found["baselines"]) == {"chance", "majority", "tfidf"}


def test_a_request_needs_a_second_text_for_each(model: Path) -> None:
    opened, settings = open_model(model), Settings()

    def ask(body: dict[str, Any]) -> dict[str, Any]:
        asked = read_request(json.dumps(body).encode(), "en", settings, two=opened.form.two)
        answers = [Answer(one, Counter()) for one in advise(opened, asked.texts, given=asked.given)]
        return write_answer(asked, answers, form=opened.form, model="m", request_id="r")

    told = ask({"texts": [FEVER[0]] * 2, "texts_b": [FEVER[1], FEVER[2]]})
    assert [result["label"] for result in told["results"]] == ["yes", "no"]
    for wrong in ({"text": "a"}, {"text": "a", "text_b": " "}, {"texts": ["a", "b"], "texts_b": ["c"]}):
        with pytest.raises(Refusal):
            ask(wrong)


def test_a_compressed_pair_model_says_the_same(model: Path) -> None:
    pytest.importorskip("onnx", reason="the compress extra is not installed")
    from bedside.train.compress import compress

    whole, rows = open_model(model), pairs_of(30)
    texts, given = [row["text"] for row in rows], [Given(second=row["note"]) for row in rows]
    small = compress(whole, texts, given)
    same = map(whole.form.agree, whole.predict(texts, given), small.predict(texts, given))
    assert sum(same) >= 29


def test_pairs_are_the_same_in_tuning_only_when_both_texts_are(tmp_path: Path) -> None:
    rows = pairs_of(60)
    train = write_rows(tmp_path / "t.jsonl", [{**row, "note": f"{row['note']} {n}"} for n, row in enumerate(rows)])
    dev = write_rows(
        tmp_path / "d.jsonl", [{**row, "note": f"{row['note']} {n + 90}"} for n, row in enumerate(rows[:20])]
    )
    words = ["fit", str(train), "--dev", str(dev), "--text-b", "note", *ABSENT, *QUICK, "--epochs", "1"]
    _, heard = call(*words, "-o", str(tmp_path / "M"))
    assert "in the training part too" not in heard


def test_a_fit_can_begin_where_another_ended(model: Path, table: Path, tmp_path: Path) -> None:
    words = ["--backbone", str(model), "--adapt", "frozen", "--set", "precision=fp32", "--epochs", "1"]
    code, _ = call("fit", str(table), *COLUMNS, *ABSENT, *words, "-o", str(tmp_path / "N"))
    first, second = open_model(model), open_model(tmp_path / "N")
    assert code == 0
    assert second.settings["backbone"] == first.settings["backbone"]
    assert second.settings["prefix"] == first.settings["prefix"]
    weights = [one.network.state_dict() for one in (first, second)]
    assert all((weights[0][name] == weights[1][name]).all() for name in weights[0])


def test_a_model_folder_without_its_parts_is_no_backbone(tmp_path: Path) -> None:
    (tmp_path / "model.json").write_text('{"head": "pair"}')
    with pytest.raises(ModelError, match="not a whole model folder"):
        load_backbone(str(tmp_path))
