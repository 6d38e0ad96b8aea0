"""What every recipe is: frozen, with unknown keys refused, all faults told at once in the reader's language, hashed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import Literal, Self, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from pydantic_core import ErrorDetails

from bedside.errors import ConfigError
from bedside.lang import tr
from bedside.types import LARGEST_SEED


class Strict(BaseModel):
    """A set of settings; `digest` is the SHA-256 of its canonical JSON: two runs of one recipe share it."""

    model_config = ConfigDict(extra="forbid", frozen=True, protected_namespaces=(), allow_inf_nan=False)

    def digest(self) -> str:
        """SHA-256 of the canonical JSON."""
        text = json.dumps(self.model_dump(mode="json"), sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()


class Texts(Strict):
    """What is said of the identity in the texts: it is removed, unless there is a reason why there is none."""

    identity: Literal["scrub", "absent", "removed"] = Field("scrub", description="anything but scrub needs a reason")
    identity_reason: str = Field("", description="why there is no identity in the texts; kept with the result")

    @model_validator(mode="after")
    def _reason_given(self) -> Self:
        if self.identity != "scrub" and not self.identity_reason.strip():
            raise ValueError(
                tr(
                    "identity_reason must say why there is no identity in this data",
                    "identity_reason 必须说明数据为何不含身份信息",
                )
            )
        return self


class Learning(Strict):
    """How weights learn, whatever they learn: rates, their course, and where it is computed."""

    learning_rate: float | None = Field(None, gt=0, lt=1)
    head_learning_rate: float = Field(1e-3, gt=0, lt=1)
    layer_decay: float = Field(1.0, gt=0, le=1, description="learning rate of each lower layer relative to the next")
    optimizer: Literal["adamw", "sgd"] = "adamw"
    weight_decay: float = Field(0.01, ge=0, le=1)
    warmup: float = Field(0.06, ge=0, le=1, description="share of the steps spent warming up")
    schedule: Literal["linear", "cosine", "constant"] = "linear"
    dropout: float = Field(0.1, ge=0, lt=1)
    clip: float = Field(1.0, gt=0)
    precision: Literal["auto", "fp32", "bf16"] = Field("auto", description="auto: bf16 where this device gains by it")
    device: str = Field("auto", description="auto, cpu, cuda, cuda:1, mps")
    checkpoint_minutes: float = Field(5.0, gt=0, description="at most this much work is lost to a kill")
    seed: int = Field(0, ge=0, le=LARGEST_SEED)


R = TypeVar("R", bound=Strict)


def checked(
    kind: type[R], values: dict[str, object], faults: Sequence[str] = (), *, where: str | None = None, next: str
) -> R:
    """The values as a recipe; ConfigError with every fault found, `faults` among them."""
    try:
        made = kind.model_validate(values)
    except ValidationError as fault:
        found = [f"{'.'.join(map(str, e['loc']))}: {explain(e)}" for e in fault.errors()]
        raise ConfigError([*found, *faults], where=where, next=next) from None
    if faults:
        raise ConfigError(list(faults), where=where, next=next)
    return made


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
