"""Shows pretraining while it runs: what was read and chosen, a bar with loss, speed and time left, the perplexities."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bedside.commands._screen import Screen
from bedside.lang import tr

if TYPE_CHECKING:
    from bedside.train.pretraining.saved import Pretrained


class PretrainView:
    """Hears the events of `bedside.train.pretraining.pretrain.pretrain`; `quiet` sends lines to stderr."""

    def __init__(self, *, quiet: bool) -> None:
        self.screen, self._done, self._title = Screen(quiet=quiet), 0, ""

    def __enter__(self) -> PretrainView:
        return self

    def __exit__(self, *exc: object) -> None:
        self.screen.close()

    def on_event(self, event: dict[str, Any]) -> None:
        """Show one event; kinds without a view are silent."""
        self.screen.show(self, event)

    def finish(self, done: Pretrained) -> None:
        """The perplexities and the next command."""
        self.screen.close()
        figures = done.facts["perplexity"]
        titles = {"before": ("before", "之前"), "after": ("after", "之后"), "difference": ("difference", "差值")}
        for name, (english, chinese) in titles.items():
            shown = _shown(figures[name])
            self.screen.say(f"held-out perplexity, {english}: {shown}", f"留出文档困惑度（{chinese}）：{shown}")
        if figures["difference"].get("high", -1) >= 0:
            self.screen.say(
                "the interval of the difference holds 0: these texts did not clearly help",
                "差值区间包含 0：这些文本未见明确帮助",
            )
        self.screen.say(
            f"saved {done.folder}. Next: bedside fit DATA --backbone {done.folder} -o MODEL",
            f"已保存 {done.folder}。下一步：bedside fit DATA --backbone {done.folder} -o MODEL",
        )

    def _on_data(self, event: dict[str, Any]) -> None:
        train, held = event["train"], event["held_out"]
        self.screen.say(
            f"{train['documents']} documents to learn from ({train['tokens']} tokens), {held['documents']} held out",
            f"学习文档 {train['documents']} 份（{train['tokens']} 个词元），留出 {held['documents']} 份",
        )
        if event["new_words"] or event["rejected_words"]:
            new, rejected = event["new_words"], event["rejected_words"]
            self.screen.say(
                f"{new} new words, {rejected} that cannot be one piece", f"新词 {new} 个，{rejected} 个无法成为整词"
            )
        refused = event["refused"]
        if refused:
            self.screen.say(f"{len(refused)} documents left out:", f"{len(refused)} 份文档未使用：")
            self.screen.refused(refused, "receipt.json")

    def _on_stage(self, event: dict[str, Any]) -> None:
        titles = {
            "identity": ("removing identity", "去除身份信息"),
            "reading": ("reading", "读取"),
            "backbone": ("loading the backbone", "加载骨干网络"),
            "blocks": ("cutting into blocks", "切分成块"),
            "measure": ("measuring", "度量"),
        }
        self.screen.start(tr(*titles[event["name"]]), event["total"] or None)

    def _on_downstream(self, event: dict[str, Any]) -> None:
        self.screen.close()
        seed, backbone = event["seed"], event["backbone"]
        self.screen.say(f"fitting the task from {backbone}, seed {seed}", f"任务训练：始于 {backbone}，种子 {seed}")

    def _on_head_step(self, event: dict[str, Any]) -> None:
        self._step(tr("fitting the head alone", "单独训练输出层"), event, "")

    def _on_step(self, event: dict[str, Any]) -> None:
        speed = tr(f"{event['tokens_per_second']:.0f} tokens/s", f"{event['tokens_per_second']:.0f} 词元/秒")
        self._step(tr("pretraining", "预训练"), event, speed)

    def _on_epoch(self, event: dict[str, Any]) -> None:
        number, of, loss, seconds = (event[key] for key in ("epoch", "of", "loss", "seconds"))
        self.screen.say(
            f"epoch {number}/{of}  loss {loss:.3f}  {seconds:.0f} s",
            f"第 {number}/{of} 轮  损失 {loss:.3f}  {seconds:.0f} 秒",
        )

    def _step(self, title: str, event: dict[str, Any], speed: str) -> None:
        if title != self._title:
            self._title = title
            self.screen.start(title, event["steps"])
            self._done = event["step"] - 1
            self.screen.advance(self._done)
        self.screen.advance(event["step"] - self._done, f"{tr('loss', '损失')} {event['loss']:.3f}  {speed}")
        self._done = event["step"]


def _shown(figure: dict[str, Any]) -> str:
    if "value" not in figure:
        return tr("undefined", "无法计算") + f" ({figure['reason']})"
    n, documents = figure["n"], figure["n_patients"]
    interval = f"{figure['value']:.3f} [{figure['low']:.3f}, {figure['high']:.3f}]"
    return interval + tr(f" (n {n}, {documents} documents)", f"（{n} 个词元，{documents} 份文档）")
