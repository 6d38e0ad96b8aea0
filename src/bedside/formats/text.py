"""Notes as files (plain text, Markdown, RTF, HTML): one file is one document of one patient."""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Iterator
from pathlib import Path

from bedside.errors import FormatError
from bedside.formats._base import Format, Problem, ReadOptions
from bedside.formats._charts.draft import clean
from bedside.formats._files.bytes import read_all
from bedside.formats._files.lines import stream_lines
from bedside.formats._files.names import plain_name
from bedside.formats._syntax.narrative import html_text, rtf_text
from bedside.lang import tr
from bedside.types import Entry, Origin, RawChart

SUFFIXES = (".txt", ".text", ".md", ".markdown", ".rtf", ".html", ".htm", ".xhtml")
RTF = b"{\\rtf"
MAX_BYTES = 64 * 2**20
MARKUP = re.compile(r"\s*(<!doctype html|<html|<\?xml[^>]*\?>\s*<html)", re.IGNORECASE)


def sniff(head: bytes, name: str) -> bool:
    """A text by its name, or a nameless kind of file that decodes to text."""
    if name.lower().endswith(SUFFIXES) or head.startswith(RTF):
        return True
    return "." not in name.strip(".") and bool(head.strip()) and b"\0" not in head


def read(path: Path, options: ReadOptions) -> Iterator[RawChart | Problem]:
    """One chart with one DocumentReference; what could not be read of it is reported by its line."""
    problems: list[Problem] = []
    stream = io.BytesIO(read_all(path, MAX_BYTES))
    text = "".join(line for _, line in stream_lines(stream, path.name, options.encoding, problems.append))
    yield from problems
    if text.lstrip().startswith("{\\rtf"):
        text = rtf_text(text)
    elif MARKUP.match(text) or path.suffix.lower() in (".html", ".htm", ".xhtml"):
        text = html_text(text)
    yield one_note(path, text, tr("the file holds no text", "文件没有文字"))


def one_note(path: Path, text: str, refusal: str) -> RawChart:
    """A chart with the one document; the patient is unknown, so the file's name and its text stand for one.

    Two files of one name stay two patients; two copies of one file become one. Raises `FormatError(refusal)` when the
    text is empty.
    """
    text = clean(text.replace("\r\n", "\n").replace("\r", "\n"))
    if not text:
        raise FormatError(refusal, where=path.name)
    patient = f"{plain_name(path.stem)}-{hashlib.sha256(text.encode()).hexdigest()[:8]}"
    entry = Entry(id=patient, kind="DocumentReference", text=text, origin=Origin(plain_name(path.name)))
    return RawChart(patient=patient, entries=(entry,))


FORMAT = Format(name="text", suffixes=SUFFIXES, sniff=sniff, read=read)
