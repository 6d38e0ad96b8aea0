"""The review in a terminal: a paper at a time, a letter a decision, each on the disk before the next is shown."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from bedside.commands._io import say
from bedside.lang import tr

if TYPE_CHECKING:
    from rich.console import Console

    from bedside.literature._record import Record
    from bedside.literature.screening.review import Review

EVERY = 10
"""After so many decisions the rule is asked and its answer shown."""
BACK, QUIT = "b", "q"


def ask(
    review: Review,
    labels: Path,
    who: str,
    reasons: Sequence[str],
    *,
    random: bool,
    target: float,
    confidence: float,
) -> None:
    """Ask until the reviewer stops, nothing is left, or the input ends."""
    from rich.console import Console

    from bedside.literature.screening.labels import EXCLUDE, Label, add_labels, now

    console, order, made = Console(), "random" if random else "ranked", list[str]()
    again: str | None = None
    while papers := [review.pool[again]] if again else review.next(1, who, order):
        paper, again = papers[0], None
        _show(console, review, paper, who)
        said = _answer(console)
        if said == QUIT:
            break
        if said == BACK:
            again = made.pop() if made else paper.key
            continue
        reason = _reason(console, reasons) if said == EXCLUDE else ""
        label = Label(id=paper.key, decision=said, who=who, when=now(), reason=reason, order=order)
        add_labels(labels, [label])
        review.add(label)
        made.append(paper.key)
        if len(made) % EVERY == 0:
            from bedside.literature.screening.words import certificate_lines, stop_lines

            stop, drawn = review.stop(who, target, confidence), review.certificate(who, target, confidence)
            for line in (*stop_lines(stop), *certificate_lines(drawn)):
                console.print(line, style="bold green" if stop.may_stop else "dim")
    else:
        say(tr("nothing is left to read", "没有待读文献"))


def _show(console: Console, review: Review, record: Record, who: str) -> None:
    from rich.text import Text

    from bedside.commands._knowledge.view import matched
    from bedside.literature.notices import word
    from bedside.literature.screening.labels import CONSENSUS, standing

    paper = record.paper
    done = review.decided(who)
    found = sum(one is not None and one.relevant for one in done.values())
    place = tr(
        f"read {len(done)} of {len(review.pool)}, found {found}", f"已读 {len(done)}/{len(review.pool)}，找到 {found}"
    )
    console.rule(place, style="dim")
    for part, style in ((paper.title, "bold"), (paper.abstract if paper.abstract != paper.title else "", "")):
        shown = Text(part, style=style)
        for start, end in matched(review.question, part) if review.question else ():
            shown.stylize("yellow", start, end)
        console.print(shown)
    if paper.abstract in ("", paper.title):
        console.print(Text(tr("no abstract", "无摘要"), style="italic dim"))
    about = (", ".join(record.authors[:6]), paper.journal, str(paper.year or ""), record.key)
    console.print(Text(" · ".join(filter(None, about)), style="dim"))
    for flag in review.flags.get(record.key, ()):
        console.print(Text(f"{word(flag.kind)} ({flag.source})", style="bold red" if flag.grave else "red"))
    if who == CONSENSUS:
        for one in standing(review.labels).values():
            if one.id == record.key:
                console.print(Text(f"{one.who}: {one.decision} {one.reason}", style="cyan"))


def _answer(console: Console) -> str:
    """A decision, BACK or QUIT; asked again until it is one."""
    from bedside.literature.screening.labels import EXCLUDE, INCLUDE, UNSURE

    words = {"i": INCLUDE, "e": EXCLUDE, "u": UNSURE, BACK: BACK, QUIT: QUIT}
    while True:
        prompt = tr("[i]nclude [e]xclude [u]nsure [b]ack [q]uit: ", "i 纳入  e 排除  u 不确定  b 上一篇  q 退出：")
        said = _line(console, prompt)
        if said is None:
            return QUIT
        if said[:1].lower() in words:
            return words[said[:1].lower()]


def _reason(console: Console, reasons: Sequence[str]) -> str:
    """A reason by its number or in words; none is a reason too."""
    if not reasons:
        return ""
    offered = "  ".join(f"{number} {reason}" for number, reason in enumerate(reasons, 1))
    said = _line(console, tr(f"why? {offered}: ", f"理由？{offered}：")) or ""
    return reasons[int(said) - 1] if said.isdigit() and 0 < int(said) <= len(reasons) else said


def _line(console: Console, prompt: str) -> str | None:
    """A line of the input, None at its end."""
    console.print(prompt, end="", markup=False, highlight=False)
    line = sys.stdin.readline()
    return line.strip() if line else None
