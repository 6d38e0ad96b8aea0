"""Makes a smaller, faster model out of a fitted one: export to ONNX, 8-bit integers, and a check of what it cost."""

from __future__ import annotations

import dataclasses
import io
import logging
import time
import warnings
from collections.abc import Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from bedside.errors import DataError, MissingExtra, UsageError
from bedside.lang import speaking, tr

if TYPE_CHECKING:
    from bedside.model.folder import Model
    from bedside.model.given import Given
    from bedside.model.rows import Labelled
    from bedside.train.int8 import Ranges

CALIBRATION_TEXTS = 256
PROBE_TEXTS = 4
TIMED_TEXTS = 64
EXAMPLE_SHAPE = (2, 16)


def compress(model: Model, texts: Sequence[str], given: Sequence[Given] = ()) -> Model:
    """The model with an 8-bit ONNX engine; activation ranges are taken from `texts` (no labels are used).

    `given` is what each row gives beside its text.

    Raises UsageError for a model that is compressed already or of a kind that cannot be, DataError without texts,
    MissingExtra without `onnx`.
    """
    if model.settings.get("engine") == "onnx":
        raise UsageError(tr("this model is compressed already", "该模型已经压缩过"))
    if model.settings.get("engine") != "torch" or not model.network.compressible:
        raise UsageError(
            tr("a network of this kind cannot be compressed", "此类网络无法压缩"),
            value=model.settings["backbone"]["name"],
            next=tr(
                "serve it as it is, or fit one of: bedside backbones", "请直接使用，或改用其他骨干：bedside backbones"
            ),
        )
    if not texts:
        raise DataError(tr("no texts to take activation ranges from", "没有可用于校准的文本"), next="--data DEV")
    from bedside.model.onnx_engine import OnnxEngine
    from bedside.train.int8 import quantize

    step = max(1, len(texts) // CALIBRATION_TEXTS)
    some = slice(None, CALIBRATION_TEXTS * step, step)
    chosen = model.encode(texts[some], given[some]).ids
    exported = export(model)
    graph = quantize(exported, _ranges(exported, chosen)).SerializeToString()
    ids = chosen[:PROBE_TEXTS]
    pad_id = model.settings["pad_id"]
    said = OnnxEngine(graph, model.tokenizer, pad_id=pad_id, probe={}).logits(ids)
    probe = {"ids": ids, "logits": [one.tolist() for one in said]}
    return dataclasses.replace(
        model,
        engine=OnnxEngine(graph, model.tokenizer, pad_id=pad_id, probe=probe),
        settings={**model.settings, "engine": "onnx", "probe": probe},
        doubt=model.doubt and dataclasses.replace(model.doubt, familiar=None, strange=None),
        cards={lang: card + _note(lang) for lang, card in model.cards.items()},
    )


def export(model: Model) -> Any:
    """The network and head as one ONNX graph: `ids` and `mask` [b, t] in, `logits` [b, labels] out, b and t free."""
    try:
        import onnx
        import onnxscript  # noqa: F401  (torch needs it to export)
    except ImportError:
        raise MissingExtra("onnx", "compress") from None
    import torch

    example = (torch.ones(EXAMPLE_SHAPE, dtype=torch.int64), torch.ones(EXAMPLE_SHAPE))
    free = {0: torch.export.Dim("b"), 1: torch.export.Dim("t", max=int(model.settings["max_tokens"]))}
    logging.getLogger("torch.onnx").setLevel(logging.ERROR)
    with torch.inference_mode(), warnings.catch_warnings(), redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")
        program = torch.onnx.export(
            _traceable(model),
            example,
            input_names=["ids", "mask"],
            output_names=["logits"],
            dynamic_shapes={"ids": free, "mask": free},
            dynamo=True,
            verbose=False,
        )
    assert program is not None
    exported: onnx.ModelProto = program.model_proto
    return exported


def _traceable(model: Model) -> Any:
    """Network and head as one module without a branch on the mask, which an exporter cannot follow."""
    from torch import Tensor, nn

    class Whole(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.network, self.head = model.network, model.head_module

        def forward(self, ids: Tensor, mask: Tensor) -> Tensor:
            hidden, keep = self.network.embed(ids), mask.bool()[:, None, None, :]
            for layer in self.network.layers:
                hidden = layer(hidden, keep)
            return self.head(hidden, mask)

    return Whole().eval()


def _ranges(exported: Any, ids: list[list[int]]) -> Ranges:
    """Smallest and largest value of each activation's channels over the calibration texts, one by one: no padding."""
    import onnxruntime as ort

    from bedside.train.int8 import watch, widen

    session = ort.InferenceSession(watch(exported).SerializeToString(), providers=["CPUExecutionProvider"])
    names = [output.name for output in session.get_outputs()]
    ranges: Ranges = {}
    for one in ids:
        table = np.array([one], np.int64)
        values = session.run(None, {"ids": table, "mask": np.ones(table.shape, np.float32)})
        ranges = widen(ranges, zip(names, values, strict=True))
    return ranges


def _note(lang: str) -> str:
    with speaking("zh" if lang == "zh" else "en"):
        return tr(
            "\n## Compressed\n\n8-bit weights and activations. The figures above were measured before compression. "
            "Sets of labels are as before; texts unlike those learnt from are no longer told.\n",
            "\n## 已压缩\n\n权重与激活为 8 位整数。以上指标为压缩前所测。"
            "标签集合不变；不再提示与训练文本差异过大的文本。\n",
        )


@dataclass(frozen=True, kw_only=True)
class Cost:
    """What compression changed on the same texts: the dev metric before and after, agreement, and speed.

    `agreement` is the share of texts that keep their label(s) or entities; speeds are texts a second on this machine,
    whole model.
    """

    metric: str
    before: float
    after: float
    agreement: float
    largest_change: float
    n: int
    texts_per_second_before: float
    texts_per_second_after: float

    def drop(self) -> float:
        """How much of the metric was lost (negative: gained)."""
        return self.before - self.after


def measure(model: Model, small: Model, rows: Labelled, metric: str = "") -> Cost:
    """Both models on the same rows; the figure is the first of the head's unless said."""
    metric = metric or model.form.scores[0]
    old, new = model.predict(rows.texts, rows.given), small.predict(rows.texts, rows.given)
    before, after = (model.form.score(metric, rows.labels, said, model.labels) for said in (old, new))
    return Cost(
        metric=metric,
        before=before,
        after=after,
        agreement=sum(map(model.form.agree, old, new)) / len(old),
        largest_change=max(map(model.form.change, old, new)),
        n=len(old),
        texts_per_second_before=_speed(model, rows),
        texts_per_second_after=_speed(small, rows),
    )


def _speed(model: Model, rows: Labelled) -> float:
    texts, given = rows.texts[:TIMED_TEXTS], rows.given[:TIMED_TEXTS]
    model.logits(texts[:4], given[:4])
    begun = time.perf_counter()
    model.logits(texts, given)
    return len(texts) / (time.perf_counter() - begun)
