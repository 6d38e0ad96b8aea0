"""What the screen of every long run can do: say a line in the user's language, list what was left out, move one bar."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from typing import Any

from bedside.commands._io import progress, say
from bedside.lang import tr

REFUSED_SHOWN = 5


class Screen:
    """`quiet` sends lines to stderr."""

    def __init__(self, *, quiet: bool) -> None:
        self.quiet = quiet
        self._bars = ExitStack()
        self._advance: Any = None

    def say(self, english: str, chinese: str) -> None:
        """One line."""
        say(tr(english, chinese), quiet=self.quiet)

    def refused(self, rows: Sequence[Mapping[str, str]], kept_in: str) -> None:
        """The first few rows left out, each with its place and the reason; all are in the file `kept_in`."""
        for row in rows[:REFUSED_SHOWN]:
            say(f"  {row['file']} {row['place']}: {row['what']}", quiet=self.quiet)
        if len(rows) > REFUSED_SHOWN:
            self.say(f"  ... all are in {kept_in}", f"  …… 全部见 {kept_in}")

    def show(self, view: object, event: dict[str, Any]) -> None:
        """One event by the view's own method for its kind, or by the one here; kinds with neither are silent."""
        name = f"_on_{event['event']}"
        method = getattr(view, name, None) or getattr(self, name, None)
        if method:
            method(event)

    def _on_choice(self, event: dict[str, Any]) -> None:
        say(f"  {event['name']} = {event['value']}  ({event['reason']})", quiet=self.quiet)

    def _on_resumed(self, event: dict[str, Any]) -> None:
        epoch, step = event["epoch"], event["step"]
        self.say(f"resuming at epoch {epoch}, step {step}", f"从第 {epoch} 轮第 {step} 步继续")

    def _on_repeated(self, event: dict[str, Any]) -> None:
        rows, learnt = event["rows"], event["learnt"]
        if rows:
            self.say(
                f"no column names the patients: {rows} rows have a text that other rows have too; "
                "rows of one text stay in one part (--patient COLUMN goes by patients)",
                f"未指明患者列：{rows} 行的文本与其他行相同；同一文本的行不分入两部分（可用 --patient 指明患者列）",
            )
        if learnt:
            self.say(
                f"{learnt} tuning rows are left out: their texts are learnt from",
                f"{learnt} 行调优数据未使用：其文本已用于训练",
            )

    def _on_advance(self, event: dict[str, Any]) -> None:
        self.advance(event["amount"])

    def start(self, title: str, total: float | None) -> None:
        """A new bar in place of the one there."""
        self.close()
        self._advance = self._bars.enter_context(progress(title, total))

    def advance(self, amount: float, note: str | None = None) -> None:
        """Move the bar, if there is one."""
        if self._advance:
            self._advance(amount, note)

    def close(self) -> None:
        """Take the bar away."""
        self._bars.close()
        self._advance = None
