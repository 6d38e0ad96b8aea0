"""Lines of a text file with their numbers, decoded on the way; bytes that fit no character are a problem, no crash."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from pathlib import Path

from bedside.formats._base import HEAD_BYTES, Problem
from bedside.formats._bytes import opened
from bedside.formats._encoding import checked, detect
from bedside.lang import tr

BAD = "\ufffd"
SAMPLE_BYTES = 16 * HEAD_BYTES
"""How much is looked at to tell the encoding: the first Chinese name may come after many ASCII lines."""


def text_lines(path: Path, encoding: str | None, tell: Callable[[Problem], None]) -> Iterator[tuple[int, str]]:
    """Yield `(number, line)`, line ends kept, NUL characters taken out, both reported by line."""
    with opened(path) as stream:
        if encoding:
            name, rest = checked(encoding), stream
        else:
            sample = stream.read(SAMPLE_BYTES)
            found = detect(sample)
            name, rest = found.name, io.BufferedReader(_Chained(sample, stream))
            if not found.sure:
                what = tr(f"encoding not certain; read as {name}", f"编码不确定；按 {name} 读取")
                tell(Problem(tr("whole file", "整个文件"), what))
        text = io.TextIOWrapper(rest, encoding=name, errors="replace", newline="")
        for number, line in enumerate(text, 1):
            yield number, _clean(number, line, tell)


def _clean(number: int, line: str, tell: Callable[[Problem], None]) -> str:
    if number == 1:
        line = line.removeprefix("\ufeff")
    if BAD in line:
        what = tr("unreadable characters, shown as \ufffd", "有无法识别的字符，以 \ufffd 代替")
        tell(Problem(place(number), what))
    if "\0" in line:
        line = line.replace("\0", "")
        tell(Problem(place(number), tr("NUL characters; taken out", "含 NUL 字符；已去除")))
    return line


def place(number: int) -> str:
    """How a line is named in a report."""
    return tr(f"line {number}", f"第 {number} 行")


class _Chained(io.RawIOBase):
    """A stream whose first bytes were already read, put together again: a file format needs no seek."""

    def __init__(self, first: bytes, rest: object) -> None:
        self._first, self._rest = memoryview(first), rest

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        view = memoryview(buffer)  # type: ignore[arg-type]
        if self._first:
            size = min(len(view), len(self._first))
            view[:size], self._first = self._first[:size], self._first[size:]
            return size
        data = self._rest.read(len(view))  # type: ignore[attr-defined]
        view[: len(data)] = data
        return len(data)
