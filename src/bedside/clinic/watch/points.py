"""What checks measured, in time: a value with its interval and its number, for the plots of the monitoring page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import delete, insert, select

from bedside.clinic._database import Database
from bedside.clinic.watch._tables import points

KEPT_S = 800 * 86_400.0


@dataclass(frozen=True, slots=True)
class Point:
    """One measurement of a series (`override/renal.metformin`); `at` in seconds since 1970."""

    series: str
    value: float
    n: int
    low: float | None = None
    high: float | None = None
    at: float = 0.0


@dataclass(frozen=True)
class Points:
    """The measurements in a database."""

    database: Database

    def add(self, found: Iterable[Point], now: float) -> None:
        """Keep what was measured, now where it says no time; the same again is one. Two years are kept."""
        rows = {(one.series[:200], one.at or now): one for one in found}
        with self.database.write() as db:
            for (series, at), one in rows.items():
                db.execute(delete(points).where(points.c.series == series, points.c.at == at))
                values = {"value": one.value, "n": one.n, "low": one.low, "high": one.high}
                db.execute(insert(points).values(series=series, at=at, **values))
            db.execute(delete(points).where(points.c.at < now - KEPT_S))

    def series(self, prefix: str, since: float) -> dict[str, list[Point]]:
        """The series whose names begin so, each in the order of time."""
        asked = select(points).where(points.c.series.startswith(prefix, autoescape=True), points.c.at >= since)
        found: dict[str, list[Point]] = {}
        with self.database.read() as db:
            for row in db.execute(asked.order_by(points.c.series, points.c.at)):
                point = Point(row.series, row.value, row.n, row.low, row.high, row.at)
                found.setdefault(row.series, []).append(point)
        return found
