"""Which reader takes a library file, and reading with it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from bedside import registry
from bedside.errors import FormatError, UsageError
from bedside.formats._base import Problem
from bedside.formats._files.bytes import head
from bedside.lang import tr
from bedside.library._base import Item, Reader, ReadingOptions

LAST = ("codes", "qa", "html", "markdown", "table", "text")
"""Readers that take much, and so are asked last, in this order."""


def reader_for(path: Path, options: ReadingOptions, kind: str | None = None) -> Reader:
    """The reader of a file, or the one that `kind` names; FormatError where none knows it."""
    if kind:
        return _reader(kind)
    if not path.is_file():
        raise UsageError(tr("no such file", "文件不存在"), value=path)
    start = head(path)
    if not start.strip():
        raise FormatError(tr("the file is empty", "文件为空"), where=path.name)
    known = registry.names("library")
    if {"text", "id"} & set(options.columns) and _reader("table").sniff(start, path):
        return _reader("table")
    for name in (*(one for one in known if one not in LAST), *LAST):
        if _reader(name).sniff(start, path):
            return _reader(name)
    raise FormatError(
        tr("no reader knows this kind of file", "没有可读取此类文件的程序"),
        where=path.name,
        allowed=known,
        next="--kind KIND",
    )


def read_items(path: Path, options: ReadingOptions, kind: str | None = None) -> Iterator[Item | Problem]:
    """The items of a file; what breaks off after some were given is told as a problem."""
    given = False
    try:
        for item in reader_for(path, options, kind).read(path, options):
            given = given or isinstance(item, Item)
            yield item
    except FormatError as fault:
        if not given:
            raise
        yield Problem(path.name, tr("the rest was not read: ", "其余未读取：") + str(fault))
    if not given:
        raise FormatError(tr("nothing to read in it", "没有可读取的内容"), where=path.name)


def _reader(name: str) -> Reader:
    found: Reader = registry.load("library", name)
    return found
