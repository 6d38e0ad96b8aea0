"""Rows of JSON Lines, of a JSON array, or of JSON objects one after another, without holding the file in memory."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from bedside.errors import FormatError
from bedside.formats._base import Problem
from bedside.formats._lines import place, text_lines
from bedside.lang import tr

MAX_OBJECT_CHARS = 64 * 2**20
"""A single row longer than this is refused."""

HALF_PAIR = re.compile(r"\\u[dD][89a-fA-F]")
DECODER = json.JSONDecoder()
Tell = Callable[[Problem], None]


def json_rows(path: Path, encoding: str | None, tell: Tell) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the objects of the file; a key seen before and absent in a later row is there as None."""
    known: dict[str, None] = {}
    count = 0
    for where, value in _values(text_lines(path, encoding, tell), tell):
        if not isinstance(value, dict):
            tell(Problem(where, tr("not a JSON object; left out", "不是 JSON 对象；未读取")))
            continue
        count += 1
        known.update(dict.fromkeys(value))
        yield where, (value if len(value) == len(known) else {**dict.fromkeys(known), **value})
    if not count:
        raise FormatError(tr("no JSON object could be read", "没有可读取的 JSON 对象"), where=path.name)


def _values(lines: Iterator[tuple[int, str]], tell: Tell) -> Iterator[tuple[str, Any]]:
    """One value a line if the first line holds a whole one; an array, or values over several lines, otherwise."""
    first = next(((number, line) for number, line in lines if line.strip()), None)
    if first is None:
        return
    lines = itertools.chain([first], lines)
    if first[1].lstrip().startswith("[") or not _whole(first[1]):
        yield from _stream(lines, tell)
        return
    for number, line in lines:
        if line.strip():
            try:
                yield place(number), _loads(line)
            except (ValueError, RecursionError):
                tell(Problem(place(number), tr("not valid JSON; left out", "不是有效的 JSON；未读取")))


def _stream(lines: Iterator[tuple[int, str]], tell: Tell) -> Iterator[tuple[str, Any]]:
    """Values wherever they begin: the buffer is tried again each time it has doubled, so time stays linear."""
    buffer, try_at, last, index = "", 0, 0, 0
    for number, line in itertools.chain(lines, [(0, "")]):
        at_end = number == 0
        buffer, last = buffer + line, number or last
        if len(buffer) < try_at and not at_end:
            continue
        position = 0
        while True:
            position = _skip(buffer, position)
            try:
                value, end = DECODER.raw_decode(buffer, position)
            except (ValueError, RecursionError):
                break
            index += 1
            yield tr(f"item {index}", f"第 {index} 项"), _mended(value, buffer[position:end])
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
        _loads(line)
    except (ValueError, RecursionError):
        return False
    return True


def _loads(text: str) -> Any:
    return _mended(json.loads(text), text)


def _mended(value: Any, source: str) -> Any:
    """Half of a surrogate pair cannot be written as UTF-8: it becomes the replacement character."""
    if not HALF_PAIR.search(source):
        return value
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, list):
        return [_mended(part, source) for part in value]
    if isinstance(value, dict):
        return {_mended(key, source): _mended(part, source) for key, part in value.items()}
    return value
