"""Each way of compressing takes out what matters least, leaves the model it was given alone, and can be read again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer, models, pre_tokenizers, processors

from bedside import open_model, registry
from bedside.backbones._bert import BertConfig, BertEncoder
from bedside.backbones._load import load_backbone
from bedside.backbones._pieces import pieces_to_keep
from bedside.backbones._trim import keep_pieces
from bedside.errors import DataError, UnknownName, UsageError
from bedside.model.calibration import Calibration
from bedside.model.engines.torch import TorchEngine
from bedside.model.folder import Model
from bedside.train.compress import Step, compress, layers, parse_ways
from bedside.train.compress._base import Work
from bedside.train.compress._choose import Tried, choose, refused
from bedside.train.compress._cost import Cost
from bedside.train.compress._recover import recover
from bedside.train.compress._speed import Speed

NOTES = ["chest pain since Monday", "胸痛三天", "no fever", "无发热", "cough, 3 days", "咳嗽"] * 6
LABELS = ["cardiac", "infection", "none"]
PIECES = ["<s>", "<pad>", "</s>", "<unk>", "▁", *"fevrpain胸痛cough", "▁fever", "▁pain", "胸痛", "▁cough", "βx", "ever"]
SCORES = {piece: -float(at) for at, piece in enumerate(PIECES)}


def model_of(network: Any, tokenizer: Any, pad_id: int, head: str = "classify") -> Model:
    """An untrained model whose answers differ from text to text."""
    torch.manual_seed(1)
    above = registry.load("heads", head)(network.config.hidden_size, LABELS)
    torch.nn.init.normal_(above.out.weight, std=1.0)
    settings = {"head": head, "labels": LABELS, "engine": "torch", "hidden_size": network.config.hidden_size}
    settings |= {"pad_id": pad_id, "prefix": "", "max_tokens": 64, "backbone": {"name": "tiny", "licence": "x"}}
    return Model(settings, TorchEngine(network, above, tokenizer, pad_id), Calibration(), recipe={}, receipt={})


def over_bytes(layers: int = 3, heads: int = 4) -> Model:
    torch.manual_seed(0)
    network = BertEncoder(BertConfig(259, 32, layers, heads, 64)).eval().requires_grad_(False)
    for value in network.parameters():
        if value.dim() > 1:
            torch.nn.init.normal_(value, std=0.2)
    return model_of(network, load_backbone("echo").tokenizer, 0)


def unigram() -> Tokenizer:
    tokenizer = Tokenizer(models.Unigram(list(SCORES.items()), unk_id=3))
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace("▁", prepend_scheme="always")
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", special_tokens=[("<s>", 0), ("</s>", 2)]
    )
    return tokenizer


def wordpiece() -> Tokenizer:
    pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", *"feverpaixβ", *(f"##{one}" for one in "feverpain")]
    vocab = {piece: at for at, piece in enumerate([*dict.fromkeys(pieces), "fever", "##ever", "pain", "xβ", "zz"])}
    tokenizer = Tokenizer(models.WordPiece(vocab, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.add_special_tokens(["[PAD]", "[UNK]", "[CLS]", "[SEP]"])
    tokenizer.post_processor = processors.BertProcessing(("[SEP]", vocab["[SEP]"]), ("[CLS]", vocab["[CLS]"]))
    return tokenizer


def trimmed(tokenizer: Tokenizer, *texts: str, size: int = 1) -> Tokenizer:
    ids = [tokenizer.encode(text).ids for text in texts]
    kept = pieces_to_keep(tokenizer, ids, size)
    assert kept is not None
    return keep_pieces(tokenizer, kept)[0]


def test_a_word_that_three_texts_use_stays_and_one_that_two_use_is_read_in_letters() -> None:
    small = trimmed(unigram(), "fever", "fever", "fever", "cough", "cough")
    assert small.encode("fever").tokens == ["<s>", "▁fever", "</s>"]
    assert unigram().encode("cough").tokens == ["<s>", "▁cough", "</s>"]
    assert small.encode("cough").tokens == ["<s>", "▁", *"cough", "</s>"]
    assert "▁cough" in trimmed(unigram(), size=len(PIECES)).get_vocab(), "room for all"


def test_what_single_letters_cannot_replace_stays() -> None:
    assert "βx" in trimmed(unigram()).get_vocab()
    assert "胸痛" not in trimmed(unigram()).get_vocab()
    left = trimmed(wordpiece()).get_vocab()
    assert "xβ" in left, "no piece ##β would continue it"
    assert not {"fever", "##ever", "pain"} & set(left)


@given(
    st.lists(st.sampled_from([*"fever pain胸痛coughβx", " xβ ", " βx ", " fever ", "pain"]), max_size=9).map("".join)
)
@pytest.mark.parametrize("whole", [unigram(), wordpiece()], ids=["unigram", "wordpiece"])
def test_no_later_text_has_more_that_is_unknown(whole: Tokenizer, text: str) -> None:
    small = trimmed(whole, "fever")
    unknown = {"<unk>", "[UNK]"}
    before, after = ([token in unknown for token in one.encode(text).tokens] for one in (whole, small))
    assert sum(after) <= sum(before)
    assert whole.encode(text).tokens[0] == small.encode(text).tokens[0]
    assert whole.encode(text).tokens[-1] == small.encode(text).tokens[-1]


def test_a_smaller_vocabulary_answers_the_same_where_the_pieces_are_the_same() -> None:
    torch.manual_seed(0)
    network = BertEncoder(BertConfig(len(PIECES), 16, 1, 2, 32, pad_token_id=1)).eval()
    whole = model_of(network, unigram(), 1)
    texts = ["fever", "fever pain", "pain", "fever pain 胸痛", "pain", "胸痛", "胸痛"]
    small = compress(whole, texts, ways=parse_ways("vocabulary=1"))
    assert small.network.config.vocab_size < network.config.vocab_size == len(PIECES)
    assert np.allclose(whole.logits(texts), small.logits(texts), atol=1e-6)


def test_bytes_are_no_vocabulary_to_take_pieces_from() -> None:
    with pytest.raises(UsageError, match="Unigram, WordPiece"):
        compress(over_bytes(), NOTES, ways=parse_ways("vocabulary"))


def idle(model: Model, layer: int) -> None:
    """Make a layer hand on what it gets."""
    one = model.network.layers[layer]
    for part in (one.attention.output.dense, one.output.dense):
        part.weight.zero_()
        part.bias.zero_()


@pytest.mark.parametrize("layer", [0, 1, 2])
def test_the_layer_that_does_nothing_is_the_one_taken_out(layer: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layers, "recover", lambda model, work, epochs: model)
    whole = over_bytes()
    idle(whole, layer)
    small = compress(whole, NOTES, ways=parse_ways("layers=2"))
    assert len(small.network.layers) == 2 < len(whole.network.layers)
    assert np.allclose(whole.logits(NOTES[:6]), small.logits(NOTES[:6]), atol=1e-4)


def test_heads_that_say_nothing_are_taken_out_and_the_folder_opens_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from bedside.train.compress import heads

    monkeypatch.setattr(heads, "recover", lambda model, work, epochs: model)
    whole = over_bytes()
    for number, layer in enumerate(whole.network.layers):
        silent = torch.arange(8) + 8 * (number % 4)
        layer.attention.self.value.weight[silent] = 0
        layer.attention.self.value.bias[silent] = 0
    small = compress(whole, NOTES, ways=parse_ways("heads=3"))
    assert small.network.layers[0].attention.self.query.weight.shape == (24, 32)
    assert np.allclose(whole.logits(NOTES[:6]), small.logits(NOTES[:6]), atol=1e-4)
    opened = open_model(small.save(tmp_path / "S"))
    assert np.array_equal(opened.logits(NOTES[:6]), small.logits(NOTES[:6]))
    assert "attention_head_size" not in whole.network.describe(), "others read a whole BERT's config too"


@pytest.mark.parametrize("head", ["classify", "tag"])
def test_what_is_left_learns_the_answers_of_the_whole(head: str) -> None:
    whole = over_bytes()
    whole = whole if head == "classify" else model_of(whole.network, whole.tokenizer, 0, "tag")
    work = Work(whole, NOTES)
    cut = layers.fewer_layers(whole, work, 2)
    further = recover(cut, work, epochs=8)

    def away(model: Model) -> float:
        ids = whole.encode(NOTES[:6]).ids
        pairs = zip(whole.engine.logits(ids), model.engine.logits(ids), strict=True)
        return float(np.mean([np.square(one - other).mean() for one, other in pairs]))

    assert 0 < away(further) < 0.7 * away(cut)
    assert away(whole) == 0, "the teacher is as it was"


def test_ways_follow_one_another_into_a_model_that_opens_without_torch(tmp_path: Path) -> None:
    pytest.importorskip("onnx", reason="the compress extra is not installed")
    whole = over_bytes(layers=2)
    small = compress(whole, NOTES, ways=parse_ways("layers=1,heads=2,distil=1,int8"))
    opened = open_model(small.save(tmp_path / "S"))
    assert opened.settings["compressed"] == ["layers=1", "heads=2", "distil=1", "int8"]
    assert np.array_equal(opened.logits(NOTES[:3]), small.logits(NOTES[:3]))
    with pytest.raises(UsageError, match="already"):
        compress(opened, NOTES)


def test_the_same_seed_takes_out_and_learns_the_same() -> None:
    one, other = (compress(over_bytes(), NOTES, ways=parse_ways("layers=1"), seed=3) for _ in range(2))
    assert np.array_equal(one.logits(NOTES[:6]), other.logits(NOTES[:6]))


def test_sets_of_labels_are_promised_only_of_answers_they_were_calibrated_on() -> None:
    import dataclasses

    from bedside.model.doubt import Doubt
    from bedside.train.compress import _doubt

    doubt = Doubt(method="lac", cuts=((0.5,) * 50,), patients=9)
    whole = dataclasses.replace(over_bytes(), doubt=doubt, cards={"en": "# card\n"})
    small = compress(whole, NOTES, ways=parse_ways("layers=2"))
    assert small.doubt is None
    assert "No sets of labels are given" in small.card
    assert _doubt(whole, parse_ways("vocabulary,int8")) == doubt, "the same answers, rounded"


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("int8,layers", "nothing can follow"),
        ("layers=0", "whole number"),
        ("layers=six", "whole number"),
        ("int8=4", "whole number"),
        ("openvino=4", "no such number of bits"),
        ("layers=9", "fewer layers"),
        ("heads=9", "fewer heads"),
    ],
)
def test_ways_that_cannot_be_are_told_with_what_can(written: str, said: str) -> None:
    with pytest.raises(UsageError, match=said) as refused:
        compress(over_bytes(), NOTES, ways=parse_ways(written))
    assert refused.value.allowed or refused.value.next


def test_an_unknown_way_is_told_with_those_there_are() -> None:
    with pytest.raises(UnknownName, match="vocabulary"):
        parse_ways("vocab")
    assert parse_ways("layers=6, distil,int8") == (Step("layers", 6), Step("distil"), Step("int8"))


def test_without_texts_there_is_nothing_to_calibrate_on() -> None:
    with pytest.raises(DataError):
        compress(over_bytes(), [], ways=parse_ways("layers"))


def tried(name: str, drop: float, megabytes: float, milliseconds: float) -> Tried:
    cost = Cost(metric="macro_f1", before=0.9, after=0.9 - drop, agreement=1, largest_change=0, n=9)
    speed = Speed(megabytes=megabytes, cold_start_s=1, p50_ms={16: 1, 128: milliseconds}, texts_per_second=9)
    return Tried(name, over_bytes(), cost, speed, speed)


def test_the_fastest_or_smallest_within_the_gate_is_chosen_and_one_beyond_it_never() -> None:
    found = [tried("int8", 0.0, 30, 9), tried("vocabulary,int8", 0.005, 20, 10), tried("layers=1", 0.2, 10, 3)]

    def chosen(most_drop: float, pick: Any) -> str | None:
        best = choose(found, most_drop=most_drop, pick=pick)
        return best and best.ways

    assert chosen(0.01, "fastest") == "int8"
    assert chosen(0.01, "smallest") == "vocabulary,int8"
    assert chosen(0.3, "fastest") == "layers=1"
    assert choose(found[2:], most_drop=0.01, pick="fastest") is None
    assert "0.9000 -> 0.7000" in str(refused(found[2:], 0.01))


@pytest.mark.parametrize(("lang", "said"), [("en", "Nothing was saved"), ("zh", "未保存")])
def test_the_report_tells_all_that_was_tried_even_where_nothing_is_saved(lang: Any, said: str, tmp_path: Path) -> None:
    from bedside.commands._compress.view import check_report, write_report
    from bedside.lang import disclaimer, speaking

    found = [tried("int8", 0.2, 30, 9), tried("layers=1", 0.3, 10, 3)]
    with speaking(lang):
        for name in ("r.html", "r.md"):
            write_report(tmp_path / name, found, None, most_drop=0.01, pick="fastest")
            page = (tmp_path / name).read_text("utf-8")
            assert "layers=1" in page
            assert "0.6000" in page
            assert disclaimer() in page
        assert said in (tmp_path / "r.html").read_text("utf-8")
    with pytest.raises(UsageError):
        check_report(tmp_path / "r.pdf", tmp_path / "model")
