"""Shows the findings of a text: coloured words in the terminal, and a page for curators that needs nothing else.

Present is teal, excluded orange, anything else (family, possible, not yet so) grey; the words tell it too.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from typing import Any

from bedside.lang import current, disclaimer, tr
from bedside.phenotypes.reader import Finding

_INK = {"present": "11,110,106", "excluded": "200,96,48", "other": "110,110,110"}

HEAD = """<!doctype html>
<html lang="{lang}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>{title}</title><style>
:root {{ color-scheme: light dark; }}
body {{ max-width: 60rem; margin: 3rem auto; padding: 0 1.5rem; font: 16px/1.7 system-ui, "PingFang SC",
  "Microsoft YaHei", "Noto Sans CJK SC", sans-serif; }}
h1 {{ font-size: 1.4rem; font-weight: 620; }} h2 {{ font-size: 1.05rem; margin-top: 2.5rem; }}
.text {{ line-height: 2; white-space: pre-wrap; }} mark {{ color: inherit; border-radius: 3px; padding: 0 .15em; }}
.present {{ background: rgba(11,110,106,.28); }} .excluded {{ background: rgba(200,96,48,.28); }}
.other {{ background: rgba(110,110,110,.25); }}
table {{ border-collapse: collapse; font-size: .9rem; }} td, th {{ text-align: left; padding: .15rem .8rem .15rem 0; }}
footer {{ margin-top: 3rem; opacity: .7; font-size: .9rem; }}
</style></head><body><h1>{title}</h1>
"""


def state(finding: Finding) -> str:
    """`present`, `excluded`, or `other`."""
    return "present" if finding.present else "excluded" if finding.excluded else "other"


def said(finding: Finding) -> str:
    """The state and context in words."""
    words = {
        "present": tr("present", "有"),
        "excluded": tr("excluded", "无"),
        "negated": tr("denied", "否定"),
        "historical": tr("past", "既往"),
        "family": tr("family", "家族"),
        "hypothetical": tr("not yet so", "假设"),
        "uncertain": tr("uncertain", "不确定"),
    }
    names = [name for name in finding.context.names() if not (finding.excluded and name == "negated")]
    first = [] if state(finding) == "other" else [words[state(finding)]]
    return ", ".join(first + [words[name] for name in names])


def to_terminal(text: str, findings: Sequence[Finding], console: Any) -> None:
    """Print on a rich console: the text with its findings marked, then a line for each."""
    from rich.text import Text

    shown = Text(text)
    for one in findings:
        shown.stylize(f"white on rgb({_INK[state(one)]})", one.start, one.end)
    console.print(shown)
    for one in findings:
        line = Text(f"  {one.id}  {one.label}  ")
        line.append(said(one), style=f"rgb({_INK[state(one)]})")
        console.print(line)
    if not findings:
        console.print(tr("no finding", "未识别到表型"))


def page_head() -> str:
    """How the page begins."""
    return HEAD.format(lang="zh-CN" if current() == "zh" else "en", title=tr("Findings in notes", "病历中的表型"))


def page_note(id: str, text: str, findings: Sequence[Finding]) -> str:
    """One note on the page; everything from the note is escaped."""
    rows = []
    for one in sorted(findings, key=lambda one: one.start):
        cells = (one.id, one.label, text[one.start : one.end], said(one))
        rows.append("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in cells) + "</tr>")
    return f'<h2>{escape(id)}</h2><p class="text">{marked(text, findings)}</p><table>{"".join(rows)}</table>\n'


def marked(text: str, findings: Iterable[Finding]) -> str:
    """A text as HTML with its findings in `mark`s of class `present`, `excluded` or `other`; everything is escaped."""
    parts, at = [], 0
    for one in sorted(findings, key=lambda one: one.start):
        if one.start < at:
            continue
        title = escape(f"{one.id} {one.label}: {said(one)}", quote=True)
        inside = escape(text[one.start : one.end])
        parts.append(f'{escape(text[at : one.start])}<mark class="{state(one)}" title="{title}">{inside}</mark>')
        at = one.end
    return "".join([*parts, escape(text[at:])])


def page_foot() -> str:
    """How the page ends."""
    return f"<footer>{escape(disclaimer())}</footer></body></html>\n"
