"""Ranking: one right document or a graded list, a corpus in blocks, BM25, and figures by their definitions."""

from __future__ import annotations

import csv
import json
from math import log
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import ndcg_score

from bedside.backbones._load import load_backbone
from bedside.config import DataRecipe
from bedside.errors import UsageError
from bedside.lang import speaking
from bedside.model import corpus as blocks
from bedside.model.bm25 import BM25, K1, B, terms_of
from bedside.model.corpus import Corpus, search
from bedside.model.forms.ranking import RankForm
from bedside.model.given import Given
from bedside.model.lists import key_of
from bedside.model.ranks import ndcg, recall, reciprocal_rank
from bedside.model.reading import read_labelled, read_texts
from bedside.types import Ranked, Ranking


def table(path: Path, rows: list[dict[str, Any]]) -> Path:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path


LISTS = [
    {
        "query": "茄子不能和什么一起吃",
        "documents": [{"title": "茄子的禁忌", "label": 2}, {"title": "茄子的做法", "label": 0}],
    },
    {"query": "头痛怎么办", "documents": [{"title": "头痛", "label": 0}]},
    {"query": "头痛怎么办", "documents": [{"title": "头痛", "label": 1}, {"title": " ", "label": 0}]},
    {"query": "头痛怎么办", "documents": [{"title": "头痛"}]},
    {"query": "头痛怎么办", "documents": []},
]


def test_a_graded_list_is_read_and_one_that_teaches_nothing_is_told_with_its_place(tmp_path: Path) -> None:
    data = DataRecipe(train=table(tmp_path / "q.jsonl", LISTS), text="query", text_b="documents")
    rows = read_labelled(data.train, data, head="rank")
    assert rows.labels == [(("1", 2), ("2", 0))]
    assert rows.given[0].documents == ("茄子的禁忌", "茄子的做法")
    assert [(one.place, one.what) for one in rows.refused] == [
        ("line 2", "no document is right: every grade is 0; left out"),
        ("line 3", "document 2 has no text; left out"),
        ("line 4", "document 1 has no grade (0, 1, 2, ...); left out"),
        ("line 5", "no documents; left out"),
    ]
    with speaking("zh"):
        assert "第 2 篇文档没有文本" in read_labelled(data.train, data, head="rank").refused[1].what


def test_a_table_of_text_holds_the_list_as_json_and_a_document_may_begin_with_a_bracket(tmp_path: Path) -> None:
    path = tmp_path / "q.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        lines = csv.writer(file)
        lines.writerow(["query", "documents"])
        lines.writerow([LISTS[0]["query"], json.dumps(LISTS[0]["documents"], ensure_ascii=False)])
        lines.writerow(["What is gout?", "[1] Gout is a painful arthritis."])
    data = DataRecipe(train=path, text="query", text_b="documents")
    rows = read_labelled(path, data, head="rank")
    assert rows.given[0].documents == ("茄子的禁忌", "茄子的做法")
    assert rows.labels[0] == (("1", 2), ("2", 0))
    assert rows.given[1].second == "[1] Gout is a painful arthritis."
    assert next(read_texts(path, data, head="rank")).given.documents == ("茄子的禁忌", "茄子的做法")


def test_a_right_document_is_known_by_what_it_says_before_and_after_identity_is_gone(tmp_path: Path) -> None:
    row = {"question": "Who saw her?", "answer": "Seen by Dr. John Smith on 2024-03-05, call 415-555-0132."}
    data = DataRecipe(train=table(tmp_path / "q.jsonl", [row]), text="question", text_b="answer")
    rows = read_labelled(data.train, data, head="rank")
    clean = RankForm().scrub(rows, "scrub")
    assert "415-555-0132" not in clean.given[0].second
    assert clean.labels == [((key_of(clean.given[0].second), 1),)] != rows.labels


def test_a_question_to_be_answered_needs_a_list_or_a_corpus(tmp_path: Path) -> None:
    path = table(tmp_path / "q.jsonl", [{"question": "Is it gout?"}])
    bare = DataRecipe(train=path, text="question", text_b="answer")
    with pytest.raises(UsageError, match="no corpus is named"):
        list(read_texts(path, bare, head="rank"))
    with_corpus = bare.model_copy(update={"corpus": path})
    assert next(read_texts(path, with_corpus, head="rank")).text == "Is it gout?"


def test_questions_and_documents_of_e5_begin_with_their_own_words() -> None:
    tokenizer = load_backbone("echo").tokenizer
    encoded = RankForm().encode(
        tokenizer, ["gout?"], [Given(second="Gout is a joint disease.")], prefix="query: ", max_tokens=64
    )
    assert [tokenizer.decode(ids) for ids in encoded.ids] == [
        "<s>query: gout?</s>",
        "<s>passage: Gout is a joint disease.</s>",
    ]
    plain = RankForm().encode(tokenizer, ["gout?"], [Given(second="Gout.")], prefix="", max_tokens=64)
    assert [tokenizer.decode(ids) for ids in plain.ids] == ["<s>gout?</s>", "<s>Gout.</s>"]


def test_one_document_of_two_rows_is_encoded_once_and_a_long_one_is_told_as_cut() -> None:
    rest = "Rest and fluids, and come back if the fever lasts."
    encoded = RankForm().encode(
        load_backbone("echo").tokenizer, ["flu?", "cold?"], [Given(second=rest)] * 2, prefix="", max_tokens=16
    )
    assert encoded.lists is not None
    assert encoded.lists.members == [(0, 2), (1, 2)]
    assert (len(encoded.ids), encoded.cut) == (3, (2,))


@pytest.mark.parametrize("split", [False, True])
def test_search_in_blocks_finds_what_all_pairs_would(monkeypatch: pytest.MonkeyPatch, split: bool) -> None:
    dice = np.random.default_rng(0)
    questions, documents = (dice.normal(size=(n, 8)).astype(np.float32) for n in (7, 50))
    monkeypatch.setattr(blocks, "QUESTIONS", 3)
    monkeypatch.setattr(blocks, "DOCUMENTS", 6)
    names = [f"d{number}" for number in range(50)]
    parts = [slice(0, 20), slice(20, 50)] if split else [slice(0, 50)]
    found = search(questions, [Corpus(names[part], documents[part]) for part in parts], 9)
    scores = questions @ documents.T
    for row, best in enumerate(found):
        assert [name for name, _, _ in best] == [names[place] for place in np.argsort(-scores[row])[:9]]
        assert [score for _, score, _ in best] == pytest.approx(sorted(scores[row], reverse=True)[:9])


def test_a_document_in_two_corpora_is_found_once() -> None:
    corpus = Corpus(["a", "b"], np.eye(2, dtype=np.float32))
    assert [name for name, _, _ in search(np.eye(2, dtype=np.float32)[:1], [corpus, corpus], 5)[0]] == ["a", "b"]


def test_bm25_is_the_formula_of_the_paper() -> None:
    documents = ["fever and cough", "fever fever since monday", "knee pain"]
    lengths, mean = [3, 4, 2], 3.0
    for number, count in ((0, 1), (1, 2)):
        rarity = log(1 + (3 - 2 + 0.5) / (2 + 0.5))
        expected = rarity * count / (count + K1 * (1 - B + B * lengths[number] / mean))
        assert BM25(documents).scores(["fever"])[0, number] == pytest.approx(expected)
    assert BM25(documents).scores(["fever"])[0, 2] == 0
    assert BM25(["!", "?"]).scores(["fever"]).tolist() == [[0, 0]]


def test_chinese_is_matched_by_its_characters_and_english_by_its_words() -> None:
    assert BM25(["右上肺结节", "膝关节疼痛"]).scores(["肺里有结节"]).argmax() == 0
    assert terms_of("IL-6升高") == ["il", "6", "升", "高", "升高"]


@given(st.lists(st.integers(0, 3), min_size=2, max_size=15), st.randoms(use_true_random=False))
def test_ndcg_is_that_of_scikit_learn(grades: list[int], dice: Any) -> None:
    names = [str(number) for number in range(len(grades))]
    order = list(range(len(grades)))
    dice.shuffle(order)
    scores = [-order.index(number) for number in range(len(grades))]
    found = ndcg(tuple(zip(names, grades, strict=True)), [names[number] for number in order])
    assert found == pytest.approx(ndcg_score([grades], [scores], k=10))


def test_reciprocal_rank_and_recall_look_for_the_best_grade_alone() -> None:
    grades = (("a", 1), ("b", 2), ("c", 2), ("d", 0))
    assert reciprocal_rank(grades, ["a", "d", "b", "c"]) == 1 / 3
    assert [recall(grades, ["a", "d", "b", "c"], k) for k in (2, 3, 4)] == [0, 0.5, 1]
    assert reciprocal_rank(grades, ["a", "d"]) == recall(grades, ["a", "d"], 10) == 0


def test_a_second_judge_orders_the_first_documents_anew_and_leaves_the_rest() -> None:
    corpus = Corpus(["a", "b", "c"], np.array([[1, 0], [0.9, 0.1], [0, 1]], np.float32), ["x", "xxx", "xxxxx"])
    form = RankForm(corpora=(corpus,), rerank=lambda question, texts: [len(one) for one in texts], reranked=2)
    encoded = form.encode(load_backbone("echo").tokenizer, ["?"], prefix="", max_tokens=8)
    (answer,) = form.answers(np.array([[1, 0]], np.float32), encoded, (), form.calibrate([], [], encoded, ()))
    assert [one.id for one in answer.documents] == ["b", "a", "c"]


def test_two_rankings_agree_by_their_first_document() -> None:
    one, other = (Ranking((Ranked("a", 0.9), Ranked("b", low))) for low in (0.5, 0.2))
    assert RankForm().agree(one, other)
    assert RankForm().change(one, other) == pytest.approx(0.3)
    assert not RankForm().agree(one, Ranking(other.documents[::-1]))
