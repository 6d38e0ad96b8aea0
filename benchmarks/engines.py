"""All ways of compressing an encoder, side by side on the quickstart's lung nodules: size, speed, and what it costs.

    python benchmarks/engines.py QUICKSTART [--ways WAY,... --ways ...] [--json]

QUICKSTART is the folder of `bedside quickstart --out QUICKSTART`; it is made first where it is not there. The peer is
ONNX Runtime's own dynamic quantisation of the same graph, whose answers depend on the texts that share a batch. All
models take turns on one thread; the metric is that of the tuning readings, the difference is paired, and its interval
comes from drawing patients anew. Ratios are to torch in float32 and to `int8`.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys
import tempfile
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

from bedside import open_model
from bedside.commands._call import call
from bedside.commands._compress.rows import checked_rows, learnt_rows
from bedside.commands._compress.view import gap
from bedside.evaluate.bootstrap import bootstrap
from bedside.model.folder import Model
from bedside.train.compress import compress, measure, parse_ways
from bedside.train.compress._base import Work, probe_of
from bedside.train.compress._export import export
from bedside.train.compress._speed import speeds

PEER = "peer: dynamic int8"
WAYS = (
    "onnx",
    "int8",
    "openvino=32",
    "openvino",
    "vocabulary,int8",
    "heads=6,int8",
    "layers=3,distil=2,int8",
    "layers=3,distil=2,openvino",
)


def main() -> None:
    """Make what is not there, measure all, print one table."""
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("quickstart", type=Path)
    words.add_argument("--ways", action="append", help=f"default: {' '.join(WAYS)}")
    words.add_argument("--seed", type=int, default=0)
    words.add_argument("--json", action="store_true")
    asked = words.parse_args()
    if not (asked.quickstart / "model").is_dir():
        call("quickstart", "--out", str(asked.quickstart))
    found = measured(asked.quickstart / "model", asked.ways or WAYS, asked.seed)
    print(json.dumps(found) if asked.json else as_table(found))


def measured(folder: Path, ways: list[str] | tuple[str, ...], seed: int) -> list[dict[str, Any]]:
    """A row each: the model as it was, the peer, and every way."""
    whole = open_model(folder)
    rows = checked_rows(whole, None, None, None)
    texts, given = learnt_rows(whole, None, None, None, otherwise=rows)
    models, known = {"torch float32": whole, PEER: dynamic(whole, texts)}, dict[Any, Model]()
    for one in ways:
        print(one, file=sys.stderr)
        models[one] = compress(whole, texts, given, parse_ways(one), seed=seed, known=known)
    interval = partial(bootstrap, seed=seed)
    costs = [measure(whole, model, rows, interval=interval) for model in models.values()]
    with tempfile.TemporaryDirectory() as place:
        folders = [model.save(Path(place) / str(number)) for number, model in enumerate(models.values())]
        quick = speeds([*models.values()], folders)
    return [
        {"ways": name, **asdict(cost), "gap": gap(cost), **asdict(speed)}
        for name, cost, speed in zip(models, costs, quick, strict=True)
    ]


def dynamic(whole: Model, texts: Any) -> Model:
    """What `onnxruntime.quantization.quantize_dynamic` makes of the same graph."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    from bedside.model.engines.onnx import OnnxEngine

    with tempfile.TemporaryDirectory() as place:
        plain, small = Path(place) / "plain.onnx", Path(place) / "small.onnx"
        graph = export(whole)
        del graph.graph.value_info[:]
        plain.write_bytes(graph.SerializeToString())
        quantize_dynamic(plain, small, weight_type=QuantType.QInt8, per_channel=True)
        engine = OnnxEngine(small.read_bytes(), whole.tokenizer, pad_id=whole.settings["pad_id"])
    probe = probe_of(engine, Work(whole, texts).some(whole))
    return dataclasses.replace(whole, engine=engine, settings={**whole.settings, "engine": "onnx", "probe": probe})


def as_table(found: list[dict[str, Any]]) -> str:
    """Markdown, the long text's time also as a share of torch's and of int8's."""
    by_name = {one["ways"]: one for one in found}
    torch, int8 = found[0]["p50_ms"][128], by_name.get("int8", found[0])["p50_ms"][128]
    lines = [
        f"{found[0]['metric']}, n={found[0]['n']} readings",
        "",
        "| ways | MB | cold s | ms 16 | ms 128 | to torch | to int8 | texts/s | figure | difference (95 %) |",
        f"|{' --- |' * 10}",
    ]
    for one in found:
        long = one["p50_ms"][128]
        lines.append(
            f"| {one['ways']} | {one['megabytes']:.1f} | {one['cold_start_s']:.2f} | {one['p50_ms'][16]:.1f} | "
            f"{long:.1f} | {long / torch:.2f} | {long / int8:.2f} | {one['texts_per_second']:.0f} | "
            f"{one['after']:.4f} | {one['gap']} |"
        )
    return "\n".join(lines)


if __name__ == "__main__":
    main()
