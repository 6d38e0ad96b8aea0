"""Charts to match: files that `bedside import` reads, rows with a text, a text itself; each without identity."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bedside.cleaning.language import HAN
from bedside.commands._diagnose.charts import Unread, chart_rows, holds_charts
from bedside.errors import DataError, FormatError, UsageError
from bedside.lang import tr
from bedside.types import Chart, Entry, Origin, RawChart, today_years

if TYPE_CHECKING:
    from bedside.trials.matching.vocabulary import Vocabulary

SHAPES = "FHIR R4 | C-CDA | HL7 v2 | charts.jsonl (bedside import) | .txt | .zip | rows with id and text"


OLDEST = 90.0
"""Older ages are one class."""


@dataclass(frozen=True, slots=True)
class ChartRow:
    """A chart to match, as another process can be sent it, or why there is none."""

    id: str
    value: RawChart | Chart | Unread

    def chart(self) -> RawChart | Chart:
        """The chart; FormatError where it could not be read."""
        if isinstance(self.value, Unread):
            raise FormatError(self.value.what, where=self.value.where)
        return self.value


def rows_of(path: Path) -> Iterator[ChartRow]:
    """The charts of a file or a folder, one at a time."""
    if path.is_dir() or holds_charts(path):
        for id, chart, _ in chart_rows(path):
            yield ChartRow(id, chart)
        return
    yield from _texts(path)


def row_of(text: str) -> ChartRow:
    """A text typed on the command line."""
    return ChartRow("1", _note("1", text, ""))


def named_file(chart: str) -> Path | None:
    """The file that is named; None for a text."""
    path = Path(chart)
    try:
        there = path.exists()
    except (OSError, ValueError):  # too long for a name, or a null in it: a text
        there = False
    if not there and not re.search(r"\s", chart.strip()) and not HAN.search(chart):
        raise UsageError(tr("no such file, and no text", "既不是文件，也不是病历文本"), value=path.name, allowed=SHAPES)
    return path if there else None


def prepared(value: RawChart | Chart, on: date | None, words: Vocabulary) -> tuple[Chart, int]:
    """The chart without identity, as far as matching reads it, and by how many days today is after its end.

    Raises DataError where a day is named for a chart whose dates were shifted.
    """
    from bedside.phenotypes.chart import day_of
    from bedside.trials.matching.lean import lean

    if isinstance(value, Chart):
        if on is not None:
            what = tr("--on cannot be used: the dates of this chart were shifted", "病历日期已平移，不能使用 --on")
            raise DataError(what, next=tr("leave out --on", "去掉 --on"))
        return value, 0
    entries = [*lean(value.entries, words)]
    if on is not None:  # what comes after the day is not known on it
        entries = [one for one in entries if (day := day_of(one.time)) is None or day <= on]
    last = max((day for one in entries if (day := day_of(one.time))), default=None)
    later = (on - last).days if on is not None and last is not None else 0
    chart = _scrubbed(replace(value, entries=tuple(entries)))
    birth = day_of(value.birth_date) if len(value.birth_date or "") >= 10 else None
    if birth is not None and on is not None and on >= birth:
        chart = replace(chart, age_years=min(float(today_years(birth, on)), OLDEST))
    return chart, later


def _scrubbed(raw: RawChart) -> Chart:
    """Without identity; a place that is only a number of ours is put back as it was."""
    from bedside.deid import Policy, scrub
    from bedside.trials.matching.lean import is_plain

    bare = tuple(
        replace(one, origin=Origin(one.origin.file)) if is_plain(one.origin.place) else one for one in raw.entries
    )
    chart = scrub(replace(raw, entries=bare), policy=Policy())
    placed = (
        replace(clean, origin=Origin(clean.origin.file, one.origin.place)) if is_plain(one.origin.place) else clean
        for clean, one in zip(chart.entries, raw.entries, strict=True)
    )
    return replace(chart, entries=tuple(placed))


def _texts(path: Path) -> Iterator[ChartRow]:
    """Rows of a table with a text each."""
    from bedside.formats._tables import cell_text, read_rows

    for number, (place, row) in enumerate(read_rows(path), 1):
        id = cell_text(row.get("id")) or str(number)
        text: Any = row.get("text")
        if isinstance(text, str) and text.strip():
            yield ChartRow(id, _note(str(number), text, place))
        else:
            yield ChartRow(id, Unread(place, tr("no text in this row, and no chart", "此行没有文本，也不是病历")))


def _note(patient: str, text: str, place: str) -> RawChart:
    entry = Entry(id="note", kind="DocumentReference", text=text, origin=Origin("note", place))
    return RawChart(patient=patient, entries=(entry,))
