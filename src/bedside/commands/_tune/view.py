"""Shows a search while it runs: its parts and space, a line a trial, a bar over all, and the result."""

from __future__ import annotations

from typing import Any

from bedside.commands._io import say
from bedside.commands._screen import Screen
from bedside.lang import counted, tr

STATES = {
    "done": ("done", "完成"),
    "pruned": ("pruned", "已剪枝"),
    "failed": ("failed", "失败"),
    "unfinished": ("unfinished", "未完成"),
    "waiting": ("waiting", "等待"),
    "interrupted": ("interrupted", "中断"),
}


class TuneView:
    """Hears the events of `bedside.train.tune.run.tune`; `refused` counts rows left out; `quiet` is for `--json`."""

    def __init__(self, *, quiet: bool) -> None:
        self.screen, self.refused, self.broken = Screen(quiet=quiet), 0, 0

    def __enter__(self) -> TuneView:
        return self

    def __exit__(self, *exc: object) -> None:
        self.screen.close()

    def on_event(self, event: dict[str, Any]) -> None:
        """Show one event; kinds without a view are silent."""
        self.screen.show(self, event)

    def _on_stage(self, event: dict[str, Any]) -> None:
        self.screen.start(tr("removing identity", "去除身份信息"), event["total"])

    def _on_parts(self, event: dict[str, Any]) -> None:
        self.screen.close()
        learn, select, honest = event["learn"], event["select"], event["honest"]
        self.screen.say(
            f"{counted(learn, 'row')} to learn from, {select} to prune and select by, {honest} kept aside for the end; "
            f"head {event['head']}",
            f"训练 {learn} 行，剪枝与选择 {select} 行，另留 {honest} 行仅在最后度量；输出层 {event['head']}",
        )
        self.refused = len(event["refused"])
        if self.refused:
            self.screen.say(f"left out, or read with a doubt: {self.refused}", f"未使用或存疑：{self.refused} 处")
            self.screen.refused(event["refused"], "result.json")

    def _on_space(self, event: dict[str, Any]) -> None:
        names = ", ".join(event["space"])
        self.screen.say(f"searching {names} (space.toml)", f"搜索：{names}（space.toml）")

    def _on_trial(self, event: dict[str, Any]) -> None:
        self.screen.start(tr(f"trial {event['number']}", f"试验 {event['number']}"), None)
        shown = tr("the recipe as it is", "原配方") if event["defaults"] else spoken(event["drawn"])
        say(f"{tr('trial', '试验')} {event['number']}: {shown}", quiet=self.screen.quiet)

    def _on_trial_epoch(self, event: dict[str, Any]) -> None:
        note = f"{event['epoch']}/{event['of']}  {event['metric']} {event['value']:.3f}"
        self.screen.advance(1, note)

    def _on_trial_end(self, event: dict[str, Any]) -> None:
        self.screen.close()
        value = f"{event['value']:.3f}" if event["value"] is not None else event["reason"]
        state = tr(*STATES[event["state"]])
        say(f"  {event['number']}: {state} {value}  {event['seconds']:.0f} s", quiet=self.screen.quiet)

    def _on_ended(self, event: dict[str, Any]) -> None:
        if event["code"]:
            self.broken += 1
            code = event["code"]
            self.screen.say(f"a process of this search ended with code {code}", f"搜索的一个进程异常结束（{code}）")


def spoken(settings: dict[str, Any]) -> str:
    """Settings in one line.

    >>> spoken({"learning_rate": 0.00015234, "adapt": "lora"})
    'learning_rate 0.00015234, adapt lora'
    """
    return ", ".join(
        f"{name} {value:.5g}" if isinstance(value, float) else f"{name} {value}" for name, value in settings.items()
    )
