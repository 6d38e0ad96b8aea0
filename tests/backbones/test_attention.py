"""The attention written out is PyTorch's attention; padding reaches no token, and places are told apart."""

from __future__ import annotations

import math

import pytest
import torch
from hypothesis import example, given, settings
from hypothesis import strategies as st
from torch import Tensor, nn

from bedside.backbones._attention import MultiHeadAttention, TransformerConfig, TransformerEncoder, attend, positions

LENGTHS = st.lists(st.integers(1, 9), min_size=1, max_size=4)


def config(heads: int = 2, width: int = 4, layers: int = 2) -> TransformerConfig:
    return TransformerConfig(30, heads * width, layers, heads, 24, 16)


def network(seed: int, sizes: TransformerConfig) -> TransformerEncoder:
    """Random weights throughout, norms and biases too, so that none can be left out unnoticed."""
    torch.manual_seed(seed)
    net = TransformerEncoder(sizes).eval()
    with torch.no_grad():
        for value in net.layers.parameters():
            value += 0.3 * torch.randn_like(value)
    return net


def mask_of(lengths: list[int]) -> Tensor:
    return (torch.arange(max(lengths)) < torch.tensor(lengths)[:, None]).float()


def copy_attention(ours: MultiHeadAttention, theirs: nn.MultiheadAttention) -> None:
    three = (ours.query, ours.key, ours.value)
    theirs.in_proj_weight.copy_(torch.cat([part.weight for part in three]))
    theirs.in_proj_bias.copy_(torch.cat([part.bias for part in three]))
    theirs.out_proj.load_state_dict(ours.out.state_dict())


def reference(ours: TransformerEncoder) -> nn.TransformerEncoder:
    """PyTorch's own stack in the same order of norms, holding our weights."""
    sizes = ours.config
    layer = nn.TransformerEncoderLayer(
        sizes.hidden_size, sizes.num_attention_heads, sizes.intermediate_size, batch_first=True, norm_first=True
    )
    norm = nn.LayerNorm(sizes.hidden_size)
    theirs = nn.TransformerEncoder(layer, sizes.num_hidden_layers, norm, enable_nested_tensor=False).eval()
    with torch.no_grad():
        for mine, yours in zip(ours.layers, theirs.layers, strict=True):
            copy_attention(mine.attention, yours.self_attn)
            pairs = [(mine.attention_norm, yours.norm1), (mine.feed_norm, yours.norm2)]
            for a, b in [*pairs, (mine.widen, yours.linear1), (mine.narrow, yours.linear2)]:
                b.load_state_dict(a.state_dict())
        norm.load_state_dict(ours.layers[-1].last_norm.state_dict())
    return theirs


@settings(deadline=None, max_examples=40)
@given(LENGTHS, st.integers(1, 4), st.integers(1, 4), st.integers(0, 99))
def test_attention_is_pytorchs_with_the_same_weights(lengths: list[int], heads: int, width: int, seed: int) -> None:
    sizes = config(heads, 2 * width)
    ours = network(seed, sizes).layers[0].attention
    theirs = nn.MultiheadAttention(sizes.hidden_size, heads, batch_first=True).eval()
    hidden, mask = torch.randn(len(lengths), max(lengths), sizes.hidden_size), mask_of(lengths)
    with torch.no_grad():
        copy_attention(ours, theirs)
        expected, _ = theirs(hidden, hidden, hidden, key_padding_mask=mask == 0)
        found = ours(hidden, mask.bool()[:, None, None, :])
    assert torch.allclose(found[mask > 0], expected[mask > 0], atol=1e-5)


@settings(deadline=None, max_examples=40)
@given(LENGTHS, st.integers(1, 4), st.integers(1, 3), st.integers(0, 99))
@example([1, 1, 1, 6], 1, 3, 1)
def test_the_stack_is_pytorchs_with_the_same_weights(lengths: list[int], heads: int, layers: int, seed: int) -> None:
    """In double precision: three layers of four numbers enlarge the rounding of single precision to 3e-5."""
    ours = network(seed, config(heads, 4, layers)).double()
    hidden, mask = torch.randn(len(lengths), max(lengths), 4 * heads).double(), mask_of(lengths)
    with torch.no_grad():
        expected = reference(ours).double()(hidden, src_key_padding_mask=mask == 0)
        found = ours.run(hidden, mask)
    assert torch.allclose(found[mask > 0], expected[mask > 0], atol=1e-9)


def test_the_answer_is_the_value_of_the_key_that_meets_the_query_and_never_that_of_padding() -> None:
    query = torch.tensor([[[[100.0, 0.0]]]])
    key, value = torch.tensor([[[[1.0, 0.0], [0.0, 1.0], [9.0, 0.0]]]]), torch.tensor([[[[1.0], [2.0], [3.0]]]])
    assert attend(query, key, value, None).item() == pytest.approx(3.0)
    assert attend(query, key, value, torch.tensor([[[[True, True, False]]]])).item() == pytest.approx(1.0)


def test_positions_are_the_papers_sines_and_cosines() -> None:
    table = positions(50, 8)
    for place in (0, 1, 49):
        for pair in range(4):
            angle = place / 10_000 ** (2 * pair / 8)
            assert table[place, 2 * pair].item() == pytest.approx(math.sin(angle), abs=1e-5)
            assert table[place, 2 * pair + 1].item() == pytest.approx(math.cos(angle), abs=1e-5)


def test_padding_does_not_change_a_text_and_the_order_of_words_does() -> None:
    net = network(1, config())
    with torch.inference_mode():
        alone = net(torch.tensor([[5, 9, 2]]), torch.ones(1, 3))[0]
        both = torch.tensor([[5, 9, 2, 17, 17], [3, 3, 3, 3, 3]])
        padded = net(both, torch.tensor([[1.0, 1, 1, 0, 0], [1, 1, 1, 1, 1]]))[0, :3]
        turned = net(torch.tensor([[2, 9, 5]]), torch.ones(1, 3))[0]
    assert torch.allclose(padded, alone, atol=1e-5)
    assert not torch.allclose(turned.mean(0), alone.mean(0), atol=1e-2)


def test_the_stack_can_be_run_in_two_halves() -> None:
    net, ids, mask = network(2, config()), torch.tensor([[5, 9, 2, 7], [3, 8, 0, 0]]), mask_of([4, 2])
    with torch.inference_mode():
        assert torch.equal(net(ids, mask), net.run(net.run(net.embed(ids), mask, 0, 1), mask, 1))
