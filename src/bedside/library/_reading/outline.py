"""The structure of a text without mark-up of its own kind: its headings, and the blocks below them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from bedside.errors import FormatError
from bedside.formats._base import Problem
from bedside.formats._files.lines import text_lines
from bedside.lang import tr
from bedside.library._base import Block

_PLAIN = re.compile(
    r"(?m)^[^\S\n]*(?:【(?P<label>[^】\n]{1,40})】"
    r"|(?P<line>(?:第[一二三四五六七八九十百\d]{1,5}[章节篇部]|[一二三四五六七八九十]{1,3}、|（[一二三四五六七八九十]{1,3}）"
    r"|\d{1,2}(?:\.\d{1,2}){0,3}[.、]?[^\S\n]+(?=[A-Z\u4e00-\u9fff]))[^\n。；;]{0,60}(?<![.。；;，,]))[^\S\n]*$)"
)
"""【适应症】 of a Chinese drug label; 第一章, 一、, （二）, 1.2 at the head of a short line that is no sentence."""


def whole_text(path: Path, encoding: str | None) -> tuple[str, list[Problem]]:
    """A file's text as it stands in it, and what could not be read; FormatError where there is none."""
    problems: list[Problem] = []
    text = "".join(line for _, line in text_lines(path, encoding, problems.append))
    if not text.strip():
        raise FormatError(tr("the file holds no text", "文件没有文字"), where=path.name)
    return text, problems


def plain_blocks(text: str) -> tuple[Block, ...]:
    """Blocks of a plain text under the headings it seems to have.

    >>> [block.heading for block in plain_blocks("【适应症】高血压。\\n【禁忌】孕妇禁用。")]
    ['适应症', '禁忌']
    """
    heads = [
        (found.start(), found.start(), (found["label"] or found["line"]).strip()) for found in _PLAIN.finditer(text)
    ]
    return tuple(_between(text, heads))


def marked_blocks(text: str, heads: Iterable[tuple[int, int, int, str]]) -> tuple[Block, ...]:
    """Blocks of a text whose headings are known (start, end, level, words): each under the path of its headings."""
    path: list[tuple[int, str]] = []
    placed = []
    for start, end, level, words in heads:
        path = [(one, name) for one, name in path if one < level] + [(level, words)]
        placed.append((start, end, " > ".join(name for _, name in path)))
    return tuple(_between(text, placed))


def _between(text: str, heads: list[tuple[int, int, str]]) -> Iterator[Block]:
    """What stands before the first heading, and after each up to the next."""
    ends = [start for start, _, _ in heads[1:]] + [len(text)]
    opening = heads[0][0] if heads else len(text)
    for start, end, heading in [
        (0, opening, ""),
        *((body, end, name) for (_, body, name), end in zip(heads, ends, strict=False)),
    ]:
        if text[start:end].strip():
            yield Block(start, end, heading)
