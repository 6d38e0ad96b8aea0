"""The parts of fitting, one by one: batches, splits, cached layers, corrections, rates, defaults."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from bedside.backbones._load import load_backbone
from bedside.config import FitRecipe, Recipe
from bedside.errors import UsageError
from bedside.model.forms.labels import label_order
from bedside.train import cache
from bedside.train.adapt import adapt, halve_word_table
from bedside.train.batches import epoch_batches, make_batches
from bedside.train.cache import TokenInputs, cache_lower
from bedside.train.data import hold_back, read_parts
from bedside.train.defaults import fill_in
from bedside.train.device import pick_device
from bedside.train.epochs import worth_keeping
from bedside.train.optimise import make_optimizer, rate_factor, tuned_parameters
from bedside.train.precision import choose_precision

CPU = torch.device("cpu")
IDS = [[1, 50, 60, 2], [1, 70, 2], [1, 9, 8, 7, 6, 2], [1, 2]]


@given(
    st.lists(st.integers(1, 300), min_size=1, max_size=80), st.integers(16, 512), st.integers(1, 20), st.integers(0, 9)
)
def test_every_text_is_in_one_batch_and_no_batch_is_too_large(
    lengths: list[int], tokens: int, rows: int, epoch: int
) -> None:
    batches = epoch_batches(lengths, tokens=tokens, rows=rows, seed=3, epoch=epoch)
    assert sorted(row for batch in batches for row in batch) == list(range(len(lengths)))
    for batch in batches:
        longest = max(lengths[row] for row in batch)
        assert len(batch) <= rows
        assert len(batch) == 1 or len(batch) * longest <= tokens
    assert batches == epoch_batches(lengths, tokens=tokens, rows=rows, seed=3, epoch=epoch)


def test_padding_is_small_where_random_batches_waste_most() -> None:
    lengths = [10] * 500 + [200] * 20
    wasted = sum(
        max(lengths[r] for r in batch) * len(batch) for batch in make_batches(lengths, tokens=1024, rows=64)
    ) / sum(lengths)
    assert wasted < 1.1


def test_epochs_meet_the_texts_in_another_order() -> None:
    one, two = (epoch_batches([5] * 50, tokens=64, rows=8, seed=0, epoch=epoch) for epoch in (0, 1))
    assert one != two


@given(st.lists(st.tuples(st.integers(0, 30), st.sampled_from("abc")), min_size=1, max_size=200), st.integers(0, 5))
def test_holding_back_never_splits_a_patient_nor_loses_a_label(rows: list[tuple[int, str]], seed: int) -> None:
    patients, labels = [str(p) for p, _ in rows], [(label,) for _, label in rows]
    rest, back = hold_back(patients, labels, seed=seed)
    assert sorted(rest + back) == list(range(len(rows)))
    assert not {patients[r] for r in rest} & {patients[r] for r in back}
    assert {labels[r] for r in rest} == set(labels)
    assert len(back) <= max(1, round(0.1 * len(rows)))


@pytest.mark.parametrize("head", ["classify", "tag", "score"])
def test_a_second_text_is_never_passed_over_by_a_head_that_reads_one(head: str, tmp_path: Path) -> None:
    path = tmp_path / "pairs.csv"
    path.write_text("text,note,label\nIs there fever?,Denies fever.,0\nIs there fever?,38.9,1\n")
    recipe = {"data": {"train": path, "text_b": "note"}, "fit": {"head": head}}
    with pytest.raises(UsageError, match="--text-b"):
        read_parts(Recipe.from_dict(recipe))


def test_grades_are_ordered_by_size_and_names_by_alphabet() -> None:
    assert label_order(["10", "2", "1"]) == ("1", "2", "10")
    assert label_order(["II", "10"]) == ("10", "II")


@pytest.mark.parametrize("in_file", [False, True])
def test_kept_activations_are_what_the_layers_give(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, in_file: bool
) -> None:
    if in_file:
        monkeypatch.setattr(cache, "MEMORY_BYTES", 0)
    network = load_backbone("echo").network
    tokens = TokenInputs(network, IDS, 0, CPU)
    kept = cache_lower(tokens, 1, pool=True, hidden_size=32, file=tmp_path / "a.npy", on_rows=lambda rows: None)
    assert (tmp_path / "a.npy").exists() == in_file
    with torch.inference_mode():
        hidden, mask = kept.batch([2, 1])
        live, live_mask = tokens.batch([2, 1])
        whole = network.run(live, live_mask)
        assert torch.equal(mask, live_mask)
        assert torch.allclose(network.run(hidden, mask, 1)[mask > 0], whole[mask > 0], atol=2e-2)


def test_when_nothing_is_tuned_only_the_pooled_vector_is_kept(tmp_path: Path) -> None:
    network = load_backbone("echo").network
    kept = cache_lower(
        TokenInputs(network, IDS, 0, CPU), 2, pool=True, hidden_size=32, file=tmp_path / "a", on_rows=lambda n: None
    )
    assert kept.lengths == [1, 1, 1, 1]
    with torch.inference_mode():
        expected = network(torch.tensor([IDS[1]]), torch.ones(1, 3)).mean(1)
    assert torch.allclose(kept.batch([1])[0][0], expected, atol=1e-2)


def test_each_way_of_adapting_tunes_what_it_says() -> None:
    def tuned(**fit: object) -> tuple[int, set[str]]:
        network = load_backbone("echo").network
        start = adapt(network, FitRecipe.model_validate(fit)).start
        names = {name.split(".layer.")[-1][0] for name, value in network.named_parameters() if value.requires_grad}
        return start, names

    assert tuned(adapt="full") == (0, {"0", "1"})
    assert tuned(adapt="full", tune_embeddings=True) == (0, {"0", "1", "e"})
    assert tuned(adapt="partial", layers=1) == (1, {"1"})
    assert tuned(adapt="frozen") == (2, set())
    assert tuned(adapt="lora") == (0, {"0", "1"})
    with pytest.raises(UsageError, match=r"1\.\.1"):
        tuned(adapt="partial", layers=2)
    with pytest.raises(UsageError, match="goes with adapt = full"):
        tuned(adapt="partial", layers=1, tune_embeddings=True)


def test_low_rank_corrections_start_at_nothing_and_merge_without_a_trace() -> None:
    ids, mask = torch.tensor([IDS[0]]), torch.ones(1, 4)
    network = load_backbone("echo").network
    plain, names = network(ids, mask), set(network.state_dict())
    adaptation = adapt(network, FitRecipe(adapt="lora", lora_rank=4))
    network.eval()
    assert torch.allclose(network(ids, mask), plain, atol=1e-6)
    with torch.no_grad():
        for name, value in network.named_parameters():
            if name.endswith(".up"):
                value.normal_(std=0.1)
    changed = network(ids, mask)
    assert not torch.allclose(changed, plain, atol=1e-2)
    adaptation.finish()
    assert set(network.state_dict()) == names
    assert torch.allclose(network(ids, mask), changed, atol=1e-5)


def test_a_frozen_word_table_is_kept_in_sixteen_bits_and_a_tuned_one_is_not() -> None:
    for tune, expected in ((False, torch.float16), (True, torch.float32)):
        network = load_backbone("echo").network
        adapt(network, FitRecipe(tune_embeddings=tune))
        halve_word_table(network)
        assert network.embeddings.word_embeddings.weight.dtype == expected


def test_biases_and_norms_do_not_decay_and_lower_layers_learn_slower() -> None:
    network, head = load_backbone("echo").network, torch.nn.Linear(32, 2)
    fit = FitRecipe(learning_rate=1e-3, layer_decay=0.5, weight_decay=0.1)
    adapt(network, fit)
    parameters = tuned_parameters(network, head)
    optimizer = make_optimizer(network, parameters, fit)
    told = {id(p): (group["base"], group["weight_decay"]) for group in optimizer.param_groups for p in group["params"]}
    assert told[id(network.layers[1].output.dense.weight)] == (1e-3, 0.1)
    assert told[id(network.layers[0].output.dense.weight)] == (5e-4, 0.1)
    assert told[id(network.layers[1].output.LayerNorm.weight)] == (1e-3, 0.0)
    assert told[id(head.weight)] == (fit.head_learning_rate, 0.1)


@pytest.mark.parametrize(
    ("schedule", "half", "end"), [("linear", 0.53, 0.01), ("cosine", 0.55, 0.001), ("constant", 1, 1)]
)
def test_the_rate_warms_up_and_comes_down(schedule: str, half: float, end: float) -> None:
    fit = FitRecipe.model_validate({"schedule": schedule, "warmup": 0.1})
    rates = [rate_factor(step, 100, fit) for step in range(100)]
    assert rates[0] < rates[5] < rates[10] == pytest.approx(1, abs=0.01)
    assert rates[52] == pytest.approx(half, abs=0.03)
    assert rates[99] == pytest.approx(end, abs=0.02)


def test_small_sets_get_more_epochs_and_what_was_said_is_kept() -> None:
    few, _ = fill_in(FitRecipe(), rows=100, tokens=2_000, layers=6, hidden_size=384)
    many, choices = fill_in(FitRecipe(), rows=500_000, tokens=10_000_000, layers=12, hidden_size=768)
    assert few.epochs is not None
    assert many.epochs is not None
    assert few.epochs > many.epochs
    assert [choice.name for choice in choices] == ["epochs", "learning_rate"]
    assert all(choice.reason for choice in choices)
    short, _ = fill_in(FitRecipe(), rows=2_000, tokens=60_000, layers=12, hidden_size=384)
    long, _ = fill_in(FitRecipe(), rows=2_000, tokens=600_000, layers=12, hidden_size=384)
    still, _ = fill_in(FitRecipe(adapt="frozen"), rows=2_000, tokens=600_000, layers=12, hidden_size=384)
    assert (short.epochs, long.epochs, still.epochs) == (8, 2, 8)
    named, _ = fill_in(FitRecipe(), rows=5_400, tokens=180_000, layers=6, hidden_size=384)
    marked, _ = fill_in(FitRecipe(), rows=5_400, tokens=180_000, layers=6, hidden_size=384, entities=True)
    assert (named.epochs, marked.epochs) == (4, 8)
    said, none = fill_in(FitRecipe(epochs=3, learning_rate=1e-5), rows=100, tokens=2_000, layers=6, hidden_size=384)
    assert (said.epochs, said.learning_rate, none) == (3, 1e-5, [])


def test_a_chosen_rate_is_told_as_a_person_would_write_it() -> None:
    size = {"rows": 2_000, "tokens": 60_000, "layers": 6, "hidden_size": 384}
    ranked, _ = fill_in(FitRecipe(head="rank"), **size)
    others, _ = fill_in(FitRecipe(), **size)
    assert (str(ranked.learning_rate), str(others.learning_rate)) == ("5e-05", "0.00015")


def test_what_starts_from_nothing_takes_larger_steps_and_learns_its_words() -> None:
    size = {"rows": 2_000, "tokens": 60_000, "layers": 2, "hidden_size": 256}
    kept, _ = fill_in(FitRecipe(), **size, pretrained=True)
    new, choices = fill_in(FitRecipe(), **size, pretrained=False)
    assert (kept.learning_rate or 0) < (new.learning_rate or 0)
    assert (kept.tune_embeddings, new.tune_embeddings) == (None, True)
    assert [choice.name for choice in choices] == ["epochs", "learning_rate", "tune_embeddings"]
    said, none = fill_in(FitRecipe(epochs=3, learning_rate=1e-5, tune_embeddings=False), **size, pretrained=False)
    assert (said.learning_rate, said.tune_embeddings, none) == (1e-5, False, [])


@pytest.mark.parametrize(
    ("amx", "avx512", "maker", "hidden_size", "chosen"),
    [
        (True, True, "GenuineIntel", 384, "bf16"),
        (True, True, "GenuineIntel", 32, "fp32"),
        (False, True, "GenuineIntel", 384, "fp32"),
        (False, True, "AuthenticAMD", 384, "bf16"),
        (False, False, "AuthenticAMD", 384, "fp32"),
    ],
)
def test_arithmetic_is_chosen_by_processor_and_size_and_never_by_a_clock(
    amx: bool, avx512: bool, maker: str, hidden_size: int, chosen: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "cpuinfo").write_text(f"processor\t: 0\nvendor_id\t: {maker}\n")
    monkeypatch.setattr("bedside.processor.CPUINFO", tmp_path / "cpuinfo")
    monkeypatch.setattr("torch.cpu._is_amx_tile_supported", lambda: amx)
    monkeypatch.setattr("torch.cpu._is_avx512_bf16_supported", lambda: avx512)
    assert choose_precision(CPU, hidden_size)[0] == chosen


def test_a_device_that_is_not_there_is_refused_with_those_that_are() -> None:
    assert pick_device("cpu").type == "cpu"
    with pytest.raises(UsageError, match="cpu"):
        pick_device("abacus")


def test_between_epochs_the_tuning_rows_cannot_tell_apart_the_later_is_kept() -> None:
    assert worth_keeping(0.62, 0.63, rows=1_500)
    assert not worth_keeping(0.62, 0.63, rows=100_000)
    assert not worth_keeping(0.55, 0.63, rows=1_500)
    assert worth_keeping(0.1, -1.0, rows=50)
    assert worth_keeping(float("nan"), -1.0, rows=0)
