"""What a fit chooses among: heads, figures that decide, ways of adapting, and which settings belong to which way."""

from __future__ import annotations

from typing import Literal, get_args

Head = Literal[
    "auto",
    "classify",
    "multilabel",
    "pair",
    "tag",
    "nested",
    "relate",
    "rank",
    "score",
    "ordinal",
    "continuous",
    "survive",
    "cox",
    "answer",
    "generate",
]
Metric = Literal[
    "auto",
    "macro_f1",
    "micro_f1",
    "accuracy",
    "entity_f1",
    "relation_f1",
    "mrr",
    "ndcg@10",
    "qwk",
    "ccc",
    "spearman",
    "c_index",
    "answer_f1",
    "answer_em",
    "rougeL",
    "rouge1",
    "rouge2",
]
"""Figures that may decide; each head has its own."""
Adapt = Literal[
    "full",
    "frozen",
    "partial",
    "lora",
    "dora",
    "adalora",
    "ia3",
    "adapter",
    "prompt",
    "prefix",
    "qlora",
    "zero_shot",
    "few_shot",
    "verbaliser",
]
UNTRAINED = ("zero_shot", "few_shot", "verbaliser")
"""Ways of adapting by which nothing is trained: a model is asked."""

NEVER_MERGED = ("adapter", "prompt", "prefix")
"""Ways of adapting that add parts which no weight of the backbone can take in."""

WHOLE_TEXTS = ("auto", "classify", "multilabel", "pair", "score", "ordinal", "continuous")
"""Heads whose answer stands at no place of the text, so that a token of it may be hidden while it is learnt."""

WITH_LAYERS = ("full", "partial", "lora", "dora", "adalora", "ia3", "adapter", "prompt", "prefix", "qlora")
"""Ways of adapting by which something in the network learns."""

ENCODED = tuple(head for head in get_args(Head) if head != "generate")
"""Heads above an encoder."""

OWN_SETTINGS = {
    "layers": ("partial",),
    "tune_embeddings": ("full",),
    "layer_decay": ("full", "partial"),
    "token_dropout": ("full", "partial", "lora", "dora"),
    "adversarial": WITH_LAYERS,
    "average": ("full", "frozen", "partial", "lora", "dora", "ia3", "adapter", "prompt", "prefix", "qlora"),
    "lora_rank": ("lora", "dora", "adalora", "qlora"),
    "final_rank": ("adalora",),
    "prune_from": ("adalora",),
    "prune_until": ("adalora",),
    "prune_every": ("adalora",),
    "adapter_size": ("adapter",),
    "adapter_places": ("adapter",),
    "prompt_length": ("prompt", "prefix"),
    "label_words": UNTRAINED,
    "prior": UNTRAINED,
    "shots": ("few_shot",),
}
"""Settings that mean something to some ways of adapting only; with another they are refused, not ignored."""
