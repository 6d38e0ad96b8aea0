"""The next word: a tiny decoder reads its own kind of notes better afterwards, and opens wherever decoders open."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from corpus_texts import pretrain_recipe, texts_of, write_corpus

from bedside.backbones._hf_folder import load_folder
from bedside.backbones._load import load_backbone
from bedside.errors import UsageError
from bedside.evaluate.measures.perplexity import perplexities
from bedside.train.pretraining.objectives import NextWord
from bedside.train.pretraining.pretrain import pretrain
from bedside.train.pretraining.shards import Shard

transformers = pytest.importorskip("transformers")


@pytest.fixture(scope="module")
def decoder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny untrained Llama over bytes, as Hugging Face saves it."""
    folder = tmp_path_factory.mktemp("decoder") / "tiny"
    torch.manual_seed(0)
    config = transformers.LlamaConfig(
        vocab_size=259, hidden_size=32, intermediate_size=64, num_hidden_layers=2, num_attention_heads=2,
        num_key_value_heads=1, max_position_embeddings=256, tie_word_embeddings=True, pad_token_id=0,
    )  # fmt: skip
    transformers.LlamaForCausalLM(config).save_pretrained(folder)
    load_backbone("echo").tokenizer.save(str(folder / "tokenizer.json"))
    return folder


def test_perplexity_falls_and_the_folder_opens_as_a_decoder_and_in_fit(decoder: Path, tmp_path: Path) -> None:
    path = write_corpus(tmp_path / "c.jsonl", texts_of(60))
    recipe = pretrain_recipe(path, objective="clm", backbone=str(decoder), learning_rate=5e-3, epochs=3)
    done = pretrain(recipe, out=tmp_path / "B", compare=perplexities)
    figures = done.facts["perplexity"]
    assert figures["after"]["value"] < 0.5 * figures["before"]["value"]
    assert figures["before"]["value"] == pytest.approx(259, rel=0.3), "an untrained network knows nothing"
    assert done.facts["head_steps"] == 0
    again = transformers.AutoModelForCausalLM.from_pretrained(tmp_path / "B")
    assert again.lm_head.weight is again.get_input_embeddings().weight
    assert torch.equal(
        again.model.layers[0].mlp.up_proj.weight, load_folder(tmp_path / "B").network.layers[0].mlp.up_proj.weight
    )
    further = pretrain(recipe.model_copy(update={"backbone": str(tmp_path / "B")}), out=tmp_path / "C")
    assert np.allclose(further.before, done.after)


def test_every_piece_but_a_blocks_first_is_guessed_and_scored_as_transformers_scores_it(decoder: Path) -> None:
    from bedside.backbones._causal import causal_network

    network = causal_network(load_folder(decoder).network, decoder)
    ids = np.arange(10, 22, dtype=np.uint16)
    shard = Shard(ids, np.ones(12, np.uint8), np.asarray([0, 8, 12]))
    found = NextWord(network, torch.nn.Identity(), 0, torch.device("cpu")).losses(
        shard, [0, 1], epoch=0, precision="fp32"
    )
    assert found.places.tolist() == [1, 2, 3, 4, 5, 6, 7, 1, 2, 3]
    block = torch.arange(10, 18)[None]
    theirs = network.model(input_ids=block, labels=block).loss
    assert found.values[:7].mean().item() == pytest.approx(theirs.item(), rel=1e-5)


def test_objective_and_backbone_must_fit(decoder: Path, tmp_path: Path) -> None:
    path = write_corpus(tmp_path / "c.jsonl", texts_of(10))
    with pytest.raises(UsageError, match="not a decoder"):
        pretrain(pretrain_recipe(path, objective="clm", backbone="echo"), out=tmp_path / "B")
    with pytest.raises(UsageError, match="no masked words"):
        pretrain(pretrain_recipe(tmp_path / "nowhere", backbone="smollm2"), out=tmp_path / "C")
    with pytest.raises(UsageError, match="no masked words"):
        pretrain(pretrain_recipe(path, backbone=str(decoder)), out=tmp_path / "C")
