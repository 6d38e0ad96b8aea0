"""Where the places of a text are once identity has been taken out of it, and back again."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from bedside.types import Entity, Span


class Moved:
    """Made from the spans removed (sorted, in the text as it was), each of which became its tag, `[TYPE]`.

    >>> moved = Moved([Span(0, 10, "NAME")])  # "Jane Brown has a fever" -> "[NAME] has a fever"
    >>> moved.there(Entity(17, 22, "symptom")) == Entity(13, 18, "symptom")
    True
    """

    def __init__(self, spans: Sequence[Span]) -> None:
        self._before = [(span.start, span.end) for span in spans]
        self._after: list[tuple[int, int]] = []
        shift = 0
        for span in spans:
            size = len(span.type) + 2
            self._after.append((span.start + shift, span.start + shift + size))
            shift += size - (span.end - span.start)

    @property
    def nothing(self) -> bool:
        """Whether nothing was removed."""
        return not self._before

    def there(self, entity: Entity) -> Entity | None:
        """The entity's place in the text without identity; None where a part of it was removed."""
        if _touches(self._before, entity):
            return None
        return _shifted(entity, self._before, self._after)

    def back(self, entity: Entity) -> Entity | None:
        """The entity's place in the text as it was; None where it touches a tag: nothing of a name is an entity."""
        if _touches(self._after, entity):
            return None
        return _shifted(entity, self._after, self._before)

    def there_across(self, start: int, end: int) -> tuple[int, int]:
        """A stretch's place in the text without identity; one that cuts into what was removed takes in its whole tag.

        >>> Moved([Span(0, 10, "NAME")]).there_across(5, 14)  # "Brown has" -> "[NAME] has"
        (0, 10)
        """
        return _edges(start, end, self._before, self._after)

    def back_across(self, start: int, end: int) -> tuple[int, int]:
        """A stretch's place in the text as it was; one that cuts into a tag takes in all that it stands for."""
        return _edges(start, end, self._after, self._before)


def _edges(start: int, end: int, places: list[tuple[int, int]], others: list[tuple[int, int]]) -> tuple[int, int]:
    def moved(at: int, last: int, edge: int) -> int:
        """`last`: the place that begins before, or at, `at`."""
        if last < 0:
            return at
        inside = at < places[last][1] if edge == 0 else at <= places[last][1]
        return others[last][edge] if inside else at + others[last][1] - places[last][1]

    starts = [first for first, _ in places]
    return moved(start, bisect_right(starts, start) - 1, 0), moved(end, bisect_left(starts, end) - 1, 1)


def _touches(places: list[tuple[int, int]], entity: Entity) -> bool:
    at = bisect_right(places, (entity.start, entity.start))
    near = places[max(0, at - 1) : at + 1]
    return any(start < entity.end and entity.start < end for start, end in near) or any(
        entity.start <= start < entity.end for start, _ in places[at : at + 1]
    )


def _shifted(entity: Entity, places: list[tuple[int, int]], others: list[tuple[int, int]]) -> Entity:
    at = bisect_right(places, (entity.start, entity.start))
    by = others[at - 1][1] - places[at - 1][1] if at else 0
    return Entity(entity.start + by, entity.end + by, entity.type, entity.probability)
