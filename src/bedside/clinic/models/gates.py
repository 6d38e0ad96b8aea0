"""The gates between a version of a model and being heard: each reads what `bedside evaluate --against` measured.

A version replaces another where it is not worse on the same patients' rows: not by more than `TOLERANCE` in the figure
itself (as `bedside update` and `bedside compress` hold it), and with the paired interval above `-MARGIN` (a
non-inferiority margin: ICH E9, 1998, 3.3.2). The first of its name must be better than the commonest answer. A gate
that was not run is closed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bedside.errors import ModelError
from bedside.evaluate.metrics import LOWER_IS_BETTER
from bedside.lang import tr
from bedside.model.layout import read_json, read_settings
from bedside.model.manifest import NAME as MANIFEST
from bedside.receipt import file_sha256

TOLERANCE, MARGIN = 0.01, 0.05
TRIVIAL = ("majority", "mean", "median", "kaplan_meier", "no_answer", "lead", "dictionary", "cooccurrence", "chance")
"""What the first of its name must be better than: the first of these that was measured."""


_GATES = {
    "measured": ("measured", "已评估"),
    "apart": ("on rows not learnt from", "评估数据与训练数据分开"),
    "same_answers": ("same answers as the live one", "输出与现行版本一致"),
    "not_worse": ("not worse than the live one", "不劣于现行版本"),
    "better": ("better than the commonest answer", "优于简单基线"),
}


@dataclass(frozen=True, slots=True)
class Gate:
    """One gate: its name, whether it is open, and the figures that say why."""

    name: str
    open: bool
    figures: str = ""


def gate_name(gate: Gate) -> str:
    """What a gate asks."""
    return tr(*_GATES[gate.name])


def gate_said(gate: Gate) -> str:
    """A gate and its figures.

    >>> gate_said(Gate("measured", False, "not run"))
    'closed: measured (not run)'
    """
    said = tr("open: ", "通过：") if gate.open else tr("closed: ", "未通过：")
    return said + gate_name(gate) + (f" ({gate.figures})" if gate.figures else "")


def gates(measured: Mapping[str, Any] | None, folder: Path, live: Path | None) -> list[Gate]:
    """Every gate for the model in `folder`, with what was measured of it beside the one in `live`.

    >>> [(gate.name, gate.open) for gate in gates(None, Path("m"), None)]
    [('measured', False)]
    """
    if measured is None:
        return [Gate("measured", False, tr("not run", "未运行"))]
    return list(_gates(measured, folder, live))


def refuse_if_closed(found: list[Gate], name: str, version: int) -> None:
    """Raise `ModelError` that names every closed gate with its figures."""
    closed = tr("; ", "；").join(f"{gate_name(gate)} ({gate.figures})" for gate in found if not gate.open)
    if closed:
        raise ModelError(
            tr(f"closed by its gates: {closed}", f"未通过关卡：{closed}"),
            where=f"{name} {version}",
            next=f"bedside models compare {name} {version} ROWS --data DIR",
        )


def _gates(measured: Mapping[str, Any], folder: Path, live: Path | None) -> Iterator[Gate]:
    yield _measured(measured, folder, live)
    yield _apart(measured, folder, live)
    if live is not None:
        yield _same_answers(folder, live)
    metric = str(read_json(live or folder, "recipe")["fit"]["metric"])
    rivals = measured.get("comparison", {})
    if live is not None:
        yield _not_worse(metric, measured, rivals.get("against", {}).get(metric))
    else:
        trivial = next((name for name in TRIVIAL if name in rivals), "")
        yield _better(metric, measured, trivial, rivals.get(trivial, {}).get(metric))


def _measured(measured: Mapping[str, Any], folder: Path, live: Path | None) -> Gate:
    """Of these very folders, and not of others under their names."""
    of = measured.get("measured", {})
    same = of.get("model") == _sha256(folder) and of.get("against") == (_sha256(live) if live else None)
    size = f"n={measured.get('n')}, {tr('patients', '患者')}={measured.get('n_patients')}"
    return Gate("measured", same, size if same else tr("of other folders", "所测非本目录"))


def _apart(measured: Mapping[str, Any], folder: Path, live: Path | None) -> Gate:
    """On rows that neither was fitted on; where the table it was fitted on is at hand, patient by patient."""
    of = measured.get("measured", {})
    leak = of.get("leak") or {}
    seen = leak.get("patients", 0) or leak.get("texts", 0)
    fitted = {one for place in (folder, live) if place for one in _fitted_on(place)}
    if of.get("rows") in fitted or seen:
        seen_en = f"{leak.get('patients', 0)} patients, {leak.get('texts', 0)} texts" if seen else "the same table"
        seen_zh = f"{leak.get('patients', 0)} 名患者，{leak.get('texts', 0)} 段文本" if seen else "同一表格"
        return Gate("apart", False, tr(f"learnt from: {seen_en}", f"训练时已见：{seen_zh}"))
    unknown = tr("the table it was fitted on is not at hand: only the files differ", "训练数据不在原处：仅核对文件不同")
    return Gate("apart", True, "" if of.get("leak") else unknown)


def _same_answers(folder: Path, live: Path) -> Gate:
    """What asks for the name knows the live one's labels."""
    ours, theirs = (
        {key: settings.get(key) for key in ("head", "labels")} for settings in map(read_settings, (folder, live))
    )
    return Gate("same_answers", ours == theirs, "" if ours == theirs else tr("other labels", "标签不同"))


def _not_worse(metric: str, measured: Mapping[str, Any], test: Mapping[str, Any] | None) -> Gate:
    gap = _gain(metric, test)
    if gap is None:
        return Gate("not_worse", False, f"{metric} {tr('undefined', '无法计算')}")
    was = measured["baselines"]["against"][metric]["value"]
    value, low, high = gap
    now = measured["metrics"][metric]["value"]
    told = f"{metric} {was:.4f} -> {now:.4f}, {value:+.4f} [{low:+.4f}, {high:+.4f}]"
    return Gate("not_worse", value >= -TOLERANCE and low > -MARGIN, told)


def _better(metric: str, measured: Mapping[str, Any], rival: str, test: Mapping[str, Any] | None) -> Gate:
    gap = _gain(metric, test)
    if gap is None:
        return Gate("better", False, f"{metric} {tr('undefined', '无法计算')}")
    value, low, high = gap
    told = f"{metric} {measured['metrics'][metric]['value']:.4f}, {rival} {value:+.4f} [{low:+.4f}, {high:+.4f}]"
    return Gate("better", low > 0, told)


def _gain(metric: str, test: Mapping[str, Any] | None) -> tuple[float, float, float] | None:
    """The paired difference and its interval, above 0 where ours is the better."""
    gap = (test or {}).get("difference") or {}
    if not all(isinstance(gap.get(part), int | float) for part in ("value", "low", "high")):
        return None
    if metric in LOWER_IS_BETTER:
        return -gap["value"], -gap["high"], -gap["low"]
    return gap["value"], gap["low"], gap["high"]


def _sha256(folder: Path) -> str:
    return file_sha256(folder / MANIFEST)


def _fitted_on(folder: Path) -> list[str]:
    return [str(one) for one in read_json(folder, "receipt").get("data_sha256", {}).values()]
