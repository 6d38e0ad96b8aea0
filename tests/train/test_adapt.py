"""Each way of adapting a network: it learns, by its own weights alone, and leaves behind what it says it leaves."""

from __future__ import annotations

import ast
import copy
import json
import typing
from pathlib import Path
from typing import Any

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor

from bedside.backbones._load import load_backbone
from bedside.backbones._store import load_network, save_network
from bedside.config import UNTRAINED, Adapt, FitRecipe, Recipe
from bedside.errors import ConfigError, ModelError, UsageError
from bedside.model.engines.torch import pad
from bedside.train.adapt import Adaptation, adapt, methods
from bedside.train.defaults import fill_in

NOTES = {"chest pain since Monday": 0, "胸痛三天": 0, "denies chest pain": 1, "否认胸痛": 1, "headache, photophobia": 2}
MERGED = ["lora", "dora", "adalora", "ia3"]
KEPT = ["adapter", "prompt", "prefix"]
SMALL: dict[str, dict[str, Any]] = {
    "lora": {"lora_rank": 4},
    "dora": {"lora_rank": 4},
    "adalora": {"lora_rank": 4, "final_rank": 2, "prune_every": 1},
    "adapter": {"adapter_size": 6},
    "prompt": {"prompt_length": 5},
    "prefix": {"prompt_length": 5},
}
RATES = {"ia3": 0.1, "prompt": 0.1, "prefix": 0.1}
H, INNER, LAYERS, R = 32, 64, 2, 4
MAPS = [(H, H)] * 4 + [(H, INNER), (INNER, H)]
"""Inputs and outputs of the six linear maps of a layer of echo: query, key, value, output, and the two wide ones."""

COUNTS = {
    "lora": LAYERS * sum(R * (i + o) for i, o in MAPS),
    "dora": LAYERS * sum(R * (i + o) + o for i, o in MAPS),
    "adalora": LAYERS * sum(R * (i + o + 1) for i, o in MAPS),
    "ia3": LAYERS * (H + H + INNER),
    "adapter": LAYERS * 2 * (2 * H * 6 + 6 + H),
    "prompt": 5 * H,
    "prefix": LAYERS * 2 * 5 * H,
    "frozen": 0,
    "full": LAYERS * (sum(i * o + o for i, o in MAPS) + 4 * H),
    "partial": sum(i * o + o for i, o in MAPS) + 4 * H,
}


def recipe(method: str, **more: Any) -> FitRecipe:
    return FitRecipe.model_validate({"adapt": method, "dropout": 0.0} | SMALL.get(method, {}) | more)


def ready(method: str, **more: Any) -> tuple[Any, Adaptation]:
    torch.manual_seed(0)
    network = load_backbone("echo").network
    return network, adapt(network, recipe(method, **more))


def batch() -> tuple[Tensor, Tensor, Tensor]:
    tokenizer = load_backbone("echo").tokenizer
    return *pad([tokenizer.encode(note).ids for note in NOTES], 0), torch.tensor(list(NOTES.values()))


def learn(network: Any, adaptation: Adaptation, *, rate: float, steps: int = 20) -> list[float]:
    """The losses of a few steps in which nothing but the network's own learning weights move: the head is held."""
    ids, mask, truth = batch()
    head = torch.randn(3, H, generator=torch.Generator().manual_seed(1))
    optimizer = torch.optim.AdamW([value for value in network.parameters() if value.requires_grad], lr=rate)
    losses = []
    for step in range(steps):
        hidden = network.run(network.embed(ids), mask)
        loss = F.cross_entropy((hidden * mask[..., None]).sum(1) / mask.sum(1, keepdim=True) @ head.T, truth)
        optimizer.zero_grad()
        torch.autograd.backward(loss)
        if adaptation.schedule:
            adaptation.schedule.before_step()
        optimizer.step()
        if adaptation.schedule:
            adaptation.schedule.after_step(step, steps)
        losses.append(loss.item())
    return losses


def answers(network: Any) -> Tensor:
    ids, mask, _ = batch()
    with torch.no_grad():
        return network.eval()(ids, mask)[mask > 0]


@pytest.mark.parametrize("method", MERGED + KEPT)
def test_it_lowers_the_loss_over_chest_pain_and_its_denial_with_its_own_weights_alone(method: str) -> None:
    before = load_backbone("echo").network.state_dict()
    network, adaptation = ready(method)
    kept = {id(value): value.clone() for value in network.parameters() if not value.requires_grad}
    losses = learn(network, adaptation, rate=RATES.get(method, 0.01))
    assert losses[-1] < (0.9 if method in ("prompt", "prefix") else 0.5) * losses[0]
    assert len(kept) >= len(before)
    for value in network.parameters():
        assert value.requires_grad or torch.equal(value, kept[id(value)])


@pytest.mark.parametrize("method", sorted(COUNTS))
def test_as_many_weights_learn_as_its_paper_says(method: str) -> None:
    network, adaptation = ready(method)
    assert sum(value.numel() for value in network.parameters() if value.requires_grad) == COUNTS[method]
    assert adaptation.start == {"frozen": 2, "partial": 1}.get(method, 0)  # only these may keep what lower layers give


@pytest.mark.parametrize("method", MERGED)
def test_what_can_be_merged_starts_at_nothing_and_leaves_a_plain_encoder(method: str) -> None:
    plain = load_backbone("echo").network
    network, adaptation = ready(method)
    assert torch.allclose(answers(network), answers(plain), atol=1e-5)
    learn(network, adaptation, rate=RATES.get(method, 0.01))
    learnt = answers(network)
    assert not torch.allclose(learnt, answers(plain), atol=1e-2)
    adaptation.finish()
    assert list(network.state_dict()) == list(plain.state_dict())
    assert {type(module).__module__.split(".")[0] for module in network.modules()} <= {"bedside", "torch"}
    assert torch.allclose(answers(network), learnt, atol=1e-4)
    assert not hasattr(network, "peft_config")


@pytest.mark.parametrize("method", KEPT)
def test_what_cannot_be_merged_is_saved_beside_the_backbone_as_it_was(method: str, tmp_path: Path) -> None:
    backbone = load_backbone("echo")
    network, adaptation = ready(method)
    learn(network, adaptation, rate=0.01)
    adaptation.finish()
    save_network(network, backbone.tokenizer, tmp_path)
    opened, _ = load_network(tmp_path)
    assert torch.equal(answers(opened), answers(network))
    (tmp_path / "adapter.json").unlink()
    base, _ = load_network(tmp_path)
    assert torch.equal(answers(base), answers(backbone.network))


@pytest.mark.parametrize("method", KEPT)
def test_a_notes_answer_does_not_depend_on_its_neighbours_nor_a_copys_on_its_model(method: str) -> None:
    network, adaptation = ready(method)
    learn(network, adaptation, rate=0.01)
    ids, mask, _ = batch()
    other = copy.deepcopy(network.eval())
    with torch.no_grad():
        together = network(ids, mask)
        for row, size in enumerate(mask.sum(1).int().tolist()):
            alone = network(ids[row : row + 1, :size], mask[row : row + 1, :size])
            assert alone.shape == (1, size, H)
            assert torch.allclose(together[row, :size], alone[0], atol=1e-5)
        for value in other.added.parameters():
            value.zero_()
        assert torch.equal(network(ids, mask), together)
        assert not torch.allclose(other(ids, mask)[mask > 0], together[mask > 0], atol=1e-3)


def test_a_network_with_added_parts_is_no_backbone_to_start_from(tmp_path: Path) -> None:
    network, _ = ready("adapter")
    save_network(network, load_backbone("echo").tokenizer, tmp_path)
    with pytest.raises(UsageError, match="bedside backbones"):
        load_backbone(str(tmp_path))
    for name in ("adapter.json", "adapter.safetensors"):
        (tmp_path / name).unlink()
    assert torch.equal(answers(load_backbone(str(tmp_path)).network), answers(load_backbone("echo").network))


def test_an_adapter_of_another_size_is_refused(tmp_path: Path) -> None:
    network, _ = ready("adapter")
    save_network(network, load_backbone("echo").tokenizer, tmp_path)
    written = json.loads((tmp_path / "adapter.json").read_text())
    (tmp_path / "adapter.json").write_text(json.dumps(written | {"size": 7}))
    with pytest.raises(ModelError, match="does not fit"):
        load_network(tmp_path)


def test_one_adapter_a_layer_costs_half_of_two() -> None:
    network, _ = ready("adapter", adapter_places="feedforward")
    assert sum(value.numel() for value in network.added.parameters()) == COUNTS["adapter"] // 2


def test_adalora_prunes_to_the_mean_rank_asked_for_and_keeps_it() -> None:
    network, adaptation = ready("adalora")
    learn(network, adaptation, rate=0.01, steps=30)
    left = [int((value != 0).sum()) for name, value in network.named_parameters() if "lora_E" in name]
    assert len(left) == LAYERS * len(MAPS)
    assert sum(left) == 2 * len(left)  # final_rank = 2, by the mean
    assert len(set(left)) > 1  # where it matters more, more is left


def test_adalora_goes_on_from_its_saved_scores_as_if_it_had_never_stopped() -> None:
    ends = []
    for stop in (False, True):
        network, adaptation = ready("adalora")
        learn(network, adaptation, rate=0.01, steps=12)
        if stop:
            again, resumed = ready("adalora")
            again.load_state_dict(network.state_dict())
            assert resumed.schedule is not None
            assert adaptation.schedule is not None
            resumed.schedule.restore({name: value.clone() for name, value in adaptation.schedule.state().items()})
            network, adaptation = again, resumed
        learn(network, adaptation, rate=0.01, steps=12)
        ends.append(answers(network))
    assert torch.equal(*ends)


def test_settings_of_other_methods_are_refused_together_with_what_is_unknown() -> None:
    fit = {"adapt": "ia3", "lora_rank": 4, "prompt_length": 9, "layer_decay": 0.9, "lorarank": 4, "epochs": 0}
    with pytest.raises(ConfigError) as caught:
        Recipe.from_dict({"data": {"train": "notes.csv"}, "fit": fit})
    faults = " | ".join(caught.value.faults)
    assert len(caught.value.faults) == 5
    assert "fit.lora_rank: goes with adapt = lora, dora, adalora, qlora; not with ia3" in faults
    assert "fit.prompt_length: goes with adapt = prompt, prefix" in faults
    assert "fit.layer_decay: goes with adapt = full, partial" in faults
    assert "fit.lorarank: unknown key" in faults
    assert "fit.epochs" in faults


@pytest.mark.parametrize(
    ("fit", "told"),
    [
        ({"final_rank": 16}, "final_rank: must be below lora_rank = 16"),
        ({"prune_from": 0.8}, "prune_from: must be below prune_until = 0.7"),
    ],
)
def test_adalora_must_have_something_to_prune_and_time_for_it(fit: dict[str, Any], told: str) -> None:
    with pytest.raises(ConfigError, match=told):
        Recipe.from_dict({"data": {"train": "notes.csv"}, "fit": {"adapt": "adalora"} | fit})
    with pytest.raises(ConfigError, match=told):
        adapt(load_backbone("echo").network, FitRecipe.model_validate({"adapt": "adalora"} | fit))


def test_a_resolved_recipe_with_every_setting_written_out_is_taken_again() -> None:
    written = Recipe.from_dict({"data": {"train": "notes.csv"}, "fit": {"adapt": "adapter", "adapter_size": 8}})
    assert Recipe.from_dict(written.model_dump()) == written


def test_what_adds_few_weights_learns_at_a_higher_rate_than_the_whole_network() -> None:
    rates = {}
    for method in COUNTS:
        filled, choices = fill_in(recipe(method), rows=300, tokens=9_000, layers=6, hidden_size=768)
        rates[method] = filled.learning_rate or 0
        assert choices[-1].reason.startswith(method)
    assert rates["dora"] == rates["lora"] > rates["full"] == rates["partial"] == rates["frozen"]
    assert all(rates[method] > rates["full"] for method in MERGED + KEPT)


def test_every_method_has_a_file_a_word_in_the_recipe_and_a_paper() -> None:
    assert methods() == sorted(set(typing.get_args(Adapt)) - set(UNTRAINED))
    folder = Path(__file__).parents[2] / "src/bedside/train/adapt"
    for name in methods():
        said = ast.get_docstring(ast.parse((folder / f"{name}.py").read_text(encoding="utf-8"))) or ""
        assert "Source" in said, name


def test_architectures_of_transformers_take_what_suits_them_and_refuse_the_rest() -> None:
    pytest.importorskip("transformers", reason="the hub extra is not installed")
    from bedside.backbones._transformers import TransformersNetwork

    sizes = {"dim": 32, "hidden_dim": 64, "n_heads": 2, "n_layers": 2, "vocab_size": 300}
    for method in [*MERGED, "adapter"]:
        torch.manual_seed(0)
        network = TransformersNetwork.from_config({"model_type": "distilbert", **sizes})
        adaptation = adapt(network, recipe(method))
        learn(network, adaptation, rate=0.01, steps=2)
        learnt = answers(network)
        adaptation.finish()
        assert torch.allclose(answers(network), learnt, atol=1e-4)
    for method in ("prompt", "prefix"):
        network = TransformersNetwork.from_config({"model_type": "distilbert", **sizes})
        with pytest.raises(UsageError, match=r"DistilBertModel.*lora"):
            adapt(network, recipe(method))
