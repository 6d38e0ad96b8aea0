"""A network laid out by column says what it said by row; an encoder that only reads is laid out so."""

from __future__ import annotations

import torch
from torch import nn

from bedside.backbones._bert import BertConfig, BertEncoder
from bedside.backbones._columns import by_column
from bedside.model.embedder import open_encoder


def test_vectors_are_the_same_by_row_and_by_column_for_one_token_and_for_many() -> None:
    torch.manual_seed(3)
    network = BertEncoder(BertConfig(100, 32, 2, 4, 64)).eval()
    texts = [torch.randint(1, 100, shape) for shape in ((1, 1), (1, 7), (5, 40))]
    with torch.inference_mode():
        by_row = [network(ids, torch.ones(ids.shape)) for ids in texts]
        again = [by_column(network)(ids, torch.ones(ids.shape)) for ids in texts]
    for one, other in zip(by_row, again, strict=True):
        torch.testing.assert_close(one, other, atol=1e-6, rtol=1e-5)


def test_an_encoder_of_a_library_reads_by_column() -> None:
    network = open_encoder("echo").engine.network  # type: ignore[attr-defined]
    maps = [part for part in network.modules() if isinstance(part, nn.Linear)]
    assert maps
    assert all(part.weight.t().is_contiguous() for part in maps)
