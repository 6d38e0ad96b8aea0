"""The parts of a search: rows of one text stay together where no patients are named; its corpus is searched."""

from __future__ import annotations

import json
import random
import tomllib
from pathlib import Path
from typing import Any

import pytest
from fit_rows import WORDS, rows_of, write_rows
from hypothesis import given, settings
from hypothesis import strategies as st
from test_rank_fit import pairs

from bedside.commands._call import call
from bedside.config import Recipe
from bedside.errors import LeakError
from bedside.lang import speaking
from bedside.train.data import words_of
from bedside.train.tune.parts import Nested, read_nested, trial_recipe

ABSENT = {"identity": "absent", "identity_reason": "made up"}
QUICK = ("--set", "precision=fp32", "--set", "batch_tokens=256", "--set", "epochs=1", "--trials", "1")


def repeated(count: int, texts: int) -> list[dict[str, Any]]:
    """Rows of few texts, in two languages; every second time with other spaces."""
    dice, kinds = random.Random(0), sorted(WORDS)
    rows = []
    for number in range(count):
        which = dice.randrange(texts)
        label = kinds[which % 3]
        words = f"{WORDS[label][which % 2]} {which}"
        rows.append(
            {"patient": f"p{number}", "text": words.replace(" ", "  ") if number % 2 else words, "label": label}
        )
    return rows


def parts_of(train: Path, **data: Any) -> Nested:
    return read_nested(Recipe.from_dict({"data": {"train": train, **ABSENT, **data}, "fit": {}}), lambda count: None)


def words(nested: Nested) -> list[set[tuple[str, str]]]:
    return [set(words_of(rows)) for rows in (nested.learn, nested.select, nested.honest)]


@settings(max_examples=15, deadline=None)
@given(texts=st.integers(20, 60), count=st.integers(80, 160))
def test_a_text_lies_in_one_part_however_often_it_is_repeated(
    tmp_path_factory: pytest.TempPathFactory, texts: int, count: int
) -> None:
    table = write_rows(tmp_path_factory.mktemp("t") / "t.jsonl", repeated(count, texts))
    nested = parts_of(table)
    one, two, three = words(nested)
    assert not one & two | one & three | two & three
    assert sum(map(len, (nested.learn, nested.select, nested.honest))) == count
    assert nested.repeated > 0


def test_where_patients_are_named_they_are_gone_by_and_a_text_may_stand_in_two_parts(tmp_path: Path) -> None:
    table = write_rows(tmp_path / "t.jsonl", repeated(120, 20))
    named, unnamed = parts_of(table, patient="patient"), parts_of(table)
    assert named.repeated == 0
    assert words(named)[0] & words(named)[1]
    assert not words(unnamed)[0] & words(unnamed)[1]
    unlike = write_rows(
        tmp_path / "u.jsonl", [{**row, "text": f"{row['text']} {n}"} for n, row in enumerate(rows_of(60))]
    )
    assert parts_of(unlike).repeated == 0


def test_tuning_rows_of_texts_that_are_learnt_from_are_left_out_and_a_table_of_them_is_refused(tmp_path: Path) -> None:
    train = write_rows(
        tmp_path / "a.jsonl", [{**row, "text": f"{row['text']} {n}"} for n, row in enumerate(rows_of(60))]
    )
    fresh = [{**row, "text": f"since Monday {row['text']} {n}"} for n, row in enumerate(rows_of(40))]
    learnt = [json.loads(line) for line in train.read_text(encoding="utf-8").splitlines()[:10]]
    nested = parts_of(train, dev=write_rows(tmp_path / "b.jsonl", fresh + learnt))
    assert nested.learnt == 10
    assert not words(nested)[0] & (words(nested)[1] | words(nested)[2])
    with pytest.raises(LeakError, match="most tuning texts"):
        parts_of(train, dev=write_rows(tmp_path / "c.jsonl", learnt))


def test_a_search_of_repeated_texts_runs_and_tells_of_it_once(tmp_path: Path) -> None:
    pytest.importorskip("optuna")
    table = write_rows(tmp_path / "t.jsonl", repeated(120, 24))
    for lang, said in (("en", "have a text that other rows have too"), ("zh", "的文本与其他行相同")):
        with speaking(lang):  # type: ignore[arg-type]
            code, heard = call(
                "tune", str(table), "--backbone", "echo", "--identity", "absent", "made up", *QUICK,
                "-o", str(tmp_path / lang),
            )  # fmt: skip
        assert code == 0
        assert heard.count(said) == 1


def test_a_ranking_is_tuned_over_the_corpus_that_the_recipe_names(tmp_path: Path) -> None:
    pytest.importorskip("optuna")
    table = write_rows(tmp_path / "t.jsonl", pairs(80, 0))
    corpus = write_rows(tmp_path / "c.jsonl", [{"id": f"d{n}", "answer": f"NOTHING OF IT {n}"} for n in range(400)])
    plain = ["tune", str(table), "--head", "rank", "--text", "question", "--text-b", "answer", "--backbone", "echo"]
    plain += ["--identity", "absent", "made up", *QUICK, "--json", "-o"]
    told = {}
    for name, more in (("without", ()), ("with", ("--set", f"data.corpus={corpus}"))):
        code, heard = call(*plain, str(tmp_path / name), *more)
        assert code == 0
        told[name] = json.loads(heard.splitlines()[-1])
    alone, among = (told[name]["rivals"]["chance"]["value"] for name in ("without", "with"))
    assert among < alone / 3, "by chance the right one of 400 more is hardly found"
    best = tomllib.loads((tmp_path / "with" / "best.toml").read_text(encoding="utf-8"))
    assert best["data"]["corpus"] == str(corpus.resolve())


def test_a_trial_knows_the_corpus_by_its_whole_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    columns = {"text": "question", "text_b": "answer", "corpus": "c.jsonl", "top": 3}
    recipe = Recipe.from_dict({"data": {"train": "t.jsonl", **ABSENT, **columns}, "fit": {"head": "rank"}})
    trial = trial_recipe(recipe, "rank", tmp_path / "work", {})
    assert (trial.data.corpus, trial.data.top) == (tmp_path.resolve() / "c.jsonl", 3)
    plain = Recipe.from_dict({"data": {"train": "t.jsonl", **ABSENT}, "fit": {}})
    assert trial_recipe(plain, "classify", tmp_path / "work", {}).data.corpus is None
