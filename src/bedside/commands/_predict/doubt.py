"""What `predict` and `serve` take to say when an answer is doubted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bedside.lang import tr

if TYPE_CHECKING:
    from bedside.config import Abstain
    from bedside.model.folder import Model

Coverage = Annotated[
    float | None,
    typer.Option(
        help=tr("How often a set holds the right label: 0.5 to 0.99", "标签集合包含正确标签的比例：0.5 到 0.99")
    ),
]
HoldBack = Annotated[
    bool,
    typer.Option(
        "--hold-back", help=tr("Withhold doubted answers: a person is asked", "存疑的结果不给出，交由人工判断")
    ),
]
NoDoubt = Annotated[bool, typer.Option("--no-doubt", help=tr("Doubt no answer", "不判断结果是否存疑"))]
Beside = Annotated[
    list[Path] | None,
    typer.Option(
        "--beside",
        metavar="MODEL",
        help=tr("Doubt what this model answers otherwise", "与该模型结论不同的结果视为存疑"),
    ),
]


@dataclass(frozen=True)
class Asked:
    """The model that answers, when its answers are doubted, and the models asked beside it."""

    model: Model
    care: Abstain
    beside: Sequence[Model] = ()


@dataclass(frozen=True)
class Said:
    """What was said of doubt on the command line."""

    coverage: float | None = None
    hold_back: bool = False
    off: bool = False
    beside: Sequence[Path] = ()

    def asked(self, model: Model) -> Asked:
        """A model with what was said; raises ConfigError or UsageError."""
        return Asked(model, self._care(model), self._others(model))

    def _care(self, model: Model) -> Abstain:
        """The model's own settings of doubt, but for what was said; a coverage that cannot be promised is refused."""
        from bedside.config import Abstain
        from bedside.config._base import checked
        from bedside.model.judged import care_of

        said: dict[str, Any] = {"coverage": self.coverage} if self.coverage is not None else {}
        said |= ({"hold_back": True} if self.hold_back else {}) | ({"on": False} if self.off else {})
        if self.coverage is not None and not self.off:
            self._check_coverage(model, self.coverage)
        return checked(Abstain, {**care_of(model).model_dump(), **said}, next="bedside predict --help")

    def _check_coverage(self, model: Model, coverage: float) -> None:
        from bedside.config.abstain import LEVELS
        from bedside.errors import UsageError

        possible = [level for level in LEVELS if model.doubt is not None and model.doubt.promises(level / 100)]
        if possible and round(100 * coverage) in possible:
            return
        raise UsageError(
            tr("this model cannot promise that coverage", "该模型无法保证此覆盖率"),
            where="--coverage",
            value=coverage,
            allowed=f"{possible[0] / 100} - {possible[-1] / 100}" if possible else tr("none", "无"),
            next=tr("fit with more tuning patients: --dev", "请用更多调优患者重新训练：--dev"),
        )

    def _others(self, model: Model) -> list[Model]:
        """The models to ask beside, each of which must answer the same question."""
        from bedside.errors import UsageError
        from bedside.model.folder import open_models

        found = open_models([*self.beside])
        for folder, one in zip(self.beside, found, strict=True):
            if (one.head, one.labels) != (model.head, model.labels):
                what = tr("answers another question than the model does", "与本模型回答的问题不同")
                raise UsageError(what, where="--beside", value=str(folder), allowed=", ".join(model.labels)[:200])
        return found
