"""A fitted fusion on the disk: STACK/stack.json, which holds weights, the label map and figures, and no case."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from bedside.errors import DataError
from bedside.files import check_folder, whole_folder
from bedside.lang import tr
from bedside.tasks._fusion import Weights
from bedside.tasks._label_map import LabelMap

FORMAT = 1
NAME = "stack.json"


@dataclass(frozen=True, slots=True)
class Stack:
    """Weights for one model and one release; `model` is the hash of the model's manifest, `release` the index's key."""

    labels: tuple[str, ...]
    weights: Weights
    map: LabelMap
    model: str
    release: str
    cases: int
    patients: int
    seed: int
    figures: Mapping[str, Any] = field(default_factory=dict)

    def save(self, folder: Path, *, replace: bool = False) -> None:
        """Write the folder whole or not at all; only an older one of its kind is replaced, and only if asked."""
        strange = tr("exists and is no fusion; it will not be overwritten", "已存在且不是融合目录，不会覆盖")
        there = tr("a fusion is there already", "该处已有融合结果")
        check_folder(folder, [NAME], strange=strange, there=there, replace=replace)
        values = {"format": FORMAT, **asdict(self)}
        with whole_folder(folder) as fresh:
            (fresh / NAME).write_text(json.dumps(values, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def read_stack(folder: Path) -> Stack:
    """Read it back; raises DataError when it is not one."""
    try:
        values = json.loads((folder / NAME).read_text(encoding="utf-8"))
        if values["format"] != FORMAT:
            raise ValueError
        return Stack(
            labels=tuple(map(str, values["labels"])),
            weights=Weights(**{name: float(value) for name, value in values["weights"].items()}),
            map={str(label): tuple(map(str, targets)) for label, targets in values["map"].items()},
            model=str(values["model"]),
            release=str(values["release"]),
            cases=int(values["cases"]),
            patients=int(values["patients"]),
            seed=int(values["seed"]),
            figures=dict(values["figures"]),
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        what = tr("not a fusion that bedside wrote", "不是 bedside 写出的融合目录")
        raise DataError(what, where=str(folder), next="bedside stack --help") from None
