"""Pretraining end to end on echo: it learns, a kill loses nothing, held-out documents stay held out, fit opens it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from corpus_texts import pretrain_recipe, texts_of, write_corpus
from fit_rows import recipe_for, rows_of, write_rows
from safetensors.torch import load_file

from bedside.backbones._load import load_backbone
from bedside.errors import ConfigError, UsageError
from bedside.evaluate.measures.perplexity import perplexities
from bedside.train.fit import fit
from bedside.train.pretraining.corpus import build_corpus
from bedside.train.pretraining.make import prepare
from bedside.train.pretraining.masking import FIXED
from bedside.train.pretraining.objectives import MaskedWords
from bedside.train.pretraining.pretrain import pretrain

FILES = ("model.safetensors", "mlm_head.safetensors")
KILLED = """
import os, signal, sys
from pathlib import Path
sys.path.insert(0, sys.argv[3])
from corpus_texts import pretrain_recipe
from bedside.train.pretraining.pretrain import pretrain
from bedside.train.pretraining.make import prepare

def die(event):
    if event["event"] == sys.argv[5] and event["step"] == int(sys.argv[4]):
        os.kill(os.getpid(), signal.SIGKILL)

recipe = pretrain_recipe(Path(sys.argv[1]), epochs=2, checkpoint_minutes=1e-9)
pretrain(recipe, out=sys.argv[2], on_event=die)
"""


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    return write_corpus(tmp_path / "corpus.jsonl", texts_of(60))


def weights(folder: Path) -> dict[str, torch.Tensor]:
    return {f"{name}/{key}": value for name in FILES for key, value in load_file(folder / name).items()}


def same(one: dict[str, torch.Tensor], two: dict[str, torch.Tensor]) -> bool:
    return one.keys() == two.keys() and all(torch.equal(one[key], two[key]) for key in one)


def test_perplexity_on_documents_never_seen_falls_on_a_repetitive_corpus(tmp_path: Path) -> None:
    path = write_corpus(tmp_path / "c.jsonl", texts_of(100))
    recipe = pretrain_recipe(path, epochs=5, learning_rate=3e-3, head_steps=30)
    done = pretrain(recipe, out=tmp_path / "B", compare=perplexities)
    figures = done.facts["perplexity"]
    assert figures["after"]["value"] < 0.8 * figures["before"]["value"]
    assert figures["difference"]["high"] < 0
    assert figures["before"]["n_patients"] == 20
    assert np.array_equal(done.before[:, 1], done.after[:, 1])


def test_before_measures_the_network_as_it_came_with_a_head_that_was_fitted_alone(corpus: Path, tmp_path: Path) -> None:
    pretrain(pretrain_recipe(corpus, learning_rate=1e-30), out=tmp_path / "still")
    untouched = load_backbone("echo").network.state_dict()
    saved = load_file(tmp_path / "still" / "model.safetensors")
    table = "embeddings.word_embeddings.weight"
    saved[table] = saved[table][: len(untouched[table])]
    assert all(torch.allclose(saved[name], value, rtol=0, atol=1e-20) for name, value in untouched.items())
    losses: list[float] = []

    def hear(event: dict[str, Any]) -> None:
        losses.extend([event["loss"]] if event["event"] == "head_step" else [])

    pretrain(pretrain_recipe(corpus, head_steps=60, head_learning_rate=0.01), out=tmp_path / "B", on_event=hear)
    assert len(losses) == 60
    assert np.mean(losses[-10:]) < np.mean(losses[:10])


@pytest.mark.parametrize(("event", "step"), [("head_step", 3), ("step", 1), ("step", 9)])
def test_a_killed_run_goes_on_and_ends_bit_for_bit_the_same(
    corpus: Path, tmp_path: Path, event: str, step: int
) -> None:
    straight = pretrain(pretrain_recipe(corpus, epochs=2, checkpoint_minutes=1e-9), out=tmp_path / "straight")
    root = str(Path(__file__).parent)
    words = [sys.executable, "-c", KILLED, str(corpus), str(tmp_path / "killed"), root, str(step), event]
    assert subprocess.run(words, env=os.environ, check=False).returncode == -signal.SIGKILL
    assert not (tmp_path / "killed").exists()
    heard: list[str] = []
    recipe = pretrain_recipe(corpus, epochs=2, checkpoint_minutes=1e-9)
    done = pretrain(recipe, out=tmp_path / "killed", on_event=lambda event: heard.append(event["event"]))
    assert ("resumed" in heard) == (event == "step")
    assert heard.count("step") == straight.facts["steps"] - (step - 1 if event == "step" else 0)
    assert same(weights(tmp_path / "straight"), weights(tmp_path / "killed"))
    assert np.array_equal(straight.after, done.after)
    assert np.array_equal(straight.before, done.before)
    assert not list(tmp_path.glob(".killed*"))


def test_one_seed_one_backbone_another_seed_another(corpus: Path, tmp_path: Path) -> None:
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        pretrain(pretrain_recipe(corpus, seed=seed), out=tmp_path / name)
    one, again, other = (weights(tmp_path / name) for name in "abc")
    assert same(one, again)
    assert not same(one, other)


def test_nothing_is_ever_learnt_from_held_out_documents(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: dict[bool, set[int]] = {True: set(), False: set()}
    plain = MaskedWords.losses

    def watched(self: MaskedWords, shard: Any, rows: Any, **options: Any) -> Any:
        seen[torch.is_inference_mode_enabled()].add(int(shard.starts[-1]))
        return plain(self, shard, rows, **options)

    monkeypatch.setattr(MaskedWords, "losses", watched)
    facts = pretrain(pretrain_recipe(corpus), out=tmp_path / "B").facts
    assert seen[False] == {facts["tokens"]["train"]}
    assert seen[True] == {facts["tokens"]["held_out"]}


def test_the_folder_opens_in_fit_and_tells_what_made_it(corpus: Path, tmp_path: Path) -> None:
    pretrain(pretrain_recipe(corpus), out=tmp_path / "B")
    notes = write_rows(tmp_path / "notes.jsonl", rows_of(60))
    model = fit(recipe_for(notes, backbone=str(tmp_path / "B")), out=tmp_path / "M")
    assert model.settings["backbone"] == {"name": "B", "licence": "Apache-2.0"}
    receipt = json.loads((tmp_path / "B" / "receipt.json").read_text())
    assert receipt["data_sha256"].keys() == {"corpus.jsonl"}
    assert receipt["pretraining"]["documents"] == {"train": 48, "held_out": 12, "refused": 0}
    assert receipt["pretraining"]["recipe"]["learning_rate"] == 1e-3


def test_no_text_of_the_corpus_is_in_the_folder(corpus: Path, tmp_path: Path) -> None:
    pretrain(pretrain_recipe(corpus), out=tmp_path / "B")
    for path in (tmp_path / "B").iterdir():
        assert b"on exertion" not in path.read_bytes(), path.name
        assert "胸痛".encode() not in path.read_bytes(), path.name


def test_pretraining_can_be_continued_with_the_head_it_had(corpus: Path, tmp_path: Path) -> None:
    first = pretrain(pretrain_recipe(corpus, epochs=2), out=tmp_path / "one", compare=perplexities)
    heard: list[str] = []
    again = pretrain_recipe(corpus, backbone=str(tmp_path / "one"))
    second = pretrain(again, out=tmp_path / "two", on_event=lambda event: heard.append(event["event"]))
    assert "head_step" not in heard
    assert second.facts["head_steps"] == 0
    assert np.allclose(second.before, first.after)


def test_hugging_face_reads_network_and_head_and_gets_the_same_loss(corpus: Path, tmp_path: Path) -> None:
    transformers = pytest.importorskip("transformers")
    pretrain(pretrain_recipe(corpus), out=tmp_path / "B")
    made = prepare_again(tmp_path / "B", corpus, tmp_path / "work")
    found = made.objective.losses(made.shards.held_out, [0], epoch=FIXED, precision="fp32")
    ids, flags = made.shards.held_out.block(0)
    shown, chosen = made.objective.masker.row(ids, flags, epoch=FIXED, row=0)
    theirs = transformers.BertForMaskedLM(transformers.AutoConfig.from_pretrained(tmp_path / "B")).eval()
    named = {f"bert.{name}": value for name, value in load_file(tmp_path / "B" / "model.safetensors").items()}
    missing = theirs.load_state_dict({**named, **load_file(tmp_path / "B" / "mlm_head.safetensors")}, strict=False)
    assert not missing.unexpected_keys
    wanted = torch.from_numpy(np.where(chosen, ids, -100))
    loss = theirs(input_ids=torch.from_numpy(shown)[None], labels=wanted[None]).loss
    assert found.values.mean().item() == pytest.approx(loss.item(), rel=1e-4)


def prepare_again(folder: Path, corpus: Path, work: Path) -> Any:
    """What pretraining that folder further would start from."""
    work.mkdir()
    recipe = pretrain_recipe(corpus, backbone=str(folder))
    made = prepare(recipe, build_corpus(recipe, work, lambda count: None), work, lambda event: None)
    made.objective.network.eval()
    return made


def test_an_encoder_of_another_architecture_learns_and_opens_again(corpus: Path, tmp_path: Path) -> None:
    transformers = pytest.importorskip("transformers")
    torch.manual_seed(0)
    sizes = {"hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 2, "num_attention_heads": 2}
    config = transformers.RobertaConfig(vocab_size=259, max_position_embeddings=130, pad_token_id=0, **sizes)
    transformers.RobertaModel(config).save_pretrained(tmp_path / "start")
    load_backbone("echo").tokenizer.save(str(tmp_path / "start" / "tokenizer.json"))
    done = pretrain(pretrain_recipe(corpus, backbone=str(tmp_path / "start"), epochs=2), out=tmp_path / "one")
    again = pretrain(pretrain_recipe(corpus, backbone=str(tmp_path / "one")), out=tmp_path / "two")
    assert np.allclose(again.before, done.after)
    assert done.after[:, 0].sum() < done.before[:, 0].sum()


def test_a_limit_of_time_plans_fewer_steps(corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bedside.train.pretraining.loop.TRIAL_STEPS", 2)
    long = pretrain(pretrain_recipe(corpus, epochs=50, max_minutes=0.001), out=tmp_path / "B")
    assert long.facts["steps"] < 50


def test_a_run_is_mixed_neither_with_one_under_way_nor_with_an_unfinished_one(corpus: Path, tmp_path: Path) -> None:
    class StopError(Exception):
        pass

    def stop(event: dict[str, Any]) -> None:
        if event["event"] == "step":
            with pytest.raises(UsageError, match="another process is at work there"):
                pretrain(pretrain_recipe(corpus), out=tmp_path / "B", replace=True)
            raise StopError

    with pytest.raises(StopError):
        pretrain(pretrain_recipe(corpus), out=tmp_path / "B", on_event=stop)
    with pytest.raises(UsageError, match="--force"):
        pretrain(pretrain_recipe(corpus, dropout=0.3), out=tmp_path / "B")
    pretrain(pretrain_recipe(corpus, dropout=0.3), out=tmp_path / "B", replace=True)
    with pytest.raises(UsageError, match="there already"):
        pretrain(pretrain_recipe(corpus), out=tmp_path / "B")


def test_a_folder_of_something_else_is_never_overwritten(corpus: Path, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("years of work")
    with pytest.raises(UsageError, match="will not be overwritten"):
        pretrain(pretrain_recipe(corpus), out=tmp_path / "mine", replace=True)
    assert (tmp_path / "mine" / "thesis.txt").exists()


def test_settings_out_of_range_and_a_reason_left_out_are_all_told_at_once() -> None:
    with pytest.raises(ConfigError) as caught:
        pretrain_recipe(Path("x"), objective="nsp", mask_share=2)
    assert len(caught.value.faults) == 2
    with pytest.raises(ConfigError, match="identity_reason"):
        pretrain_recipe(Path("x"), identity_reason=" ")


def test_fewer_than_five_held_out_documents_give_no_figure_and_say_why() -> None:
    sums = np.array([[8.0, 4.0]] * 4)
    assert "fewer than 5 documents" in perplexities(sums, sums, 0)["after"].reason  # type: ignore[union-attr]


def test_perplexity_is_that_of_its_definition_and_its_difference_is_paired() -> None:
    dice = np.random.default_rng(0)
    guessed = dice.integers(5, 40, 50).astype(float)
    hard = dice.uniform(1, 4, 50)
    before = np.stack([guessed * hard, guessed], axis=1)
    after = np.stack([guessed * (hard - 0.2), guessed], axis=1)
    found = perplexities(before, after, seed=1)
    spread = {name: figure.high - figure.low for name, figure in found.items()}  # type: ignore[union-attr]
    assert found["before"].value == pytest.approx(np.exp(before[:, 0].sum() / guessed.sum()))  # type: ignore[union-attr]
    assert found["after"].value == pytest.approx(found["before"].value * np.exp(-0.2))  # type: ignore[union-attr]
    assert spread["difference"] < 0.5 * spread["before"]
    assert found["difference"].high < 0  # type: ignore[union-attr]
