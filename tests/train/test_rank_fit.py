"""A ranking fitted end to end on echo: it learns, resumes bit for bit, is measured, asked, and finds hard cases."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fit_rows import write_rows
from safetensors.torch import load_file
from typer.testing import CliRunner

from bedside import open_model
from bedside.cli import build
from bedside.config import DataRecipe, Recipe
from bedside.errors import UsageError
from bedside.model.reading import read_labelled
from bedside.train import groups as grouping
from bedside.train.fit import fit
from bedside.train.negatives import with_negatives

SIGNS = ["fever", "cough", "胸痛", "rash", "头晕", "gout", "anaemia", "腹泻", "asthma", "便秘", "stroke", "eczema"]
DRUGS = [sign[::-1].upper() for sign in SIGNS]


def pairs(count: int, seed: int) -> list[dict[str, Any]]:
    dice = random.Random(seed)
    rows = []
    for number in range(count):
        two = dice.sample(range(len(SIGNS)), 2)
        question, answer = (" ".join(words[place] for place in two) for words in (SIGNS, DRUGS))
        rows.append({"id": f"{seed}-{number}", "question": question, "answer": f"{answer} {number % 9}"})
    return rows


def recipe(train: Path, **fit: Any) -> Recipe:
    columns = {"text": "question", "text_b": "answer", "id": "id"}
    data = {"train": train, **columns, "identity": "absent", "identity_reason": "made up"}
    plain = {"backbone": "echo", "head": "rank", "epochs": 2, "learning_rate": 3e-3, "precision": "fp32"}
    return Recipe.from_dict({"data": data, "fit": plain | {"batch_tokens": 128, "temperature": 0.1} | fit})


@pytest.fixture
def asked(tmp_path: Path) -> Path:
    return write_rows(tmp_path / "train.jsonl", pairs(96, 0))


@pytest.mark.parametrize("adapt", ["full", "frozen"])
def test_a_ranking_learns_and_the_folder_answers_as_the_model_did(asked: Path, tmp_path: Path, adapt: str) -> None:
    model = fit(recipe(asked, adapt=adapt, epochs=6, head_learning_rate=0.05), out=tmp_path / "M")
    losses = [epoch["loss"] for epoch in model.fitting["history"]]
    assert losses[-1] < losses[0] - 0.2
    rows = read_labelled(asked, recipe(asked).data, head="rank").take(list(range(20)))
    again = open_model(tmp_path / "M").predict(rows.texts, rows.given)
    assert again == model.predict(rows.texts, rows.given)
    assert {document.id for document in again[0].documents} == {label[0][0] for label in rows.labels}


def test_activations_computed_again_give_the_same_gradients(
    asked: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = fit(recipe(asked, epochs=1), out=tmp_path / "kept")
    monkeypatch.setattr(grouping, "KEPT_TOKENS", 0)
    again = fit(recipe(asked, epochs=1), out=tmp_path / "again")
    assert np.allclose(kept.logits(SIGNS), again.logits(SIGNS), atol=1e-5)


KILLED = """
import os, signal, sys
from pathlib import Path
sys.path.insert(0, sys.argv[3])
from test_rank_fit import recipe
from bedside.train.fit import fit

def die(event):
    if event["event"] == "step" and event["step"] == 4:
        os.kill(os.getpid(), signal.SIGKILL)

fit(recipe(Path(sys.argv[1]), checkpoint_minutes=1e-9), out=sys.argv[2], on_event=die)
"""


def test_a_killed_fit_goes_on_and_ends_bit_for_bit_the_same(asked: Path, tmp_path: Path) -> None:
    fit(recipe(asked, checkpoint_minutes=1e-9), out=tmp_path / "straight")
    words = [sys.executable, "-c", KILLED, str(asked), str(tmp_path / "killed"), str(Path(__file__).parent)]
    assert subprocess.run(words, env=os.environ, check=False).returncode == -signal.SIGKILL
    heard: list[dict[str, Any]] = []
    fit(recipe(asked, checkpoint_minutes=1e-9), out=tmp_path / "killed", on_event=heard.append)
    assert "resumed" in [event["event"] for event in heard]
    for name in ("head.safetensors", "backbone/model.safetensors"):
        one, two = load_file(tmp_path / "straight" / name), load_file(tmp_path / "killed" / name)
        assert all((one[key] == two[key]).all() for key in one), name


def test_hard_cases_share_words_with_the_question_and_are_not_its_answer(tmp_path: Path) -> None:
    rows = [
        {"question": "knee pain", "answer": "rest the knee"},
        {"question": "knee pain", "answer": "ice the knee"},
        {"question": "knee swelling", "answer": "knee braces help"},
        {"question": "胸痛三天", "answer": "胸痛需做心电图"},
    ]
    data = DataRecipe(train=write_rows(tmp_path / "t.jsonl", rows), text="question", text_b="answer")
    found = with_negatives(read_labelled(data.train, data, head="rank"), 2)
    assert found.given[0].documents == ("rest the knee", "knee braces help")
    assert found.labels[0] == (("1", 1), ("2", 0))
    assert found.given[3].documents == ("胸痛需做心电图",)


def test_the_commands_fit_measure_and_rank(asked: Path, tmp_path: Path) -> None:
    def run(*words: str) -> Any:
        done = CliRunner().invoke(build(), list(words), catch_exceptions=False)
        assert done.exit_code == 0, done.output
        return json.loads(done.stdout.splitlines()[-1])

    columns = ["--text", "question", "--text-b", "answer"]
    settings = ["--set", "negatives=1", "--set", "precision=fp32", "--epochs", "1", "--backbone", "echo"]
    identity = ["--identity", "absent", "made up"]
    model = str(tmp_path / "M")
    run("fit", str(asked), *columns, "--head", "rank", *settings, *identity, "-o", model, "--json")
    test = write_rows(tmp_path / "test.jsonl", pairs(24, 1))
    done = run("evaluate", model, str(test), "--json")
    assert set(done["metrics"]) == {"mrr", "ndcg@10", "recall@1", "recall@10", "recall@100"}
    assert done["metrics"]["mrr"]["n"] == 24
    assert done["metrics"]["mrr"]["low"] < done["metrics"]["mrr"]["value"] < done["metrics"]["mrr"]["high"]
    assert set(done["baselines"]) == {"bm25", "untuned", "chance"}
    assert done["metrics"]["recall@100"]["value"] == 1
    harder = run("evaluate", model, str(test), "--set", f"data.corpus={asked}", "--json")
    assert harder["baselines"]["chance"]["mrr"]["value"] < done["baselines"]["chance"]["mrr"]["value"]
    out = tmp_path / "out.jsonl"
    run("predict", model, str(test), "--set", f"data.corpus={asked}", "--set", "data.top=3", "-o", str(out), "--json")
    first = json.loads(out.read_text(encoding="utf-8").splitlines()[0])
    assert [len(first["documents"]), first["id"]] == [3, "1-0"]
    assert first["documents"][0]["score"] >= first["documents"][2]["score"]
    assert first["documents"][0]["id"].startswith("0-")
    alone = CliRunner().invoke(build(), ["predict", model, "--text-value", "fever"])
    assert isinstance(alone.exception, UsageError)


def test_a_list_of_its_own_is_ranked_by_number_and_its_identity_is_removed(asked: Path, tmp_path: Path) -> None:
    model = str(tmp_path / "M")
    fit(recipe(asked, epochs=1), out=model)
    row = {"question": "fever cough", "answer": ["REVEF HGUOC, says Dr. John Smith, 415-555-0132", "TUOG"]}
    out = tmp_path / "out.jsonl"
    words = ["predict", model, str(write_rows(tmp_path / "q.jsonl", [row])), "-o", str(out)]
    assert CliRunner().invoke(build(), words, catch_exceptions=False).exit_code == 0
    told = json.loads(out.read_text(encoding="utf-8"))
    assert sorted(document["id"] for document in told["documents"]) == ["1", "2"]


def test_a_pair_model_orders_the_first_documents_anew_and_another_kind_is_refused(asked: Path, tmp_path: Path) -> None:
    fit(recipe(asked, epochs=1), out=tmp_path / "M")
    judged = [{**row, "label": ["no", "yes"][number % 2]} for number, row in enumerate(pairs(40, 2))]
    own = recipe(write_rows(tmp_path / "pairs.jsonl", judged), head="pair", epochs=1)
    fit(own, out=tmp_path / "J")
    words = ["predict", str(tmp_path / "M"), "--text-value", "fever cough", "--set", f"data.corpus={asked}", "--json"]
    told = [
        json.loads(CliRunner().invoke(build(), [*words, *more], catch_exceptions=False).stdout.splitlines()[-1])
        for more in (
            [],
            ["--reranker", str(tmp_path / "J")],
            ["--set", "data.top=40", "--reranker", str(tmp_path / "J")],
        )
    ]
    plain, anew, deep = ([one["id"] for one in answer["documents"]] for answer in told)
    assert len(plain) == len(anew) == 10
    assert len(deep) == 40
    assert anew == deep[:10]
    assert set(plain) < set(deep[:20])
    refused = CliRunner().invoke(build(), [*words, "--reranker", str(tmp_path / "M")])
    assert isinstance(refused.exception, UsageError)


def test_crossval_ranks_the_documents_of_each_fold(asked: Path) -> None:
    words = ["crossval", str(asked), "--text", "question", "--text-b", "answer", "--head", "rank", "--folds", "2"]
    words += ["--backbone", "echo", "--epochs", "1", "--set", "precision=fp32", "--identity", "absent", "made up"]
    done = CliRunner().invoke(build(), [*words, "--json"], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout.splitlines()[-1])
    assert told["n"] == 96
    assert set(told["baselines"]) == {"bm25", "chance"}
