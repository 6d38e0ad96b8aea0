"""Makes a smaller, faster model out of a fitted one: ways in the order given, each a file of this folder.

`vocabulary,layers=6,distil,int8` takes pieces out of the vocabulary, layers out of the encoder, lets what is left learn
from the model as it was, and rounds the result to 8 bits.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING

from bedside.errors import UnknownName, UsageError
from bedside.lang import speaking, tr
from bedside.model.engine import COMPRESSED
from bedside.registry import files_in
from bedside.train.compress._base import Way, Work
from bedside.train.compress._cost import Cost, measure

if TYPE_CHECKING:
    from bedside.model.doubt import Doubt
    from bedside.model.folder import Model
    from bedside.model.given import Given

__all__ = ["Cost", "Step", "compress", "measure", "parse_ways", "way_names"]


@dataclass(frozen=True)
class Step:
    """A way by name, and the number behind it."""

    name: str
    number: int | None = None

    def __str__(self) -> str:
        return self.name if self.number is None else f"{self.name}={self.number}"


def way_names() -> list[str]:
    """The names of all ways.

    >>> "int8" in way_names()
    True
    """
    return files_in(Path(__file__).parent)


def parse_ways(written: str) -> tuple[Step, ...]:
    """The ways as written on the command line, in order.

    >>> [str(step) for step in parse_ways("layers=6, int8")]
    ['layers=6', 'int8']

    Raises UnknownName for an unknown way, UsageError for a number that is none, or a way behind one that must be last.
    """
    steps = tuple(map(_step, written.split(",")))
    for step in steps[:-1]:
        if _way(step).last:
            raise UsageError(
                tr("nothing can follow this way", "该方法之后不能再接其他方法"),
                where=f"--ways {written}",
                value=str(step),
                next=f"--ways {','.join([str(one) for one in steps if one != step] + [str(step)])}",
            )
    return steps


def compress(
    model: Model,
    texts: Sequence[str],
    given: Sequence[Given] = (),
    ways: Sequence[Step] = (Step("int8"),),
    *,
    seed: int = 0,
    known: dict[tuple[Step, ...], Model] | None = None,
) -> Model:
    """The model made smaller by each way in turn; what is learnt or calibrated, from `texts` and no label.

    `given` is what each row gives beside its text. `known` holds what ways that others begin with too have made, and is
    added to. Raises UsageError for a model that is compressed already or of a
    kind that a way cannot take, DataError without texts, MissingExtra where a library is not installed.
    """
    if model.settings.get("engine") in COMPRESSED:
        raise UsageError(tr("this model is compressed already", "该模型已经压缩过"), value=model.settings.get("engine"))
    work, known = Work(model, texts, given, seed), {} if known is None else known
    small = model
    for step, done in zip(ways, accumulate((step,) for step in ways), strict=True):
        if done not in known:
            known[done] = _way(step).apply(small, work, step.number)
        small = known[done]
    return dataclasses.replace(
        small,
        settings={**small.settings, "compressed": [str(step) for step in ways]},
        doubt=_doubt(small, ways),
        cards={lang: card + _note(lang, ways) for lang, card in model.cards.items()},
    )


def _doubt(small: Model, ways: Sequence[Step]) -> Doubt | None:
    """Sets of labels as they were calibrated, where the answers are still the same but for rounding."""
    if small.doubt is None or any(_way(step).relearns for step in ways):
        return None
    return dataclasses.replace(small.doubt, familiar=None, strange=None)


def _step(written: str) -> Step:
    name, equals, number = written.strip().partition("=")
    if name not in way_names():
        raise UnknownName(tr("no such way of compressing", "没有该压缩方法"), value=name, allowed=way_names())
    if not equals:
        return Step(name)
    wanted = _way(Step(name)).number
    if not number.isdigit() or int(number) < 1 or not wanted[0]:
        raise UsageError(
            tr("what stands behind a way is a whole number that it takes", "方法后须为其接受的正整数"),
            where="--ways",
            value=written.strip(),
            allowed=tr(*wanted) or name,
        )
    return Step(name, int(number))


def _way(step: Step) -> Way:
    way: Way = import_module(f"bedside.train.compress.{step.name}").WAY
    return way


def _note(lang: str, ways: Sequence[Step]) -> str:
    with speaking("zh" if lang == "zh" else "en"):
        said = " ".join(tr(*_way(step).note) for step in ways)
        names = ", ".join(map(str, ways))
        relearnt = any(_way(step).relearns for step in ways)
        sets = (
            tr("No sets of labels are given", "不再给出标签集合")
            if relearnt
            else tr("Sets of labels are as before", "标签集合不变")
        )
        return tr(
            f"\n## Compressed\n\n{names}. {said} The figures above were measured before compression. "
            f"{sets}; texts unlike those learnt from are no longer told.\n",
            f"\n## 已压缩\n\n{names}。{said}以上指标为压缩前所测。{sets}；不再提示与训练文本差异过大的文本。\n",
        )
