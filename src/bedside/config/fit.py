"""A recipe of a fit: what to fit, on what, how. TOML in, one frozen value out; contradictions are faults too."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

from pydantic import Field, model_validator

from bedside.config._base import Learning, Strict, Texts, checked
from bedside.config.writing import Writing
from bedside.errors import ConfigError
from bedside.lang import tr


class DataRecipe(Texts):
    """Where the rows are and which columns mean what."""

    train: Path = Field(description="training table: CSV, TSV, Excel, JSONL or Parquet")
    dev: Path | None = Field(None, description="tuning table; without it a tenth of the patients is held back")
    text: str = Field("text", description="column(s) of the text, joined by +: title+question")
    text_b: str | None = Field(None, description="column(s) of a second text, for heads that read two")
    label: str = Field(
        "label",
        description="column of the label; several as a list or separated by |; entities; tags; time+event; answers",
    )
    entities: str | None = Field(None, description="column of the entities to relate; entities, where there is one")
    patient: str | None = Field(None, description="column of the patient; rows of one patient never lie in two parts")
    id: str | None = Field(None, description="column of the row's id")
    corpus: Path | None = Field(None, description="rank: table of the documents to search, text in the text_b column")
    top: int = Field(10, ge=1, le=1000, description="rank: how many documents are told for a question")


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

USUAL: dict[str, dict[str, Any]] = {"generate": {"adapt": "lora", "max_tokens": 2048}}
"""What a head takes, unless said, that is not the same for all."""

NEVER_MERGED = ("adapter", "prompt", "prefix")
"""Ways of adapting that add parts which no weight of the backbone can take in."""

OWN_SETTINGS = {
    "layers": ("partial",),
    "tune_embeddings": ("full",),
    "layer_decay": ("full", "partial"),
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


class FitRecipe(Learning):
    """How to learn. A value left out (None) is chosen by the size of the data, and the choice is written down."""

    backbone: str = Field("auto", description="auto, a registered name, a folder, or a hub name")
    head: Head = Field("auto", description="auto looks at the rows; score looks at their numbers")
    adapt: Adapt = Field("full", description="which weights are tuned: docs/adaptation.md")
    layers: int | None = Field(None, ge=1, description="partial: how many upper layers are tuned")
    lora_rank: int = Field(16, ge=1, le=256, description="lora, dora; adalora: the rank it starts with")
    final_rank: int | None = Field(None, ge=1, le=255, description="adalora: mean rank left (default two thirds)")
    prune_from: float = Field(0.1, ge=0, lt=1, description="adalora: share of the steps before pruning begins")
    prune_until: float = Field(0.7, gt=0, le=1, description="adalora: share of the steps after which ranks stay")
    prune_every: int = Field(10, ge=1, description="adalora: steps between prunings")
    adapter_size: int = Field(64, ge=1, le=4096, description="adapter: width of the bottleneck")
    adapter_places: Literal["both", "feedforward"] = Field("both", description="adapter: after which halves of a layer")
    prompt_length: int = Field(20, ge=1, le=512, description="prompt, prefix: how many learnt vectors")
    merge: bool | None = Field(
        None, description="false: keep only what was learnt, apart from the backbone; default true where it can be"
    )
    tune_embeddings: bool | None = Field(None, description="tune the word table too; default: only if not pretrained")
    start_at_names: bool = Field(True, description="begin each label's output at the meaning of its name")
    epochs: int | None = Field(None, ge=1, le=1000)
    accumulate: int = Field(1, ge=1, le=1024)
    batch_tokens: int = Field(1024, ge=16, description="tokens a batch; texts of like length share one")
    batch_rows: int = Field(32, ge=1)
    max_tokens: int = Field(256, ge=8, le=8192)
    loss: Literal["cross_entropy", "focal"] = "cross_entropy"
    class_weight: float = Field(0.3, ge=0, le=1, description="0 none, 1 fully balanced, 0.5 the square root between")
    label_smoothing: float = Field(0.0, ge=0, lt=1)
    temperature: float = Field(0.02, gt=0, le=1, description="rank: cosines are divided by it in the loss")
    negatives: int = Field(0, ge=0, le=32, description="rank: wrong documents a question, alike in words (BM25)")
    patience: int = Field(3, ge=1, description="epochs worse than the one kept before stopping")
    metric: Metric = Field(
        "auto", description="dev metric that decides; auto: macro_f1 of labels, entity_f1 of entities, ..."
    )
    horizons: tuple[Annotated[float, Field(gt=0)], ...] | None = Field(
        None, max_length=12, description="survive, cox: times to tell the chances at; default quartiles of event times"
    )
    prompt: str | None = Field(
        None,
        description="generate: what the decoder reads, {text} in it; default: its own chat template. "
        "zero_shot, few_shot, verbaliser: docs/prompting.md",
    )
    label_words: dict[str, str] = Field(
        {}, description="zero_shot, few_shot, verbaliser: words for labels; default their names"
    )
    shots: int | None = Field(None, ge=1, le=64, description="few_shot: examples shown; default 4 to 8")
    prior: Literal["auto", "content_free", "batch", "none"] = Field(
        "auto",
        description="zero_shot, few_shot, verbaliser: from what a label's own likelihood is taken, and divided out",
    )
    packing: bool = Field(False, description="generate: several short rows in one run of batch_tokens")
    write: Writing = Field(Writing(), description="generate: how texts are written")

    @model_validator(mode="before")
    @classmethod
    def _usual(cls, values: Any) -> Any:
        return with_usual(values) if isinstance(values, dict) else values


def with_usual(fit: Mapping[str, Any]) -> dict[str, Any]:
    """A recipe's `fit` with what its head takes, unless said.

    >>> with_usual({"head": "generate", "max_tokens": 512})["max_tokens"]
    512
    """
    head = fit.get("head")
    return {**(USUAL.get(head, {}) if isinstance(head, str) else {}), **fit}


class Recipe(Strict):
    """One run: data and fit.

    >>> Recipe.from_dict({"data": {"train": "notes.csv"}, "fit": {"head": "classify"}}).fit.seed
    0
    """

    data: DataRecipe
    fit: FitRecipe = FitRecipe()

    @classmethod
    def from_dict(cls, values: dict[str, object], *, where: str | None = None) -> Recipe:
        """Check the values; every fault is in the one error, settings that contradict each other too."""
        fit = values.get("fit")
        faults = contradictions(fit) if isinstance(fit, dict) else []
        return checked(cls, values, faults, where=where, next="bedside fit --help")

    @classmethod
    def read(cls, path: Path) -> Recipe:
        """Read a TOML file; paths in it are relative to it."""
        try:
            values = tomllib.loads(path.read_text(encoding="utf-8-sig"))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as fault:
            what = tr(f"cannot be read as TOML ({fault})", f"无法按 TOML 读取（{fault}）")
            raise ConfigError([what], where=str(path)) from None
        data = values.get("data", {})
        for key in ("train", "dev", "corpus"):
            if isinstance(data, dict) and isinstance(data.get(key), str):
                data[key] = str(path.parent / data[key])
        return cls.from_dict(values, where=str(path))


def keeps_apart(fit: FitRecipe) -> bool:
    """Whether only what is learnt is saved, and the backbone named.

    >>> keeps_apart(FitRecipe(adapt="lora")), keeps_apart(FitRecipe(adapt="prompt"))
    (False, True)
    """
    return fit.merge is False or fit.adapt in NEVER_MERGED or fit.head == "generate"


def contradictions(fit: Mapping[str, Any]) -> list[str]:
    """What does not go together in a recipe's `fit`, a sentence each; values still unchecked are passed over.

    >>> contradictions({"adapt": "ia3", "lora_rank": 4})
    ['fit.lora_rank: goes with adapt = lora, dora, adalora, qlora; not with ia3']
    """
    fit = with_usual(fit)
    given = {name: fit.get(name, field.default) for name, field in FitRecipe.model_fields.items()}
    method = given["adapt"]
    if method not in get_args(Adapt):
        return []
    found = [
        f"fit.{name}: "
        + tr(f"goes with adapt = {', '.join(allowed)}; not with {method}", f"仅适用于 adapt = {', '.join(allowed)}")
        for name, allowed in OWN_SETTINGS.items()
        if method not in allowed and given[name] != FitRecipe.model_fields[name].default
    ]
    if method in UNTRAINED:
        found += [
            f"fit.{name}: " + tr(f"nothing is trained with {method}", f"{method} 不训练任何参数")
            for name in ("epochs", "learning_rate")
            if given[name] is not None
        ]
    prompt, head = given["prompt"], given["head"]
    if given["merge"] is True and (method in NEVER_MERGED or head == "generate" or method in UNTRAINED):
        who = method if head != "generate" else head
        found.append("fit.merge: " + tr(f"{who} is always kept apart: leave it out", f"{who} 总是单独保存，请省略"))
    if isinstance(prompt, str) and method in UNTRAINED:
        found += _misplaced(prompt)
    elif isinstance(prompt, str) and (head != "generate" or prompt.count("{text}") != 1):
        found.append(
            "fit.prompt: "
            + tr("goes with head = generate, and holds {text} once", "仅适用于 head = generate，且须含一次 {text}")
        )
    if given["packing"] is True and head != "generate":
        found.append("fit.packing: " + tr("goes with head = generate", "仅适用于 head = generate"))
    if method == "adalora":
        least, most = given["final_rank"] or 1, given["lora_rank"]
        if isinstance(least, int) and isinstance(most, int) and least >= most:
            found.append("fit.final_rank: " + tr(f"must be below lora_rank = {most}", f"须小于 lora_rank = {most}"))
        begin, end = given["prune_from"], given["prune_until"]
        if isinstance(begin, float | int) and isinstance(end, float | int) and begin >= end:
            found.append("fit.prune_from: " + tr(f"must be below prune_until = {end}", f"须小于 prune_until = {end}"))
    return found


def _misplaced(prompt: str) -> list[str]:
    """What is wrong with a template of a method that trains nothing, whatever backbone reads it."""
    if prompt.count("{text}") + prompt.count("{label}") == 1 and "{examples}" not in prompt.partition("{text}")[2]:
        return []
    told = tr(
        "holds {text} once ({examples} before it), or {label} once to describe a label to an encoder",
        "须含一次 {text}（{examples} 在其前），或在描述标签时含一次 {label}",
    )
    return [f"fit.prompt: {told}"]
