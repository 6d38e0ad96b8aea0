"""The waterfall of one disease as a picture (PNG), drawn with matplotlib; Chinese only where a font has its letters."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from bedside.cleaning.language import HAN
from bedside.errors import MissingExtra
from bedside.evaluate.pages.waterfall import steps
from bedside.files import check_out
from bedside.knowledge.hpo import Hpo
from bedside.lang import current, disclaimer, speaking, tr
from bedside.phenotypes.called import Called
from bedside.tasks._diagnosis.told import Told
from bedside.tasks._diagnosis.words import bar_name, chance, disease_said, facts

CHINESE_FONTS = (
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "Source Han Sans CN",
    "PingFang SC",
    "Microsoft YaHei",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
    "SimHei",
    "Noto Sans CJK JP",
    "Arial Unicode MS",
)
_FOR, _AGAINST, _SUM = "#0b6e6a", "#c2553f", "#8a949b"
_INK, _SOFT = "#1f2a33", "#5d6a74"


def save_waterfall(path: Path, told: Told, hpo: Hpo) -> str:
    """Write the picture; returns what is to be said of it: nothing, or that no font here has Chinese letters."""
    try:
        from matplotlib.figure import Figure
    except ImportError:
        raise MissingExtra("matplotlib", "plots") from None
    from matplotlib import rc_context

    check_out(path)
    font = _chinese_font() if current() == "zh" else None
    if current() == "zh" and font is None:
        said = tr("", "未找到含中文字形的字体，图片以英文绘制；可安装 Noto Sans CJK SC 等字体。")
        with speaking("en"):
            save_waterfall(path, told, hpo)
        return said
    with rc_context({"font.family": [font, "DejaVu Sans"] if font else ["DejaVu Sans"], "axes.unicode_minus": False}):
        figure = Figure(figsize=(11, 1.9 + 0.52 * (len(told.why.bars) + 1)), dpi=150, layout="constrained")
        _draw(figure, told, hpo)
        figure.savefig(path, metadata={"Software": "bedside", "Description": disclaimer() if not font else ""})
    path.chmod(0o600)
    return ""


def _draw(figure: Any, told: Told, hpo: Hpo) -> None:
    called = Called(hpo)
    axes = figure.subplots()
    bars = told.why.bars
    drawn = steps([bar.value for bar in bars])
    names = [bar_name(bar, called) for bar in bars] + [tr("score: the sum of the bars", "得分：各项之和")]
    under = [" · ".join(facts(bar, called)) for bar in bars] + [""]
    values = [bar.value for bar in bars] + [told.total]
    reach = max(abs(end) for step in drawn for end in (step.start, step.end)) or 1.0
    for row, (step, value) in enumerate(zip(drawn, values, strict=True)):
        colour = _SUM if row == len(bars) else _FOR if value >= 0 else _AGAINST
        axes.barh(row, step.end - step.start, left=step.start, height=0.46, color=colour)
        axes.text(max(step.start, step.end) + 0.015 * reach, row, f"{value:+.2f}", va="center", fontsize=9, color=_INK)
    axes.axvline(0, color=_SOFT, linewidth=0.8)
    axes.set_yticks(range(len(names)), [""] * len(names))
    for row, (name, below) in enumerate(zip(names, under, strict=True)):
        at = {"xycoords": ("axes fraction", "data"), "textcoords": "offset points", "ha": "right"}
        axes.annotate(_cut(name, 52), (0, row), (-8, 3 if below else -3), fontsize=9.5, color=_INK, **at)
        axes.annotate(_cut(below, 100), (0, row), (-8, -8), fontsize=6.8, color=_SOFT, **at)
    axes.invert_yaxis()
    axes.margins(x=0.09)
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.tick_params(axis="y", length=0)
    axes.set_xlabel(tr("score (natural log)", "得分（自然对数）"), fontsize=9)
    first = next((one.probability for one in told.answer.ranking if one.id == told.why.disease), None)
    likely = f" · {chance(first)}" if first is not None else ""
    figure.suptitle(f"{disease_said(hpo, told.why.disease)}{likely}", fontsize=12, color=_INK)
    figure.supxlabel(f"HPO {hpo.release} · {disclaimer()}", fontsize=7.5, color=_SOFT)


def _chinese_font() -> str | None:
    from matplotlib import font_manager

    there = {font.name for font in font_manager.fontManager.ttflist}
    return next((name for name in CHINESE_FONTS if name in there), None)


def _cut(text: str, columns: int) -> str:
    """The text cut to a number of columns, a Chinese letter counting as two."""
    kept, used = "", 0
    for char in text:
        used += 2 if HAN.match(char) else 1
        if used > columns:
            return kept + "…"
        kept += char
    return kept
