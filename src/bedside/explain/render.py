"""Shows an explanation: coloured words in the terminal, and the same as HTML, with the check of faithfulness beside.

Words for the label are teal, words against it orange (told apart by every colour vision); the shade is strength.
"""

from __future__ import annotations

from html import escape
from typing import Any

from bedside.explain.aim import VALUE
from bedside.explain.attribute import Explanation
from bedside.explain.faithfulness import Faithfulness
from bedside.lang import current, disclaimer, tr

_TAKEN = {
    "word": ("Method: occlusion, a word left out at a time", "方法：遮挡法，逐词去除"),
    "blank": ("Method: occlusion, a word blanked out at a time", "方法：遮挡法，逐词以占位字符替换"),
    "sentence": ("Method: occlusion, a sentence left out at a time", "方法：遮挡法，逐句去除"),
}
"""By what was taken from the text (`explain/words.py`)."""
_FOR, _AGAINST = (11, 110, 106), (200, 96, 48)
_FAINT = 0.06  # shade below which a word is left plain
_TOP = 8

_PAGE = """<!doctype html>
<html lang="{lang}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>{title}</title><style>
:root {{ color-scheme: light dark; }}
body {{ max-width: 46rem; margin: 3rem auto; padding: 0 1.5rem; font: 16px/1.7 system-ui, "PingFang SC",
  "Microsoft YaHei", "Noto Sans CJK SC", sans-serif; }}
h1 {{ font-size: 1.4rem; font-weight: 620; }}
footer {{ margin-top: 3rem; opacity: .7; font-size: .9rem; }}
</style></head><body><h1>{title}</h1>{body}<footer>{footer}</footer></body></html>
"""


def shades(explanation: Explanation) -> list[float]:
    """Each word's score as a part of the strongest, -1 to 1."""
    most = max((abs(word.score) for word in explanation.words), default=0.0) or 1.0
    return [word.score / most for word in explanation.words]


def summary(explanation: Explanation) -> list[str]:
    """The lines beside the coloured text: the answer, the method and how exact it was."""
    figure = explanation.value if explanation.probability is None else explanation.probability
    name = tr("expected value", "期望值") if explanation.label == VALUE else explanation.label
    said = [f"{name}  {figure:.3f}"]
    if explanation.completeness_error is None:
        said.append(tr(*_TAKEN[explanation.how]))
    else:
        error = f"{100 * explanation.completeness_error:.1f} %"
        said.append(
            tr(
                f"Method: integrated gradients, {explanation.steps} steps, completeness error {error}",
                f"方法：积分梯度，{explanation.steps} 步，完备性误差 {error}",
            )
        )
    if explanation.cut:
        said.append(tr("The text was too long: its middle was not seen.", "文本过长：模型未看到中间部分。"))
    return said


def to_terminal(explanation: Explanation, check: Faithfulness | None, console: Any) -> None:
    """Print on a rich console."""
    from rich.text import Text

    shown = [Text(text) for text in explanation.texts]
    for word, shade in zip(explanation.words, shades(explanation), strict=True):
        if abs(shade) >= _FAINT:
            red, green, blue = (round(255 - abs(shade) * (255 - part)) for part in (_FOR if shade > 0 else _AGAINST))
            ink = "black" if abs(shade) < 0.6 else "white"
            shown[word.part].stylize(f"{ink} on rgb({red},{green},{blue})", word.start, word.end)
    console.print(Text(summary(explanation)[0], style="bold"))
    for text in shown:
        console.print(text)
    for name, score in top_words(explanation):
        console.print(Text(f"  {score:+.3f}  {name}"))
    for line in summary(explanation)[1:]:
        console.print(Text(line, style="dim"))
    if check is not None:
        console.print(Text(str(check), style="" if check.trusted else "bold"))


def top_words(explanation: Explanation) -> list[tuple[str, float]]:
    """The words of largest effect, for or against, with their scores."""
    ranked = sorted(explanation.words, key=lambda word: -abs(word.score))[:_TOP]
    return [(explanation.word(word), word.score) for word in ranked]


def to_html(explanation: Explanation, check: Faithfulness | None) -> str:
    """A piece of HTML, for a report or a page; everything from the text is escaped."""
    lines = summary(explanation)
    below = "".join(f'<p style="opacity:.7;font-size:.9rem">{escape(line)}</p>' for line in lines[1:])
    trust = f"<p><b>{escape(str(check))}</b></p>{_curves(check)}" if check is not None else ""
    shown = (_coloured(explanation, part) for part in range(len(explanation.texts)))
    text = "".join(f'<p style="line-height:2;white-space:pre-wrap">{one}</p>' for one in shown)
    return f"<p><b>{escape(lines[0])}</b></p>{text}{trust}{below}"


def _coloured(explanation: Explanation, part: int) -> str:
    """One of the texts with its words coloured."""
    text, parts, at = explanation.texts[part], [], 0
    for word, shade in zip(explanation.words, shades(explanation), strict=True):
        if word.part != part:
            continue
        parts.append(escape(text[at : word.start]))
        inside, at = escape(explanation.word(word)), word.end
        if abs(shade) < _FAINT:
            parts.append(inside)
            continue
        red, green, blue = _FOR if shade > 0 else _AGAINST
        style = f"background:rgba({red},{green},{blue},{0.75 * abs(shade):.2f});border-radius:3px;padding:0 .1em"
        parts.append(f'<span style="{style}" title="{word.score:+.3f}">{inside}</span>')
    return "".join([*parts, escape(text[at:])])


def to_page(explanation: Explanation, check: Faithfulness | None) -> str:
    """A whole page that needs nothing else."""
    title = tr("Which words the answer rests on", "答案依据了哪些词")
    return _PAGE.format(
        lang="zh-CN" if current() == "zh" else "en",
        title=title,
        body=to_html(explanation, check),
        footer=escape(disclaimer()),
    )


def _curves(check: Faithfulness) -> str:
    """The two deletion curves as a small inline picture; probabilities from 0 to 1, values between their extremes."""
    everything = (*check.curve, *check.random_curve)
    low, high = min(0.0, *everything), max(1.0, *everything)
    if low < 0 or high > 1:
        low = min(everything)

    def line(values: tuple[float, ...], style: str) -> str:
        down = [120 * (high - value) / (high - low) for value in values]
        points = " ".join(f"{10 + 300 * s:.1f},{10 + d:.1f}" for s, d in zip(check.shares, down, strict=True))
        return f'<polyline fill="none" style="{style}" points="{points}"/>'

    ours, random = tr("its top words left out", "去掉关键词"), tr("random words left out", "随机去词")
    axis = tr("share of words left out", "去掉的词所占比例")
    ink = "fill:currentColor;font-size:11px"
    return (
        '<svg viewBox="0 0 440 165" style="max-width:440px" role="img">'
        '<path d="M10 10V130H310" fill="none" stroke="currentColor" opacity=".3"/>'
        + line(check.random_curve, "stroke:currentColor;opacity:.45;stroke-dasharray:4 4;stroke-width:2")
        + line(check.curve, "stroke:rgb(11,110,106);stroke-width:2.5")
        + f'<text x="10" y="150" style="{ink}">{escape(axis)}</text>'
        + f'<text x="270" y="30" style="{ink};fill:rgb(11,110,106)">— {escape(ours)}</text>'
        + f'<text x="270" y="50" style="{ink};opacity:.6">- - {escape(random)}</text></svg>'
    )
