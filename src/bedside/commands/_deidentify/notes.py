"""The work of `bedside deidentify` on one row: a note or a chart in, a line of JSON out, an error line if it fails."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from bedside.charts import chart_to_json, raw_from_json
from bedside.deid import Note, Policy, Vault, scrub, scrub_texts
from bedside.deid.vault.vault import pseudonym
from bedside.errors import BedsideError, IdentityError
from bedside.lang import tr
from bedside.types import Identifier, Span

ID_NAMES = ("id", "note_id", "doc_id", "编号")
"""Columns taken for the note's id, which comes out as it went in: none that numbers a patient."""

TEXT_NAMES = ("text", "note", "content", "正文", "文本", "病历")


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What every row of a run shares; `patient_shown` writes each patient's pseudonym to the output."""

    policy: Policy
    vault: Vault | None = None
    text: str | None = None
    id: str | None = None
    patient: str | None = None
    patient_shown: bool = True
    spans: bool = False
    lang: str | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """One output line, what was removed in it, and for a row that failed its place and the reason, never its text."""

    line: str = field(repr=False)
    removed: Mapping[str, int]
    fault: tuple[str, str] | None = None
    characters: int = 0


@dataclass(frozen=True, slots=True)
class _Asked:
    """A row that holds a note: its place and id, the note, and whether the patient's pseudonym is to be written."""

    place: str
    id: Any
    note: Note
    shown: bool


def scrub_rows(job: Job, rows: Iterable[tuple[str, dict[str, Any]]]) -> list[Done]:
    """The lines of several rows, in order; what a worker process runs. Notes are read together, and fail alone.

    Never raises for what is in a row, and never passes text on when it fails.
    """
    done: dict[int, Done] = {}
    asked: dict[int, _Asked] = {}
    for number, (place, row) in enumerate(rows):
        id = row_id(job, place, row)
        try:
            if is_chart(row):
                done[number] = _chart(job, row)
            else:
                asked[number] = _asked(job, place, id, row)
        except Exception as error:
            done[number] = failed(place, id, error)
    notes = [one.note for one in asked.values()]
    clean = scrub_texts(notes, policy=job.policy, vault=job.vault, lang=job.lang)
    done |= {n: _written(job, one, text) for (n, one), text in zip(asked.items(), clean, strict=True)}
    return [done[number] for number in range(len(done))]


def is_chart(row: Mapping[str, Any]) -> bool:
    """Whether a row is a chart as `bedside import` writes it."""
    return isinstance(row.get("entries"), list) and "patient" in row


def row_id(job: Job, place: str, row: Mapping[str, Any]) -> Any:
    """The note's id as it came in (a script must find its note again), or the row's place when it has none.

    A chart's line has no id but its pseudonym, so a failed one is told by its place.
    """
    if is_chart(row):
        return place
    names = (job.id,) if job.id else ID_NAMES
    found = next((row[name] for name in names if row.get(name) not in (None, "")), place)
    return found if isinstance(found, (int, str)) else str(found)


def row_text(job: Job, row: Mapping[str, Any]) -> str:
    """The note's text; a row without one is an error, not an empty note."""
    if job.text is not None and job.text not in row and "+" in job.text:
        from bedside.formats._tables import column_text

        return column_text(row, job.text)
    names = (job.text,) if job.text else TEXT_NAMES
    found = next((row[name] for name in names if name in row), None)
    if not isinstance(found, str):
        raise IdentityError(tr("no text in this row", "此行没有文本"))
    return found


def known_of(row: Mapping[str, Any]) -> Iterator[Identifier]:
    """Identifiers that came with the row: `"identifiers": [{"type", "value"}]`, as in charts."""
    for part in row.get("identifiers") or ():
        yield Identifier(str(part["type"]), str(part["value"]))


def _asked(job: Job, place: str, id: Any, row: dict[str, Any]) -> _Asked:
    text = row_text(job, row)
    named = row.get(job.patient) if job.patient else None
    if named in (None, ""):
        if job.patient and job.patient_shown:
            raise IdentityError(tr("no patient in this row", "此行没有患者"))
        # a vault keeps the way back under the note's own pseudonym, which the reader must then know
        return _Asked(place, id, Note(text, tuple(known_of(row)), str(id)), shown=job.vault is not None)
    patient = str(named)
    return _Asked(place, id, Note(text, (*known_of(row), Identifier("ID", patient)), patient), job.patient_shown)


def _written(job: Job, asked: _Asked, clean: tuple[str, list[Span]] | IdentityError) -> Done:
    try:
        if isinstance(clean, IdentityError):
            raise clean
        return _line(job, asked, *clean)
    except Exception as error:
        return failed(asked.place, asked.id, error)


def _line(job: Job, asked: _Asked, text: str, spans: list[Span]) -> Done:
    out: dict[str, Any] = {"id": asked.id, "text": text}
    if asked.shown:
        patient = asked.note.patient
        key = job.policy.key() if job.vault is None else job.vault.key
        out["patient"] = pseudonym(key, "patient", patient)
        if job.vault is not None:
            job.vault.put("patient", [(out["patient"], patient)])
    if job.spans:
        out["spans"] = [asdict(span) for span in spans]
    return Done(_json(out), Counter(span.type for span in spans), characters=len(asked.note.text))


def _chart(job: Job, row: dict[str, Any]) -> Done:
    raw = raw_from_json(row)
    chart = scrub(raw, policy=job.policy, vault=job.vault)
    size = sum(len(entry.text) for entry in raw.entries)
    return Done(_json(chart_to_json(chart)), dict(chart.deid.removed), characters=size)


def failed(place: str, id: Any, error: Exception) -> Done:
    """The line of a note that was not scrubbed: why, and none of its text."""
    if isinstance(error, BedsideError):
        what = error.what
    else:
        what = tr("could not be processed", "无法处理") + f" ({type(error).__name__})"
    return Done(_json({"id": id, "error": what}), {}, fault=(place, what))


def _json(value: dict[str, Any]) -> str:
    """One line; half a surrogate pair, which UTF-8 cannot hold, is written as an escape."""
    line = json.dumps(value, ensure_ascii=False, allow_nan=False)
    try:
        line.encode()
    except UnicodeEncodeError:
        line = json.dumps(value, allow_nan=False)
    return line
