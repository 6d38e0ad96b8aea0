"""The words that decide are the words that are named, with shares that add up."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer, models, pre_tokenizers
from torch import nn

from bedside.errors import UsageError
from bedside.explain.attribute import explain
from bedside.explain.faithfulness import check
from bedside.explain.words import Word, to_words, without, words_of
from bedside.model.forms import form_of

VOCABULARY = ["<pad>", "spiculated", "smooth", "nodule", "lung", "the", "in", "毛刺", "结节", "肺", "<unk>"]
WEIGHT = {"spiculated": 4.0, "smooth": -4.0, "毛刺": 4.0}


class Bag(nn.Module):
    """A network whose answer is the sum of known word weights: what a right explanation must find."""

    def __init__(self) -> None:
        super().__init__()
        self.out = nn.Linear(1, 1)

    def embed(self, ids: torch.Tensor) -> torch.Tensor:
        weights = torch.tensor([WEIGHT.get(word, 0.0) for word in VOCABULARY])
        return weights[ids][..., None]

    def run(self, hidden: torch.Tensor, mask: torch.Tensor, start: int = 0, stop: int | None = None) -> torch.Tensor:
        return hidden

    def forward(self, hidden: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        total = torch.tanh(hidden.sum(dim=(1, 2)) / 4)
        return torch.stack([-total, total], dim=1)


@dataclass
class Model:
    """The parts of a model that explaining needs, around a `Bag`."""

    engine: str = "torch"
    blind: bool = False
    labels: tuple[str, ...] = ("benign", "malignant")
    head: str = "classify"
    network: Bag = field(default_factory=Bag)

    @property
    def form(self) -> Any:
        return form_of(self.head)

    @property
    def head_module(self) -> Bag:
        return self.network

    @property
    def settings(self) -> dict[str, Any]:
        return {"prefix": "", "max_tokens": 64, "pad_id": 0, "engine": self.engine}

    @property
    def tokenizer(self) -> Tokenizer:
        words = Tokenizer(models.WordLevel({w: i for i, w in enumerate(VOCABULARY)}, unk_token="<unk>"))
        words.pre_tokenizer = pre_tokenizers.Whitespace()
        return words

    def encode(self, texts: list[str]) -> Any:
        return type("Encoded", (), {"cut": ()})

    def probabilities(self, texts: list[str]) -> Any:
        if self.blind:
            return np.tile([0.4, 0.6], (len(texts), 1))
        rows = [self.tokenizer.encode(text).ids or [0] for text in texts]
        with torch.no_grad():
            logits = [self.network(self.network.embed(torch.tensor([ids])), torch.ones(1, len(ids)))[0] for ids in rows]
        return torch.softmax(torch.stack(logits), dim=1).numpy()


def strongest(text: str, model: Model, **options: Any) -> str:
    found = explain(model, text, **options)
    word = max(found.words, key=lambda word: abs(word.score))
    return text[word.start : word.end]


@pytest.mark.parametrize("method", ["integrated_gradients", "occlusion"])
@pytest.mark.parametrize(
    ("text", "word"), [("the spiculated nodule in the lung", "spiculated"), ("肺 结节 毛刺", "毛刺")], ids=["en", "zh"]
)
def test_the_deciding_word_is_named(text: str, word: str, method: str) -> None:
    assert strongest(text, Model(), method=method) == word


def test_a_text_of_too_many_words_is_refused_before_each_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bedside.explain.attribute.MOST_WORDS", 3)
    assert strongest("the spiculated nodule", Model()) == "spiculated"
    with pytest.raises(UsageError, match=r"too many words to explain: 4\. Allowed: <= 3"):
        explain(Model(), "the spiculated nodule nodule")


def test_a_word_for_the_label_and_one_against_it_have_opposite_signs() -> None:
    found = explain(Model(), "spiculated smooth nodule", label="malignant")
    scores = [word.score for word in found.words]
    assert scores[0] > 0 > scores[1]
    assert scores[2] == pytest.approx(0)


def test_the_shares_add_up_to_the_change_in_log_odds() -> None:
    found = explain(Model(), "the spiculated nodule", label="malignant")
    chance = found.probability
    assert found.completeness_error is not None
    assert found.completeness_error < 0.05
    assert sum(word.score for word in found.words) == pytest.approx(np.log(chance / (1 - chance)), rel=0.06)


def test_a_compressed_model_is_explained_by_leaving_words_out() -> None:
    assert explain(Model(), "spiculated nodule").method == "integrated_gradients"
    compressed = explain(Model(engine="onnx"), "spiculated nodule")
    assert (compressed.method, compressed.completeness_error) == ("occlusion", None)


def test_an_explanation_that_holds_is_trusted_and_one_of_a_blind_model_is_not() -> None:
    text = "the spiculated nodule in the lung the lung in the lung"
    seeing, blind = Model(), Model(blind=True)
    assert check(seeing, explain(seeing, text)).trusted is True
    assert check(blind, explain(blind, text)).trusted is False


def test_a_text_of_three_words_is_too_short_to_check() -> None:
    model = Model()
    verdict = check(model, explain(model, "the spiculated nodule"))
    assert verdict.trusted is None
    assert "Too short" in str(verdict)


def test_no_words_and_unknown_labels_are_refused() -> None:
    with pytest.raises(UsageError):
        explain(Model(), "  ")
    with pytest.raises(UsageError, match="benign, malignant"):
        explain(Model(), "nodule", label="fracture")


@given(st.text(alphabet="abc .,-'胸痛三天，é\n", max_size=60))
def test_words_lie_in_order_and_cover_all_but_white_space(text: str) -> None:
    words = words_of(text)
    covered = "".join(text[word.start : word.end] for word in words)
    assert covered == "".join(text.split())
    assert all(a.end <= b.start for a, b in pairwise(words))


def test_a_piece_that_straddles_two_words_is_shared_by_length() -> None:
    scores = to_words(np.array([3.0]), [(1, 4)], [Word(0, 2), Word(2, 4)])
    assert scores == pytest.approx([1.0, 2.0])


def test_words_are_left_out_without_a_trace() -> None:
    text = "no chest pain"
    assert without(text, []) == text
    assert without(text, words_of(text)) == ""
