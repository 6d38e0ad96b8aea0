"""Rows of JSON Lines, of a JSON array, or of JSON objects one after another, without holding the file in memory."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from bedside.errors import FormatError
from bedside.formats._base import Problem
from bedside.formats._files.lines import place, text_lines
from bedside.formats._syntax.json import decoder, loads, mended
from bedside.lang import tr

MAX_OBJECT_CHARS = 64 * 2**20
"""A single row longer than this is refused."""

PEEKED_LINES = PEEKED_ROWS = 50
Tell = Callable[[Problem], None]


def json_rows(path: Path, encoding: str | None, tell: Tell) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the objects of the file; a key of the first rows, or of any before, is there as None where it is absent."""
    known: dict[str, None] = {}
    count, first = 0, list[Problem]()

    def noted(problem: Problem) -> None:
        first[:] = first or [problem]
        tell(problem)

    values = _objects(text_lines(path, encoding, noted), noted)
    peeked = list(itertools.islice(values, PEEKED_ROWS))
    known.update(dict.fromkeys(key for _, value in peeked for key in value))
    for where, value in itertools.chain(peeked, values):
        count += 1
        known.update(dict.fromkeys(value))
        yield where, (value if len(value) == len(known) else {**dict.fromkeys(known), **value})
    if not count:
        why = f"{first[0].place}: {first[0].what}" if first else None
        raise FormatError(tr("no JSON object could be read", "没有可读取的 JSON 对象"), where=path.name, value=why)


def _objects(lines: Iterator[tuple[int, str]], tell: Tell) -> Iterator[tuple[str, dict[str, Any]]]:
    for where, value in _values(lines, tell):
        if isinstance(value, dict):
            yield where, value
        else:
            tell(Problem(where, tr("not a JSON object; left out", "不是 JSON 对象；未读取")))


def _values(lines: Iterator[tuple[int, str]], tell: Tell) -> Iterator[tuple[str, Any]]:
    """One value a line where the first lines are such; an array, or values over several lines, otherwise."""
    first = list(itertools.islice((line for line in lines if line[1].strip()), PEEKED_LINES))
    if not first:
        return
    if not _one_a_line([line for _, line in first]):
        yield from _stream(itertools.chain(first, lines), tell)
        return
    for number, line in itertools.chain(first, lines):
        if line.strip():
            try:
                value, doubts = loads(line)
            except ValueError:
                tell(Problem(place(number), tr("not valid JSON; left out", "不是有效的 JSON；未读取")))
                continue
            for doubt in doubts:
                tell(Problem(place(number), doubt))
            yield place(number), value


def _one_a_line(lines: list[str]) -> bool:
    """Whether the first line holds a whole value, or at least half of the lines an object: a broken one is no array."""
    if lines[0].lstrip().startswith("["):
        return False
    return _whole(lines[0]) or 2 * sum(line.startswith("{") and _whole(line) for line in lines) >= len(lines)


def _stream(lines: Iterator[tuple[int, str]], tell: Tell) -> Iterator[tuple[str, Any]]:
    """Values wherever they begin: the buffer is tried again each time it has doubled, so time stays linear."""
    buffer, try_at, last, index = "", 0, 0, 0
    doubts: dict[str, None] = {}
    reader = decoder(doubts)
    for number, line in itertools.chain(lines, [(0, "")]):
        at_end = number == 0
        buffer, last = buffer + line, number or last
        if len(buffer) < try_at and not at_end:
            continue
        position = 0
        while True:
            position = _skip(buffer, position)
            doubts.clear()
            try:
                value, end = reader.raw_decode(buffer, position)
            except (ValueError, RecursionError):
                break
            index += 1
            where = tr(f"item {index}", f"第 {index} 项")
            value = mended(value, buffer[position:end], doubts)
            for doubt in doubts:
                tell(Problem(where, doubt))
            yield where, value
            position = end
        buffer = buffer[position:]
        try_at = max(65_536, 2 * len(buffer))
        if len(buffer) > MAX_OBJECT_CHARS or (at_end and buffer.strip("\ufeff \t\r\n,[]")):
            what = tr(
                f"not valid JSON after item {index}; the rest of the file was not read",
                f"第 {index} 项之后不是有效的 JSON；其余部分未读取",
            )
            tell(Problem(place(last), what))
            return


def _skip(text: str, position: int) -> int:
    """Past white space, the commas between items, and the brackets of the outer array."""
    while position < len(text) and text[position] in " \t\r\n,[]\ufeff":
        position += 1
    return position


def _whole(line: str) -> bool:
    try:
        loads(line)
    except ValueError:
        return False
    return True
