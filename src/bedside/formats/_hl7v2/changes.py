"""What an HL7 v2 message takes back or joins (tables 0003, 0085, 0119): lines for the ledger of an import."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from bedside.formats._charts.changes import Change
from bedside.formats._hl7v2.message import Segment
from bedside.formats._hl7v2.people import patient_id

JOINS = frozenset(("A18", "A30", "A34", "A36", "A39", "A40"))
"""Merges of patients or persons: MRG-1 is no more, PID-3 stays."""

CANCELS = {
    "A12": "A02",
    "A13": "A03",
    "A25": "A16",
    "A26": "A15",
    "A27": "A14",
    "A32": "A10",
    "A33": "A09",
    "A38": "A05",
    "A52": "A21",
    "A53": "A22",
    "A55": "A54",
    "A61": "A60",
}
"""The event that each takes back, of the visit in PV1-19."""

CANCELS_VISIT = "A11"
ACCOUNTS = frozenset(("A35", "A41"))
"""Merges of accounts of one patient: no chart changes."""

ORDER_CANCELLED = frozenset(("CA", "CR", "OC"))
RESULT_REPLACED = frozenset("CDWX")
"""OBX-11: corrected, deleted, wrong, cannot be obtained. What was sent before under the same order is not so."""

BEFORE, IS, AFTER = range(3)
Said = tuple[int, str, str]
"""When it is played, the key, and the segment that it stands in."""

CARRIED_OUT = JOINS | CANCELS.keys() | ACCOUNTS | {CANCELS_VISIT}


def changes(segments: list[Segment], patient: str, event: str, key: str, place: str, time: str) -> Iterator[Change]:
    """The ledger's lines of one patient's segments: results taken back, then what is there, then visits and orders.

    `key` begins the ids of the message's entries.
    """
    said = dict.fromkeys(chain(_of_orders(segments), _of_visits(segments, event)))
    for step, name, segment in sorted(said, key=lambda one: one[0]):
        entry = f"{key}-{segment}" if step == IS else ""
        yield Change(patient, "is" if step == IS else "withdraw", name, entry, time, place)
    if event in JOINS:
        yield from _joins(segments, patient, place)


def _of_orders(segments: list[Segment]) -> Iterator[Said]:
    """Orders, by number, and their results; a result without one goes by its time."""
    order, control, when = "", "", ""
    for segment in segments:
        name = f"{segment.name}-{segment.line}"
        if segment.name == "ORC":
            order, control = segment.text(3) or segment.text(2), segment.text(1).upper()
        elif segment.name == "OBR":
            order, when = segment.text(3) or segment.text(2) or order, segment.text(7)
        if segment.name in ("OBR", "RXO", "RXE") and order:
            yield IS, f"order {order}", name
            if control in ORDER_CANCELLED:
                yield AFTER, f"order {order}", ""
        elif segment.name == "OBX" and (of := order or segment.text(14) or when):
            result = f"result {of} {segment.text(3)} {segment.text(4)}"
            yield IS, result, name
            if segment.text(11).upper() in RESULT_REPLACED:
                yield BEFORE, result, ""


def _of_visits(segments: list[Segment], event: str) -> Iterator[Said]:
    for segment in segments:
        if segment.name == "PV1" and (visit := segment.text(19)):
            name = f"{segment.name}-{segment.line}"
            yield IS, f"visit {visit}", name
            yield IS, f"visit {visit} {event}", name
            if event == CANCELS_VISIT:
                yield AFTER, f"visit {visit}", ""
            elif event in CANCELS:
                yield AFTER, f"visit {visit} {CANCELS[event]}", ""


def _joins(segments: list[Segment], patient: str, place: str) -> Iterator[Change]:
    """The record of MRG-1 that is numbered as patients are; where none is so marked, every number in it."""
    for segment in segments:
        if segment.name == "MRG":
            listed = [one for one in segment.repeats(1) if one and one[0]]
            marked = [one for one in listed if len(one) > 4 and one[4] == "MR"]
            for one in marked or listed:
                if one[0] != patient:
                    yield Change(patient, "join", one[0], place=place)


def tells_nothing(segments: list[Segment], event: str) -> bool:
    """Whether a message that takes back or joins lacks what says which."""
    pid = next((segment for segment in segments if segment.name == "PID"), None)
    if event in JOINS:
        return not (pid and patient_id(pid) and any(one.name == "MRG" and one.text(1) for one in segments))
    return event not in ACCOUNTS and not any(one.name == "PV1" and one.text(19) for one in segments)
