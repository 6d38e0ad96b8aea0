"""Lines of a text file with their numbers, decoded on the way; bytes that fit no character are a problem, no crash."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import IO

from bedside.errors import FormatError
from bedside.formats._base import HEAD_BYTES, Problem
from bedside.formats._files.bytes import opened
from bedside.formats._files.encoding import Encoding, binary, checked, detect, line_encoding
from bedside.lang import tr

BAD = "\ufffd"
SAMPLE_BYTES = 16 * HEAD_BYTES
"""How much is looked at to tell the encoding: the first Chinese name may come after many ASCII lines."""


def text_lines(
    path: Path, encoding: str | None, tell: Callable[[Problem], None], *, header: bool = False
) -> Iterator[tuple[int, str]]:
    """Yield `(number, line)` of a file as `stream_lines` does."""
    with opened(path) as stream:
        yield from stream_lines(stream, path.name, encoding, tell, header=header)


def stream_lines(
    stream: IO[bytes], name: str, encoding: str | None, tell: Callable[[Problem], None], *, header: bool = False
) -> Iterator[tuple[int, str]]:
    """Yield `(number, line)`, line ends kept, NUL characters taken out; each line in its own encoding, if need be.

    A line whose encoding cannot be told is left out, and reported by its number; where `header` says that the first
    line names the columns, that one raises `FormatError`, as binary content does.
    """
    if encoding:
        yield from _in_one(stream, checked(encoding), tell)
        return
    sample = stream.read(SAMPLE_BYTES)
    found, rest = detect(sample), io.BufferedReader(_Chained(sample, stream))
    if not found.wide and binary(sample):
        raise FormatError(tr("not a text: binary content", "不是文本：含二进制内容"), where=name)
    if not (found.sure or found.mixed):
        what = tr(f"encoding not certain; read as {found.name}", f"编码不确定；按 {found.name} 读取")
        tell(Problem(tr("whole file", "整个文件"), what))
    if found.wide:
        yield from _in_one(rest, found.name, tell)
        return
    for number, line in _one_by_one(rest, replace(found, name=found.name.removesuffix("-sig")), tell):
        if header and number > 1:
            raise FormatError(_undecided(), where=name, value=place(1), allowed="--encoding NAME")
        header = False
        yield number, line


def _in_one(stream: IO[bytes], name: str, tell: Callable[[Problem], None]) -> Iterator[tuple[int, str]]:
    text = io.TextIOWrapper(stream, encoding=name, errors="replace", newline="")
    for number, line in enumerate(text, 1):
        yield number, _clean(number, line, tell)


def _one_by_one(stream: IO[bytes], usual: Encoding, tell: Callable[[Problem], None]) -> Iterator[tuple[int, str]]:
    """Each line decoded by itself; that some are not as the rest is told once, at the first of them."""
    told = False
    for number, raw in enumerate(io.TextIOWrapper(stream, encoding="latin-1", newline=""), 1):
        line = raw.encode("latin-1")
        name = line_encoding(line, usual)
        if name is None:
            tell(Problem(place(number), _undecided()))
            continue
        if name != usual.name and not told and not line.isascii():
            told = True
            what = tr(
                f"in {name}, where other lines are {usual.name}; from here each line is read by itself",
                f"此行为 {name}，其他行为 {usual.name}；自此逐行判断编码",
            )
            tell(Problem(place(number), what))
        yield number, _clean(number, line.decode(name, "replace"), tell)


def _clean(number: int, line: str, tell: Callable[[Problem], None]) -> str:
    line = line.removeprefix("\ufeff")
    if BAD in line:
        what = tr("unreadable characters, shown as \ufffd", "有无法识别的字符，以 \ufffd 代替")
        tell(Problem(place(number), what))
    if "\0" in line:
        line = line.replace("\0", "")
        tell(Problem(place(number), tr("NUL characters; taken out", "含 NUL 字符；已去除")))
    return line


def _undecided() -> str:
    return tr("the encoding of this line cannot be told; left out", "无法判断此行的编码；未读取")


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
