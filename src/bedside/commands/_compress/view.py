"""What `bedside compress` tried, as a table on the terminal, as JSON, and as a report in HTML or Markdown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bedside.commands._io import say, table
from bedside.errors import UsageError
from bedside.files import check_out
from bedside.lang import disclaimer, tr
from bedside.types import Estimate

if TYPE_CHECKING:
    from bedside.train.compress._choose import Tried
    from bedside.train.compress._cost import Cost
    from bedside.train.compress._speed import Speed

SUFFIXES = (".html", ".md")
LONG = 128
"""Tokens of the text whose time decides (`LENGTHS` of `train/compress/_speed.py`)."""


def check_report(report: Path | None, model: Path) -> None:
    """Refuse a report of another kind, over a file of the model, or where none can be written, before any work."""
    if report is None:
        return
    if report.suffix not in SUFFIXES:
        raise UsageError(
            tr("a report is a page or Markdown", "报告须为网页或 Markdown"), value=str(report), allowed=SUFFIXES
        )
    check_out(report, whole=[model])


def head() -> list[str]:
    """The columns."""
    return [
        tr("ways", "方法"),
        "MB",
        tr("cold start s", "冷启动 秒"),
        tr("p50 ms, 16 tokens", "p50 毫秒，16 词元"),
        tr("p50 ms, 128", "p50 毫秒，128"),
        tr("texts/s, 32 at once", "文本/秒（32 条）"),
        tr("figure", "指标"),
        tr("difference (95 %)", "差值（95%）"),
    ]


def lines(found: Sequence[Tried]) -> list[list[str]]:
    """The model as it was, then what was tried, a row each."""
    first = found[0]
    whole = [tr("as it was", "压缩前"), *_speeds(first.before), f"{first.cost.before:.4f}", ""]
    return [whole, *([one.ways, *_speeds(one.speed), f"{one.cost.after:.4f}", gap(one.cost)] for one in found)]


def spaced(ways: str) -> str:
    """Ways as they are read, where a line may break.

    >>> spaced("vocabulary,int8")
    'vocabulary, int8'
    """
    return ways.replace(",", ", ")


def gap(cost: Cost) -> str:
    """After minus before, with its interval where there is one."""
    said = f"{cost.after - cost.before:+.4f}"
    one = cost.difference
    return f"{said} [{one.low:+.4f}, {one.high:+.4f}]" if isinstance(one, Estimate) else said


def shown(found: Sequence[Tried], best: Tried, saved: Path) -> None:
    """For people."""
    cost = best.cost
    rows = [[spaced(ways), *rest] for ways, *rest in lines(found)]
    table(f"{cost.metric} (n={cost.n})", head(), rows)
    if len(found) > 1:
        say(tr(f"chosen: {best.ways}", f"选用：{best.ways}"))
    say(f"{cost.metric}: {cost.before:.4f} -> {cost.after:.4f} (n={cost.n}), {gap(cost)}")
    say(tr("labels unchanged: ", "标签一致率：") + f"{cost.agreement:.2%}")
    say(tr("largest change of a probability: ", "概率最大变化：") + f"{cost.largest_change:.4f}")
    say(f"MB: {best.before.megabytes:.1f} -> {best.speed.megabytes:.1f}")
    if best.speed.megabytes >= best.before.megabytes:
        say(tr("the result is NOT smaller than the model it was made from", "压缩结果并不比原模型小"))
    say(f"bedside serve {saved}")
    say(disclaimer())


def told(found: Sequence[Tried], best: Tried, saved: Path, *, most_drop: float) -> dict[str, Any]:
    """For `--json`: the model saved, and each one that was tried."""
    sizes = {"megabytes_before": best.before.megabytes, "megabytes_after": best.speed.megabytes}
    each = [
        {"ways": one.ways, **asdict(one.cost), **asdict(one.speed), "within": one.within(most_drop)} for one in found
    ]
    return {
        "model": saved,
        "ways": best.ways,
        **asdict(best.cost),
        **{key: round(value, 1) for key, value in sizes.items()},
        "smaller": best.speed.megabytes < best.before.megabytes,
        "tolerance": most_drop,
        "before": asdict(best.cost)["before"],
        "speed_before": asdict(best.before),
        "tried": each,
    }


def write_report(path: Path, found: Sequence[Tried], best: Tried | None, *, most_drop: float, pick: str) -> None:
    """The table as a page, or as Markdown, in the language in force; `best` is what is saved, if anything is."""
    from bedside.files import whole_file

    made = _page(found, best, most_drop, pick) if path.suffix == ".html" else _markdown(found, most_drop)
    with whole_file(path) as file:
        file.write(made)


def _page(found: Sequence[Tried], best: Tried | None, most_drop: float, pick: str) -> str:
    from bedside.evaluate.pages import fill

    bars = [("", found[0].before), *((one.ways, one.speed) for one in found)]
    return fill(
        "report.html",
        folder_of_template=Path(__file__).parent,
        found=found,
        chosen=best,
        bars=bars,
        widest=max(speed.p50_ms[LONG] for _, speed in bars),
        most_drop=most_drop,
        pick=pick,
        head=head(),
        lines=lines(found),
        spaced=spaced,
    )


def _markdown(found: Sequence[Tried], most_drop: float) -> str:
    first = found[0].cost
    rows = [head(), ["---"] * len(head()), *lines(found)]
    said = tr(
        f"{first.metric}, n={first.n}; saved if it drops by at most {most_drop}",
        f"{first.metric}，n={first.n}；降幅不超过 {most_drop} 时保存",
    )
    return "\n".join([f"{said}\n", *(f"| {' | '.join(row)} |" for row in rows), "", disclaimer(), ""])


def _speeds(speed: Speed) -> list[str]:
    return [
        f"{speed.megabytes:.1f}",
        f"{speed.cold_start_s:.2f}",
        *(f"{speed.p50_ms[length]:.1f}" for length in sorted(speed.p50_ms)),
        f"{speed.texts_per_second:.1f}",
    ]
