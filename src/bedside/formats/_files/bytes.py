"""The bytes of a file, gzip opened on the way and held to a limit, and what encoding a text is in."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from bedside.errors import FormatError
from bedside.formats._base import HEAD_BYTES
from bedside.lang import tr

GZIP = b"\x1f\x8b"
MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)


@contextmanager
def opened(path: Path) -> Iterator[IO[bytes]]:
    """The file's bytes, uncompressed when it is gzip; a broken archive is a `FormatError`."""
    try:
        with path.open("rb") as plain:
            packed = plain.read(2) == GZIP
            plain.seek(0)
            with gzip.open(plain) if packed else plain as stream:
                yield stream  # type: ignore[misc]
    except (gzip.BadGzipFile, EOFError, zlib.error):
        what = tr("the gzip archive is cut off or damaged", "gzip 压缩包不完整或已损坏")
        raise FormatError(what, where=path.name) from None


def head(path: Path) -> bytes:
    """The first `HEAD_BYTES` bytes, uncompressed; empty when the archive is damaged, so that no reader claims it."""
    try:
        with opened(path) as stream:
            return stream.read(HEAD_BYTES)
    except FormatError:
        return b""


def read_all(path: Path, limit: int) -> bytes:
    """The whole file, refused beyond `limit` bytes: a small archive must not unpack to fill the memory."""
    with opened(path) as stream:
        data = stream.read(limit + 1)
    if len(data) > limit:
        what = tr("larger than can be read in one piece", "文件过大，无法整体读取")
        raise FormatError(what, where=path.name, allowed=f"<= {limit // 2**20} MiB")
    return data


def decode(data: bytes, declared: str | None = None) -> str:
    """The text of `data`: by its mark, else as declared, else UTF-8, else GB18030 if it looks so, else Latin.

    Bytes that fit nothing become U+FFFD: a note with one bad byte is still a note.
    """
    marked = encoding_of(data, default="")
    for name in (marked, declared or "", "utf-8"):
        try:
            if name:
                return data.decode(name).removeprefix("\ufeff")
        except (UnicodeDecodeError, LookupError):
            continue
    high = [i for i, byte in enumerate(data[:HEAD_BYTES]) if byte >= 0x81]
    pairs = sum(i + 1 < len(data) and data[i + 1] >= 0x81 for i in high)
    return data.decode("gb18030" if pairs * 2 >= len(high) else "cp1252", "replace")


def encoding_of(data: bytes, *, default: str = "utf-8") -> str:
    """The encoding by byte-order mark, or by the zero bytes of unmarked UTF-16; else `default`.

    >>> encoding_of("{}".encode("utf-16-le"))
    'utf-16-le'
    """
    for mark, name in MARKS:
        if data.startswith(mark):
            return name
    even, odd = data[:200:2], data[1:200:2]
    if len(data) >= 4 and odd.count(0) > len(odd) * 0.7 and 0 not in even:
        return "utf-16-le"
    if len(data) >= 4 and even.count(0) > len(even) * 0.7 and 0 not in odd:
        return "utf-16-be"
    return default
