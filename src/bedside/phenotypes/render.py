"""Shows the findings of a text: coloured words in the terminal, and marks in HTML; page.py makes the page.

Present is teal, excluded orange, anything else (family, possible, not yet so) grey; the words tell it too.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from typing import Any

from bedside.lang import tr
from bedside.phenotypes.reader import Finding

_INK = {"present": "11,110,106", "excluded": "200,96,48", "other": "110,110,110"}


def state(finding: Finding) -> str:
    """`present`, `excluded`, or `other`."""
    return "present" if finding.present else "excluded" if finding.excluded else "other"


def flag_words() -> dict[str, str]:
    """What each context is called in the language in force."""
    return {
        "negated": tr("denied", "否定"),
        "historical": tr("past", "既往"),
        "family": tr("family", "家族"),
        "hypothetical": tr("not yet so", "假设"),
        "uncertain": tr("uncertain", "不确定"),
    }


def said(finding: Finding) -> str:
    """The state and context in words."""
    words = {"present": tr("present", "有"), "excluded": tr("excluded", "无"), **flag_words()}
    names = [name for name in finding.context.names() if not (finding.excluded and name == "negated")]
    first = [] if state(finding) == "other" else [words[state(finding)]]
    return ", ".join(first + [words[name] for name in names])


def to_terminal(text: str, findings: Sequence[Finding], console: Any, near: Sequence[Finding] = ()) -> None:
    """Print on a rich console: the text with its findings marked, then a line for each, then what was only near one."""
    from rich.text import Text

    shown = Text(text)
    for one in findings:
        shown.stylize(f"white on rgb({_INK[state(one)]})", one.start, one.end)
    console.print(shown)
    for one in findings:
        line = Text(f"  {one.id}  {one.label}  ")
        line.append(said(one), style=f"rgb({_INK[state(one)]})")
        if one.likeness is not None:
            line.append(f"  ≈ {one.likeness:.2f}", style="dim")
        console.print(line)
    for one in near:
        what = tr("near, not linked", "相近，未链接")
        console.print(
            Text(f"  ? “{text[one.start : one.end]}” {what}: {one.id} {one.label} ({one.likeness:.2f})", "dim")
        )
    if not findings:
        console.print(tr("no finding", "未识别到表型"))


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
