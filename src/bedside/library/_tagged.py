"""Records of tagged lines (`TI  - ...`), as MEDLINE and RIS write them; lines without a tag go on with the last."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from bedside.formats._base import Problem
from bedside.formats._lines import text_lines
from bedside.lang import tr

Fields = dict[str, list[str]]
"""What stands after each tag, as often as it stands there."""


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
