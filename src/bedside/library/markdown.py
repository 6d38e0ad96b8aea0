"""Guidelines and textbooks in Markdown: a file is a document under its headings; front matter says id, version, ..."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from bedside.formats._base import Problem
from bedside.library._base import Item, Reader, ReadingOptions
from bedside.library._reading.outline import marked_blocks, whole_text

_HEADING = re.compile(r"(?m)^(#{1,6})[^\S\n]+(.+?)[^\S\n]*#*[^\S\n]*$|^```[\s\S]*?^```[^\S\n]*$")
_FRONT = re.compile(r"\A---[^\S\n]*\r?\n([\s\S]{0,20000}?)\r?\n---[^\S\n]*(?:\r?\n|\Z)")
_FIELD = re.compile(
    r"(?m)^(id|title|version|date|url|licen[cs]e|citation|supersedes|replaces)[^\S\n]*:[^\S\n]*(.+?)\s*$"
)


def sniff(head: bytes, path: Path) -> bool:
    """By its name."""
    return path.suffix.lower() in (".md", ".markdown")


def read(path: Path, options: ReadingOptions) -> Iterator[Item | Problem]:
    """The text is the file's own, to the character; what stands between three dashes at its head is read as fields."""
    text, problems = whole_text(path, options.encoding)
    yield from problems
    front = _FRONT.match(text)
    said = {name: value.strip("'\"") for name, value in _FIELD.findall(front[1])} if front else {}
    start = front.end() if front else 0
    heads = [
        (found.start(), found.end(), len(found[1]), found[2])
        for found in _HEADING.finditer(text, start)
        if found[1] is not None
    ]
    blocks = tuple(
        block for block in marked_blocks(text[:start].translate(_BLANK) + text[start:], heads) if block.end > start
    )
    replaced = said.get("supersedes") or said.get("replaces") or ""
    yield Item(
        id=said.get("id") or path.name,
        title=said.get("title") or next((words for _, _, _, words in heads), path.stem),
        text=text,
        blocks=blocks,
        url=said.get("url", ""),
        date=said.get("date", ""),
        version=said.get("version", ""),
        licence=said.get("licence") or said.get("license") or "",
        citation=said.get("citation", ""),
        replaces=tuple(part.strip() for part in replaced.strip("[]").split(",") if part.strip()),
    )


class _Blank(dict[int, str]):
    """Every character as a blank: what is hidden so keeps its length."""

    def __missing__(self, code: int) -> str:
        return " "


_BLANK = _Blank()
READER = Reader(name="markdown", sniff=sniff, read=read)
