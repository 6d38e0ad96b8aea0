"""What was found, as a terminal shows it: title, passage with the question's words marked, citation, licence."""

from __future__ import annotations

from collections.abc import Sequence

from bedside.lang import counted, disclaimer, tr
from bedside.types import Passage

WIDTH = 600
"""Characters of a passage that are shown."""


def show_found(query: str, found: Sequence[Passage]) -> None:
    """Print passages in the language in force."""
    from rich.console import Console

    console = Console()
    if not found:
        console.print(tr("Nothing in the library speaks of this.", "知识库中没有相关内容。"))
    for place, passage in enumerate(found, 1):
        show_passage(console, query, passage, place)
    console.print(disclaimer(), style="dim")


def show_passage(console: object, query: str, passage: Passage, place: int = 0) -> None:
    """One passage."""
    from rich.console import Console
    from rich.text import Text

    assert isinstance(console, Console)
    head = Text(f"{place}. " if place else "")
    head.append(" · ".join(filter(None, (passage.title, passage.heading))), style="bold")
    console.print(head)
    text = passage.text if len(passage.text) <= WIDTH else passage.text[:WIDTH] + " …"
    body = Text(text)
    for start, end in matched(query, text):
        body.stylize("bold yellow", start, end)
    console.print(body)
    said = [passage.citation, f"{tr('licence', '许可')}: {passage.licence}", passage.id]
    console.print(Text("  ".join(said), style="dim"))
    if passage.status != "current":
        console.print(Text(status_of(passage), style="bold red"))
    console.print()


def status_of(passage: Passage) -> str:
    """What became of a passage that is no longer current."""
    by = f" ({passage.replaced_by})" if passage.replaced_by else ""
    return {
        "superseded": tr(f"superseded by a later version{by}", f"已被新版本替代{by}"),
        "retracted": tr("retracted: not to be relied on", "已撤稿：不可采信"),
        "withdrawn": tr("withdrawn from its source", "已从来源撤回"),
    }.get(passage.status, tr("current", "现行"))


def matched(query: str, text: str) -> list[tuple[int, int]]:
    """Where the words of a question stand in a text, joined where they touch.

    >>> matched("gouty kidneys", "Kidney stones")
    [(0, 6)]
    """
    from bedside.library._question.terms import placed_terms, terms_of

    wanted = set(terms_of(query))
    places = sorted((start, end) for term, start, end in placed_terms(text) if term in wanted and _tells(term))
    joined: list[tuple[int, int]] = []
    for start, end in places:
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _tells(term: str) -> bool:
    """Whether a word is worth marking."""
    return len(term) > (3 if term.isascii() else 1) or any(letter.isdigit() for letter in term)


def sizes(items: dict[str, int]) -> str:
    """How many items there are of each status, current ones first."""
    words = {
        "current": tr("current", "现行"),
        "superseded": tr("superseded", "被替代"),
        "withdrawn": tr("withdrawn", "已撤回"),
        "retracted": tr("retracted", "已撤稿"),
    }
    found = [f"{items[status]} {word}" for status, word in words.items() if items.get(status)]
    return ", ".join(found) or counted(0, "item")
