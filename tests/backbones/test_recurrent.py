"""The LSTM written out is PyTorch's LSTM, by the equations and by the kernel; padding reaches no token."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor, nn

from bedside.backbones._recurrent import BiLstm, LstmConfig, Weights, fast_scan, scan, step, turn_round

LENGTHS = st.lists(st.integers(1, 9), min_size=1, max_size=4)


def network(seed: int, *, half: int = 4, layers: int = 2, plain: bool = False) -> BiLstm:
    torch.manual_seed(seed)
    return BiLstm(LstmConfig(30, 2 * half, layers), plain=plain).eval()


def reference(ours: BiLstm) -> nn.LSTM:
    """PyTorch's own stack, holding our weights."""
    size = ours.config.hidden_size
    theirs = nn.LSTM(size, size // 2, ours.config.num_hidden_layers, bidirectional=True, batch_first=True)
    values = dict(theirs.named_parameters())
    with torch.no_grad():
        for number, layer in enumerate(ours.layers):
            for weights, mark in ((layer.forwards, ""), (layer.backwards, "_reverse")):
                values[f"weight_ih_l{number}{mark}"].copy_(weights.W)
                values[f"weight_hh_l{number}{mark}"].copy_(weights.U)
                values[f"bias_ih_l{number}{mark}"].copy_(weights.b)
                values[f"bias_hh_l{number}{mark}"].zero_()
    return theirs


def texts(lengths: list[int]) -> tuple[Tensor, Tensor]:
    """Random ids and their mask; what stands behind a text's end is random too."""
    return torch.randint(1, 30, (len(lengths), max(lengths))), (
        torch.arange(max(lengths)) < torch.tensor(lengths)[:, None]
    ).float()


@settings(deadline=None, max_examples=40)
@given(LENGTHS, st.integers(1, 8), st.integers(1, 3), st.integers(0, 99), st.booleans())
def test_it_is_pytorchs_lstm_with_the_same_weights(
    lengths: list[int], half: int, layers: int, seed: int, plain: bool
) -> None:
    ours = network(seed, half=half, layers=layers, plain=plain)
    ids, mask = texts(lengths)
    packed = nn.utils.rnn.pack_padded_sequence(
        ours.embed(ids), torch.tensor(lengths), batch_first=True, enforce_sorted=False
    )
    with torch.no_grad():
        expected, _ = nn.utils.rnn.pad_packed_sequence(reference(ours)(packed)[0], batch_first=True)
        found = ours(ids, mask)
    assert torch.allclose(found[mask > 0], expected[mask > 0], atol=1e-5)


@settings(deadline=None, max_examples=40)
@given(st.integers(1, 4), st.integers(1, 9), st.integers(1, 8), st.integers(0, 99))
def test_the_kernel_gives_the_values_and_gradients_of_the_equations(b: int, t: int, d: int, seed: int) -> None:
    torch.manual_seed(seed)
    weights, x, upstream = Weights(3, d), torch.randn(b, t, 3, requires_grad=True), torch.randn(b, t, d)
    inputs = [x, *weights.parameters()]
    written, fast = scan(x, weights), fast_scan(x, weights)
    assert torch.allclose(written, fast, atol=1e-5)
    for one, two in zip(
        torch.autograd.grad(written, inputs, upstream), torch.autograd.grad(fast, inputs, upstream), strict=True
    ):
        assert torch.allclose(one, two, atol=1e-4)


def test_a_shut_forget_gate_forgets_and_an_open_one_remembers() -> None:
    torch.manual_seed(0)
    weights, x, h, c = Weights(2, 2), torch.zeros(1, 2), torch.zeros(1, 2), torch.tensor([[5.0, -5.0]])
    with torch.no_grad():
        weights.b.copy_(torch.tensor([0.0, 0.0, 50.0, -50.0, 0.0, 0.0, 0.0, 0.0]))
        _, after = step(x, h, c, weights)
    assert after[0, 0] == pytest.approx(5.0)
    assert after[0, 1] == pytest.approx(0.0)


@given(LENGTHS)
def test_turning_a_text_round_twice_leaves_it_as_it_was(lengths: list[int]) -> None:
    x, ends = torch.arange(len(lengths) * max(lengths)).view(len(lengths), -1, 1), torch.tensor(lengths)
    turned = turn_round(x, ends)
    assert torch.equal(turn_round(turned, ends), x)
    for row, end in enumerate(lengths):
        assert torch.equal(turned[row, :end], x[row, :end].flip(0))
        assert torch.equal(turned[row, end:], x[row, end:])


@pytest.mark.parametrize("plain", [True, False])
def test_padding_does_not_change_a_text_and_a_word_does(plain: bool) -> None:
    net = network(1, plain=plain)
    short, longer = torch.tensor([[5, 9, 2]]), torch.tensor([[5, 9, 2, 17, 17], [3, 3, 3, 3, 3]])
    with torch.inference_mode():
        alone = net(short, torch.ones(1, 3))[0]
        padded = net(longer, torch.tensor([[1.0, 1, 1, 0, 0], [1, 1, 1, 1, 1]]))[0, :3]
        lengthened = net(longer[:1, :4], torch.ones(1, 4))[0, :3]
    assert torch.allclose(padded, alone, atol=1e-6)
    assert (lengthened - alone).abs().min() > 1e-6, "the backward direction brings what comes later to every token"


def test_the_stack_can_be_run_in_two_halves() -> None:
    net = network(2)
    ids, mask = texts([4, 2])
    with torch.inference_mode():
        half = net.run(net.run(net.embed(ids), mask, 0, 1), mask, 1)
        assert torch.equal(net(ids, mask), half)
