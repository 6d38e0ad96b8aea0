"""The charts of a file as cases: FHIR, C-CDA, HL7 v2, a text, a table, an archive of these, or what `import` wrote.

A chart that still holds identity keeps it until its case is read, which removes it first. Its id here is its number in
the file, never the patient's; a scrubbed chart keeps its pseudonym.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bedside.commands._io import progress, say
from bedside.errors import BedsideError, FormatError
from bedside.lang import counted, tr
from bedside.types import Chart, RawChart


@dataclass(frozen=True, slots=True)
class Unread:
    """Stands for a chart where none could be read: in which line or file, and why."""

    where: str
    what: str


ChartRow = tuple[str, RawChart | Chart | Unread, int]
"""Id, chart and number."""
SHAPES = "FHIR R4 | C-CDA | HL7 v2 | charts.jsonl (bedside import) | phenopacket | .txt | .zip"


def holds_charts(path: Path) -> bool:
    """Whether a file is read as charts rather than as rows of cases: anything but rows and phenopackets in JSON."""
    from bedside.formats._files.bytes import head
    from bedside.formats._files.sources import archive_kind

    try:
        if archive_kind(path):
            return True
        start = head(path).lstrip(b"\xef\xbb\xbf \t\r\n")
    except Exception:  # unreadable: the reader of rows or of charts will say why
        return False
    if not start:
        return False
    if start[:1] in b"{[":
        return b'"resourceType"' in start or _is_chart(start)
    return True


def chart_rows(path: Path) -> Iterator[ChartRow]:
    """The charts of a file or folder, one at a time; what could not be read is told on stderr, files refused too.

    Raises FormatError when nothing in it is a chart.
    """
    from bedside.formats._files.bytes import head
    from bedside.formats._files.sources import archive_kind

    if not path.is_dir() and not archive_kind(path) and _is_chart(head(path).lstrip(b"\xef\xbb\xbf \t\r\n")):
        yield from _imported(path)
    else:
        yield from _read(path)


def _is_chart(start: bytes) -> bool:
    """Whether the first line is a chart that bedside wrote."""
    line = start.split(b"\n", 1)[0]
    keys = (b'"patient"', b'"entries"', b'"sex"')
    return line[:1] == b"{" and all(key in line for key in keys) and b'"resourceType"' not in line[:200]


def _imported(path: Path) -> Iterator[ChartRow]:
    """The lines of `bedside import` or `bedside deidentify`; a bad line is one without a chart."""
    from bedside.charts import chart_from_json, raw_from_json

    with path.open("rb") as lines:
        for number, line in enumerate((line for line in lines if line.strip()), 1):
            try:
                values: Any = json.loads(line)
                scrubbed = isinstance(values, dict) and "deid" in values
                chart: RawChart | Chart = chart_from_json(values) if scrubbed else raw_from_json(values)
            except (ValueError, RecursionError):
                yield str(number), Unread(_line(number), tr("not a line of JSON", "不是一行 JSON")), number
            except BedsideError as fault:
                yield str(number), Unread(_line(number), fault.what), number
            else:
                yield (chart.patient if scrubbed else str(number)), chart, number


def _read(path: Path) -> Iterator[ChartRow]:
    """Every file behind the path, read by the reader of its format, put together by patient."""
    from bedside.formats._charts.gather import Gather
    from bedside.formats._files.sources import Refusal, Sources
    from bedside.home import place

    refused: list[tuple[str, str]] = []
    with (
        tempfile.TemporaryDirectory(dir=place("work")) as scratch,
        Gather(Path(scratch) / "charts") as gather,
    ):
        inner = Path(scratch) / "members"
        inner.mkdir(mode=0o700)
        with progress(tr("reading", "读取")) as advance:
            for source in Sources([str(path)], inner):
                if isinstance(source, Refusal):
                    refused.append((source.name, source.what))
                elif fault := _gathered(source.path, source.name, gather):
                    refused.append((source.name, fault))
                advance()
        number = 0
        for number, chart in enumerate(gather.charts(), 1):
            yield str(number), chart, number
    if not number:
        reason = "; ".join(dict.fromkeys(what for _, what in refused)) or tr("nothing in it", "没有内容")
        raise FormatError(reason, where=path.name, allowed=SHAPES)
    for count, (name, what) in enumerate(refused, 1):
        say(f"{name}: {what}", quiet=True)
        if number > 1:  # one chart among files that are none is still one case
            yield name, Unread(name, what), number + count


def _line(number: int) -> str:
    return tr(f"line {number}", f"第 {number} 行")


def _gathered(path: Path, name: str, gather: Any) -> str:
    """Read one file into the pieces; why it was refused, or nothing. Parts not read are told on stderr."""
    from bedside.formats._base import Problem, ReadOptions
    from bedside.formats._choose import read_any
    from bedside.formats.pdf import attached_pages

    problems = []
    try:
        for _, piece in read_any(path, ReadOptions(pdf_text=attached_pages)):
            if isinstance(piece, Problem):
                problems.append(piece)
            else:
                gather.add(piece)
    except BedsideError as refusal:
        return refusal.what
    if problems:
        count, first = len(problems), problems[0]
        en = f"{counted(count, 'part')} not read or doubtful, the first {first.place}: {first.what}"
        say(f"{name}: " + tr(en, f"{count} 处未读取或存疑，首处 {first.place}：{first.what}"), quiet=True)
    return ""
