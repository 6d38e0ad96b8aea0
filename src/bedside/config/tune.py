"""A search of settings: how long and how, and the space it walks through. TOML in, frozen values out."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

from pydantic import Field, ValidationError

from bedside.config._base import Strict, checked, explain
from bedside.config._toml import to_toml
from bedside.config.choices import OWN_SETTINGS, UNTRAINED, Adapt
from bedside.config.fit import FitRecipe
from bedside.errors import ConfigError
from bedside.lang import tr

FIXED = ("seed", "head", "metric", "device", "precision", "checkpoint_minutes")
"""Settings that are of the run or of the question, not of the method: never searched."""

METHODS = tuple(method for method in get_args(Adapt) if method not in UNTRAINED)
Scalar = str | int | float | bool


class SearchRecipe(Strict):
    """How long a search goes on and which trials it gives up."""

    trials: int = Field(20, ge=1, le=10_000, description="trials in all, those of earlier commands included")
    minutes: float | None = Field(None, gt=0, description="stop after this long; the same command goes on")
    startup: int = Field(5, ge=1, description="trials drawn by chance before the sampler learns; none is pruned before")
    pruner: Literal["median", "asha", "none"] = Field("median", description="which trials are given up")


@dataclass(frozen=True)
class Axis:
    """One setting that is searched: among `choices`, or from `low` to `high`; `only` with that way of adapting."""

    name: str
    choices: tuple[Scalar, ...] = ()
    low: float = 0
    high: float = 0
    log: bool = False
    only: str = ""

    @property
    def key(self) -> str:
        """Its name in the study: `lora.learning_rate` where it is of one way of adapting only."""
        return f"{self.only}.{self.name}" if self.only else self.name

    @property
    def whole(self) -> bool:
        """Whether it counts in whole numbers."""
        return "float" not in str(FitRecipe.model_fields[self.name].annotation)

    def told(self) -> Any:
        """As a recipe of the space has it."""
        if self.choices:
            return list(self.choices)
        return {"low": self.low, "high": self.high, **({"log": True} if self.log else {})}


@dataclass(frozen=True)
class Space:
    """All settings that are searched.

    >>> space = Space.from_dict({"epochs": {"low": 2, "high": 4}, "adapt": ["full", "lora"], "lora_rank": [8, 16]})
    >>> space.draw("full", lambda axis: axis.choices[0] if axis.choices else axis.low)
    {'adapt': 'full', 'epochs': 2}
    """

    axes: tuple[Axis, ...]

    @classmethod
    def from_dict(cls, values: Mapping[str, Any], *, where: str | None = None) -> Space:
        """Check the values; every fault is in the one error."""
        faults: list[str] = []
        axes = [axis for name, value in values.items() for axis in _axes(name, value, faults)]
        methods = next((axis.choices for axis in axes if axis.name == "adapt"), METHODS)
        faults += [
            f"space.{axis.key}: " + tr(f"adapt never is {axis.only}", f"adapt 不会取 {axis.only}")
            for axis in axes
            if axis.only and axis.only not in methods
        ]
        if not axes and not faults:
            faults.append("space: " + tr("nothing is searched", "没有要搜索的设置"))
        if faults:
            raise ConfigError(faults, where=where, next="docs/tuning.md")
        return cls(tuple(axes))

    def to_dict(self) -> dict[str, Any]:
        """As TOML has it: settings of one way of adapting in a table of its name."""
        plain = {axis.name: axis.told() for axis in self.axes if not axis.only}
        for axis in self.axes:
            if axis.only:
                plain.setdefault(axis.only, {})[axis.name] = axis.told()
        return plain

    def to_toml(self, comment: str = "") -> str:
        """A file that `--space` takes."""
        return to_toml({"space": self.to_dict()}, comment=comment)

    def draw(self, adapt: str, ask: Callable[[Axis], Scalar]) -> dict[str, Scalar]:
        """One value for each setting that means something, `adapt` first; `adapt` is that of the recipe."""
        drawn: dict[str, Scalar] = {}
        first = [axis for axis in self.axes if axis.name == "adapt"]
        if first:
            adapt = str(ask(first[0]))
            drawn["adapt"] = adapt
        own = {axis.name for axis in self.axes if axis.only == adapt}
        for axis in self.axes:
            better = not axis.only and axis.name in own
            if axis.name != "adapt" and axis.only in ("", adapt) and not better and _matters(axis.name, adapt):
                drawn[axis.name] = ask(axis)
        return drawn


def read_search(path: Path) -> tuple[dict[str, Any], Space | None]:
    """The tables `[search]` (unchecked) and `[space]` of a TOML file; raises ConfigError."""
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as fault:
        what = tr(f"cannot be read as TOML ({fault})", f"无法按 TOML 读取（{fault}）")
        raise ConfigError([what], where=str(path)) from None
    if strange := sorted(set(values) - {"search", "space"}):
        raise ConfigError([f"{name}: {tr('unknown key', '未知的键')}" for name in strange], where=str(path))
    search, space = values.get("search", {}), values.get("space")
    if not isinstance(search, dict) or not isinstance(space, dict | None):
        raise ConfigError([tr("[search] and [space] are tables", "[search] 与 [space] 应为表")], where=str(path))
    return search, Space.from_dict(space, where=str(path)) if space is not None else None


def search_recipe(values: dict[str, Any], *, where: str | None = None) -> SearchRecipe:
    """The values as a search; raises ConfigError with every fault."""
    return checked(SearchRecipe, values, where=where, next="bedside tune --help")


def _matters(name: str, adapt: str) -> bool:
    if name == "learning_rate":
        return adapt != "frozen"
    return adapt in OWN_SETTINGS.get(name, (adapt,))


def _axes(name: str, value: Any, faults: list[str]) -> list[Axis]:
    """The axis of that name, or those of the table of one way of adapting."""
    if name in METHODS and isinstance(value, Mapping):
        return [one for inner, given in value.items() for one in _axis(inner, given, faults, only=name)]
    return _axis(name, value, faults)


def _axis(name: str, value: Any, faults: list[str], only: str = "") -> list[Axis]:
    where = f"space.{only}.{name}" if only else f"space.{name}"
    if name not in FitRecipe.model_fields or name in FIXED or (only and name == "adapt"):
        faults.append(f"{where}: {tr('cannot be searched', '不可搜索')}")
        return []
    if isinstance(value, list) and value:
        found = Axis(name, choices=tuple(value), only=only)
        ends = value
    elif isinstance(value, Mapping) and {"low", "high"} <= set(value) <= {"low", "high", "log"}:
        ends = [value["low"], value["high"]]
        if not all(isinstance(end, int | float) and not isinstance(end, bool) for end in ends) or ends[0] >= ends[1]:
            faults.append(f"{where}: {tr('low must be a number below high', 'low 须为小于 high 的数')}")
            return []
        found = Axis(name, low=ends[0], high=ends[1], log=bool(value.get("log", False)), only=only)
        if found.log and found.low <= 0:
            faults.append(f"{where}: {tr('log needs low above 0', 'log 要求 low 大于 0')}")
            return []
    else:
        allowed = tr("a list of values, or { low = , high = , log = }", "取值列表，或 { low = , high = , log = }")
        faults.append(f"{where}: {tr('must be', '应为')} {allowed}")
        return []
    wrong = [fault for end in ends for fault in _refused(name, end)]
    faults += [f"{where}: {fault}" for fault in dict.fromkeys(wrong)]
    return [] if wrong else [found]


def _refused(name: str, value: Any) -> list[str]:
    """Why a recipe would not take that value, or a search could not."""
    if name == "adapt" and value in UNTRAINED:
        return [tr(f"{value} trains nothing: there is nothing to search", f"{value} 不训练任何参数，无可搜索")]
    try:
        FitRecipe.model_validate({name: value})
    except ValidationError as fault:
        return [explain(one) for one in fault.errors()]
    return []
