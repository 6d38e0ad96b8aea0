"""Times as the clinic writes them (FHIR, HL7 v2, C-CDA) into ISO 8601, as precise as they were, and checked."""

from __future__ import annotations

import re
from datetime import date

_ISO = re.compile(
    r"(\d{4})(?:-(\d\d)(?:-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(\.\d+)?)?\s?(Z|[+-]\d\d:?\d\d)?)?)?)?", re.ASCII
)
_HL7 = re.compile(
    r"(\d{4})(?:(\d\d)(?:(\d\d)(?:(\d\d)(?:(\d\d)(?:(\d\d)(\.\d+)?)?)?)?)?)?(Z|[+-]\d\d:?\d\d)?", re.ASCII
)


def iso_time(text: str) -> str:
    """A FHIR date, dateTime or instant, checked; a `ValueError` when no calendar has it.

    >>> iso_time("2024-03")
    '2024-03'
    >>> iso_time("2023-02-30")
    Traceback (most recent call last):
    ValueError: day is out of range for month
    """
    return _joined(_ISO.fullmatch(text.strip()))


def hl7_time(text: str) -> str:
    """An HL7 v2 or C-CDA time stamp as ISO 8601; a `ValueError` when no calendar has it.

    >>> hl7_time("202108181126+0215")
    '2021-08-18T11:26+02:15'
    """
    return _joined(_HL7.fullmatch(text.strip()))


def _joined(match: re.Match[str] | None) -> str:
    if match is None:
        raise ValueError("not a time")
    year, month, day, hour, minute, second, fraction, zone = match.groups()
    date(int(year), int(month or 1), int(day or 1))
    text = "-".join(part for part in (year, month, day) if part)
    if hour is None:
        return text
    minute = minute or "00"
    if int(hour) > 23 or int(minute) > 59 or int(second or 0) > 60:
        raise ValueError("no such time of day")
    text += f"T{hour}:{minute}" + (f":{second}" if second else "") + (fraction or "")
    if zone and zone != "Z":
        hours, minutes = int(zone[1:3]), int(zone[-2:])
        if hours > 14 or minutes > 59:
            raise ValueError("no such time zone")
        zone = f"{zone[:3]}:{zone[-2:]}"
    return text + (zone or "")
