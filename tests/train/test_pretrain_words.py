"""New medical words: one piece each from then on, and every text without them keeps exactly its old pieces."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from corpus_texts import pretrain_recipe, texts_of, write_corpus
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors.torch import load_file
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors

from bedside.backbones._bert import BertConfig, BertEncoder
from bedside.backbones._hf_folder import load_folder
from bedside.backbones._load import load_backbone
from bedside.backbones._store import save_backbone
from bedside.backbones._table import SplitTable, grow_word_table, score_words, word_table
from bedside.errors import DataError, UsageError
from bedside.train.corpus import build_corpus
from bedside.train.extend import Extension, extend_tokenizer, frequent_words, mean_rows, read_words, with_mask
from bedside.train.pretrain import pretrain

WORDS = ["amlodipine", "empagliflozin", "房颤射频消融", "高血压病"]


@cache
def tokenizer_of(name: str) -> Tokenizer:
    return load_backbone(name).tokenizer


@cache
def grown(name: str) -> Extension:
    """That tokenizer with the words added."""
    return extend_tokenizer(tokenizer_of(name), WORDS)


def small_wordpiece(folder: Path) -> Path:
    """A tiny BERT folder whose WordPiece vocabulary is of letters and a few words."""
    letters = [f"{mark}{chr(code)}" for mark in ("", "##") for code in range(97, 123)]
    pieces = ["[PAD]", "[CLS]", "[SEP]", "[UNK]", "[MASK]", ".", ",", "on", "no", "daily", *"0123456789", *letters]
    pieces += sorted(set("患者胸痛三天高血压病史五年服用氨氯地平，。"))
    tokenizer = Tokenizer(models.WordPiece({piece: n for n, piece in enumerate(pieces)}, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 1), ("[SEP]", 2)]
    )
    torch.manual_seed(0)
    network = BertEncoder(BertConfig(len(pieces), 32, 2, 2, 64))
    folder.mkdir()
    save_backbone(network, tokenizer, folder, prefix="", licence="none")
    return folder


def pieces_of(tokenizer: Any, text: str) -> list[int]:
    return list(tokenizer.encode(text, add_special_tokens=False).ids)


@pytest.mark.parametrize("name", ["minilm", "e5"])
def test_a_new_word_is_one_piece_within_a_sentence(name: str) -> None:
    old, new = tokenizer_of(name), grown(name)
    text = "He takes amlodipine and empagliflozin."
    assert len(pieces_of(new.tokenizer, text)) < len(pieces_of(old, text))
    for number, word in enumerate(new.words):
        assert old.get_vocab_size() + number in pieces_of(new.tokenizer, f"with {word}, since")
    assert new.words[:2] == ("amlodipine", "empagliflozin")


def test_chinese_words_are_added_to_a_unigram_vocabulary_and_counted_where_they_cannot_be() -> None:
    new = grown("e5")
    assert new.words == tuple(WORDS)
    assert new.tokenizer.encode("行房颤射频消融术，高血压病史").tokens[2:-1] == [
        "行",
        "房颤射频消融",
        "术",
        ",",
        "高血压病",
        "史",
    ]
    assert (grown("minilm").words, grown("minilm").rejected) == (("amlodipine", "empagliflozin"), 2)


@pytest.mark.parametrize("name", ["minilm", "e5"])
@given(
    text=st.one_of(
        st.text(st.sampled_from("amlodipne emgfz 高血压房颤消融术患者.,5-"), max_size=40),
        st.lists(
            st.sampled_from(["amlod", "ipine", "高血", "压", "房颤", "射频", "IL-6", "fever", "，"]), max_size=8
        ).map(" ".join),
        st.text(max_size=30),
    )
)
@settings(max_examples=80, deadline=None)
def test_a_text_without_the_words_keeps_exactly_its_old_ids(name: str, text: str) -> None:
    old, new = tokenizer_of(name), grown(name).tokenizer
    normal = old.normalizer.normalize_str(text)
    if not any(word in normal for word in grown(name).words):
        assert pieces_of(old, text) == pieces_of(new, text)


def test_a_new_row_starts_at_the_mean_of_the_pieces_it_was() -> None:
    network = load_backbone("minilm").network
    found = grown("minilm")
    before = word_table(network).weight.detach().clone()
    grow_word_table(network, len(before), mean_rows(before, found.former))
    after = word_table(network).weight
    assert torch.equal(after[: len(before)], before)
    assert torch.allclose(after[len(before)], before[pieces_of(tokenizer_of("minilm"), "amlodipine")].mean(0))
    assert network.config.vocab_size == len(before) + len(found.words)


def test_frequent_words_are_taken_by_pieces_saved_from_training_documents_alone(tmp_path: Path) -> None:
    texts = [f"visit {n} amlodipine amlodipine 房颤射频消融 [PATIENT]" for n in range(30)] + ["empagliflozin " * 50]
    corpus = build_corpus(pretrain_recipe(write_corpus(tmp_path / "c.jsonl", texts)), tmp_path, lambda count: None)
    found = frequent_words(corpus, tokenizer_of("minilm"), 10)
    assert found[0] == "amlodipine"
    assert "empagliflozin" not in found, "in one document only: it may be a name"
    assert "visit" not in found, "one piece already"
    assert frequent_words(corpus, tokenizer_of("minilm"), 1) == ["amlodipine"]


def test_a_byte_pair_vocabulary_is_refused_before_the_corpus_is_read(tmp_path: Path) -> None:
    recipe = pretrain_recipe(tmp_path / "nowhere.jsonl", add_words="auto")
    with pytest.raises(UsageError, match="without changing old ones: BPE"):
        pretrain(recipe, out=tmp_path / "B")


def test_a_file_of_words_that_is_missing_or_empty_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no such file"):
        read_words(tmp_path / "none.txt")
    (tmp_path / "w.txt").write_text("# remarks only\n\n")
    with pytest.raises(DataError, match="no words"):
        read_words(tmp_path / "w.txt")


def test_a_tokenizer_without_a_mask_gets_one_that_no_text_is_cut_into() -> None:
    echo = load_backbone("echo").tokenizer
    grown, mask, added = with_mask(echo)
    assert added
    assert mask == echo.get_vocab_size()
    assert pieces_of(grown, "a <mask> 胸痛") == pieces_of(echo, "a <mask> 胸痛")
    assert with_mask(tokenizer_of("minilm")) == (tokenizer_of("minilm"), 103, False)


@pytest.mark.parametrize("tuned", [True, False])
def test_words_survive_the_saved_folder_and_only_their_rows_learn_when_the_table_stays(
    tmp_path: Path, tuned: bool
) -> None:
    start = small_wordpiece(tmp_path / "start")
    (tmp_path / "words.txt").write_text("# drugs\namlodipine\nexertion\nqqqq qqqq\n")
    recipe = pretrain_recipe(
        write_corpus(tmp_path / "c.jsonl", texts_of(40)),
        backbone=str(start),
        add_words=str(tmp_path / "words.txt"),
        tune_embeddings=tuned,
    )
    done = pretrain(recipe, out=tmp_path / "B")
    assert (done.facts["new_words"], done.facts["rejected_words"]) == (["amlodipine", "exertion"], 1)
    old, new = load_folder(start), load_folder(tmp_path / "B")
    size = old.tokenizer.get_vocab_size()
    assert pieces_of(new.tokenizer, "no exertion, amlodipine daily")[1] == size + 1
    assert pieces_of(new.tokenizer, "患者胸痛三天") == pieces_of(old.tokenizer, "患者胸痛三天")
    kept = word_table(new.network).weight[:size]
    assert torch.equal(kept, word_table(old.network).weight) == (not tuned)
    started = mean_rows(word_table(old.network).weight, [pieces_of(old.tokenizer, "amlodipine")])[0]
    assert not torch.equal(word_table(new.network).weight[size], started)
    assert json.loads((tmp_path / "B" / "config.json").read_text())["vocab_size"] == size + 2
    assert load_file(tmp_path / "B" / "mlm_head.safetensors")["cls.predictions.bias"].shape == (size + 2,)


def test_a_split_table_gives_what_the_whole_one_gives() -> None:
    whole = torch.nn.Embedding(20, 8)
    split = SplitTable(whole, 3)
    ids, vectors = torch.tensor([[0, 16, 17, 19]]), torch.randn(5, 8)
    assert torch.equal(split(ids), whole(ids))
    assert torch.allclose(score_words(split, vectors), score_words(whole, vectors))
    assert torch.equal(split.merged().weight, whole.weight)


def test_a_run_with_new_words_and_a_table_that_stays_resumes_bit_for_bit(tmp_path: Path) -> None:
    class StopError(Exception):
        pass

    def stop(event: dict[str, Any]) -> None:
        if event["event"] == "step" and event["step"] == 4:
            raise StopError

    (tmp_path / "words.txt").write_text("amlodipine\n")
    recipe = pretrain_recipe(
        write_corpus(tmp_path / "c.jsonl", texts_of(40)),
        backbone=str(small_wordpiece(tmp_path / "start")),
        add_words=str(tmp_path / "words.txt"),
        tune_embeddings=False,
        checkpoint_minutes=1e-9,
        epochs=3,
    )
    straight = pretrain(recipe, out=tmp_path / "straight")
    with pytest.raises(StopError):
        pretrain(recipe, out=tmp_path / "stopped", on_event=stop)
    done = pretrain(recipe, out=tmp_path / "stopped")
    assert np.array_equal(straight.after, done.after)
    one, two = (load_file(tmp_path / name / "model.safetensors") for name in ("straight", "stopped"))
    assert all(torch.equal(one[key], two[key]) for key in one)
