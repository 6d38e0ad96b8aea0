"""What was compared as a page: the verdict, a bar a column with its bins, outcomes before and now, turns in time."""

from __future__ import annotations

from pathlib import Path

from bedside.drift.compare import CHANCES, LANGUAGE, LENGTH, VECTORS, Drift, Level, Watched
from bedside.drift.rows import CONFIDENCE
from bedside.drift.turns import RIGHT, Turn
from bedside.evaluate._words import metric_name, p_shown, shown
from bedside.evaluate.pages import fill
from bedside.lang import tr


def render(drift: Drift) -> str:
    """The page, in the language in force; it needs no network and no script."""
    return fill("drift.html", folder_of_template=Path(__file__).parent, drift=drift, words=WORDS)


def level_name(level: Level) -> str:
    """A level in words."""
    return {
        "stable": tr("stable", "稳定"),
        "moved": tr("moved a little", "略有变化"),
        "drifted": tr("drifted", "漂移"),
    }[level]


def name_of(one: Watched) -> str:
    """A column by its own name, and what was made of the rows in words."""
    made = {
        VECTORS: tr("text, by its meaning", "文本语义"),
        LENGTH: tr("text length", "文本长度"),
        LANGUAGE: tr("text language", "文本语言"),
        CONFIDENCE: tr("confidence", "置信度"),
        CHANCES: tr("chances of all labels together", "各标签概率的整体"),
    }
    return made.get(one.name, one.name)


def measure_of(one: Watched) -> str:
    """How far one thing moved, beside what chance would give: "PSI 0.412 (by chance 0.010)"."""
    if one.shift is not None:
        chance = tr("by chance", "随机期望")
        return f"PSI {one.shift.index:.3f} ({chance} {one.shift.by_chance:.3f})"
    assert one.distance is not None
    return f"MMD² {one.distance.value:.4f}"


def when(turn: Turn) -> str:
    """The time of a turn, or the two between which it showed."""
    return turn.since if turn.since == turn.until else f"{turn.since} – {turn.until}"


def stream_name(turn: Turn) -> str:
    """What turned, in words."""
    return tr("share right", "正确率") if turn.stream == RIGHT else tr("confidence", "置信度")


def summary(drift: Drift) -> str:
    """The finding in one sentence."""
    said = {
        "stable": tr("no change that chance would not make", "未见超出随机的变化"),
        "moved": tr("something has moved, by little", "有变化，但幅度小"),
        "drifted": tr("what comes in, or what comes of it, has changed", "输入或结果已发生变化"),
    }
    return level_name(drift.level) + tr(": ", "：") + said[drift.level]


WORDS = {
    "name": name_of,
    "level": level_name,
    "measure": measure_of,
    "summary": summary,
    "when": when,
    "stream": stream_name,
    "metric": metric_name,
    "p": p_shown,
    "figure": shown,
}
