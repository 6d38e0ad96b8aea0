"""Records of tagged lines (`TI  - ...`), as MEDLINE and RIS write them; lines without a tag go on with the last."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TypeVar

from bedside.formats._base import Problem
from bedside.formats._files.lines import text_lines
from bedside.lang import tr

Fields = dict[str, list[str]]
"""What stands after each tag, as often as it stands there."""
A = TypeVar("A")


def records(
    path: Path, encoding: str | None, tag: re.Pattern[str], *, first: str, last: str = ""
) -> Iterator[tuple[str, Fields | Problem]]:
    """Each record with its place; it begins with the tag `first` and ends with `last`, or where the next begins."""
    problems: list[Problem] = []
    record: Fields = {}
    place = name = ""
    for number, line in text_lines(path, encoding, problems.append):
        found = tag.match(line.rstrip("\r\n"))
        if found and found[1] in (first, last):
            if record:
                yield place, record
            record, place = {}, tr(f"line {number}", f"第 {number} 行")
        if found and found[1] != last:
            name = found[1]
            record.setdefault(name, []).append(found[2].strip())
        elif not found and record and name and line.strip():
            record[name][-1] = f"{record[name][-1]} {line.strip()}".strip()
    if record:
        yield place, record
    for problem in problems:
        yield problem.place, problem


def references(
    found: Iterable[tuple[str, Fields | Problem]], titles: tuple[str, ...], made: Callable[[Fields], A]
) -> Iterator[A | Problem]:
    """What is `made` of each record that has one of the tags of a title; the others are told."""
    for place, one in found:
        if isinstance(one, Problem):
            yield one
        elif not first_of(one, *titles):
            yield Problem(place, tr("a reference without a title; left out", "文献没有标题；未使用"))
        else:
            yield made(one)


def first_of(record: Fields, *tags: str) -> str:
    """What stands after the first of the tags that says anything."""
    return next((said for tag in tags for said in record.get(tag, []) if said), "")


def parted(said: Iterable[str]) -> list[str]:
    """Names or words, many of which may stand in one field.

    >>> parted(["Zhang W; Li H", "王芳；刘洋"])
    ['Zhang W', 'Li H', '王芳', '刘洋']
    """
    return [part.strip() for one in said for part in re.split("[;；]", one) if part.strip()]
