"""HL7 v2 messages: ADT, ORU, ORM, MDM, VXU, SIU and the rest, alone or in batches, framed or not | HL7 v2 消息"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from itertools import pairwise
from pathlib import Path

from bedside.errors import FormatError
from bedside.formats._base import Format, Problem, ReadOptions
from bedside.formats._charts.draft import Draft, Reading
from bedside.formats._charts.times import hl7_time
from bedside.formats._files.bytes import opened
from bedside.formats._files.names import plain_name
from bedside.formats._hl7v2.changes import CARRIED_OUT, changes, tells_nothing
from bedside.formats._hl7v2.entries import add_entries
from bedside.formats._hl7v2.message import Segment, messages
from bedside.formats._hl7v2.people import identity_of, patient_id, sex_of
from bedside.formats._syntax.json import names
from bedside.lang import tr
from bedside.recent import Recent
from bedside.types import RawChart

UNDOES = frozenset(
    names(
        "A11 A12 A13 A18 A23 A25 A26 A27 A29 A30 A32 A33 A34 A35 A36 A37 A38 A39 A40 A41 A42 A43 A44 A45 A46 A47 A48 "
        "A49 A50 A51 A52 A53 A55 A61"
    )
)
"""Events that cancel an earlier one, or merge, move or unlink patients (HL7 table 0003)."""
RESENT_WITHIN = 10_000
"""Messages after which one may be sent again and still be known: a sender without an answer repeats itself soon."""
_START = re.compile(rb"[\x0b\s]*(?:\xef\xbb\xbf)?\s*(?:MSH|FHS|BHS)[^A-Za-z0-9\s]")


def sniff(head: bytes, name: str) -> bool:
    """A header segment (MSH, or FHS and BHS of a batch) first, after framing bytes."""
    return bool(_START.match(head))


def read(path: Path, options: ReadOptions) -> Iterator[RawChart | Problem]:
    """One chart for each patient of each message, message by message."""
    reading, useful = Reading(plain_name(path.name), options), False
    with opened(path) as stream:
        lines = Recent[int](most=RESENT_WITHIN, seconds=math.inf)
        for count, sent in enumerate(messages(stream, options.encoding), 1):
            segments = _first_sent(sent, lines)
            for draft in _drafts(segments, count, reading):
                useful = True
                yield draft.chart()
            yield from reading.drain()
    if not useful:
        what = tr("no HL7 v2 message about a patient", "没有关于患者的 HL7 v2 消息")
        raise FormatError(what, where=path.name, allowed="MSH|^~\\&|...")


def _first_sent(segments: list[Segment], lines: Recent[int]) -> list[Segment]:
    """A message that came before, letter for letter, has the lines it had then, so that its entries are repeats."""
    line = segments[0].line
    shift = lines.of(repr([segment.fields for segment in segments]), lambda: line) - line
    return [replace(segment, line=segment.line + shift) for segment in segments] if shift else segments


def read_message(sent: bytes, name: str) -> Iterator[RawChart | Problem]:
    """Charts out of messages that are in memory, as they come over a wire; `name` stands where a file's name would."""
    reading = Reading(name, ReadOptions())
    for count, segments in enumerate(messages(BytesIO(sent), None), 1):
        for draft in _drafts(segments, count, reading):
            yield draft.chart()
        yield from reading.drain()


def _drafts(segments: list[Segment], count: int, reading: Reading) -> Iterator[Draft]:
    """The patients of one message: what precedes the first PID belongs to the first, identity in it to all."""
    header = segments[0]
    message = header.text(9).upper()
    starts = [i for i, segment in enumerate(segments) if segment.name == "PID"]
    place = f"message {count}, line {header.line}"
    if not starts:
        reading.doubt(place, tr("a message without a PID segment", "消息缺少 PID 段"))
        if message in ("", "ACK", "QRY", "QBP"):
            return
    event, tell = header.text(9, 2).upper(), reading.options.on_change
    carried_out = tell is not None and event in CARRIED_OUT and not tells_nothing(segments, event)
    if event in UNDOES and not carried_out:
        reading.doubt(
            place, tr("takes back or merges what was sent before; that is NOT done", "撤销或合并先前的消息；未执行")
        )
    bounds = [0, *starts[1:], len(segments)]
    for begin, end in pairwise(bounds):
        group = segments[begin:end]
        pid = next((segment for segment in group if segment.name == "PID"), None)
        draft = _draft(pid, place, reading)
        for segment in segments[: starts[0] if starts else 0] + group:
            draft.know(identity_of(segment))
        add_entries(draft, group, message, reading)
        key = header.text(10) or str(count)
        draft.entries = [replace(entry, id=f"{key}-{entry.id}") for entry in draft.entries]
        if tell is not None:
            entry, at = f"{reading.file}: {key}", f"{reading.file}: {place}"
            for change in changes(group, draft.patient, event, entry, at, header.text(7)[:14]):
                tell(change)
        yield draft


def _draft(pid: Segment | None, place: str, reading: Reading) -> Draft:
    if pid is None or not patient_id(pid):
        reading.doubt(place, tr("no patient is named; the file's name stands for one", "未指明患者；以文件名代替"))
        return Draft(reading.file, sex_of(pid) if pid else "unknown")
    birth = reading.time(pid.text(7), f"line {pid.line}", hl7_time)
    return Draft(patient_id(pid), sex_of(pid), birth[:10] if birth else None)


FORMAT = Format(name="hl7v2", suffixes=(".hl7", ".txt"), sniff=sniff, read=read)
