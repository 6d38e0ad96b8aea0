"""Labels of one text or of two, and numbers, are explained; what the model does not read is refused."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from bedside import registry
from bedside.backbones._load import load_backbone
from bedside.commands._call import call
from bedside.errors import UsageError
from bedside.explain.attribute import explain
from bedside.explain.faithfulness import check
from bedside.explain.render import summary, to_html
from bedside.explain.tokens import tokens_of
from bedside.lang import speaking
from bedside.model.calibration import Calibration
from bedside.model.engines.torch import TorchEngine
from bedside.model.folder import Model
from bedside.model.given import Given
from bedside.types import Score

QUESTION, NOTE = "Is there fever?", "高热三天, no chest pain, cough"


def untrained(head: str, labels: Sequence[str], max_tokens: int = 128) -> Model:
    """Its answers are chance; what is tested is that they are explained as they are."""
    torch.manual_seed(0)
    backbone = load_backbone("echo")
    layer = registry.load("heads", head)(backbone.hidden_size, list(labels))
    settings: dict[str, Any] = {"head": head, "labels": list(labels), "engine": "torch", "prefix": backbone.prefix}
    settings |= {"hidden_size": backbone.hidden_size, "pad_id": backbone.pad_id, "max_tokens": max_tokens}
    engine = TorchEngine(backbone.network, layer, backbone.tokenizer, backbone.pad_id)
    return Model(settings, engine, Calibration(temperature=2.0), recipe={"data": {"text": "text"}}, receipt={})


@pytest.mark.parametrize("method", ["integrated_gradients", "occlusion"])
def test_a_pair_is_explained_by_the_words_of_both_texts(method: Any) -> None:
    model = untrained("pair", ["no", "yes"])
    found = explain(model, QUESTION, NOTE, label="yes", method=method)
    assert {word.part for word in found.words} == {0, 1}
    assert [found.word(word) for word in found.words][:2] == ["Is", "there"]
    assert "cough" in [found.word(word) for word in found.words if word.part]
    (chances,) = model.probabilities([QUESTION], [Given(second=NOTE)])
    assert found.probability == pytest.approx(chances[1])
    if method == "integrated_gradients":
        assert found.completeness_error is not None
        assert found.completeness_error < 0.05
    assert "cough" in to_html(found, check(model, found))


@pytest.mark.parametrize("limit", [128, 24, 25])
def test_what_is_explained_is_what_the_model_read(limit: int) -> None:
    pair, one = untrained("pair", ["no", "yes"], limit), untrained("classify", ["no", "yes"], limit)
    read = pair.encode([QUESTION], [Given(second=NOTE)]).ids[0]
    assert [token.id for token in tokens_of(pair, (QUESTION, NOTE))] == read
    assert [token.id for token in tokens_of(one, (NOTE,))] == one.encode([NOTE]).ids[0]


def test_of_levels_the_expected_value_is_explained_and_of_numbers_the_number() -> None:
    levels, numbers = untrained("ordinal", ["1", "2", "3"]), untrained("continuous", ["value", "spread"])
    found = explain(levels, NOTE)
    (answer,), (number,) = levels.predict([NOTE]), numbers.predict([NOTE])
    assert isinstance(answer, Score)
    assert isinstance(number, Score)
    assert found.value == pytest.approx(sum(float(name) * chance for name, chance in answer.probabilities.items()))
    assert found.probability is None
    assert explain(numbers, NOTE, method="occlusion").value == pytest.approx(number.value)
    assert np.isfinite(check(numbers, explain(numbers, NOTE)).curve).all()
    with speaking("zh"):
        assert "期望值" in summary(found)[0]


def test_what_the_model_does_not_read_is_refused() -> None:
    with pytest.raises(UsageError, match="reads two texts"):
        explain(untrained("pair", ["no", "yes"]), NOTE)
    with pytest.raises(UsageError, match="reads one text"):
        explain(untrained("ordinal", ["1", "2"]), NOTE, QUESTION)
    with pytest.raises(UsageError, match="no labels"):
        explain(untrained("ordinal", ["1", "2"]), NOTE, label="2")


def test_the_command_explains_a_pair_and_a_score(tmp_path: Path) -> None:
    pair = untrained("pair", ["no", "yes"]).save(tmp_path / "P")
    _, heard = call("explain", str(pair), QUESTION, "--text-b-value", NOTE, "--json")
    found = json.loads(heard.splitlines()[-1])
    assert {word["part"] for word in found["words"]} == {0, 1}
    score = untrained("ordinal", ["1", "2", "3"]).save(tmp_path / "S")
    _, heard = call("explain", str(score), NOTE)
    assert "expected value" in heard


@pytest.mark.parametrize("head", ["survive", "cox"])
def test_the_shares_of_a_courses_words_add_up_in_the_log_of_its_hazard(head: str) -> None:
    found = explain(untrained(head, ["@6", "12"]), NOTE)
    assert found.method == "integrated_gradients"
    assert found.completeness_error is not None
    assert found.completeness_error < 0.05
    occluded = explain(untrained(head, ["@6", "12"]), NOTE, method="occlusion")
    assert occluded.probability == pytest.approx(found.probability)
    assert np.isfinite([word.score for word in occluded.words]).all()


def test_a_document_is_as_near_as_the_cosine_says_and_nothing_is_near_to_an_empty_one() -> None:
    torch.manual_seed(0)
    model = untrained("rank", [])
    one, two = (
        np.asarray(model.engine.logits(model.encode([text], [Given(second=text)]).ids)) for text in (QUESTION, NOTE)
    )
    found = explain(model, QUESTION, NOTE)
    assert found.value == pytest.approx(float(one[0] @ two[1]), abs=1e-5)
    assert explain(model, QUESTION, "fever").words[-1].score == pytest.approx(explain(model, QUESTION, "fever").value)
