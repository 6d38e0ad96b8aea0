"""A consultation on a terminal, as JSON and as a page, in the language it was asked in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from bedside.commands._io import emit_json, say
from bedside.consult._base import Consultation
from bedside.consult.told import as_line
from bedside.consult.words import notes, reason_said
from bedside.lang import disclaimer, speaking, tr

WIDTH = 360
"""Characters of a nearest passage that are shown."""


def present(told: Consultation, html: Path | None, *, as_json: bool) -> None:
    """Write the page, if one was asked for, and print the answer, as JSON or for people."""
    with speaking("zh" if told.lang == "zh" else "en"):
        if html is not None:
            from bedside.consult.page import save

            save(html, told)
        if as_json:
            emit_json({"question": told.question, **as_line(told), **({"html": html} if html else {})})
            return
        show(told)
        if html is not None:
            say(tr(f"page: {html}", f"页面：{html}"))


def show(told: Consultation) -> None:
    """Print it: what cannot wait, warnings, the answer, hard words, sources, limits."""
    from rich.console import Console

    with speaking("zh" if told.lang == "zh" else "en"):
        _show(told, Console())


def _show(told: Consultation, console: Any) -> None:
    from rich.text import Text

    _urgent(told, console)
    numbers = {one.passage.id: place for place, one in enumerate(told.passages, 1)}
    for one in told.answer:
        line = Text(one.sentence)
        line.append("".join(f" [{numbers[id]}]" for id in one.citations if id in numbers), style="cyan")
        console.print(line)
    if told.abstained:
        console.print(Text(reason_said(told), style="bold"))
    if told.explanations:
        console.print(Text("\n" + tr("Words", "词语"), style="bold"))
    for word in told.explanations:
        console.print(Text.assemble(f"{word.term}: {word.text} ", (word.citation, "dim")))
    _sources(told, console)
    console.print()
    for note in (*notes(told), disclaimer()):
        console.print(Text(note, style="dim"))


def _urgent(told: Consultation, console: Any) -> None:
    """What cannot wait, and what the chart warns of."""
    from rich.text import Text

    for urgent in told.emergencies:
        console.print(Text(f"{tr('EMERGENCY', '紧急情况')}: {urgent.name}", style="bold white on red"))
        console.print(Text(urgent.what_to_do, style="bold red"))
        console.print(Text(urgent.source, style="dim"))
        console.print()
    for warning in told.warnings:
        console.print(Text(f"! {warning.text}", style="bold yellow"))
        entries = f" ({tr('chart entry', '病历条目')} {', '.join(warning.entries)})" if warning.entries else ""
        console.print(Text(f"  {warning.because}{entries}  {warning.citation}", style="dim"))


def _sources(told: Consultation, console: Any) -> None:
    """The passages, with their citations; of an abstention what the nearest ones say."""
    from rich.text import Text

    if told.passages:
        head = tr("Nearest passages", "最接近的段落") if told.abstained else tr("Sources", "出处")
        console.print(Text("\n" + head, style="bold"))
    for place, candidate in enumerate(told.passages, 1):
        passage = candidate.passage
        head = " · ".join(filter(None, (passage.citation, passage.heading, passage.licence)))
        console.print(Text.assemble((f"[{place}] ", "cyan"), head, (f"  {passage.id}", "dim")))
        if told.abstained:
            text = passage.text if len(passage.text) <= WIDTH else passage.text[:WIDTH] + " …"
            console.print(Text(text, style="dim"))
