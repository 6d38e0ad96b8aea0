"""Times as FHIR writes instants."""

from __future__ import annotations

from datetime import UTC, datetime


def instant(time: float) -> str:
    """A time in seconds since 1970.

    >>> instant(0.0)
    '1970-01-01T00:00:00.000+00:00'
    """
    return datetime.fromtimestamp(time, UTC).isoformat(timespec="milliseconds")
