"""HL7 v2 as bytes on the wire: framing, messages, character sets, separators, escapes, fields."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import IO

from bedside.formats._charts.draft import clean
from bedside.formats._files.bytes import decode

_CHARSETS = {
    "8859/1": "iso-8859-1",
    "8859/2": "iso-8859-2",
    "8859/5": "iso-8859-5",
    "8859/9": "iso-8859-9",
    "8859/15": "iso-8859-15",
    "UNICODE UTF-8": "utf-8",
    "UTF-8": "utf-8",
    "UTF8": "utf-8",
    "UNICODE UTF-16": "utf-16",
    "GB 18030-2000": "gb18030",
    "GB18030": "gb18030",
    "GB2312": "gb18030",
    "GBK": "gb18030",
    "BIG-5": "big5",
    "CNS 11643-1992": "big5",
    "ISO IR87": "iso2022_jp",
    "KS X 1001": "euc_kr",
}
"""HL7 table 0211 (character sets), and the names that senders use instead."""

_SEGMENT = re.compile(rb"[A-Z][A-Z0-9]{2}(?=[^A-Za-z0-9\s]|$)")
_ENDS = re.compile(rb"\r\n?|[\n\x0b\x1c]")
_SPACED = {".br": "\n", ".sp": "\n", ".ce": "\n", ".in": "\n", ".ti": "\n", ".sk": " "}
CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Marks:
    """The separators a message declares in MSH-1 and MSH-2."""

    field: str = "|"
    component: str = "^"
    repeat: str = "~"
    escape: str = "\\"
    sub: str = "&"


@dataclass(frozen=True, slots=True)
class Segment:
    """One segment: its name, its fields counted from 1 (MSH-1 is the separator itself), its line, the separators."""

    name: str
    fields: tuple[str, ...]
    line: int
    marks: Marks
    charset: str

    def raw(self, number: int) -> str:
        """A field as it stands, empty when absent."""
        return self.fields[number] if number < len(self.fields) else ""

    def repeats(self, number: int) -> list[list[str]]:
        """A field as repetitions of components, escapes undone, subcomponents of each joined away to the first."""
        parts = (
            [one for one in self.raw(number).split(self.marks.repeat) if one]
            if self.marks.repeat
            else [self.raw(number)]
        )
        return [[self._first(part) for part in one.split(self.marks.component)] for one in parts if one]

    def addresses(self, number: int) -> list[list[str]]:
        """As `repeats`, but with the subcomponents of a street kept: number, street and building belong together."""
        spaced = self.raw(number).replace(self.marks.sub or "&", " ")
        return Segment(self.name, ("", spaced), self.line, self.marks, self.charset).repeats(1)

    def parts(self, number: int) -> list[str]:
        """The components of a field's first repetition."""
        return next(iter(self.repeats(number)), [])

    def text(self, number: int, component: int = 1) -> str:
        """One component of a field's first repetition, empty when absent."""
        found = self.parts(number)
        return found[component - 1] if component <= len(found) else ""

    def words(self, number: int) -> str:
        """A whole field as text: repetitions as lines, components kept apart by spaces."""
        lines = (" ".join(filter(None, one)) for one in self.repeats(number))
        return "\n".join(filter(None, lines))

    def free(self, number: int) -> str:
        """A field of free text: only its escapes undone, repetitions as lines."""
        return clean("\n".join(map(self._plain, self.raw(number).split(self.marks.repeat or "\n"))))

    def _first(self, component: str) -> str:
        sub = self.marks.sub
        return clean(self._plain(next((part for part in component.split(sub) if part), "") if sub else component))

    def _plain(self, text: str) -> str:
        """Undo the escapes: `\\F\\ \\S\\ \\T\\ \\R\\ \\E\\`, line breaks, hexadecimal; unknown ones stay."""
        mark = self.marks.escape
        if not mark or mark not in text:
            return text
        known = {
            "F": self.marks.field,
            "S": self.marks.component,
            "T": self.marks.sub,
            "R": self.marks.repeat,
            "E": mark,
        }
        pattern = re.compile(f"{re.escape(mark)}([^{re.escape(mark)}\n]{{1,200}}){re.escape(mark)}")
        return pattern.sub(lambda found: self._unescaped(found, {**known, "H": "", "N": ""}), text)

    def _unescaped(self, found: re.Match[str], known: dict[str, str]) -> str:
        name = found.group(1)
        if name in known:
            return known[name]
        if re.fullmatch(r"X([0-9A-Fa-f]{2})+", name):
            return bytes.fromhex(name[1:]).decode(self.charset, "replace")
        return _SPACED.get(name[:3].lower(), found.group(0)) if name.startswith(".") else found.group(0)


def messages(stream: IO[bytes], encoding: str | None) -> Iterator[list[Segment]]:
    """The messages of a stream, one at a time; batch headers, framing bytes and empty lines are passed over.

    A line that starts with no segment name continues the one before: some senders break lines inside a field.
    """
    lines: list[tuple[int, bytes]] = []
    for number, line in _lines(stream):
        name = line[:3]
        if name == b"MSH" and lines:
            yield _segments(lines, encoding)
            lines = []
        if name == b"MSH" or (lines and name not in (b"FHS", b"BHS", b"BTS", b"FTS")):
            lines.append((number, line))
    if lines:
        yield _segments(lines, encoding)


def _lines(stream: IO[bytes]) -> Iterator[tuple[int, bytes]]:
    rest, number, first = b"", 0, True
    waiting: list[bytes] = []
    while chunk := stream.read(CHUNK):
        waiting.append(chunk)
        if not _ENDS.search(chunk):
            continue
        read = b"".join(waiting)
        half = b"\r" if read.endswith(b"\r") else b""  # the next chunk may begin with its line feed
        *whole, rest = _ENDS.split(read.removesuffix(half))
        waiting = [rest, half]
        for line in whole:
            number += 1
            if line.strip():
                yield number, line.removeprefix(b"\xef\xbb\xbf").lstrip() if first else line
                first = False
    rest = b"".join(waiting).removesuffix(b"\r")
    if rest.strip():
        yield number + 1, rest.removeprefix(b"\xef\xbb\xbf").lstrip() if first else rest


def _segments(lines: list[tuple[int, bytes]], encoding: str | None) -> list[Segment]:
    head = lines[0][1].decode("latin-1")
    marks = _marks(head)
    named = head.split(marks.field)[17:18]
    charset = encoding or _CHARSETS.get((named or [""])[0].split(marks.repeat or "~")[0].strip().upper())
    joined: list[tuple[int, list[bytes]]] = []
    for number, line in lines:
        if _SEGMENT.match(line) or not joined:
            joined.append((number, [line]))
        else:
            joined[-1][1].append(line)
    text = [(number, decode(b"\n".join(pieces), charset)) for number, pieces in joined]
    return [_segment(number, line, marks, charset or "utf-8") for number, line in text]


def _marks(head: str) -> Marks:
    field = head[3:4] or "|"
    given = head[4:].split(field)[0]
    return Marks(field, *(list(given[:4]) + ["^", "~", "\\", "&"][len(given[:4]) :]))


def _segment(number: int, line: str, marks: Marks, charset: str) -> Segment:
    name, *fields = line.split(marks.field)
    shifted = [name, marks.field, *fields] if name == "MSH" else [name, *fields]
    return Segment(name.strip(), tuple(shifted), number, marks, charset)


def people(segment: Segment, number: int, first: int) -> Iterable[tuple[str, list[str]]]:
    """Family name and given names in a field of person names, the family name being component `first`."""
    for one in segment.repeats(number):
        family = one[first - 1] if len(one) >= first else ""
        yield family, [name for name in one[first : first + 2] if name]
