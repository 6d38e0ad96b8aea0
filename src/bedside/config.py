"""A recipe: what to fit, on what, how. TOML in, one frozen value out; unknown keys refused, all faults told at once."""

from __future__ import annotations

import hashlib
import json
import tomllib
from pathlib import Path
from typing import Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from pydantic_core import ErrorDetails

from bedside.errors import ConfigError
from bedside.lang import tr
from bedside.types import LARGEST_SEED


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, protected_namespaces=(), allow_inf_nan=False)


class DataRecipe(_Strict):
    """Where the rows are and which columns mean what."""

    train: Path = Field(description="training table: CSV, TSV, Excel, JSONL or Parquet")
    dev: Path | None = Field(None, description="tuning table; without it a tenth of the patients is held back")
    text: str = Field("text", description="column(s) of the text, joined by +: title+question")
    label: str = Field("label", description="column of the label; for multilabel a list, or text separated by |")
    patient: str | None = Field(None, description="column of the patient; rows of one patient never lie in two parts")
    id: str | None = Field(None, description="column of the row's id")
    identity: Literal["scrub", "absent", "removed"] = Field("scrub", description="anything but scrub needs a reason")
    identity_reason: str = Field("", description="why there is no identity in this data; printed in the model card")

    @model_validator(mode="after")
    def _reason_given(self) -> DataRecipe:
        if self.identity != "scrub" and not self.identity_reason.strip():
            raise ValueError(
                tr(
                    "identity_reason must say why there is no identity in this data",
                    "identity_reason 必须说明数据为何不含身份信息",
                )
            )
        return self


class FitRecipe(_Strict):
    """How to learn. A value left out (None) is chosen by the size of the data, and the choice is written down."""

    backbone: str = Field("auto", description="auto, a registered name, a folder, or a hub name")
    head: Literal["auto", "classify", "multilabel"] = Field("auto", description="auto looks at the labels")
    adapt: Literal["full", "frozen", "partial", "lora"] = Field("full", description="which weights are tuned")
    layers: int | None = Field(None, ge=1, description="partial: how many upper layers are tuned")
    lora_rank: int = Field(16, ge=1, le=256)
    tune_embeddings: bool | None = Field(None, description="tune the word table too; default: only if not pretrained")
    start_at_names: bool = Field(True, description="begin each label's output at the meaning of its name")
    epochs: int | None = Field(None, ge=1, le=1000)
    learning_rate: float | None = Field(None, gt=0, lt=1)
    head_learning_rate: float = Field(1e-3, gt=0, lt=1)
    layer_decay: float = Field(1.0, gt=0, le=1, description="learning rate of each lower layer relative to the next")
    optimizer: Literal["adamw", "sgd"] = "adamw"
    weight_decay: float = Field(0.01, ge=0, le=1)
    warmup: float = Field(0.06, ge=0, le=1, description="share of the steps spent warming up")
    schedule: Literal["linear", "cosine", "constant"] = "linear"
    dropout: float = Field(0.1, ge=0, lt=1)
    clip: float = Field(1.0, gt=0)
    accumulate: int = Field(1, ge=1, le=1024)
    batch_tokens: int = Field(1024, ge=16, description="tokens a batch; texts of like length share one")
    batch_rows: int = Field(32, ge=1)
    max_tokens: int = Field(256, ge=8, le=8192)
    loss: Literal["cross_entropy", "focal"] = "cross_entropy"
    class_weight: float = Field(0.3, ge=0, le=1, description="0 none, 1 fully balanced, 0.5 the square root between")
    label_smoothing: float = Field(0.0, ge=0, lt=1)
    precision: Literal["auto", "fp32", "bf16"] = Field("auto", description="auto times both and keeps the faster")
    device: str = Field("auto", description="auto, cpu, cuda, cuda:1, mps")
    patience: int = Field(3, ge=1, description="epochs worse than the one kept before stopping")
    metric: Literal["macro_f1", "micro_f1", "accuracy"] = Field("macro_f1", description="dev metric that decides")
    checkpoint_minutes: float = Field(5.0, gt=0, description="at most this much work is lost to a kill")
    seed: int = Field(0, ge=0, le=LARGEST_SEED)


class Recipe(_Strict):
    """One run: data and fit.

    >>> Recipe.from_dict({"data": {"train": "notes.csv"}, "fit": {"head": "classify"}}).fit.seed
    0
    """

    data: DataRecipe
    fit: FitRecipe = FitRecipe()

    @classmethod
    def from_dict(cls, values: dict[str, object], *, where: str | None = None) -> Recipe:
        """Check the values; every fault is in the one error."""
        return _checked(cls, values, where=where, next="bedside fit --help")

    @classmethod
    def read(cls, path: Path) -> Recipe:
        """Read a TOML file; paths in it are relative to it."""
        try:
            values = tomllib.loads(path.read_text(encoding="utf-8-sig"))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as fault:
            what = tr(f"cannot be read as TOML ({fault})", f"无法按 TOML 读取（{fault}）")
            raise ConfigError([what], where=str(path)) from None
        data = values.get("data", {})
        for key in ("train", "dev"):
            if isinstance(data, dict) and isinstance(data.get(key), str):
                data[key] = str(path.parent / data[key])
        return cls.from_dict(values, where=str(path))

    def digest(self) -> str:
        """SHA-256 of the canonical JSON: two runs of one recipe share it."""
        return _digest(self)


class PretrainRecipe(_Strict):
    """One run of continued pretraining: the texts, the objective, and how to learn.

    >>> PretrainRecipe.from_dict({"corpus": ["notes.txt"]}).objective
    'mlm'
    """

    corpus: list[Path] = Field(min_length=1, description="files or folders of text, JSONL or tables, also as .gz")
    objective: Literal["mlm", "clm"] = Field("mlm", description="masked words (encoders), next word (decoders)")
    text: str = Field("text", description="column(s) of the text in tables, joined by +")
    documents: Literal["auto", "blank", "file"] = Field(
        "auto", description="in .txt: blank lines between documents, or one a file; auto: one a file within folders"
    )
    identity: Literal["scrub", "absent", "removed"] = Field("scrub", description="anything but scrub needs a reason")
    identity_reason: str = Field("", description="why there is no identity in these texts; kept in the receipt")
    backbone: str = Field("auto", description="auto, a registered name, a folder, or a hub name")
    add_words: str | None = Field(None, description="auto, or a file of new words, one a line")
    new_words: int = Field(500, ge=1, le=50_000, description="auto: at most so many new words")
    held_out: float = Field(0.05, gt=0, lt=1, description="share of the documents never learnt from")
    epochs: int = Field(1, ge=1, le=1000)
    max_minutes: float | None = Field(None, gt=0, description="plan no more steps than fit into this time")
    mask_share: float = Field(0.15, gt=0, lt=1, description="mlm: share of the pieces to be guessed")
    head_steps: int = Field(100, ge=1, description="mlm: steps of a fresh head alone before the first measurement")
    tune_embeddings: bool | None = Field(None, description="tune the word table; left open: unless it is large")
    learning_rate: float | None = Field(None, gt=0, lt=1)
    head_learning_rate: float = Field(1e-3, gt=0, lt=1)
    layer_decay: float = Field(1.0, gt=0, le=1)
    optimizer: Literal["adamw", "sgd"] = "adamw"
    weight_decay: float = Field(0.01, ge=0, le=1)
    warmup: float = Field(0.06, ge=0, le=1, description="share of the steps spent warming up")
    schedule: Literal["linear", "cosine", "constant"] = "linear"
    dropout: float = Field(0.1, ge=0, lt=1)
    clip: float = Field(1.0, gt=0)
    batch_tokens: int = Field(2048, ge=16)
    batch_rows: int = Field(64, ge=1)
    max_tokens: int = Field(256, ge=8, le=8192, description="length of a block, marks included")
    precision: Literal["auto", "fp32", "bf16"] = "auto"
    device: str = "auto"
    checkpoint_minutes: float = Field(5.0, gt=0)
    seed: int = Field(0, ge=0, le=LARGEST_SEED)

    @model_validator(mode="after")
    def _reason_given(self) -> PretrainRecipe:
        if self.identity != "scrub" and not self.identity_reason.strip():
            raise ValueError("identity_reason must say why there is no identity in these texts")
        return self

    @classmethod
    def from_dict(cls, values: dict[str, object]) -> PretrainRecipe:
        """Check the values; every fault is in the one error."""
        return _checked(cls, values, next="bedside pretrain --help")

    def digest(self) -> str:
        """SHA-256 of the canonical JSON."""
        return _digest(self)


R = TypeVar("R", bound=_Strict)


def _checked(kind: type[R], values: dict[str, object], *, where: str | None = None, next: str) -> R:
    try:
        return kind.model_validate(values)
    except ValidationError as fault:
        faults = [f"{'.'.join(map(str, e['loc']))}: {explain(e)}" for e in fault.errors()]
        raise ConfigError(faults, where=where, next=next) from None


def _digest(recipe: BaseModel) -> str:
    text = json.dumps(recipe.model_dump(mode="json"), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


FAULTS = {
    "extra_forbidden": ("unknown key", "未知的键"),
    "missing": ("must be given", "必须给出"),
    "path_type": ("must be a path", "应为文件路径"),
    "string_type": ("must be text", "应为文本"),
    "literal_error": ("must be one of {expected}", "应为 {expected} 之一"),
    "model_type": ("must be a table of settings", "应为一组设置（TOML 表）"),
    "finite_number": ("must be a number, not nan or inf", "应为有限的数，不能是 nan 或 inf"),
    "greater_than": ("must be above {gt:g}", "必须大于 {gt:g}"),
    "greater_than_equal": ("must be {ge} or more", "必须不小于 {ge}"),
    "less_than": ("must be below {lt:g}", "必须小于 {lt:g}"),
    "less_than_equal": ("must be {le} or less", "必须不大于 {le}"),
    "bool": ("must be true or false", "应为 true 或 false"),
    "int": ("must be a whole number", "应为整数"),
    "float": ("must be a number", "应为数"),
    "value_error": ("{error}", "{error}"),
}
"""Pydantic's kinds of fault (the first word of those about one type) in the user's words."""


def explain(fault: ErrorDetails) -> str:
    """One fault that pydantic found, in plain words of the language in force."""
    kind, about = fault["type"], dict(fault.get("ctx", {}))
    if "expected" in about:
        about["expected"] = about["expected"].replace("'", "").replace(" or ", ", ")
    english, chinese = FAULTS.get(kind) or FAULTS.get(kind.split("_")[0]) or ("cannot be used", "不可用")
    return tr(english, chinese).format(**about)
