"""What a way of compressing is: a function from a model to a smaller one, and what it is given to learn from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from bedside.errors import DataError, UsageError
from bedside.lang import tr

if TYPE_CHECKING:
    from bedside.model.folder import Model
    from bedside.model.given import Given

Pair = tuple[str, str]
CALIBRATION_TEXTS = 256
PROBE_TEXTS = 4


@dataclass(frozen=True)
class Work:
    """The model as it was before anything was taken from it, and texts (without identity) to learn from.

    No way uses a label: what is to be kept are the model's own answers. `given` is what each row gives beside its text.
    """

    teacher: Model
    texts: Sequence[str] = field(repr=False)
    given: Sequence[Given] = field(default=(), repr=False)
    seed: int = 0

    def some(self, model: Model, most: int = CALIBRATION_TEXTS) -> list[list[int]]:
        """Ids of up to `most` of the texts, spread evenly over them."""
        if not self.texts:
            raise DataError(tr("no texts to take activation ranges from", "没有可用于校准的文本"), next="--data DEV")
        step = max(1, len(self.texts) // most)
        chosen = slice(None, most * step, step)
        return model.encode(self.texts[chosen], self.given[chosen]).ids


class Apply(Protocol):
    """Makes a model smaller; the one given stays as it is."""

    def __call__(self, model: Model, work: Work, number: int | None) -> Model:
        """The smaller model; `number` is what stands behind the way's name (`layers=6`), None where nothing does."""
        ...


@dataclass(frozen=True)
class Way:
    """One of `train/compress/*.py`. `note` is a paragraph for the card, in both languages.

    `number` says what a number behind its name means; empty: it takes none. `last`: another engine runs the result, and
    no way can follow. `relearns`: the answers are other ones, not the same ones rounded, and what was promised of the
    old ones (sets of labels at a coverage) is not promised of them.
    """

    apply: Apply
    note: Pair
    number: Pair = ("", "")
    last: bool = False
    relearns: bool = False


def probe_of(engine: Any, ids: Sequence[Sequence[int]]) -> dict[str, Any]:
    """A few texts' ids and what an engine says of them: another processor must say the same."""
    some = [list(one) for one in ids[:PROBE_TEXTS]]
    return {"ids": some, "logits": [one.tolist() for one in engine.logits(some)]}


def our_encoder(model: Model, way: str) -> Any:
    """The model's network, a plain BERT of our own; UsageError for any other, whose parts cannot be taken out."""
    from bedside.backbones._added import CHILD
    from bedside.backbones._bert import BertEncoder

    network = getattr(model.engine, "network", None)
    if not isinstance(network, BertEncoder) or hasattr(network, CHILD):
        raise UsageError(
            tr("this way needs a BERT encoder that was fitted as a whole", "该方法需要整体训练的 BERT 编码器"),
            where=f"--ways {way}",
            value=model.settings.get("backbone", {}).get("name", model.settings["engine"]),
            allowed="e5, minilm",
            next="--ways int8",
        )
    return network
