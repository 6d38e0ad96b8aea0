"""Who is named in HL7 v2 segments: the patient, relatives, staff, hospitals, rooms, numbers, as identity."""

from __future__ import annotations

from collections.abc import Iterator

from bedside.formats._charts import identity
from bedside.formats._hl7v2.message import Segment, people
from bedside.types import Identifier, Sex

SEXES: dict[str, Sex] = {"M": "male", "F": "female", "O": "other", "A": "other"}

_STAFF = {
    "EVN": (5,),
    "PV1": (7, 8, 9, 17, 52),
    "OBR": (10, 16, 28),
    "ORC": (10, 11, 12, 19),
    "DG1": (16,),
    "OBX": (16, 25),
    "TXA": (5, 9, 10, 11, 22, 23),
    "RXA": (10,),
    "PR1": (8, 11, 12),
    "ROL": (4,),
    "PRT": (5,),
    "AIP": (3,),
    "PV2": (13,),
    "SCH": (12, 16, 20),
    "PD1": (4,),
    "FT1": (20, 21, 24),
    "NTE": (5,),
    "RXE": (13,),
    "RXD": (10,),
    "IAM": (14,),
    "CON": (24,),
}
"""Fields of type XCN: id, family name, given names."""
_NAMES = {"PID": (5, 6, 9), "NK1": (2, 30), "GT1": (3, 4), "IN1": (16,), "IN2": (52,), "MRG": (7,)}
_STAFF_NAMES = {"PRD": (2,), "CTD": (2,)}
"""Fields of type XPN: family name, given names."""
_INDIRECT = {"OBR": (32, 33, 34, 35)}
_HOMES = {
    "PID": (11,),
    "NK1": (4, 32),
    "GT1": (5, 17),
    "IN1": (5, 19),
    "ORC": (22, 24),
    "PRD": (3,),
    "CTD": (3,),
    "OBX": (24,),
}
_PHONES = {
    "PID": (13, 14, 40),
    "NK1": (5, 6, 7, 31),
    "GT1": (6, 7, 18),
    "IN1": (7,),
    "ORC": (14, 23),
    "PRD": (5,),
    "CTD": (5,),
    "SCH": (13, 17, 21),
    "PRT": (15,),
}
_HOSPITALS = {"MSH": (4,), "PV1": (39,), "PD1": (3,), "OBX": (23,), "ORC": (21,), "PRT": (8,), "EVN": (7,)}
_COMPANIES = {"NK1": (13,), "GT1": (21,), "IN1": (4, 11)}
_NUMBERS = {
    "PID": (2, 3, 4, 19, 20),
    "PV1": (19, 50),
    "MRG": (1, 2, 4, 5),
    "NK1": (33, 37),
    "GT1": (2, 12),
    "IN1": (36, 49),
}
_ACCOUNTS = {"PID": (18,), "MRG": (3,)}
_ROOMS = {"PV1": (3, 6)}


def identity_of(segment: Segment) -> Iterator[Identifier]:
    """Every identifying string in a segment's fields, by the standard's field numbers."""
    for number in _STAFF.get(segment.name, ()):
        yield from _persons("STAFF", segment, number, 2)
    for number in _NAMES.get(segment.name, ()):
        yield from _persons("NAME", segment, number, 1)
    for number in _STAFF_NAMES.get(segment.name, ()):
        yield from _persons("STAFF", segment, number, 1)
    for number in _INDIRECT.get(segment.name, ()):
        parts = segment.raw(number).split(segment.marks.component)[0].split(segment.marks.sub or "&")
        yield from identity.person("STAFF", family=parts[1] if len(parts) > 1 else "", given=parts[2:4])
    yield from _places(segment)
    yield from _values(segment)


def _persons(kind: str, segment: Segment, number: int, first: int) -> Iterator[Identifier]:
    for family, given in people(segment, number, first):
        yield from identity.person(kind, family=family, given=given)


def _places(segment: Segment) -> Iterator[Identifier]:
    for number in _HOMES.get(segment.name, ()):
        for one in segment.addresses(number):
            padded = one + [""] * 5
            yield from identity.address(lines=padded[:2], city=padded[2], postal=padded[4])
    for number in _HOSPITALS.get(segment.name, ()):
        for one in segment.repeats(number):
            yield from identity.organisation(one[0])
    for number in _COMPANIES.get(segment.name, ()):
        for one in segment.repeats(number):
            yield from identity.organisation(one[0], "ORG")
    for number in _ROOMS.get(segment.name, ()):
        for one in segment.repeats(number):
            padded = one + [""] * 4
            yield from identity.organisation(padded[3])
            for room in padded[1:3]:
                yield from identity.number(room, "BED/ROOM")


def _values(segment: Segment) -> Iterator[Identifier]:
    for number in _PHONES.get(segment.name, ()):
        for one in segment.repeats(number):
            padded = one + [""] * 7
            yield from identity.contact(padded[0] or padded[6])
            yield from identity.contact(padded[3])
    for number in _NUMBERS.get(segment.name, ()):
        for one in segment.repeats(number):
            yield from identity.number(one[0])
    for number in _ACCOUNTS.get(segment.name, ()):
        for one in segment.repeats(number):
            yield from identity.number(one[0], "ACCOUNT")


def patient_id(segment: Segment) -> str:
    """The record number of a PID: PID-3 (the one of type MR first), else PID-2, else PID-4."""
    listed = [one for number in (3, 2, 4) for one in segment.repeats(number) if one and one[0]]
    marked = [one for one in listed if len(one) > 4 and one[4] == "MR"]
    return next((one[0] for one in marked + listed), "")


def sex_of(segment: Segment) -> Sex:
    """PID-8 as FHIR's administrative gender."""
    return SEXES.get(segment.text(8).upper(), "unknown")
