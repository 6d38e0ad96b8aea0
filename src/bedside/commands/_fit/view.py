"""Shows a fit while it runs: what was read and chosen, a bar with loss and time left, each epoch, the result."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from bedside.commands._io import say
from bedside.commands._screen import Screen
from bedside.config import UNTRAINED
from bedside.lang import counted, disclaimer, tr

if TYPE_CHECKING:
    from bedside.model.folder import Model

NAMELESS = ("continuous", "survive", "cox", "rank", "answer", "generate")
"""Heads whose outputs are no names of classes: to count them would say nothing."""


class FitView:
    """Hears the events of `bedside.train.fit.fit`; `refused` counts rows left out; `quiet` sends lines to stderr."""

    def __init__(self, *, quiet: bool) -> None:
        self.screen, self.refused, self._done = Screen(quiet=quiet), 0, 0

    def __enter__(self) -> FitView:
        return self

    def __exit__(self, *exc: object) -> None:
        self.screen.close()

    def on_event(self, event: dict[str, Any]) -> None:
        """Show one event; kinds without a view are silent."""
        self.screen.show(self, event)

    def finish(self, model: Model, out: Path) -> None:
        """The result and the next command."""
        self.screen.close()
        name = model.recipe["fit"]["metric"]
        figure = model.fitting["dev"].get(name, {"reason": tr("nothing to tune on", "没有调优数据")})
        if "value" in figure:
            shown = f"{figure['value']:.3f} [{figure['low']:.3f}, {figure['high']:.3f}]"
            shown += _counted(figure, by_patient=bool(model.recipe["data"]["patient"]))
        else:
            shown = tr("undefined", "无法计算") + f" ({figure['reason']})"
        kept = model.fitting["best_epoch"]
        asked = model.recipe["fit"]["adapt"] in UNTRAINED
        first = (
            tr("nothing was trained", "未训练任何参数") if asked else tr(f"epoch {kept} is kept", f"保留第 {kept} 轮")
        )
        if model.settings["engine"] == "cues":
            first = tr("fitted without a network", "未用网络")
        self.screen.say(f"{first}; {name} on the tuning part: {shown}", f"{first}；调优部分 {name}：{shown}")
        for rival, figures in model.fitting.get("baselines", {}).items():
            if "value" in (figure := figures[name]):
                beside = f"{figure['value']:.3f} [{figure['low']:.3f}, {figure['high']:.3f}]"
                self.screen.say(f"  beside it {rival}: {beside}", f"  对照 {rival}：{beside}")
        self._tell_doubt(model)
        self.screen.say(
            f"saved {out}. Next: bedside evaluate {out} DATA", f"已保存 {out}。下一步：bedside evaluate {out} DATA"
        )
        say(disclaimer(), quiet=self.screen.quiet)

    def _tell_doubt(self, model: Model) -> None:
        """What its sets promise, or that too few tuning patients can promise nothing."""
        from bedside.model.doubt import SETS_OF
        from bedside.model.judged import care_of

        care, doubt = care_of(model), model.doubt
        if not care.on or model.head not in SETS_OF or doubt is None:
            return
        sure, rows = f"{care.coverage:.0%}", counted(doubt.patients, "tuning patient")
        if doubt.promises(care.coverage):
            self.screen.say(
                f"sets of labels hold the right one for {sure} of patients, by {rows}",
                f"标签集合对 {sure} 的患者包含正确标签（依据 {doubt.patients} 名调优患者）",
            )
        else:
            self.screen.say(
                f"no sets of labels: {rows} cannot promise {sure}",
                f"无标签集合：{doubt.patients} 名调优患者不足以保证 {sure}",
            )

    def _on_data(self, event: dict[str, Any]) -> None:
        rows, dev, labels, head = (event[key] for key in ("rows", "dev_rows", "labels", "head"))
        back = tr(" (held back)", "（自动留出）") if event["held_back"] else ""
        kinds = "" if head in NAMELESS else tr(f"{counted(labels, 'label')}, ", f"{labels} 个标签，")
        self.screen.say(
            f"{counted(rows, 'row')} to learn from, {dev} to tune on{back}; {kinds}head {head}",
            f"训练 {rows} 行，调优 {dev} 行{back}；{kinds}输出层 {head}",
        )
        if shared := event["shared_texts"]:
            self.screen.say(
                f"  of the {dev} tuning texts {shared} in the training part too: the figures are too good by them",
                f"  {dev} 条调优文本中有 {shared} 条也在训练部分中：指标因此偏高",
            )
        if missing := event["unmeasured"]:
            self.screen.say(
                f"  of {counted(labels, 'label')} {missing} in no tuning row: no figure below is about them",
                f"  {labels} 个标签中有 {missing} 个不在调优部分：以下指标与其无关",
            )
        self.refused = len(event["refused"])
        if self.refused:
            self.screen.say(f"left out, or read with a doubt: {self.refused}", f"未使用或存疑：{self.refused} 处")
            self.screen.refused(event["refused"], "fitting.json")

    def _on_tokens(self, event: dict[str, Any]) -> None:
        cut = sum(event["cut"].values())
        if cut:
            limit = event["max_tokens"]
            self.screen.say(
                f"  {counted(cut, 'text')} of more than {limit} tokens without the middle (--set max_tokens=512)",
                f"  {cut} 条文本超过 {limit} 个词元，将略去中段（--set max_tokens=512）",
            )
        if unread := sum(event["unread"].values()):
            self.screen.say(
                f"  {counted(unread, 'text')} mostly in letters that the backbone cannot read: such get no answer",
                f"  {unread} 条文本大部分为骨干网络无法识别的文字：所得模型对此类文本不作答",
            )

    def _on_stage(self, event: dict[str, Any]) -> None:
        titles = {
            "identity": ("removing identity", "去除身份信息"),
            "backbone": ("loading the backbone", "加载骨干网络"),
            "asking": ("asking", "提问"),
            "cache": ("computing lower layers once", "预计算底层"),
        }
        self.screen.start(tr(*titles[event["name"]]), event["total"] or None)

    def _on_step(self, event: dict[str, Any]) -> None:
        if self._done == 0:
            self.screen.start(tr("fitting", "训练"), event["steps"])
        note = tr(
            f"epoch {event['epoch']}  loss {event['loss']:.3f}", f"第 {event['epoch']} 轮  损失 {event['loss']:.3f}"
        )
        self.screen.advance(event["step"] - self._done, note)
        self._done = event["step"]

    def _on_epoch(self, event: dict[str, Any]) -> None:
        number, of, loss, name = (event[key] for key in ("epoch", "of", "loss", "metric"))
        self.screen.say(
            f"epoch {number}/{of}  loss {loss:.3f}  dev {name} {event['value']:.3f}  {event['seconds']:.0f} s",
            f"第 {number}/{of} 轮  损失 {loss:.3f}  调优 {name} {event['value']:.3f}  {event['seconds']:.0f} 秒",
        )


def _counted(figure: dict[str, Any], *, by_patient: bool) -> str:
    """What a figure stands on; without a patient column nobody knows of how many patients the rows are."""
    n, patients = figure["n"], figure["n_patients"]
    if by_patient:
        return tr(f" (n {n}, {counted(patients, 'patient')})", f"（{n} 行，{patients} 名患者）")
    return tr(f" (n {n} rows, patients not named)", f"（{n} 行，未指定患者列）")
