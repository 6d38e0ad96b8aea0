"""The nearest earlier charts of a site: what they share and where they differ, what was done, and how they fared.

Only charts without identity are compared. A chart is compared as it is now with others as they were at some moment of
theirs; what came after that moment is what was done and how it went. What was done for others is no advice.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from bedside.consult._similar.chart import Event, Story, story_of
from bedside.consult._similar.index import ChartIndex
from bedside.consult._similar.search import WEIGHTS, Hit, search
from bedside.types import Chart

__all__ = ["ChartIndex", "Later", "Similar", "similar"]
CLOSE = 0.15
"""Two values are alike when they differ by no more than this share of the larger."""
SHOWN = 12


@dataclass(frozen=True, slots=True)
class Later:
    """Something that came after the moment compared: what, and how many days after it."""

    name: str = field(repr=False)
    days: int
    entry: str


@dataclass(frozen=True, slots=True)
class Similar:
    """A chart of the index that is like the one asked about.

    `score` is the weighted mean of `parts`. `day` is the moment compared, in days from that chart's first entry,
    `followed_days` how much of it comes after. `labs` are name, own value, theirs, unit, and whether they are alike.
    """

    id: str
    score: float
    parts: Mapping[str, float]
    day: int
    followed_days: int
    sex: str
    age_years: float | None
    shared: tuple[str, ...] = field(repr=False)
    only_here: tuple[str, ...] = field(repr=False)
    only_there: tuple[str, ...] = field(repr=False)
    shared_medicines: tuple[str, ...] = field(repr=False)
    labs: tuple[tuple[str, float, float, str, bool], ...] = field(repr=False)
    done: tuple[Later, ...] = field(repr=False)
    fared: tuple[Later, ...] = field(repr=False)
    died: Later | None = None


def similar(
    index: ChartIndex,
    chart: Chart,
    *,
    top: int = 5,
    allowed: Collection[int] | None = None,
    weights: Mapping[str, float] | None = None,
) -> list[Similar]:
    """The `top` charts most like `chart`, best first; only those whose number is `allowed`, where that is given."""
    own = story_of(chart)
    hits = search(index, chart, top, allowed=allowed, weights=weights or WEIGHTS)
    return [_told(own, story_of(index.chart(hit.chart)), hit) for hit in hits]


def _told(own: Story, other: Story, hit: Hit) -> Similar:
    here, there = own.until(own.days), other.until(hit.day)
    mine, theirs = _named(here, "problem"), _named(there, "problem")
    later = other.after(hit.day)
    age = None if other.age_years is None else max(0.0, other.age_years - (other.days - hit.day) / 365.25)
    return Similar(
        id=other.id,
        score=hit.score,
        parts=hit.parts,
        day=hit.day,
        followed_days=other.days - hit.day,
        sex=other.sex,
        age_years=age,
        shared=tuple(mine[key] for key in mine if key in theirs),
        only_here=tuple(mine[key] for key in mine if key not in theirs),
        only_there=tuple(theirs[key] for key in theirs if key not in mine),
        shared_medicines=_shared(_named(here, "medicine"), _named(there, "medicine")),
        labs=_labs(here, there),
        done=_later(later, ("procedure", "medicine"), there, hit.day),
        fared=_later(later, ("problem",), there, hit.day),
        died=next((Later(one.name, one.day - hit.day, one.entry) for one in later if _is_death(one)), None),
    )


def _named(events: Sequence[Event], what: str) -> dict[str, str]:
    return {one.key: one.name for one in events if one.what == what}


def _shared(mine: Mapping[str, str], theirs: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(mine[key] for key in mine if key in theirs)


def _labs(here: Sequence[Event], there: Sequence[Event]) -> tuple[tuple[str, float, float, str, bool], ...]:
    """The latest values that both have, those that differ most first."""
    mine = {one.key: one for one in here if one.what == "lab"}
    theirs = {one.key: one for one in there if one.what == "lab"}
    rows = []
    for key in mine.keys() & theirs.keys():
        one, other = float(mine[key].value or 0), float(theirs[key].value or 0)
        gap = abs(one - other) / max(abs(one), abs(other), 1e-9)
        rows.append((gap, (mine[key].name, one, other, mine[key].unit, gap <= CLOSE)))
    return tuple(row for _, row in sorted(rows, key=lambda pair: (-pair[0], pair[1][0])))[:SHOWN]


def _later(later: Sequence[Event], what: Sequence[str], before: Sequence[Event], day: int) -> tuple[Later, ...]:
    """What came anew, each once, in order."""
    known = {(one.what, one.key) for one in before}
    found: dict[tuple[str, str], Later] = {}
    for one in later:
        if one.what in what and (one.what, one.key) not in known:
            found.setdefault((one.what, one.key), Later(one.name, one.day - day, one.entry))
    return tuple(found.values())


def _is_death(one: Event) -> bool:
    said = one.name.lower()
    return one.what in ("other", "problem") and any(
        word in said for word in ("cause of death", "deceased", "死亡", "去世")
    )
